"""Danh sách trẻ em của thôn: a sheet to print and take along from house to house, one per village.

For the commune's officer and the village's collaborator; always with names. Period: children as on its last day.
Confidential: NĐ 56/2017 Đ24.3, Đ33. Nothing of circumstances or cases is in it.
"""

from dataclasses import replace

from flask_babel import gettext as _, lazy_gettext as _l

from app import access
from app.child_filters import ChildFilters
from app.workbooks import Brief, Column, Sheet, Table, Variant, computed, stored
from app.workbooks.child_lines import children
from app.workbooks.lines import FAMILY, WHO
from models import Child, Household, Village, db

TITLE = _l("Danh sách trẻ em của thôn để in")
HOLDS = _l("Mỗi thôn một sheet: trẻ em, cha mẹ, chủ hộ, điện thoại, ô trống để ghi")
VARIANTS = (Variant.NAMED,)
FILE_NAME = "danh-sach-tre-em-cua-thon"

COLUMNS: tuple[Column, ...] = (
    *WHO,
    stored(Child.personal_id, width=16),
    *FAMILY,
    stored(Household.head_name, width=20),
    stored(Household.phone, width=14),
    computed(_l("Ghi chú khi đi thôn"), lambda line: None, 26),
)


def sheets(brief: Brief) -> list[Sheet]:
    """One sheet per village, or the one asked for."""
    villages = [brief.village] if brief.village else db.session.scalars(access.visible_villages(brief.reader)).all()
    return [_table(replace(brief, village=village), number) for number, village in enumerate(villages, start=1)]


def _table(brief: Brief, number: int) -> Table:
    name = brief.village.name if isinstance(brief.village, Village) else ""
    heading = _("DANH SÁCH TRẺ EM: %(village)s", village=name.upper())
    return Table(sheet_name(name, number), heading, COLUMNS, children(brief, ChildFilters()), frozen=3)


def sheet_name(name: str, number: int) -> str:
    """A name Excel takes for a sheet, different for each village."""
    kept = "".join(character for character in name if character not in "[]:*?/\\'").strip()
    return f"{number}. {kept}"[:31]
