"""Every macro of templates/components stands on the page of components, so that nobody draws the same thing twice."""

import re
from pathlib import Path

import pytest

from app import config

FOLDER = Path(config.ROOT) / "templates/components"
PAGE = (Path(config.ROOT) / "templates/help/components.html").read_text(encoding="utf-8")
MACROS = sorted(
    name
    for file in FOLDER.glob("*.html")
    for name in re.findall(r"{%-? macro (\w+)\(", file.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("name", MACROS)
def test_each_is_shown(name: str) -> None:
    assert re.search(rf"{{[{{%]-? ?(call )?{name}\(", PAGE), f"show {name} in templates/help/components.html"
