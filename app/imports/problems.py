"""The rows of a list that were not written, as a workbook to be mended and sent again: one column says why."""

import io
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from sqlalchemy import select

from app.imports import words
from models import CircumstanceKind, ImportBatch, ImportRow, db

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Fields in the order of the workbook; only those that some row has.
_ORDER = (
    "full_name", "sex", "born_on", "personal_id", "ethnicity", "nationality", "village", "address", "father_name", "father_state",
    "mother_name", "mother_state", "caregiver_name", "household_head", "phone", "household_code", "household_status", "circumstances",
    "risks", "disability_types", "disability_severity", "certificate_number", "insurance_number", "birth_registration",
    "school_name", "note",
)  # fmt: skip
_WIDE = frozenset({"full_name", "address", "circumstances", "risks", "note", "caregiver_name"})


def problem_rows(batch: ImportBatch) -> list[ImportRow]:
    """The rows of a list with something wrong."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.action == "problem")
    return list(db.session.scalars(query.order_by(ImportRow.id)))


def workbook(rows: list[ImportRow]) -> bytes:
    """The rows with headings that the import knows; in each cell what was read, or what stood there and could not be read."""
    kinds = {
        code: wording for code, wording in db.session.execute(select(CircumstanceKind.code, CircumstanceKind.wording))
    }
    lines = [_line(row, kinds) for row in rows]
    fields = [name for name in _ORDER if any(name in line for _row, line, _why in lines)]
    headings = [_("STT"), *(words.field_name(name) for name in fields), _("Lý do chưa ghi"), _("Dòng trong tệp trước")]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cần sửa"))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(lines) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    widths = [6, *(28 if name in _WIDE else 16 for name in fields), 60, 16]
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for number, (row, line, why) in enumerate(lines, start=1):
        texts = [str(number), *(line.get(name, "") for name in fields), why, f"{row.sheet} {row.row}".strip()]
        sheet.append([_cell(sheet, text) for text in texts])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    """Text, whatever it looks like: nothing from a list becomes a formula."""
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(name="Times New Roman", size=12, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _line(row: ImportRow, kinds: dict[str, str]) -> tuple[ImportRow, dict[str, str], str]:
    plan = row.effects.get("plan", {})
    values = plan.get("values", {})
    line = {name: _told(name, value, values, kinds) for name, value in values.items()}
    for error in plan.get("errors", []):
        if error.get("found") and not line.get(error["field"]):
            line[error["field"]] = str(error["found"])[:500]
    why = "\n".join(f"{words.field_name(error['field'])}: {error['message']}" for error in plan.get("errors", []))
    return row, {name: text for name, text in line.items() if text}, why


def _told(name: str, value: Any, values: dict[str, Any], kinds: dict[str, str]) -> str:
    if name in {"circumstances", "risks"}:
        said = values.get("circumstance_words" if name == "circumstances" else "risk_words")
        return str(said) if said else "; ".join(kinds.get(code, code) for code in value)
    return words.shown(name, value) if value not in (None, "", []) else ""
