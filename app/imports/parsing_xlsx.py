"""The .xlsx part of the reading process: XML parts read as a stream, only cells that hold something cost anything."""

import re
import zipfile
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from app.imports.parsing_limits import (
        CELL_LIMIT,
        COLUMN_LIMIT,
        SHEET_LIMIT,
        TEXT_LIMIT,
        Budget,
        Refused,
        sheet_found,
        whole,
    )
else:  # started by parsing.py as a script
    from parsing_limits import CELL_LIMIT, COLUMN_LIMIT, SHEET_LIMIT, TEXT_LIMIT, Budget, Refused, sheet_found, whole


class XlsxFile:
    """An .xlsx or .xlsm read part by part: only cells that hold something cost anything. Macros are never run."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.budget = Budget()
        self.epoch = date(1899, 12, 30)
        self.strings: list[tuple[str, str | None]] = []
        self.styles: list[tuple[int, str]] = []
        self.fonts: list[str | None] = [None]
        self.struck_fonts: set[int] = set()

    def read(self) -> dict[str, Any]:
        """All sheets."""
        names = {name.lower(): name for name in self.archive.namelist()}
        home = next(name for name in names if name.endswith("xl/workbook.xml"))[: -len("workbook.xml")]
        book = self._parse(names[home + "workbook.xml"], WorkbookPart())
        if book.date1904:
            self.epoch = date(1904, 1, 1)
        links = self._parse(names[home + "_rels/workbook.xml.rels"], LinksPart()).targets
        for kind, reader in (("styles", self._read_styles), ("sharedstrings", self._read_strings)):
            path = names.get(f"{home}{kind}.xml")
            if path:
                reader(path)
        sheets = []
        if len(book.sheets) > SHEET_LIMIT:
            raise Refused("too_many_sheets")
        for name, state, link in book.sheets:
            target = links.get(link, "").lstrip("/").lower()
            path = names.get(target) or names.get(home + target)
            if path and "chartsheet" not in target:
                sheets.append(self._read_sheet(path, name, state in {"hidden", "veryHidden"}))
        notes = ["macros"] if any(name.endswith("vbaproject.bin") for name in names) else []
        return {"kind": "xlsx", "sheets": sheets, "notes": notes}

    def _parse(self, path: str, part: Any) -> Any:
        """Feed one XML part to a handler. Document types are refused: spreadsheets have none."""
        from xml.parsers import expat

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: part.start(name.rpartition(" ")[2], attributes)
        parser.EndElementHandler = lambda name: part.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = part.text
        parser.StartDoctypeDeclHandler = _refuse_document_type
        try:
            with self.archive.open(path) as file:
                while block := file.read(65536):
                    parser.Parse(block, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise Refused("damaged") from None
        return part

    def _read_styles(self, path: str) -> None:
        part = self._parse(path, StylesPart())
        self.fonts = part.fonts or [None]
        self.struck_fonts = part.struck
        self.styles = [(font, date_shape(number, part.formats.get(number, ""))) for number, font in part.cells]

    def _read_strings(self, path: str) -> None:
        self.strings = self._parse(path, StringsPart(self.budget)).strings

    def _read_sheet(self, path: str, name: str, hidden: bool) -> dict[str, Any]:
        part = self._parse(path, SheetPart(self))
        return sheet_found(
            name,
            hidden,
            part.rows,
            merges=part.merges,
            knows_merges=True,
            hidden_columns=sorted(part.hidden_columns),
            fonts=self.fonts + part.extra_fonts,
            struck=sorted(part.struck_rows),
        )


def _refuse_document_type(*_declaration: Any) -> None:
    raise Refused("entities")


class Part:
    """A handler of one XML part; does nothing by itself."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, characters: str) -> None:
        """Characters inside an element."""


class WorkbookPart(Part):
    """xl/workbook.xml: the sheets in order, and where days are counted from."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []
        self.date1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note each sheet."""
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), link))
        elif name == "workbookPr":
            self.date1904 = attributes.get("date1904") in {"1", "true"}


class LinksPart(Part):
    """xl/_rels/workbook.xml.rels: which part each sheet stands in."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note each link."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class StylesPart(Part):
    """xl/styles.xml: the font and the number format of each cell style."""

    def __init__(self) -> None:
        self.fonts: list[str | None] = []
        self.struck: set[int] = set()
        self.formats: dict[int, str] = {}
        self.cells: list[tuple[int, int]] = []
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note fonts, formats and cell styles."""
        if name in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self._inside = name
        elif name == "font" and self._inside == "fonts":
            self.fonts.append(None)
        elif name == "name" and self._inside == "fonts" and self.fonts:
            self.fonts[-1] = attributes.get("val")
        elif name == "strike" and self._inside == "fonts" and attributes.get("val") not in {"0", "false"}:
            self.struck.add(len(self.fonts) - 1)
        elif name == "numFmt":
            self.formats.setdefault(int(attributes.get("numFmtId", 0)), attributes.get("formatCode", ""))
        elif name == "xf" and self._inside == "cellXfs":
            self.cells.append((int(attributes.get("numFmtId", 0)), int(attributes.get("fontId", 0))))


class StringsPart(Part):
    """xl/sharedStrings.xml: each text once, with the font of its first run."""

    def __init__(self, budget: Budget) -> None:
        self.strings: list[tuple[str, str | None]] = []
        self._budget = budget
        self._pieces: list[str] = []
        self._font: str | None = None
        self._in_text = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A text or a piece of one begins."""
        if name == "si":
            self._pieces, self._font = [], None
        elif name == "rFont" and self._font is None:
            self._font = attributes.get("val")
        elif name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._in_text = not self._phonetic

    def end(self, name: str) -> None:
        """A text is whole."""
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = "".join(self._pieces)
            self._budget.characters += len(text)
            if self._budget.characters > TEXT_LIMIT or len(self.strings) > CELL_LIMIT:
                raise Refused("too_big")
            self.strings.append((text, self._font))

    def text(self, characters: str) -> None:
        """Collect."""
        if self._in_text:
            self._pieces.append(characters)


_BUILT_IN_DAYS = {14, 15, 16, 22, *range(27, 37), *range(50, 59)}


def date_shape(number: int, code: str) -> str:
    """What of a date a number format shows: `day`, `month`, `year`, or nothing ("")."""
    if not code:
        return "month" if number == 17 else "day" if number in _BUILT_IN_DAYS else ""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code.split(";")[0].lower())
    if "general" in bare or not ("y" in bare or "d" in bare):
        return ""
    return "day" if "d" in bare else "month" if "m" in bare else "year"


class SheetPart(Part):
    """xl/worksheets/sheetN.xml: rows of cells that hold something, merges, what is hidden or struck out."""

    def __init__(self, file: XlsxFile) -> None:
        self.rows: list[list[Any]] = []
        self.merges: list[list[int]] = []
        self.hidden_columns: set[int] = set()
        self.struck_rows: set[int] = set()
        self.extra_fonts: list[str | None] = []
        self._file = file
        self._row = 0
        self._row_hidden = False
        self._cells: list[list[Any]] = []
        self._column = 0
        self._type = self._style = ""
        self._value: list[str] | None = None
        self._inline: list[str] = []
        self._collect: list[str] | None = None
        self._formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or something about them begins."""
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._value = self._collect = []
        elif name == "t" and self._type == "inlineStr":
            self._collect = self._inline
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._row_hidden = attributes.get("hidden") in {"1", "true"}
            self._cells, self._column = [], 0
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.hidden_columns.update(range(first, min(last, COLUMN_LIMIT) + 1))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r", "")
        self._column = column_number(reference) if reference else self._column + 1
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value, self._inline, self._formula = None, [], False

    def text(self, characters: str) -> None:
        """Collect what belongs to the cell's value."""
        if self._collect is not None:
            self._collect.append(characters)

    def end(self, name: str) -> None:
        """A cell or a row is whole."""
        if name in {"v", "t"}:
            self._collect = None
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._file.budget.row(self._row)
            self.rows.append([self._row, self._row_hidden, self._cells])

    def _end_cell(self) -> None:
        font, shape = self._style_of_cell()
        found = self._read_value(shape)
        if found is None:
            return
        kind, value, run_font = found
        self._file.budget.cell(self._column, value)
        if font in self._file.struck_fonts:
            self.struck_rows.add(self._row)
        self._cells.append([self._column, kind, value, self._run_font(run_font) if run_font else font])

    def _style_of_cell(self) -> tuple[int, str]:
        index = int(self._style)
        return self._file.styles[index] if index < len(self._file.styles) else (0, "")

    def _run_font(self, font: str) -> int:
        """The number of a font named inside a text rather than by the cell's style."""
        if font not in self.extra_fonts:
            self.extra_fonts.append(font)
        return len(self._file.fonts) + self.extra_fonts.index(font)

    def _read_value(self, shape: str) -> tuple[str, Any, str | None] | None:
        raw = "".join(self._inline if self._type == "inlineStr" else self._value or [])
        if raw == "":
            return ("f", "", None) if self._formula and self._type != "str" else None
        if self._type == "s":
            text, font = self._file.strings[int(raw)]
            return ("s", text, font) if text else None
        if self._type in {"str", "inlineStr"}:
            return ("s", raw, None)
        if self._type == "b":
            return ("b", raw == "1", None)
        if self._type == "e":
            return ("e", raw, None)
        if self._type == "d":
            return ("d", raw[:10], None)
        return (*self._number(raw, shape), None)

    def _number(self, raw: str, shape: str) -> tuple[str, Any]:
        value = int(raw) if re.fullmatch(r"-?\d{1,15}", raw) else whole(float(raw))
        if shape and 1 <= value < 2_958_466:
            day = self._file.epoch + timedelta(days=int(value))
            return "d", f"{day.isoformat()[: {'day': 10, 'month': 7, 'year': 4}[shape]]}"
        return "n", value

    def _merge(self, reference: str) -> None:
        found = re.fullmatch(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)", reference)
        if found and len(self.merges) < CELL_LIMIT:
            left, top, right, bottom = found.groups()
            self.merges.append([int(top), column_number(left), int(bottom), column_number(right)])


def column_number(reference: str) -> int:
    """A1 → 1, AB7 → 28."""
    number = 0
    for character in reference:
        if not character.isalpha():
            break
        number = number * 26 + ord(character.upper()) - 64
    return number
