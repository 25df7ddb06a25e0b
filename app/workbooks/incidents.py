"""Tai nạn, thương tích trẻ em: the accidents and injuries of the period (QĐ 1248/QĐ-TTg 19/7/2021).

For the commune, the health station and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Notes are in no list.
"""

from collections.abc import Iterator

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import selectinload

from app import access, as_of
from app.workbooks import Brief, Sheet, Table, Variant, stored
from app.workbooks.lines import WHO
from models import Child, Incident, db

TITLE = _l("Tai nạn, thương tích trẻ em")
HOLDS = _l("Tai nạn, thương tích xảy ra trong kỳ: loại, nơi xảy ra, kết quả")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "tai-nan-thuong-tich-tre-em"

COLUMNS = (
    *WHO,
    stored(Child.village_id, width=14),
    stored(Incident.kind, width=26),
    stored(Incident.happened_on),
    stored(Incident.place, width=22),
    stored(Incident.outcome, width=22),
)


def sheets(brief: Brief) -> list[Sheet]:
    """One list; equal to line 25."""
    title = _("TAI NẠN, THƯƠNG TÍCH TRẺ EM TRONG KỲ")
    return [Table(_("Tai nạn, thương tích"), title, COLUMNS, _rows(brief), frozen=2)]


def _rows(brief: Brief) -> Iterator[Incident]:
    query = (
        access.visible_incidents(brief.reader)
        .join(Child, Child.id == Incident.child_id)
        .where(Incident.happened_on >= brief.period.first, Incident.happened_on <= brief.period.last)
        .options(selectinload(Incident.child))
        .order_by(Incident.happened_on, Incident.id)
    )
    if brief.village_id is not None:
        query = query.where(as_of.village_id(brief.period.last) == brief.village_id)
    yield from db.session.scalars(query)
