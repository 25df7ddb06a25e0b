"""Dịch vụ, hỗ trợ cho trẻ em: the services given in the period (TT 14/2020/TT-BLĐTBXH).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import programmes_table, services_table

TITLE = _l("Dịch vụ, hỗ trợ cho trẻ em")
HOLDS = _l("Dịch vụ, hỗ trợ đã cung cấp trong kỳ")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "dich-vu-ho-tro-tre-em"


def sheets(brief: Brief) -> list[Sheet]:
    """The list, and the same added up."""
    return [services_table(brief), programmes_table(brief)]
