"""The cover of a workbook, laid out after NĐ 30/2020/NĐ-CP: who sends what to whom, how secret it is, how complete."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import or_, select

from app import clock, completeness
from app.completeness import MEASURES, PROBLEMS, Row, share
from app.reports import wording
from app.templating import number
from app.workbooks import Brief, Variant, styles
from models import Commune, ReceivingOffice, db

#: The head: the left half up to this column, the right half after it. The table below it has as many columns.
_LEFT, _LAST = 6, 14
#: Letters that surely fit into a line of the answers.
_LETTERS = 105


def receiving_office(commune: Commune, on: date) -> ReceivingOffice | None:
    """Who gets the commune's reports on a day: of those in force, the one that began last."""
    return db.session.scalars(
        select(ReceivingOffice)
        .where(
            ReceivingOffice.commune_id == commune.id,
            or_(ReceivingOffice.valid_from.is_(None), ReceivingOffice.valid_from <= on),
            or_(ReceivingOffice.valid_to.is_(None), ReceivingOffice.valid_to >= on),
        )
        .order_by(ReceivingOffice.valid_from.is_(None), ReceivingOffice.valid_from.desc(), ReceivingOffice.id.desc())
    ).first()


def confidentiality(brief: Brief) -> list[str]:
    """The level of secrecy and the scope of circulation, as NĐ 56/2017 Đ24.3 asks. Stands on the cover and on each sheet."""
    if brief.variant is Variant.PUBLIC:
        return [_("Bản công khai: chỉ có số tổng, không có danh sách, số nhỏ được che.")]
    scope = words_of(brief, receiving_office(brief.commune, brief.on))["scope"]
    if brief.variant is Variant.CODED:
        return [_("Bản mã hóa, không có họ tên. %(scope)s", scope=scope)]
    return [
        _("BẢN CÓ HỌ TÊN – BẢO MẬT. %(scope)s", scope=scope)
        + " "
        + _(
            "Người lập: %(name)s, %(moment)s. Lý do: %(reason)s.",
            name=brief.made_by or "–",
            moment=f"{clock.local(brief.made_at):%H:%M %d/%m/%Y}",
            reason=brief.reason or "–",
        )
    ]


def draw(page: Worksheet, brief: Brief, names: Sequence[tuple[str, str]]) -> None:
    """Draw the whole cover; `names` are the sheets that follow, with their titles."""
    for index, width in enumerate((16, 11, 11, 11, 11, *[10.5] * (_LAST - 5)), start=1):
        page.column_dimensions[chr(64 + index)].width = width
    office = receiving_office(brief.commune, brief.on)
    row = _draw_head(page, brief)
    told = words_of(brief, office)
    row = _draw_title(page, brief, told, row)
    row = _draw_facts(page, brief, office, row)
    complete = (
        [] if brief.variant is Variant.PUBLIC else completeness.rows(brief.commune, brief.on, (*MEASURES, *PROBLEMS))
    )
    if complete:
        row = _draw_task(page, told["task"], complete, row)
    row = _draw_contents(page, names, row)
    if complete:
        row = _draw_completeness(page, complete, row)
    _draw_signatures(page, brief, row + 1)


def _write(
    page: Worksheet, row: int, first: int, last: int, text: str, *, size: float = 12, lines: float = 1, **font: Any
) -> Cell:
    """One text over some columns of a row, `lines` high."""
    cell = styles.write(page.cell(row, first), text)
    sideways = font.pop("align", "left")
    cell.font = Font(name=styles.FACE, size=size, **font)
    cell.alignment = Alignment(horizontal=sideways, vertical="center", wrap_text=True)
    if last > first:
        page.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    page.row_dimensions[row].height = max(page.row_dimensions[row].height or 0, 1.42 * size * lines)
    return cell


def _draw_head(page: Worksheet, brief: Brief) -> int:
    commune, made_on = brief.commune, clock.local_date(brief.made_at)
    place = commune.name.partition(" ")[2] or commune.name
    middle: dict[str, Any] = {"align": "center", "bold": True}
    _write(page, 1, 1, _LEFT, "ỦY BAN NHÂN DÂN", size=13, **middle)
    _write(page, 2, 1, _LEFT, commune.name.upper(), size=13, underline="single", **middle)
    _write(page, 1, _LEFT + 1, _LAST, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, **middle)
    _write(page, 2, _LEFT + 1, _LAST, "Độc lập - Tự do - Hạnh phúc", size=13, underline="single", **middle)
    _write(page, 3, 1, _LEFT, "Số:        /", size=13, align="center")
    dated = f"{place}, ngày {made_on.day:02d} tháng {_month(made_on)} năm {made_on.year}"
    _write(page, 3, _LEFT + 1, _LAST, dated, size=13, italic=True, align="center")
    return 5


def _month(day: date) -> str:
    """January and February with a leading zero, as NĐ 30/2020 has it."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def words_of(brief: Brief, office: ReceivingOffice | None) -> dict[str, str]:
    """What the cover says around the figures, as the commune words it."""
    return wording.of_paper("cover", brief.commune, wording.values(brief.commune, brief.period, brief.on, office))


def _draw_title(page: Worksheet, brief: Brief, told: dict[str, str], row: int) -> int:
    public = brief.variant is Variant.PUBLIC
    text = _("SỐ LIỆU VỀ TRẺ EM (BẢN CÔNG KHAI)") if public else told["title"]
    _write(page, row, 1, _LAST, text, size=15, bold=True, align="center", lines=_lines(text, 85))
    _write(
        page,
        row + 1,
        1,
        _LAST,
        told["subtitle"],
        size=13,
        bold=True,
        align="center",
        lines=_lines(told["subtitle"], 100),
    )
    return row + 3


def _lines(text: str, letters: int) -> int:
    """Lines that a text surely fits into, so many letters to the line."""
    return sum(max(1, math.ceil(len(line) / letters)) for line in text.splitlines()) or 1


def _draw_facts(page: Worksheet, brief: Brief, office: ReceivingOffice | None, row: int) -> int:
    commune = brief.commune
    unit = ", ".join(part for part in (commune.name, commune.district_name, commune.province_name) if part)
    facts = [
        (_("Đơn vị báo cáo"), f"{unit}" + (f" (mã {commune.code})" if commune.code else ""), 1),
        *([(_("Nơi nhận"), office.name, 1)] if office and brief.variant is not Variant.PUBLIC else []),
        (
            _("Kỳ số liệu"),
            _("%(period)s, tính đến ngày %(day)s", period=brief.period.label, day=f"{brief.on:%d/%m/%Y}"),
            1,
        ),
        (
            _("Mức độ bảo mật, phạm vi lưu hành"),
            " ".join(confidentiality(brief)),
            max(2, _lines(" ".join(confidentiality(brief)), _LETTERS)),
        ),
        (_("Người lập biểu"), brief.made_by or commune.preparer_name or "–", 1),
    ]
    for label, text, height in facts:
        _write(page, row, 1, 2, label, bold=True)
        _write(page, row, 3, _LAST, text, lines=height)
        row += 1
    return row + 1


def _draw_task(page: Worksheet, task: str, complete: Sequence[Row], row: int) -> int:
    """The plan's sentence, and the counts that answer each of its three verbs."""
    _write(page, row, 1, _LAST, task, lines=max(2, _lines(task, _LETTERS + 20)), italic=True)
    *villages, whole = complete
    for label, text in _answers(len(villages), whole):
        row += 1
        _write(page, row, 1, 2, label, bold=True)
        _write(page, row, 3, _LAST, text, lines=max(2, math.ceil(len(text) / _LETTERS)))
    return row + 2


def _answers(village_count: int, whole: Row) -> list[tuple[str, str]]:
    having = dict(zip((str(measure.label) for measure in MEASURES), whole.having, strict=False))
    shares = {label: f"{number(count)} ({share(count, whole.children)})" for label, count in having.items()}
    labels = [str(measure.label) for measure in MEASURES]
    complete = "; ".join(f"{label.lower()}: {shares[label]}" for label in labels[1:-1])
    matched = labels[-1]
    return [
        (
            _("Xây dựng"),
            _(
                "%(count)s trẻ em dưới 16 tuổi của %(villages)s thôn có trong cơ sở dữ liệu.",
                count=number(whole.children),
                villages=village_count,
            ),
        ),
        (_("Hoàn thiện"), _("Số hồ sơ đã có %(list)s.", list=complete)),
        (
            _("Liên thông"),
            _(
                "%(matched)s hồ sơ khớp với cơ sở dữ liệu quốc gia về dân cư; còn %(rest)s hồ sơ chưa khớp hoặc chưa "
                "đối chiếu; hồ sơ cần công an xác minh ở sheet Đối chiếu dân cư.",
                matched=shares[matched],
                rest=number(whole.children - having[matched]),
            ),
        ),
    ]


def _draw_contents(page: Worksheet, names: Sequence[tuple[str, str]], row: int) -> int:
    _write(page, row, 1, _LAST, _("Nội dung tập biểu"), bold=True)
    for index, (name, heading) in enumerate(names, start=1):
        row += 1
        cell = _write(page, row, 1, 2, f"{index}. {name}")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(name)}!A1")
        cell.font = Font(name=styles.FACE, size=12, underline="single", color="FF1F5A8A")
        _write(page, row, 3, _LAST, heading)
    return row + 2


def _draw_completeness(page: Worksheet, rows: Sequence[Row], row: int) -> int:
    """How many records of each village have each core field."""
    page.row_breaks.append(Break(id=row - 1))
    _write(page, row, 1, _LAST, _("Mức độ hoàn thiện cơ sở dữ liệu (số hồ sơ đã có thông tin)"), bold=True)
    row += 1
    headings = [_("Thôn"), _("Số trẻ em"), *(str(measure.label) for measure in (*MEASURES, *PROBLEMS))]
    for column, text in enumerate(headings, start=1):
        styles.heading(styles.write(page.cell(row, column), text))
    page.row_dimensions[row].height = 78
    for line in rows:
        row += 1
        for column, value in enumerate([line.name, line.children, *line.having], start=1):
            cell = page.cell(row, column)
            cell.value = value
            if column == 1:
                styles.write(cell, line.name)
            styles.body(cell, "text" if column == 1 else "number", bold=line is rows[-1])
    return row + 1


def _draw_signatures(page: Worksheet, brief: Brief, row: int) -> None:
    commune = brief.commune
    _write(page, row, 1, _LEFT, _("NGƯỜI LẬP BIỂU"), size=13, bold=True, align="center")
    _write(page, row, _LEFT + 1, _LAST, "TM. ỦY BAN NHÂN DÂN", size=13, bold=True, align="center")
    _write(page, row + 1, _LEFT + 1, _LAST, commune.signatory_title or "CHỦ TỊCH", size=13, bold=True, align="center")
    _write(page, row + 6, 1, _LEFT, brief.made_by or commune.preparer_name or "", size=13, bold=True, align="center")
    _write(page, row + 6, _LEFT + 1, _LAST, commune.signatory_name or "", size=13, bold=True, align="center")
