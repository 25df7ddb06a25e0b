"""Biến động trẻ em: births, arrivals, departures, deaths of the period.

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import movements_table

TITLE = _l("Biến động trẻ em")
HOLDS = _l("Sinh, chuyển đến, chuyển đi, trở về, mất trong kỳ")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "bien-dong-tre-em"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [movements_table(brief)]
