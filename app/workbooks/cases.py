"""Vụ việc bảo vệ trẻ em: the protection cases received in the period or still open (NĐ 56/2017/NĐ-CP, Chương III).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import cases_table

TITLE = _l("Vụ việc bảo vệ trẻ em")
HOLDS = _l("Vụ việc tiếp nhận trong kỳ hoặc đang giải quyết")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "vu-viec-bao-ve-tre-em"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [cases_table(brief)]
