"""Thống kê vụ việc: how many cases, by form of abuse, sex, age and perpetrator, and whether plans kept their times; no list.

For the commune and the office that gets its reports. Period: any. Basis: TT 13/2021/TT-BLĐTBXH Phụ lục IV (0101); NĐ 56/2017/NĐ-CP
Chương III; QĐ 06/QĐ-TTg 3/1/2019, tiêu chí 6. Sexual abuse and who the perpetrators were are told of the commune only.
"""

from dataclasses import replace

from flask_babel import gettext as _, lazy_gettext as _l

from app import indicators
from app.workbooks import Brief, Sheet, Variant, summary

TITLE = _l("Thống kê vụ việc")
HOLDS = _l("Số vụ việc theo hình thức, giới tính, tuổi, người gây tổn hại; kế hoạch đúng hạn")
VARIANTS = (Variant.CODED,)
FILE_NAME = "thong-ke-vu-viec"

#: The main lines of app/indicators.py that are about cases; their parts come along.
LINES = ("13", "14", "15", "23", "24")


def sheets(brief: Brief) -> list[Sheet]:
    """The lines of the summary that are about cases."""
    figures = indicators.figures(brief.commune, brief.period, brief.on)
    found = [line for line in figures if line.indicator.code.partition(".")[0] in LINES]
    table = summary.table(brief, found)
    return [replace(table, name=_("Vụ việc"), title=_("THỐNG KÊ VỤ VIỆC BẢO VỆ TRẺ EM"))]
