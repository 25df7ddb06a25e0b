"""The English translation: find the words in the source, say what is missing, write the compiled file."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.config import ROOT

FOLDER = ROOT / "app/translations"
PO = FOLDER / "en/LC_MESSAGES/messages.po"
MO = PO.with_suffix(".mo")

#: The same whoever makes the file, and whenever: a change of the header would hide the change of the words.
HEADER = [
    ("Project-Id-Version", "Măng Non"),
    ("Language", "en"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
]

_SOURCES = {"app", "models", "blueprints", "templates"}
_METHODS = [
    ("app/**.py", "python"),
    ("models/**.py", "python"),
    ("blueprints/**.py", "python"),
    ("templates/**.html", "jinja2"),
]
_KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "_lp": ((1, "c"), 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


class English(Catalog):
    """A catalogue of the English words, with our header."""

    def __init__(self) -> None:
        super().__init__(locale="en", charset="utf-8", fuzzy=False, header_comment="# English translation of Măng Non.")

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return HEADER

    mime_headers = property(_get_mime_headers)


def extracted() -> English:
    """Every message in the source, with the files it stands in."""
    catalog = English()
    found = extract_from_dir(
        ROOT,
        [(pattern, method) for pattern, method in _METHODS],
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[:1] in [(), *((s,) for s in _SOURCES)],
    )
    for name, _line, message, _comments, context in found:
        catalog.add(message, None, [(name, 0)], context=context)
    return catalog


def english() -> English:
    """The translation as it is."""
    catalog = English()
    if PO.exists():
        with PO.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    catalog.add(message.id, message.string, message.locations, message.flags, context=message.context)
    return catalog


def update() -> list[str]:
    """Bring the translation up to the source: new messages empty, gone ones dropped. Returns what is untranslated."""
    catalog = english()
    catalog.update(extracted(), no_fuzzy_matching=True)
    save(catalog)
    return missing(catalog)


def save(catalog: Catalog) -> None:
    """Write the catalogue, and the compiled one the app reads."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)


def missing(catalog: Catalog | None = None) -> list[str]:
    """Messages of the source without an English text."""
    catalog = catalog or english()
    absent = []
    for message in extracted():
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        english_text = known.string if known is not None else ""
        texts = english_text if isinstance(english_text, tuple) else (english_text,)
        if known is None or known.fuzzy or not all(texts):
            absent.append(message.id[0] if isinstance(message.id, tuple) else str(message.id))
    return absent


def main() -> None:
    """Bring the translation up to the source and print what still lacks its English text."""
    sys.stdout.write("".join(f"{text}\n" for text in update()))


if __name__ == "__main__":
    main()
