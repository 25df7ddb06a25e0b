"""Trẻ em mồ côi: the orphans, by the parents' states (QĐ 1591/QĐ-TTg).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import orphans_table

TITLE = _l("Trẻ em mồ côi")
HOLDS = _l("Danh sách theo tình trạng của cha, mẹ")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "tre-em-mo-coi"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [orphans_table(brief)]
