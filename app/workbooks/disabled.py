"""Trẻ em khuyết tật: the disabled children, by kind and severity (TT 01/2019/TT-BLĐTBXH).

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import disabled_table

TITLE = _l("Trẻ em khuyết tật")
HOLDS = _l("Danh sách theo dạng và mức độ khuyết tật")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "tre-em-khuyet-tat"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [disabled_table(brief)]
