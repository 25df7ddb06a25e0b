"""Trẻ em có hoàn cảnh đặc biệt: the children in special circumstances, by the 14 groups of Luật Trẻ em Đ10.1 and the sub-groups of NĐ 56/2017 Đ3–16.

For the commune and the office that gets its reports. Confidential: NĐ 56/2017 Đ24.3, Đ33. Columns: app/workbooks/district.py.
"""

from flask_babel import lazy_gettext as _l

from app.workbooks import Brief, Sheet, Variant
from app.workbooks.district import special_table

TITLE = _l("Trẻ em có hoàn cảnh đặc biệt")
HOLDS = _l("Danh sách theo 14 nhóm, 48 tiểu nhóm")
VARIANTS = (Variant.CODED, Variant.NAMED)
FILE_NAME = "tre-em-hoan-canh-dac-biet"


def sheets(brief: Brief) -> list[Sheet]:
    """One list."""
    return [special_table(brief)]
