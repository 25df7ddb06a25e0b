"""Dịch vụ, hỗ trợ cho trẻ em: the services given in the period (TT 14/2020/TT-BLĐTBXH).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import gettext as _, lazy_gettext as _l

from app.workbooks import Brief, Sheet, Table, Variant, lines, stored
from app.workbooks.district import programmes_table, services_table
from models import Inspection, Provider

TITLE = _l("Dịch vụ, hỗ trợ cho trẻ em")
HOLDS = _l("Dịch vụ, hỗ trợ đã cung cấp trong kỳ")
VARIANTS = (Variant.CODED, Variant.NAMED)
INSPECTIONS = (
    stored(Provider.name, width=34),
    stored(Provider.kind, width=26),
    stored(Inspection.visited_on),
    stored(Inspection.inspectors, width=26),
    stored(Inspection.findings, width=44),
    stored(Inspection.mend_by),
    stored(Inspection.mended_on),
)
FILE_NAME = "dich-vu-ho-tro-tre-em"


def sheets(brief: Brief) -> list[Sheet]:
    """The list, the same added up, and the inspections of those who provide."""
    return [services_table(brief), programmes_table(brief), _inspections_table(brief)]


def _inspections_table(brief: Brief) -> Table:
    title = _("KIỂM TRA NƠI CUNG CẤP DỊCH VỤ TRONG KỲ")
    return Table(_("Kiểm tra cơ sở"), title, INSPECTIONS, lines.inspections(brief), frozen=2)
