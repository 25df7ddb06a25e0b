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
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from app.imports import parsing_limits as limits
    from app.imports.parsing_limits import MEGABYTE, Budget, Refused, sheet_found, whole
    from app.imports.parsing_xlsx import XlsxFile
else:  # a script of its own: the app is not imported
    sys.path.append(str(Path(__file__).parent))
    import parsing_limits as limits
    from parsing_limits import MEGABYTE, Budget, Refused, sheet_found, whole
    from parsing_xlsx import XlsxFile


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
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_LIMIT, limits.MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS_LIMIT, limits.SECONDS_LIMIT))
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
    if len(entries) > limits.ENTRY_LIMIT:
        raise Refused("bomb")
    total = 0
    try:
        for entry in entries:
            with archive.open(entry) as part:
                while block := part.read(MEGABYTE):
                    total += len(block)
                    if total > limits.UNPACKED_LIMIT or (total > 20 * MEGABYTE and total > packed * limits.RATIO_LIMIT):
                        raise Refused("bomb")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        raise Refused("truncated") from None


#: Streams of other programs' files in the same container.
_NOT_SHEETS = ("WordDocument", "PowerPoint Document", "__substg1.0", "VisioDocument")


def _read_ole(content: bytes) -> dict[str, Any]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused("encrypted")
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise Refused("wrong_kind" if any(name.encode("utf-16-le") in content for name in _NOT_SHEETS) else "damaged")
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
    if len(workbook.sheets_metadata) > limits.SHEET_LIMIT:
        raise Refused("too_many_sheets")
    for metadata in workbook.sheets_metadata:
        if str(metadata.typ) != "SheetTypeEnum.WorkSheet":
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        if sheet.total_width > limits.COLUMN_LIMIT * 40 or sheet.total_height > limits.FAR_ROW:
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
    return sheet_found(name, hidden, rows, merges=merges, knows_merges=sheet.merged_cell_ranges is not None)


def _typed(value: Any) -> list[Any] | None:
    """Kind and value of what the library hands over; None for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, datetime | date):
        return ["d", f"{value:%Y-%m-%d}"]
    if isinstance(value, int | float):
        return ["n", whole(value)]
    return ["s", str(value)]


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
    rows: list[list[Any]] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), 1):
            cells: list[list[Any]] = [
                [column, "s", value, 0] for column, value in enumerate(values, 1) if value.strip()
            ]
            for column, _kind, value, _font in cells:
                budget.cell(column, value)
            if cells and not (number == 1 and re.fullmatch(r"sep=.?", values[0].strip())):
                budget.row(number)
                rows.append([number, False, cells])
    except csv.Error:
        raise Refused("damaged") from None
    if not any(len(row[2]) > 1 for row in rows):
        raise Refused("wrong_kind")
    return {"kind": "csv", "sheets": [sheet_found("", False, rows)], "notes": [f"text_{encoding}"]}


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


if __name__ == "__main__":
    main()
