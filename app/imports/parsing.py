"""The reading of one file, run as a process of its own so that a hostile file harms nobody.

Started by `reader.py` as a script: the file comes on standard input, one JSON
object goes to standard output. Imports nothing of ours, and limits its own
memory and time where the system can. Refusals are codes; `reader.py` words them.

A cell is `[column, kind, value, font]`: kind `s` text, `n` number, `d` date
(ISO, as far as its number format shows it), `b` yes/no, `e` Excel's error value,
`f` a formula that was never worked out.
"""

import codecs
import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 150 * MEGABYTE
RATIO_LIMIT = 150
ENTRY_LIMIT = 2000
SHEET_LIMIT = 60
ROW_LIMIT = 20_000
FAR_ROW = 200_000
COLUMN_LIMIT = 300
FAR_COLUMN = 5000
CELL_LIMIT = 600_000
TEXT_LIMIT = 60 * MEGABYTE
MEMORY_LIMIT = 900 * MEGABYTE
SECONDS_LIMIT = 20


class Refused(Exception):
    """The file cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Budget:
    """Counts what has been read and refuses what would be too much."""

    def __init__(self) -> None:
        self.rows = 0
        self.cells = 0
        self.characters = 0

    def row(self, number: int) -> None:
        """One more row that holds something."""
        self.rows += 1
        if number > FAR_ROW:
            raise Refused("far_cells")
        if self.rows > ROW_LIMIT:
            raise Refused("too_many_rows")

    def cell(self, column: int, value: Any) -> None:
        """One more cell that holds something."""
        self.cells += 1
        if column > COLUMN_LIMIT:
            raise Refused("far_cells" if column > FAR_COLUMN else "too_many_columns")
        if isinstance(value, str):
            self.characters += len(value)
        if self.cells > CELL_LIMIT or self.characters > TEXT_LIMIT:
            raise Refused("too_big")


def main() -> None:
    """Read standard input, write the answer."""
    limit_this_process()
    try:
        answer = read(sys.stdin.buffer.read())
    except Refused as refused:
        answer = {"code": refused.code}
    except MemoryError:
        answer = {"code": "too_big"}
    except Exception:
        answer = {"code": "damaged"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def limit_this_process() -> None:
    """Bound memory and processor time, where the system knows how."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes) -> dict[str, Any]:
    """The sheets of a file of whatever kind its first bytes say it is."""
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Refused("empty")
    if content[:4] == b"PK\x03\x04":
        return _read_zip(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _read_ole(content)
    if content[:4] in {b"%PDF", b"\x89PNG", b"GIF8", b"{\\rt", b"Rar!", b"7z\xbc\xaf", b"PK\x05\x06"}:
        raise Refused("wrong_kind")
    if content[:3] == b"\xff\xd8\xff" or content[:2] == b"\x1f\x8b":
        raise Refused("wrong_kind")
    return _read_text(content)


# ── Which kind of container ────────────────────────────────────────────────


def _read_zip(content: bytes) -> dict[str, Any]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused("truncated") from None
    names = set(archive.namelist())
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        raise Refused("encrypted")
    _refuse_bombs(archive, len(content))
    if "xl/workbook.bin" in names:
        return _read_calamine(content, "xlsb")
    if any(name.lower().endswith("xl/workbook.xml") for name in names):
        return XlsxFile(archive).read()
    if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:100]:
        if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refused("encrypted")
        return _read_calamine(content, "ods")
    raise Refused("wrong_kind")


def _refuse_bombs(archive: zipfile.ZipFile, packed: int) -> None:
    """Unpack once without keeping anything, counting; sizes written in the archive are not believed."""
    entries = archive.infolist()
    if len(entries) > ENTRY_LIMIT:
        raise Refused("bomb")
    total = 0
    try:
        for entry in entries:
            with archive.open(entry) as part:
                while block := part.read(MEGABYTE):
                    total += len(block)
                    if total > UNPACKED_LIMIT or (total > 20 * MEGABYTE and total > packed * RATIO_LIMIT):
                        raise Refused("bomb")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib_error()):
        raise Refused("truncated") from None


def zlib_error() -> type[Exception]:
    """The error of a broken compressed part."""
    import zlib

    return zlib.error


def _read_ole(content: bytes) -> dict[str, Any]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("encrypted")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Refused("wrong_kind")
    return _read_calamine(content, "xls")


def _read_calamine(content: bytes, kind: str) -> dict[str, Any]:
    """.xls, .xlsb and .ods. The library may end the whole process on hostile files, which is why we are one."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError:
        raise Refused("encrypted") from None
    except python_calamine.CalamineError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from None
    budget = Budget()
    sheets = []
    for metadata in workbook.sheets_metadata[:SHEET_LIMIT]:
        if str(metadata.typ) != "SheetTypeEnum.WorkSheet":
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        if sheet.total_width > COLUMN_LIMIT * 40 or sheet.total_height > FAR_ROW:
            raise Refused("far_cells")
        hidden = str(metadata.visible) != "SheetVisibleEnum.Visible"
        sheets.append(_calamine_sheet(sheet, metadata.name, hidden, budget))
    return {"kind": kind, "sheets": sheets, "notes": []}


def _calamine_sheet(sheet: Any, name: str, hidden: bool, budget: Budget) -> dict[str, Any]:
    rows = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = []
        for column, value in enumerate(values, start=1):
            cell = _typed(value)
            if cell is not None:
                budget.cell(column, cell[1])
                cells.append([column, *cell, 0])
        if cells:
            budget.row(number)
            rows.append([number, False, cells])
    merges = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        merges.append([top + 1, left + 1, bottom + 1, right + 1])
    return _sheet(name, hidden, rows, merges=merges, knows_merges=sheet.merged_cell_ranges is not None)


def _typed(value: Any) -> list[Any] | None:
    """Kind and value of what the library hands over; None for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, datetime | date):
        return ["d", f"{value:%Y-%m-%d}"]
    if isinstance(value, int | float):
        return ["n", _whole(value)]
    return ["s", str(value)]


def _whole(value: float) -> float | int:
    """30217661150.0 → 30217661150; fractions stay."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _sheet(name: str, hidden: bool, rows: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "hidden": hidden,
        "rows": rows,
        "merges": more.get("merges", []),
        "knows_merges": more.get("knows_merges", False),
        "hidden_columns": more.get("hidden_columns", []),
        "fonts": more.get("fonts", [None]),
        "struck": more.get("struck", []),
    }


# ── Text: .csv, .tsv ───────────────────────────────────────────────────────


def _read_text(content: bytes) -> dict[str, Any]:
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        raise Refused("web_page")
    if start.startswith((b"<?xml", b"<")):
        raise Refused("wrong_kind")
    text, encoding = _decoded(content)
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1f]", text[:20000]))
    if controls > len(text[:20000]) / 200:
        raise Refused("wrong_kind")
    budget = Budget()
    csv.field_size_limit(2 * MEGABYTE)
    rows = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), 1):
            cells = [[column, "s", value, 0] for column, value in enumerate(values, 1) if value.strip()]
            for column, _kind, value, _font in cells:
                budget.cell(column, value)
            if cells and not (number == 1 and re.fullmatch(r"sep=.?", values[0].strip())):
                budget.row(number)
                rows.append([number, False, cells])
    except csv.Error:
        raise Refused("damaged") from None
    if not any(len(cells) > 1 for _number, _hidden, cells in rows):
        raise Refused("wrong_kind")
    return {"kind": "csv", "sheets": [_sheet("", False, rows)], "notes": [f"text_{encoding}"]}


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file in any usual encoding: UTF-8, UTF-16, Windows-1258, or one byte a character."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    sample = content[:2000]
    for remainder, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sum(1 for byte in sample[remainder::2] if byte == 0)
        if zeros > len(sample) / 5:
            return content.decode(encoding, "replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    cp1258 = unicodedata.normalize("NFC", content.decode("cp1258", "replace"))
    composed = len(re.findall("[\u1ea0-\u1ef9]", cp1258))
    strays = len(re.findall("[\u0300-\u0323¡-¿×÷ßçñäåæëïîöüøûÿ]", cp1258))
    if composed > strays:
        return cp1258, "cp1258"
    return content.decode("latin-1"), "latin-1"


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most cells, most evenly."""
    hint = re.match(r"sep=(.)\r?\n", text)
    if hint:
        return hint.group(1)

    def score(separator: str) -> float:
        rows = csv.reader(io.StringIO(text[:60000], newline=""), delimiter=separator)
        try:
            widths = [len(row) for row, _ in zip(rows, range(60), strict=False) if row]
        except csv.Error:
            return 0
        common = max(set(widths), key=widths.count, default=1)
        return 0 if common == 1 else widths.count(common) * (1 + common / 100)

    return max(";\t,|", key=score)


# ── .xlsx ──────────────────────────────────────────────────────────────────


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
        for name, state, link in book.sheets[:SHEET_LIMIT]:
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
        return _sheet(
            name,
            hidden,
            part.rows,
            merges=part.merges,
            knows_merges=True,
            hidden_columns=part.hidden_columns,
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
        self.hidden_columns: list[int] = []
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
            self.hidden_columns += range(first, min(last, COLUMN_LIMIT) + 1)

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
        value = int(raw) if re.fullmatch(r"-?\d{1,15}", raw) else _whole(float(raw))
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


if __name__ == "__main__":
    main()
