"""The caseload: which cases, at which step, what is due. Lists, counts and workbooks all ask `case_lines`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from flask import g, has_request_context, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app import access, clock, concerns, deadlines, procedure, teamwork, whole_numbers
from app.calendar import ShorterLimit, WorkingCalendar
from app.concerns import ReportList
from app.deadlines import Deadline, What
from app.procedure import CaseFacts, PlanFacts, SeparationFacts, Step, StepGroup
from models import (
    BreakGlass,
    CalendarDay,
    Case,
    CasePlan,
    Choice,
    DayKind,
    EmergencyMeasure,
    IntakeReport,
    LocalLimit,
    ReferralReply,
    Risk,
    Sensitivity,
    User,
    db,
)


def calendar_of(commune_id: int) -> WorkingCalendar:
    """By what a commune counts: holidays, exchanged days and shortened limits; read once a request."""
    if not has_request_context():
        return _calendar_of(commune_id)
    kept: dict[int, WorkingCalendar] = g.setdefault("calendars", {})
    if commune_id not in kept:
        kept[commune_id] = _calendar_of(commune_id)
    return kept[commune_id]


def _calendar_of(commune_id: int) -> WorkingCalendar:
    days = db.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.commune_id == commune_id)
    ).all()
    limits = db.session.scalars(select(LocalLimit).where(LocalLimit.commune_id == commune_id))
    return WorkingCalendar(
        holidays=frozenset(day for day, kind in days if kind is DayKind.HOLIDAY),
        working=frozenset(day for day, kind in days if kind is DayKind.WORKING),
        shorter=tuple(
            ShorterLimit(one.kind.value, one.amount, one.valid_from, one.valid_to, one.source) for one in limits
        ),
    )


# ── From records to facts ──────────────────────────────────────────────────


def facts_of(case: Case) -> CaseFacts:
    """What the procedure needs to know of a case; after a reopening only what was recorded since."""
    review = _last(_since(case.reviews, case.reopened_at))
    plans = _since(case.plans, review.created_at if review else case.reopened_at)
    initial = _last(_since(case.initial_assessments, case.reopened_at))
    measures = _since(case.emergency_measures, case.reopened_at)
    visits = sorted(_since(case.follow_ups, case.reopened_at), key=lambda visit: (visit.visited_on, visit.id))
    can_close = review is not None and review.can_close and not plans
    return CaseFacts(
        counted_from=case.reopened_at or case.received_at,
        is_closed=case.closed_at is not None,
        initial_assessed=initial is not None,
        emergency_needed=initial is not None and initial.is_emergency,
        measure_taken=bool(measures),
        separations=tuple(
            SeparationFacts(clock.local_date(one.started_at), one.until, one.ended_on)
            for one in measures
            if one.is_separation
        ),
        needs_assessed=bool(_since(case.comprehensive_assessments, case.reopened_at)),
        conference_held=bool(_since(case.conferences, case.reopened_at)),
        plans=tuple(_plan_facts(plan) for plan in plans),
        reviewed_plans=tuple(_plan_facts(plan) for plan in _since(case.plans, case.reopened_at) if plan not in plans),
        another_plan_since=review.created_at if review is not None and not can_close else None,
        can_close=can_close,
        visited=bool(visits),
        next_visit_on=visits[-1].next_visit_on if visits else None,
        replies_due=tuple(
            one.reply_due_on for one in case.referrals if one.reply is ReferralReply.WAITING and one.reply_due_on
        ),
    )


def _since(records: Sequence[Any], instant: datetime | None) -> list[Any]:
    return [record for record in records if instant is None or record.created_at > instant]


def _last(records: Sequence[Any]) -> Any:
    return records[-1] if records else None


def _plan_facts(plan: CasePlan) -> PlanFacts:
    return PlanFacts(
        submitted_at=plan.submitted_at,
        decision=plan.decision,
        decided_at=plan.decided_at,
        ends_on=plan.ends_on,
        open_actions=tuple(action.ends_on for action in plan.actions if action.ends_on and not action.done_on),
    )


def separation_limit_of(case: Case, measure: EmergencyMeasure, started_on: date | None = None) -> Deadline:
    """The last day of a separation of a case, the days of those that ended counted in (NĐ 56/2017 Đ32.3)."""
    others = [one for one in case.emergency_measures if one.is_separation and one is not measure and one.ended_on]
    earlier = [(clock.local_date(one.started_at), one.ended_on) for one in others if one.ended_on is not None]
    return deadlines.separation_limit(started_on or clock.local_date(measure.started_at), earlier)


def risk_of(case: Case) -> Risk | None:
    """The risk as last concluded, whichever form concluded it; None before the first assessment."""
    latest_first = (
        reversed(case.reviews),
        reversed(case.comprehensive_assessments),
        reversed(case.initial_assessments),
    )
    concluded: list[Any] = [record for records in latest_first for record in records]
    return max(concluded, key=lambda record: record.created_at).risk if concluded else None


def last_activity(case: Case) -> datetime:
    """When anything of a case was last recorded or changed."""
    records: list[Any] = [
        *case.initial_assessments,
        *case.emergency_measures,
        *case.comprehensive_assessments,
        *case.conferences,
        *case.plans,
        *(action for plan in case.plans for action in plan.actions),
        *case.follow_ups,
        *case.reviews,
        *case.referrals,
    ]
    return max([case.updated_at, *(record.updated_at for record in records)])


def due_in(user: User, facts: CaseFacts, calendar: WorkingCalendar) -> tuple[Deadline, ...]:
    """What is due in a case, as far as the person may know: a collaborator knows of visits only."""
    found = procedure.next_deadlines(facts, calendar)
    if access.may_read(user, Sensitivity.CASE):
        return tuple(found)
    return tuple(deadline for deadline in found if deadline.what is What.VISIT)


def child_name(user: User, case: Case) -> str | None:
    """The child's name, as far as the person may know: of a child in her scope, or as she herself reported it."""
    child = case.child
    is_known = child is not None and child.removed_at is None
    if child is not None and is_known and (access.sees_whole_commune(user) or child.village_id in user.village_ids):
        return child.full_name
    report = case.report
    if report is not None and (access.sees_whole_commune(user) or report.reported_by_id == user.id):
        return report.child_name
    return None


# ── Filters ────────────────────────────────────────────────────────────────


class CaseState(Choice):
    """Which cases."""

    OPEN = "open", _l("Đang thực hiện")
    CLOSED = "closed", _l("Đã kết thúc")
    ALL = "all", _l("Tất cả vụ việc")


class Due(Choice):
    """By what is due."""

    OVERDUE = "overdue", _l("Quá hạn")
    SOON = "soon", _l("Đến hạn trong 24 giờ hoặc 2 ngày làm việc")


class Sort(Choice):
    """The order of the caseload."""

    DUE = "due", _l("Quá hạn và gần hạn trước")
    RISK = "risk", _l("Nguy cơ cao trước")
    NUMBER = "number", _l("Số hồ sơ mới trước")
    ACTIVITY = "activity", _l("Lâu chưa có hoạt động trước")
    VILLAGE = "village", _l("Theo thôn")


@dataclass(frozen=True)
class CaseFilters:
    """What narrows the caseload. All codes, no names, so they may stand in an address."""

    step: StepGroup | None = None
    risk: Risk | None = None
    worker: int | None = None
    village: int | None = None
    due: Due | None = None
    state: CaseState = CaseState.OPEN
    sort: Sort = Sort.DUE

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "CaseFilters":
        """From an address; what is not on a list is left out."""
        found = {facts.name: _read(facts.name, values.get(facts.name, "").strip()) for facts in fields(cls)}
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})

    def address(self) -> dict[str, Any]:
        """For an address: the codes of what narrows, and nothing else."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)}
        return {name: str(value) for name, value in told.items() if value not in (None, CaseState.OPEN, Sort.DUE)}


#: The closed lists among the filters.
CHOICES: dict[str, type[Choice]] = {"step": StepGroup, "risk": Risk, "due": Due, "state": CaseState, "sort": Sort}


def _read(name: str, raw: str) -> Any:
    if name in CHOICES:
        return CHOICES[name].of_code(raw)
    return whole_numbers.read(raw)


# ── The caseload ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class CaseLine:
    """One case of a list, as far as the person may know of it."""

    case: Case
    child_name: str | None
    step: Step
    risk: Risk | None
    deadlines: tuple[Deadline, ...]
    #: What is left of the first deadline, in words.
    left: str
    is_overdue: bool
    is_soon: bool
    last_activity: datetime

    @property
    def deadline(self) -> Deadline | None:
        """What is due first."""
        return self.deadlines[0] if self.deadlines else None


def case_lines(user: User, filters: CaseFilters | None = None, now: datetime | None = None) -> list[CaseLine]:
    """The cases somebody may see, narrowed and in order. The one question of list, counts and workbooks."""
    filters = filters or CaseFilters()
    now = now or clock.now()
    calendar = calendar_of(user.commune_id)
    query = access.visible_cases(user).where(*_conditions(filters)).options(*everything())
    rows = db.session.execute(query.add_columns(access.looks_into(user, Case.id))).unique()
    lines = [line_of(user, case, calendar, now, looks_in) for case, looks_in in rows]
    return sorted((line for line in lines if _wanted(line, filters)), key=_ORDER[filters.sort])


def line_of(user: User, case: Case, calendar: WorkingCalendar, now: datetime, looks_in: bool | None = None) -> CaseLine:
    """One case as a line; its risk is for those who may know its particulars."""
    facts = facts_of(case)
    due = due_in(user, facts, calendar)
    return CaseLine(
        case=case,
        child_name=child_name(user, case),
        step=procedure.step_of(facts),
        risk=risk_of(case) if access.knows_case(user, case, looks_in) else None,
        deadlines=due,
        left=deadlines.left(due[0], now, calendar) if due else "",
        is_overdue=bool(due) and due[0].is_overdue(now),
        is_soon=bool(due) and due[0].is_soon(now, calendar),
        last_activity=last_activity(case),
    )


def _conditions(filters: CaseFilters) -> list[ColumnElement[bool]]:
    found = []
    if filters.village is not None:
        found.append(Case.village_id == filters.village)
    if filters.worker is not None:
        found.append(Case.assigned_to_id == filters.worker)
    if filters.state is CaseState.OPEN:
        found.append(Case.closed_at.is_(None))
    if filters.state is CaseState.CLOSED:
        found.append(Case.closed_at.is_not(None))
    return found


def beside() -> list[Any]:
    """What stands beside a case in the same row: its child, its report, the people who run and follow it."""
    people = [joinedload(link) for link in (Case.assigned_to, Case.collaborator)]
    report = joinedload(Case.report).options(lazyload(IntakeReport.village))
    return [joinedload(Case.child), joinedload(Case.members), report, *(person.lazyload("*") for person in people)]


def everything() -> list[Any]:
    """All that lines read, in a fixed number of statements however many cases there are."""
    return [
        *beside(),
        selectinload(Case.initial_assessments),
        selectinload(Case.emergency_measures),
        selectinload(Case.comprehensive_assessments),
        selectinload(Case.conferences),
        selectinload(Case.plans).selectinload(CasePlan.actions),
        selectinload(Case.follow_ups),
        selectinload(Case.reviews),
        selectinload(Case.referrals),
    ]


def _wanted(line: CaseLine, filters: CaseFilters) -> bool:
    return (
        (filters.step is None or line.step in filters.step.steps)
        and (filters.risk is None or line.risk is filters.risk)
        and (filters.due is not Due.OVERDUE or line.is_overdue)
        and (filters.due is not Due.SOON or line.is_soon)
    )


_NEVER = datetime.max.replace(tzinfo=UTC)


def _by_due(line: CaseLine) -> tuple[Any, ...]:
    return (line.deadline.due_at if line.deadline else _NEVER, line.case.number)


def _by_risk(line: CaseLine) -> tuple[Any, ...]:
    return (list(Risk).index(line.risk) if line.risk else len(Risk), *_by_due(line))


def _by_village(line: CaseLine) -> tuple[Any, ...]:
    village = line.case.village
    return (village is None, village.position if village else 0, village.id if village else 0, *_by_due(line))


_ORDER = {
    Sort.DUE: _by_due,
    Sort.RISK: _by_risk,
    Sort.NUMBER: lambda line: -line.case.id,
    Sort.ACTIVITY: lambda line: (line.last_activity, line.case.id),
    Sort.VILLAGE: _by_village,
}


# ── Counts for the page of one's work ──────────────────────────────────────


@dataclass(frozen=True)
class Count:
    """A number that opens exactly its list. `kind` is "alarm", "warning" or ""."""

    code: str
    label: str
    count: int
    address: str
    kind: str = ""


def counts(user: User, lines: Sequence[CaseLine] | None = None) -> list[Count]:
    """What waits for somebody in concerns and cases, the most urgent first; only what concerns her.

    `lines` is her whole caseload, where it was read already.
    """
    if not access.may(user, "case.list"):
        return []
    lines = case_lines(user) if lines is None else lines
    overdue = sum(line.is_overdue for line in lines)
    soon = sum(line.is_soon for line in lines)
    found = [
        Count("overdue", _("Vụ việc quá hạn"), overdue, _cases(due=Due.OVERDUE), "alarm"),
        Count("soon", _("Vụ việc sắp đến hạn"), soon, _cases(due=Due.SOON), "warning"),
    ]
    asked: list[tuple[str, str, ReportList, str]] = []
    if access.may(user, "concern.answer"):
        asked.append(("waiting", _("Tin báo mới chờ xử lý"), ReportList.WAITING, "alarm"))
    if access.may(user, "concern.report"):
        asked.append(("unseen", _("Tin đã báo có trả lời mới"), ReportList.UNSEEN, "warning"))
        asked.append(("unsent", _("Tin đang ghi, chưa gửi"), ReportList.DRAFT, "warning"))
    if access.may(user, "case.decide"):
        waiting = sum(line.step is Step.APPROVAL for line in lines)
        address = _cases(step=StepGroup.DECIDE)
        found.insert(0, Count("decide", _("Kế hoạch chờ phê duyệt"), waiting, address, "warning"))
    if access.may(user, "case.look"):
        looks = db.session.scalar(teamwork.looks_untold(user).with_only_columns(func.count(BreakGlass.id))) or 0
        told = _("Người ngoài nhóm đã xem vụ việc của bạn")
        found.append(Count("looks", told, looks, url_for("cases.looks"), "warning"))
    reports = _reports(user, *asked)
    waiting_reports = [one for one in reports if one.code == "waiting"]
    return [*waiting_reports, *found, *(one for one in reports if one.code != "waiting")]


def _cases(**filters: Any) -> str:
    return url_for("cases.index", **CaseFilters(**filters).address())


def _reports(user: User, *asked: tuple[str, str, ReportList, str]) -> list[Count]:
    """Counts of intake reports, (code, label, which, kind) each, in one question."""
    if not asked:
        return []
    numbers = [
        concerns.reports(user, which).with_only_columns(func.count(IntakeReport.id)).scalar_subquery()
        for _code, _label, which, _kind in asked
    ]
    found = db.session.execute(select(*numbers)).one()
    return [
        Count(code, label, count, url_for("cases.concerns", state=which.value), kind)
        for (code, label, which, kind), count in zip(asked, found, strict=True)
    ]
