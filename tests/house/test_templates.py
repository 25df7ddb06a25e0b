"""Every template is used, parses, and imports only what it calls."""

import re

import pytest
from flask import Flask
from jinja2 import nodes

from app import create_app
from tests.house import source

FOLDER = source.ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
PAGES = [name for name in TEMPLATES if name.endswith((".html", ".txt", ".svg"))]


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_it_parses(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_what_it_imports_it_uses(app: Flask, name: str) -> None:
    tree = app.jinja_env.parse(_text(name))
    imported = {
        alias if isinstance(alias, str) else alias[1]
        for found in tree.find_all(nodes.FromImport)
        for alias in found.names
    }
    used = {found.name for found in tree.find_all(nodes.Name) if found.ctx == "load"}

    assert imported - used == set()


def test_every_template_is_used() -> None:
    code = "".join((source.ROOT / path).read_text(encoding="utf-8") for path in source.trees())
    everything = code + "".join(_text(name) for name in PAGES)

    assert [name for name in TEMPLATES if f'"{name}"' not in everything] == []


def test_every_template_that_is_named_exists() -> None:
    code = "".join((source.ROOT / path).read_text(encoding="utf-8") for path in source.trees())
    named = set(re.findall(r'render_template\(\s*"([^"]+)"', code))

    assert named - set(TEMPLATES) == set()


@pytest.mark.parametrize("name", [name for name in PAGES if name.endswith(".html")])
def test_words_people_read_are_marked_for_translation(name: str) -> None:
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<script.*?</script>|<!--.*?-->", " ", _text(name), flags=re.S)
    text = re.sub(r"<[^>]*>", " ", text)
    vietnamese = re.findall(r"[A-Za-zÀ-ỹ]*[À-ỹĐđ][A-Za-zÀ-ỹĐđ]*", text)

    assert [word for word in vietnamese if word not in {"Măng", "Tiếng", "Việt"}] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_marked_safe_or_inline(name: str) -> None:
    text = _text(name)

    assert not re.search(r"\|\s*safe\b|<[^>]*\s(style|on[a-z]+)=|javascript:|autoescape false", text)


def test_every_data_module_has_its_script() -> None:
    texts = [re.sub(r"\{% (end)?if.*?%\}", "", _text(name)) for name in PAGES]
    named = [found for text in texts for found in re.findall(r'data-module(?:="|": ")([a-z -]+)"', text)]
    modules = {word for names in named for word in names.split()}
    scripts = {path.stem for path in (source.ROOT / "app/static/js/modules").glob("*.js")}

    assert modules == scripts
