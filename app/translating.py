"""The English translation: find the words in the source, say what is missing, write the compiled file."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.config import ROOT

FOLDER = ROOT / "app/translations"
PO = FOLDER / "en/LC_MESSAGES/messages.po"
MO = PO.with_suffix(".mo")

_METHODS = [
    ("app/**.py", "python"),
    ("models/**.py", "python"),
    ("blueprints/**.py", "python"),
    ("templates/**.html", "jinja2"),
]
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def extracted() -> Catalog:
    """Every message in the source, with the places it stands in."""
    catalog = Catalog(project="Măng Non", version="1", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT, [(pattern, method) for pattern, method in _METHODS], options_map=_OPTIONS, keywords=_KEYWORDS
    )
    for name, _line, message, _comments, context in found:
        if Path(name).parts[0] in {"app", "models", "blueprints", "templates"}:
            catalog.add(message, None, [(name, 0)], context=context)
    return catalog


def english() -> Catalog:
    """The translation as it is."""
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def update() -> list[str]:
    """Bring the translation up to the source: new messages empty, gone ones dropped. Returns what is untranslated."""
    catalog = english()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)
    return missing(catalog)


def missing(catalog: Catalog | None = None) -> list[str]:
    """Messages of the source without an English text."""
    catalog = catalog or english()
    absent = []
    for message in extracted():
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        texts = known.string if known is not None else ""
        texts = texts if isinstance(texts, tuple) else (texts,)
        if known is None or known.fuzzy or not all(texts):
            absent.append(str(message.id))
    return absent
