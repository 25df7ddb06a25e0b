"""The charts of a report, drawn from what it kept: nothing here is counted anew, so they never differ from its figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app import completeness, indicators
from app.child_filters import ChildFilters, SpecialFilter
from app.dashboard import Bar, Chart
from app.templating import number
from models import PeriodReport

Figures = dict[str, dict[str, Any]]

#: The code of an indicator, by what it asks.
_CODES = {one.filters or one.tally: one.code for one in reversed(indicators.INDICATORS)}
_SPECIAL = _CODES[ChildFilters(group=SpecialFilter.SPECIAL.value)]
_RISK = _CODES[ChildFilters(group=SpecialFilter.AT_RISK.value)]


def of_report(report: PeriodReport) -> list[Chart]:
    """Groups, villages, trend, times kept and completeness, in this order; those the report has figures for."""
    figures = {figure["code"]: figure for figure in report.figures}
    found = [
        groups(figures),
        villages(figures),
        trend(report.beside.get("trend", ())),
        times_kept(figures),
        complete(report.beside.get("complete", {})),
    ]
    return [chart for chart in found if chart.bars]


def groups(figures: Figures) -> Chart:
    """The 14 groups of Luật Trẻ em Đ10.1."""
    bars = tuple(
        Bar(f"{code.partition('.')[2]}. {figure['label']}", (figure["total"],))
        for code, figure in figures.items()
        if code.startswith(f"{_SPECIAL}.") and code.count(".") == 1
    )
    note = _("Một trẻ em có thể thuộc nhiều nhóm.")
    return Chart("groups", _("Trẻ em có hoàn cảnh đặc biệt theo nhóm"), (_("Số trẻ em"),), bars, note)


def villages(figures: Figures) -> Chart:
    """Children in special circumstances and at risk, by village."""
    special, risk = ((figures.get(code) or {}).get("by_village") or {} for code in (_SPECIAL, _RISK))
    bars = tuple(Bar(name, (count, risk.get(name, 0))) for name, count in special.items())
    note = _("HIV/AIDS và xâm hại tình dục không tính theo thôn.")
    return Chart("villages", _("Các thôn"), (_("Hoàn cảnh đặc biệt"), _("Có nguy cơ")), bars, note)


def trend(kept: Sequence[dict[str, Any]]) -> Chart:
    """At the ends of the periods before, and on the day of the report."""
    bars = tuple(Bar(f"{date.fromisoformat(one['on']):%d/%m/%Y}", (one["special"], one["risk"])) for one in kept)
    return Chart("trend", _("Qua các kỳ"), (_("Hoàn cảnh đặc biệt"), _("Có nguy cơ")), bars)


def times_kept(figures: Figures) -> Chart:
    """Plans decided in the period, by whether each step kept its time (NĐ 56/2017 Đ28.1, Đ28.4)."""
    whole = _total(figures, "plans")
    steps = (
        (_("Trình kế hoạch: 5 ngày làm việc"), "plans_submitted_in_time"),
        (_("Quyết định: 2 ngày làm việc"), "plans_decided_in_time"),
        (_("Phê duyệt, đúng cả hai hạn"), "plans_approved_in_time"),
    )
    kept = [(label, _total(figures, tally)) for label, tally in steps]
    bars = tuple(Bar(label, (count, whole - count)) for label, count in kept) if whole else ()
    note = _("Trong %(count)s kế hoạch được quyết định trong kỳ.", count=number(whole))
    return Chart("times", _("Thời hạn"), (_("Đúng hạn"), _("Không đúng hạn")), bars, note)


def complete(kept: dict[str, Any]) -> Chart:
    """How many records had each core field."""
    whole = kept.get("children", 0)
    bars = tuple(
        Bar(label, (having, whole - having), told=(completeness.share(having, whole), number(whole - having)))
        for label, having in kept.get("having", ())
    )
    return Chart("complete", _("Hoàn thiện cơ sở dữ liệu"), (_("Đã có"), _("Còn thiếu")), bars)


def _total(figures: Figures, tally: str) -> int:
    return int(figures.get(_CODES[tally], {}).get("total", 0))
