"""A workbook's file. openpyxl makes the sheets and styles; the rows of tables go straight into the sheets' XML.

Styling 50,000 rows cell by cell through openpyxl takes a minute; this takes seconds, with the same styles.
Text is written as text and never as a formula, whatever it begins with.
"""

import math
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from app import clock
from app.workbooks import Column, Drawn, Formula, Sheet, Table, Variant, child_id_of, computed, styles
from models import Choice, PartialDate, Precision

#: Title, unit and period, confidentiality, note; then the one row of headings.
HEADING_ROW = 5
#: Excel's limit of a cell.
MOST_CHARACTERS = 32_767
_EPOCH = date(1899, 12, 30).toordinal()
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: What makes a text more than its own characters in XML: markup, control characters, line breaks, runs of blanks, escapes.
_SPECIAL = re.compile("[&<>\x00-\x1f\ufffe\uffff\ud800-\udfff]|_x|  ").search
#: Excel reads _x0041_ in a text as a letter; escaping the first underscore keeps what was typed.
_LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROWS_AT_ONCE = 500
#: Points a line of text takes.
_LINE = 14.6


class Written:
    """A finished file: its bytes, how many records its tables hold, and which children they tell of."""

    def __init__(self, content: bytes, row_count: int, children: frozenset[int]) -> None:
        self.content = content
        self.row_count = row_count
        self.children = children


def write(sheets: list[Sheet], variant: Variant, lines: list[str]) -> Written:
    """The file of these sheets; `lines` stand under every table's title."""
    book = Workbook()
    book.remove(book.active)
    numbers = styles.register(book)
    for sheet in sheets:
        page = book.create_sheet(str(sheet.name))
        if isinstance(sheet, Drawn):
            sheet.draw(page)
        else:
            _prepare(page, sheet, _columns(sheet, variant), lines)
        set_up_print(page)
    shell = BytesIO()
    book.save(shell)
    return _pour(shell, sheets, variant, numbers)


def _columns(table: Table, variant: Variant) -> list[Column]:
    kept = [column for column in table.columns if column.is_in(variant)]
    return [computed("STT", lambda record: None, 6), *kept] if table.is_numbered else kept


def set_up_print(page: Worksheet) -> None:
    """A4 landscape, as wide as one page, with page numbers."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left, page.page_margins.right = 0.6, 0.6
    page.page_margins.top, page.page_margins.bottom = 0.7, 0.7
    page.oddFooter.center.text = "Trang &P/&N"
    page.sheet_view.showGridLines = False


def _prepare(page: Worksheet, table: Table, columns: list[Column], lines: list[str]) -> None:
    """Everything of a table's sheet but its rows."""
    styles.title(styles.write(page["A1"], str(table.title)))
    for number, line in enumerate([*lines, str(table.note)][: HEADING_ROW - 2], start=2):
        styles.remark(styles.write(page.cell(number, 1), line))
    for number, column in enumerate(columns, start=1):
        styles.heading(styles.write(page.cell(HEADING_ROW, number), str(column.label)))
        page.column_dimensions[get_column_letter(number)].width = column.width
    deepest = max(math.ceil(len(str(column.label)) * 1.3 / column.width) for column in columns)
    page.row_dimensions[HEADING_ROW].height = _LINE * max(deepest, 2)
    page.freeze_panes = f"{get_column_letter(table.frozen + 1)}{HEADING_ROW + 1}"  # not a cell: that would make a row
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    page.auto_filter.ref = _area(columns, HEADING_ROW)


def _area(columns: list[Column], last_row: int) -> str:
    return f"A{HEADING_ROW}:{get_column_letter(len(columns))}{last_row}"


# ── The rows ───────────────────────────────────────────────────────────────


def _pour(shell: BytesIO, sheets: list[Sheet], variant: Variant, numbers: dict[tuple[str, bool], int]) -> Written:
    """The same file with the rows of every table poured in."""
    out = BytesIO()
    tables = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 1) if isinstance(sheet, Table)}
    filtered: dict[int, str] = {}
    row_count = 0
    children: set[int | None] = set()
    with zipfile.ZipFile(shell) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as target:
        for name in source.namelist():
            if name not in tables:
                continue
            table, columns = tables[name], _columns(tables[name], variant)
            with target.open(name, "w", force_zip64=True) as part:
                written = _pour_table(part, source.read(name).decode(), table, columns, numbers, children)
            index = sheets.index(table)
            filtered[index] = f"{quote_sheetname(str(table.name))}!" + _absolute(columns, HEADING_ROW + written)
            row_count += written if table.counts else 0
        for name in source.namelist():
            if name not in tables:
                content = source.read(name)
                target.writestr(name, _with_filters(content, filtered) if name == "xl/workbook.xml" else content)
    return Written(out.getvalue(), row_count, frozenset(key for key in children if key is not None))


def _absolute(columns: list[Column], last_row: int) -> str:
    return f"$A${HEADING_ROW}:${get_column_letter(len(columns))}${last_row}"


def _with_filters(content: bytes, filtered: dict[int, str]) -> bytes:
    """The workbook part with the hidden name of each filtered area as long as its table has become."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for name in root.iter(f"{_SPREADSHEET}definedName"):
        index = int(name.get("localSheetId", -1))
        if name.get("name") == "_xlnm._FilterDatabase" and index in filtered:
            name.text = filtered[index]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _pour_table(
    part: Any,
    xml: str,
    table: Table,
    columns: list[Column],
    numbers: dict[tuple[str, bool], int],
    children: set[int | None],
) -> int:
    """Write one sheet with its rows and note their children; give how many rows."""
    head, tail = xml.split("</sheetData>")
    part.write(re.sub(r"<dimension [^>]*/>", "", head).encode())
    written = 0
    batch: list[str] = []
    for row in _rows(table, columns, numbers, children):
        written += 1
        batch.append(row)
        if len(batch) == _ROWS_AT_ONCE:
            part.write("".join(batch).encode())
            batch.clear()
    area = _area(columns, HEADING_ROW + written)
    tail = tail.replace(f'<autoFilter ref="{_area(columns, HEADING_ROW)}"', f'<autoFilter ref="{area}"')
    # IDs and phones are text that looks like numbers: Excel need not point at each.
    ignored = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    tail = tail.replace("</headerFooter>", f"</headerFooter>{ignored}")
    part.write(("".join(batch) + "</sheetData>" + tail).encode())
    return written


def _rows(
    table: Table, columns: list[Column], numbers: dict[tuple[str, bool], int], children: set[int | None]
) -> Iterator[str]:
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    readers = [column.read for column in columns]
    widths = [column.width for column in columns]
    cells = {bold: _Cells(numbers, bold) for bold in (False, True)}
    for number, record in enumerate(table.records, start=1):
        row = HEADING_ROW + number
        children.add(child_id_of(record))
        of_row = cells[table.is_bold(record)]
        values = [read(record) for read in readers]
        if table.is_numbered:
            values[0] = number
        parts = [of_row.cell(f"{letter}{row}", value, row) for letter, value in zip(letters, values, strict=True)]
        yield f'<row r="{row}"{_height(values, widths, of_row.words)}>{"".join(parts)}</row>'


def _height(values: list[Any], widths: list[float], words: dict[tuple[type, str], str]) -> str:
    """The height of a row whose texts are wrapped: a first guess that Excel and LibreOffice correct when edited.

    `words` are what the choices of the row are called, known since its cells were written.
    """
    lines = 1
    for value, width in zip(values, widths, strict=True):
        kind = type(value)
        if kind not in _SHORT and kind is not str:
            value, kind = words.get((kind, value), ""), str
        if kind is str and (len(value) > width or "\n" in value):
            lines = max(lines, sum(math.ceil(len(line) * 0.8 / width) or 1 for line in value.split("\n")))
    return f' ht="{min(lines * _LINE, 400)}"' if lines > 1 else ""


#: Values that need one line.
_SHORT = frozenset({int, float, Decimal, date, datetime, bool, type(None), PartialDate, Formula})


class _Cells:
    """Values → the XML of cells, in the styles of ordinary or of bold rows."""

    def __init__(self, numbers: dict[tuple[str, bool], int], bold: bool) -> None:
        self.text, self.quoted, self.number, self.decimal, self.date = (
            numbers[kind, bold] for kind in ("text", "quoted", "number", "decimal", "date")
        )
        #: What choices are called, looked up once for a whole table.
        self.words: dict[tuple[type, str], str] = {}

    def cell(self, reference: str, value: Any, row: int) -> str:
        """One cell; the usual types first, for a large table is made of these."""
        kind = type(value)
        if kind is str and value:
            return self._text(reference, value)
        if value is None:
            return f'<c r="{reference}" s="{self.text}"/>'
        if kind is int:
            return f'<c r="{reference}" s="{self.number}"><v>{value}</v></c>'
        if kind is date:
            return f'<c r="{reference}" s="{self.date}"><v>{value.toordinal() - _EPOCH}</v></c>'
        return self._other(reference, value, row)

    def _other(self, reference: str, value: Any, row: int) -> str:
        if isinstance(value, Choice):
            key = (type(value), value)  # two lists may use the same code
            value = self.words.get(key) or self.words.setdefault(key, str(value.label))
        elif type(value) is not str:
            value = _plain(value)
        if value is None or value == "":
            return f'<c r="{reference}" s="{self.text}"/>'
        if isinstance(value, str):
            return self._text(reference, value)
        if isinstance(value, int):
            return f'<c r="{reference}" s="{self.number}"><v>{value}</v></c>'
        if isinstance(value, Formula):
            formula = escape(value.text.format(row=row))
            return f'<c r="{reference}" s="{self.number}"><f>{formula}</f><v>{value.value}</v></c>'
        if isinstance(value, date):
            return f'<c r="{reference}" s="{self.date}"><v>{value.toordinal() - _EPOCH}</v></c>'
        return f'<c r="{reference}" s="{self.decimal}"><v>{value}</v></c>'

    def _text(self, reference: str, value: str) -> str:
        first = value[0]
        if first not in "=+-@" and first > " " and value[-1] > " " and len(value) < 1000 and not _SPECIAL(value):
            return f'<c r="{reference}" s="{self.text}" t="inlineStr"><is><t>{value}</t></is></c>'
        style = self.quoted if first in "=+-@\t\r" else self.text
        return (
            f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{clean_text(value)}</t></is></c>'
        )


def _plain(value: Any) -> str | int | Decimal | float | date | Formula | None:
    """What of a value stands in a cell: a whole date, a partial one in words."""
    if isinstance(value, bool):
        return "x" if value else None
    if isinstance(value, PartialDate):
        return value.day if value.precision is Precision.DAY else str(value).replace("~", "khoảng ")
    if isinstance(value, datetime):
        return clock.local_date(value)
    if value is None or isinstance(value, str | int | Decimal | float | date | Formula):
        return value
    return str(value)


def clean_text(value: str) -> str:
    """Text as it may stand in a cell's XML."""
    return escape(_LOOKS_CODED.sub("_x005F_", _ILLEGAL.sub("", value[:MOST_CHARACTERS])))
