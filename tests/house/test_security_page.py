"""docs/security.md: every item once, every named test there, every figure worked out from the items."""

import ast
import re
from collections import Counter

from tests.house.source import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ITEMS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|partly|not met|n/a) \| (.+) \|$", TEXT, re.MULTILINE
)

#: How many items ASVS 5.0.0 has at these levels.
ITEMS_OF_LEVEL = {"1": 70, "2": 183}


def test_every_item_of_both_levels_stands_once() -> None:
    assert Counter(level for _item, level, *_rest in ITEMS) == ITEMS_OF_LEVEL
    assert len({item for item, *_rest in ITEMS}) == sum(ITEMS_OF_LEVEL.values())


def test_every_named_test_exists() -> None:
    names = {
        path.stem: {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        for path in (ROOT / "tests").rglob("test_*.py")
    }
    named = re.findall(r"`(test_\w+)::(\w+)`", TEXT)

    assert [f"{file}::{name}" for file, name in named if name not in names.get(file, set())] == []
    assert len(named) > 100


def test_the_figures_are_those_of_the_items() -> None:
    for level, count in ITEMS_OF_LEVEL.items():
        states = Counter(state for _item, at, _words, state, _why in ITEMS if at == level)
        applicable = count - states["n/a"]
        told = [count, applicable, states["met"], states["partly"], states["not met"]]
        line = " | ".join(map(str, told)) + f" | {100 * states['met'] // applicable} %"

        assert f"| {level} | {line} |" in TEXT
