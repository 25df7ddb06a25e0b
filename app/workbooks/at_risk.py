"""Trẻ em có nguy cơ: the children at risk of falling into special circumstances (Luật Trẻ em Đ49; the commune's own list of risks).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import at_risk_table

TITLE = _l("Trẻ em có nguy cơ")
HOLDS = _l("Danh sách trẻ em có nguy cơ rơi vào hoàn cảnh đặc biệt")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "tre-em-co-nguy-co"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [at_risk_table(brief)]
