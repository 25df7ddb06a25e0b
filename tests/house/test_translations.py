"""Every word people read has an English translation, the compiled file holds it, and no word is left outside."""

import ast
import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from babel.messages.mofile import write_mo
from jinja2 import nodes

from app import translating

ROOT = Path(__file__).parents[2]

#: The calls whose texts are translated.
CALLS = {"_", "_l", "_lp", "gettext", "lazy_gettext", "ngettext", "pgettext"}

VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
#: Not words: the letters of groups ("đ"), what is cited ("NĐ 56/2017 Đ26.3"), what the product and the language are called.
NOT_WORDS = re.compile(
    r"\W*(\w|(Luật Trẻ em|NĐ|TT|QĐ|CV|Đ\d+)\b.*|Luật .* Đ[\d.]+|.*\bMăng Non\b.*|Tiếng Việt)\W*", re.DOTALL
)

#: Why the texts of a file, or of a folder, stay Vietnamese.
ALWAYS_VIETNAMESE = {
    "app/superior.py": "what workbooks say",
    "app/reports/addressees.py": "offices as papers write them",
    "app/reports/drawing.py": "official papers are Vietnamese",
    "app/reports/written.py": "official papers are Vietnamese",
    "app/reports/chart.py": "official papers are Vietnamese",
    "app/reports/wording.py": "official papers are Vietnamese",
    "app/reports/cli.py": "the console is Vietnamese",
    "app/guide_book.py": "a book of the Vietnamese docs, made at the console",
    "app/demo/": "made-up records are data",
    "app/component_samples.py": "made-up records are data",
    "app/reference.py": "data the commune edits",
    "app/public_holidays.py": "data the commune edits",
    "app/report_duties.py": "data the commune edits",
    "app/checks.py": "words in Vietnamese names",
    "app/identity.py": "not shown",
    "app/imports/aliases.py": "what lists say",
    "app/imports/differences.py": "what lists say",
    "app/imports/headings.py": "what lists say",
    "app/imports/parsing.py": "what lists say",
    "app/imports/record.py": "what lists say",
    "app/imports/table.py": "what lists say",
    "app/imports/textfix.py": "what lists say",
    "app/imports/values.py": "what lists say",
    "app/imports/wording.py": "what lists say",
    "app/documents/": "official papers",
    "app/workbooks/code_lists.py": "an official paper",
    "app/workbooks/cover.py": "an official paper",
    "app/workbooks/file.py": "an official paper",
    "app/backups.py": "the operator's console",
    "app/backups_postgresql.py": "the operator's console",
    "app/cli.py": "the operator's console",
    "app/casework_cli.py": "the operator's console",
    "app/commands.py": "the operator's console",
    "app/explaining.py": "the operator's console",
    "app/imports/cli.py": "the operator's console",
    "app/jobs_cli.py": "the operator's console",
    "app/privacy_cli.py": "the operator's console",
    "app/serving.py": "the operator's console",
    "app/workbooks/cli.py": "the operator's console",
    "models/clean.py": "what people type",
}
#: Arguments that say what lists call a field, or what a new record holds.
DATA = {"aliases", "default"}


def test_no_message_lacks_its_english_text() -> None:
    assert translating.missing() == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        message.id
        for message in translating.english()
        if message.id
        and {_names(text) for text in _texts(message.id)} != {_names(text) for text in _texts(message.string)}
    ]

    assert wrong == []


def test_no_english_text_is_left_in_vietnamese() -> None:
    kept = [
        message.string
        for message in translating.english()
        if message.id
        and _texts(message.id)[0] == _texts(message.string)[0]
        and VIETNAMESE.search(_texts(message.id)[0])
    ]

    assert sorted(kept) == ["Tiếng Việt", "đồng"]


def test_the_compiled_file_is_fresh() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, translating.english())

    assert gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))._catalog == _compiled()._catalog


def test_the_file_tells_of_no_time_and_no_person() -> None:
    text = translating.PO.read_text(encoding="utf-8")

    assert re.findall(r"Date|Translator|Team|@", text.partition("\n\n")[0]) == []


@pytest.mark.parametrize("folder", ["app", "blueprints", "models"])
def test_every_word_in_the_code_is_handed_to_translation(folder: str) -> None:
    left = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not _is_always_vietnamese(path)
        for line, text in _words_of_code(path)
    ]

    assert left == []


def test_every_word_in_the_templates_is_handed_to_translation() -> None:
    left = [
        f"{path.relative_to(ROOT)}:{line} {text.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if path.relative_to(ROOT).parts[1] != "documents"
        for line, text in _words_of_template(path)
    ]

    assert left == []


def test_every_file_that_stays_vietnamese_exists() -> None:
    assert [name for name in ALWAYS_VIETNAMESE if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("folder", ["app", "blueprints", "models"])
def test_texts_are_put_together_after_translation_not_before(folder: str) -> None:
    early = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for call in _translated(ast.parse(path.read_text(encoding="utf-8")))
        if not all(
            isinstance(text, ast.Constant)
            for text in call.args[: 2 if _called(call) in {"ngettext", "pgettext", "_lp"} else 1]
        )
    ]

    assert early == []


def _names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"%\((\w+)\)[sd]", text))


def _texts(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (str(text),)


def _compiled() -> gettext.GNUTranslations:
    with translating.MO.open("rb") as file:
        return gettext.GNUTranslations(file)


def _is_always_vietnamese(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name.startswith(known) if known.endswith("/") else name == known for known in ALWAYS_VIETNAMESE)


def _is_word(text: object) -> bool:
    return isinstance(text, str) and bool(VIETNAMESE.search(text)) and not NOT_WORDS.fullmatch(text)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _translated(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) in CALLS)


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield node.value


def _words_of_code(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {text for call in _translated(tree) for argument in call.args for text in ast.walk(argument)}
    known |= set(_docstrings(tree))
    known |= {
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in DATA
        for text in ast.walk(node.value)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_word(node.value) and node not in known
    ]


def _words_of_template(path: Path) -> list[tuple[int, str]]:
    tree = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(path.read_text(encoding="utf-8"))
    known = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in CALLS
        for argument in call.args
    }
    shown = [(node.lineno, text) for node in tree.find_all(nodes.TemplateData) for text in [_without_tags(node.data)]]
    shown += [(node.lineno, node.value) for node in tree.find_all(nodes.Const) if id(node) not in known]
    return [(line, text) for line, text in shown if _is_word(text)]


def _without_tags(markup: str) -> str:
    return re.sub(r"<[^<>]*>", " ", markup)
