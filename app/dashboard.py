"""The dashboard of leader and officer: groups, villages, trend, times kept, completeness, services, caseload.

Each figure is asked by the question of the list it opens, all children's figures in one reading.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_

from app import (
    access,
    casework,
    clock,
    completeness,
    deadlines,
    periods,
    reference,
    register,
    remembered,
    support,
    trends,
)
from app.casework import CaseFilters, CaseLine, Due
from app.child_filters import ChildFilters, Missing, SpecialFilter
from app.flows import FlowList
from app.indicators import CODES, GROUP_SPREADS
from app.periods import Period
from app.procedure import Step
from app.support import ServiceFilters
from app.trends import USUAL, Asked
from models import Case, CasePlan, Programme, Sensitivity, User, Village, db


@dataclass(frozen=True)
class Bar:
    """One bar: a label, one number per series, and the list behind each (an endpoint's filters, or none)."""

    label: str
    values: tuple[int, ...]
    #: Per value: ("children" | "cases", filters) or None.
    opens: tuple[Any, ...] = ()
    #: Shown instead of the number ("95,2%").
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars with a title and the names of their series."""

    code: str
    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    note: str = ""

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((value for bar in self.bars for value in bar.values), default=0)


@dataclass(frozen=True)
class VillageLine:
    """A village beside the others."""

    village: Village
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """Everything counted of the register on a day: {name of the question: {village: children}}."""

    on: date
    by_question: dict[str, dict[int, int]] = field(default_factory=dict)

    def total(self, name: str) -> int:
        """The whole commune."""
        return sum(self.by_question[name].values())


#: The columns of the villages side by side.
VILLAGE_QUESTIONS = {
    "children": ChildFilters(),
    "special": ChildFilters(group=SpecialFilter.SPECIAL.value, shared="1"),
    "risk": ChildFilters(group=SpecialFilter.AT_RISK.value),
    "without_id": ChildFilters(missing=Missing.PERSONAL_ID),
}


def questions() -> dict[str, ChildFilters]:
    """{name: what is asked} of everything the dashboard counts of children."""
    return {
        **VILLAGE_QUESTIONS,
        **{f"group_{letter}": ChildFilters(group=letter) for letter, _wording in reference.groups()},
        **{f"measure_{number}": measure.asked for number, measure in enumerate(completeness.MEASURES)},
    }


def recount(user: User, on: date) -> Counts:
    """All counts of children, in one reading of the register."""
    asked = questions()
    found = register.count_many(access.commune_reader(user.commune_id), list(asked.values()), on)
    return Counts(on, dict(zip(asked, found, strict=True)))


def counts(user: User) -> Counts:
    """The same of today, kept in memory until something changes."""
    return remembered.told(user.commune_id, "dashboard", lambda: recount(user, clock.today()))


def charts(
    user: User, known: Counts, lines: Sequence[CaseLine], beside: Sequence[VillageLine], asked: Asked = USUAL
) -> list[Chart]:
    """The charts of the page, in its order, from what was counted of children, the open cases and the villages."""
    return [
        groups(user, known),
        villages(beside),
        trend(user, asked),
        times_kept(user, lines),
        cases_by_month(user),
        complete(known),
        services(user),
        *caseload(lines),
    ]


def groups(user: User, known: Counts) -> Chart:
    """The 14 groups of Luật Trẻ em Đ10.1; a group with secret ones opens its list to who may read them."""
    knows = access.may_read(user, Sensitivity.HIV)
    bars = tuple(
        Bar(
            f"{letter}. {wording}",
            (known.total(f"group_{letter}"),),
            (("children", ChildFilters(group=letter)) if knows or letter not in GROUP_SPREADS else None,),
        )
        for letter, wording in reference.groups()
    )
    note = _("Một trẻ em có thể thuộc nhiều nhóm.")
    return Chart("groups", _("Trẻ em có hoàn cảnh đặc biệt theo nhóm"), (_("Số trẻ em"),), bars, note)


def village_lines(user: User, known: Counts) -> list[VillageLine]:
    """The villages in force side by side."""
    query = access.visible_villages(access.commune_reader(user.commune_id))
    return [
        VillageLine(village, tuple(known.by_question[name].get(village.id, 0) for name in VILLAGE_QUESTIONS))
        for village in db.session.scalars(query)
        if village.active_to is None or village.active_to > known.on or known.by_question["children"].get(village.id)
    ]


def villages(beside: Sequence[VillageLine]) -> Chart:
    """Children in special circumstances and at risk, by village."""
    bars = tuple(
        Bar(
            line.village.name,
            (line.counts[1], line.counts[2]),
            tuple(("children", VILLAGE_QUESTIONS[name].but(village=line.village.id)) for name in ("special", "risk")),
        )
        for line in beside
    )
    note = _("HIV/AIDS và xâm hại tình dục không tính theo thôn.")
    return Chart("villages", _("Các thôn"), (_("Hoàn cảnh đặc biệt"), _("Có nguy cơ")), bars, note)


def trend(user: User, asked: Asked) -> Chart:
    """Special circumstances and risk at the ends of the last periods, and today."""
    today = clock.today()
    days = trends.days(asked, today)
    key = f"trend-{asked.step}-{asked.count}"
    found = remembered.told(user.commune_id, key, lambda: trends.counts(user.commune_id, days))
    bars = tuple(
        Bar(
            _("hôm nay") if day == today else f"{day:%d/%m/%Y}",
            values,
            tuple(("children", one.but(on=None if day == today else day)) for one in trends.ASKED),
        )
        for day, values in zip(days, found, strict=True)
    )
    return Chart("trend", _("Qua các kỳ"), (_("Hoàn cảnh đặc biệt"), _("Có nguy cơ")), bars)


def cases_by_month(user: User, months: int = 12) -> Chart:
    """Cases received and closed in each of the last months."""
    month: Period | None = Period.read(f"{clock.today():%Y-%m}")
    listed: list[Period] = []
    while month is not None and len(listed) < months:
        listed.insert(0, month)
        month = periods.before(month)
    began = listed[0].began_at
    query = access.visible_cases(user).where(or_(Case.received_at >= began, Case.closed_at >= began))
    received: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    moments = query.with_only_columns(Case.received_at, Case.closed_at)
    for came, went in remembered.told_of(user, "dashboard months", lambda: _rows(moments)):
        received[f"{clock.local(came):%Y-%m}"] += 1
        if went is not None:
            closed[f"{clock.local(went):%Y-%m}"] += 1
    bars = tuple(
        Bar(
            f"{one.first:%m/%Y}",
            (received[one.code], closed[one.code]),
            (_list("cases_received", one), _list("cases_closed", one)),
        )
        for one in listed
    )
    return Chart("months", _("Vụ việc theo tháng"), (_("Tiếp nhận"), _("Kết thúc")), bars)


def _list(tally: str, period: Period) -> tuple[str, FlowList]:
    return "figures.behind", FlowList(CODES[tally], period.code)


def _rows(query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(query)]


def times_kept(user: User, lines: Sequence[CaseLine]) -> Chart:
    """Open cases in time or overdue, and plans decided in time or late this year (NĐ 56/2017 Đ28.4)."""
    late = sum(line.is_overdue for line in lines)
    year = Period.of_year(clock.today().year)
    query = access.visible_cases(user).join(CasePlan, CasePlan.case_id == Case.id)
    query = query.where(CasePlan.decided_at >= year.began_at, CasePlan.submitted_at.is_not(None))
    calendar = casework.calendar_of(user.commune_id)
    moments = query.with_only_columns(CasePlan.submitted_at, CasePlan.decided_at)
    plans = remembered.told_of(user, "dashboard plans", lambda: _rows(moments))
    in_time = sum(
        submitted is not None and at is not None and at <= deadlines.approval_due(submitted, calendar).due_at
        for submitted, at in plans
    )
    opens = (None, ("cases", CaseFilters(due=Due.OVERDUE)))
    bars = (
        Bar(_("Vụ việc đang thực hiện"), (len(lines) - late, late), opens),
        Bar(
            _("Kế hoạch đã quyết định trong năm"),
            (in_time, len(plans) - in_time),
            (_list("plans_decided_in_time", year), None),
        ),
    )
    return Chart("times", _("Thời hạn"), (_("Đúng hạn"), _("Quá hạn")), bars)


def complete(known: Counts) -> Chart:
    """How many records have each core field."""
    everybody = known.total("children")
    bars = []
    for number, measure in enumerate(completeness.MEASURES):
        found = known.total(f"measure_{number}")
        having = everybody - found if measure.finds_lacking else found
        opens = ("children", measure.asked) if measure.finds_lacking else None
        told = (completeness.share(having, everybody), str(everybody - having))
        bars.append(Bar(str(measure.label), (having, everybody - having), (None, opens), told))
    return Chart("complete", _("Hoàn thiện cơ sở dữ liệu"), (_("Đã có"), _("Còn thiếu")), tuple(bars))


def services(user: User) -> Chart:
    """Services and money of this year by programme."""
    year = clock.today().year
    found = remembered.told_of(
        user, "dashboard services", lambda: support.by_programme(user, ServiceFilters(year=year))
    )
    bars = []
    for programme in [*Programme, None]:
        sums = found.get(programme, support.Totals())
        label = str(programme.label).partition(" – ")[2] if programme else _("Ngoài chương trình")
        told = _("%(count)s; %(cost)s đ", count=sums.services, cost=_money(sums.cost))
        opens = ("services", ServiceFilters(year=year, programme=programme or support.NO_PROGRAMME))
        bars.append(Bar(label, (sums.services,), (opens,), (told,)))
    return Chart("services", _("Dịch vụ, kinh phí trong năm theo chương trình"), (_("Lượt dịch vụ"),), tuple(bars))


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def caseload(lines: Sequence[CaseLine]) -> list[Chart]:
    """Open cases by step, and by worker."""
    steps = Counter(line.step for line in lines)
    by_worker = Counter(
        (line.case.assigned_to_id, line.case.assigned_to.full_name if line.case.assigned_to else None) for line in lines
    )
    of_steps = tuple(
        Bar(str(step.label), (count,))
        for step, count in sorted(steps.items(), key=lambda pair: list(Step).index(pair[0]))
    )
    of_workers = tuple(
        Bar(name or _("Chưa giao"), (count,), (("cases", CaseFilters(worker=key)) if key else None,))
        for (key, name), count in sorted(by_worker.items(), key=lambda pair: (-pair[1], pair[0][1] or ""))
    )
    return [
        Chart("steps", _("Vụ việc theo bước"), (_("Số vụ việc"),), of_steps),
        Chart("workers", _("Vụ việc theo người phụ trách"), (_("Số vụ việc"),), of_workers),
    ]
