"""What cells look like. Every cell style of a workbook is registered once with openpyxl; rows then name it by number."""

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

FACE = "Times New Roman"
_LINE = Side(style="thin", color="FF8A8F80")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADING_FILL = PatternFill("solid", fgColor="FFE7F0E4")
DATE_FORMAT = "dd/mm/yyyy"
#: The kinds of cells in a table, and their number formats.
FORMATS = {"text": "@", "number": "#,##0", "decimal": "#,##0.0#", "date": DATE_FORMAT}


def write(cell: Cell, text: str) -> Cell:
    """Put a text into a cell, as text whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    return cell


def title(cell: Cell, *, size: int = 14) -> None:
    """A title over a table."""
    cell.font = Font(name=FACE, size=size, bold=True)
    cell.alignment = Alignment(vertical="center")


def remark(cell: Cell, *, italic: bool = True) -> None:
    """A line between the title and the table."""
    cell.font = Font(name=FACE, size=11, italic=italic)


def heading(cell: Cell) -> None:
    """A heading of a table."""
    cell.font = Font(name=FACE, size=11, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = BOX
    cell.fill = HEADING_FILL
    cell.number_format = "@"


def body(cell: Cell, kind: str = "text", *, bold: bool = False, quoted: bool = False) -> None:
    """A cell of a table: text wrapped, numbers to the right, dates in the middle."""
    cell.font = Font(name=FACE, size=11, bold=bold)
    sideways = {"date": "center", "text": "left"}.get(kind, "right")
    inward = int(sideways == "right")  # a little air between a number and the text beside it
    cell.alignment = Alignment(horizontal=sideways, vertical="top", wrap_text=kind == "text", indent=inward)
    cell.border = BOX
    cell.number_format = FORMATS[kind]
    cell.quotePrefix = quoted


def register(workbook: Workbook) -> dict[tuple[str, bool], int]:
    """{(kind of cell, bold): the number of its style in this workbook}; kind "quoted" is text that looks like a formula."""
    sheet = workbook.create_sheet()
    numbers: dict[tuple[str, bool], int] = {}
    for kind in (*FORMATS, "quoted"):
        for bold in (False, True):
            cell = sheet.cell(len(numbers) + 1, 1)
            body(cell, "text" if kind == "quoted" else kind, bold=bold, quoted=kind == "quoted")
            numbers[kind, bold] = cell.style_id
    workbook.remove(sheet)
    return numbers
