"""The source as trees, for rules about the code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("app", "models", "blueprints", "migrations")


@cache
def trees() -> dict[str, ast.Module]:
    """{path from the root: parsed module} of everything we ship."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the dotted words it is made by: ("db.session.get", call)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions at the top of a module, by name."""
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def functions_beside(path: str) -> dict[str, ast.FunctionDef]:
    """The functions of a module, of the modules in its folder and of app/saving.py; its own where a name stands in several."""
    folder = path.rpartition("/")[0]
    beside = [tree for other, tree in trees().items() if other.rpartition("/")[0] == folder]
    beside.insert(0, trees()["app/saving.py"])
    return {name: node for tree in [*beside, trees()[path]] for name, node in functions(tree).items()}


def names_called(function: ast.FunctionDef, siblings: dict[str, ast.FunctionDef]) -> set[str]:
    """What a function calls, and what those of its siblings that it calls do."""
    found: set[str] = set()
    waiting = [function]
    seen = {function.name}
    while waiting:
        for name, _call in calls(waiting.pop()):
            found.add(name)
            if name in siblings and name not in seen:
                seen.add(name)
                waiting.append(siblings[name])
    return found
