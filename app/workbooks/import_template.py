"""Mẫu nhập danh sách trẻ em: a blank list with drop-downs of the commune's own villages and codes, to fill and read in.

For collaborators, schools, the health station. Holds nothing of anybody until it is filled; then NĐ 56/2017 Đ33 holds.
"""

from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from app import access
from app.workbooks import Brief, Drawn, Sheet, Variant, styles
from models import (
    Child,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    EthnicGroup,
    Household,
    KindLevel,
    Poverty,
    RelativeState,
    Sex,
    db,
)
from models.fields import facts

TITLE = _l("Mẫu nhập danh sách trẻ em")
HOLDS = _l("Danh sách trống với ô chọn sẵn: thôn của xã, giới tính, dân tộc, hoàn cảnh, khuyết tật")
VARIANTS = (Variant.CODED,)
FILE_NAME = "mau-nhap-danh-sach-tre-em"

#: Rows made ready to be filled.
BLANK_ROWS = 500
_LISTS = _l("Danh mục")
_DATES = "date"


def _columns(brief: Brief) -> list[tuple[str, float, Sequence[str] | str | None]]:
    """(heading, width, choices; "date" for a date; None for text). Headings are what the import reads."""
    states = [str(state.label) for state in RelativeState]
    kinds = db.session.scalars(access.visible_kinds(brief.reader)).all()
    special = [f"{kind.code} {kind.wording}" for kind in kinds if kind.level in (KindLevel.GROUP, KindLevel.SUBGROUP)]
    villages = [village.name for village in db.session.scalars(access.visible_villages(brief.reader))]
    return [
        (_label(Child.full_name), 26, None),
        (_label(Child.born_on), 13, _DATES),
        (_label(Child.sex), 10, [str(sex.label) for sex in Sex]),
        (_label(Child.personal_id), 17, None),
        (
            _label(Child.ethnicity_code),
            13,
            list(db.session.scalars(select(EthnicGroup.name).order_by(EthnicGroup.code))),
        ),
        (_label(Child.village_id), 14, villages),
        (_("Họ tên cha"), 24, None),
        (_("Tình trạng của cha"), 16, states),
        (_("Họ tên mẹ"), 24, None),
        (_("Tình trạng của mẹ"), 16, states),
        (_("Người chăm sóc"), 24, None),
        (_("Chủ hộ"), 24, None),
        (_label(Household.phone), 14, None),
        (_("Diện hộ"), 14, [str(Poverty.POOR.label), str(Poverty.NEAR_POOR.label)]),
        (_("Hoàn cảnh đặc biệt"), 30, special),
        (_("Nguy cơ"), 26, [kind.wording for kind in kinds if kind.level is KindLevel.RISK]),
        (_("Dạng khuyết tật"), 18, [str(kind.label) for kind in DisabilityKind]),
        (_("Mức độ khuyết tật"), 16, [str(severity.label) for severity in DisabilitySeverity]),
        (_label(Disability.certificate_number), 20, None),
        (_label(Child.insurance_number), 18, None),
        (_label(Child.note), 30, None),
    ]


def _label(attribute: object) -> str:
    return str(facts(attribute).label)  # type: ignore[arg-type]


def sheets(brief: Brief) -> list[Sheet]:
    """The list to fill, and the choices behind its drop-downs."""
    columns = _columns(brief)
    return [
        Drawn(_("Danh sách trẻ em"), lambda page: _draw_list(page, columns)),
        Drawn(str(_LISTS), lambda page: _draw_choices(page, columns)),
    ]


def _draw_list(page: Worksheet, columns: Sequence[tuple[str, float, Sequence[str] | str | None]]) -> None:
    for number, (heading, width, choices) in enumerate(columns, start=1):
        letter = get_column_letter(number)
        styles.heading(styles.write(page.cell(1, number), heading))
        page.column_dimensions[letter].width = width
        for row in range(2, BLANK_ROWS + 2):
            styles.body(page.cell(row, number), "date" if choices == _DATES else "text")
        if isinstance(choices, list) and choices:
            rule = DataValidation(type="list", formula1=_area(letter, len(choices)), allow_blank=True)
            rule.showErrorMessage = False
            rule.add(f"{letter}2:{letter}{BLANK_ROWS + 1}")
            page.add_data_validation(rule)
    page.row_dimensions[1].height = 32
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{BLANK_ROWS + 1}"


def _area(letter: str, count: int) -> str:
    return f"{quote_sheetname(str(_LISTS))}!${letter}$2:${letter}${count + 1}"


def _draw_choices(page: Worksheet, columns: Sequence[tuple[str, float, Sequence[str] | str | None]]) -> None:
    """Each list in the column of its field."""
    for number, (heading, width, choices) in enumerate(columns, start=1):
        if not isinstance(choices, list):
            continue
        styles.heading(styles.write(page.cell(1, number), heading))
        page.column_dimensions[get_column_letter(number)].width = max(width, 20)
        for row, choice in enumerate(choices, start=2):
            styles.body(styles.write(page.cell(row, number), choice))
    page.freeze_panes = "A2"
