"""Alternative care as records: what stands against a placement, what is due, and the lists that show it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from app import access, care_rules, clock, consents, deadlines, periods
from app.calendar import WorkingCalendar
from app.care_rules import CarerFacts, PlacementFacts
from app.casework import calendar_of
from app.deadlines import Deadline, What
from app.periods import Period
from models import (
    CareDecision,
    CarePlacement,
    CarerListSent,
    Case,
    Child,
    Choice,
    Commune,
    Consent,
    ConsentGiver,
    ConsentPurpose,
    FosterCarer,
    User,
    clean,
    db,
    facts,
)

#: The conditions of Luật Trẻ em Đ63.2, in its order.
CONDITIONS = ("is_resident", "is_healthy", "is_moral", "is_unconvicted", "is_housed", "is_willing", "is_agreed")

#: From so many days before its last day on, the list of a quarter is on the work list (our choice; the decree names none).
LIST_SOON_DAYS = 15


class Which(Choice):
    """Which placements a list shows."""

    RUNNING = "running", _l("Đang thực hiện")
    OVERDUE = "overdue", _l("Quá hạn")
    EVALUATE = "evaluate", _l("Đến hạn đánh giá 6 tháng")
    DECIDE = "decide", _l("Chờ quyết định")
    ENDED = "ended", _l("Đã chấm dứt")
    ALL = "all", _l("Tất cả")


@dataclass(frozen=True)
class Line:
    """One placement in a list."""

    placement: CarePlacement
    deadlines: tuple[Deadline, ...]
    left: str
    is_overdue: bool
    #: The six-monthly evaluation (Luật Trẻ em Đ68.2) is overdue or due soon.
    is_evaluated_now: bool

    @property
    def deadline(self) -> Deadline | None:
        """What is due first."""
        return self.deadlines[0] if self.deadlines else None

    @property
    def next(self) -> list[Deadline]:
        """What is due first, and the evaluation when its time has come."""
        later = [one for one in self.deadlines[1:] if self.is_evaluated_now and one.what is What.CARE_EVALUATION]
        return [*self.deadlines[:1], *later]


@dataclass(frozen=True)
class Answers:
    """What child and representative answered about alternative care (Luật Trẻ em Đ63), each's latest word counting."""

    consents: list[Consent]

    @property
    def agree(self) -> frozenset[ConsentGiver]:
        """Who agrees as things stand."""
        return consents.in_force(self.consents, ConsentPurpose.CARE)

    @property
    def against(self) -> list[ConsentGiver]:
        """Who was asked and does not agree, or took it back."""
        asked = {one.giver for one in self.consents}
        return [giver for giver in ConsentGiver if giver in asked - self.agree]

    @property
    def is_child_asked(self) -> bool:
        """Whether the child itself gave an answer, whichever."""
        return any(one.giver is ConsentGiver.CHILD for one in self.consents)


def answers_about(placement: CarePlacement) -> Answers:
    """What was answered about giving this child into alternative care."""
    return Answers(list(db.session.scalars(access.care_consents(placement))))


def of_case(user: User, case: Case) -> list[tuple[CarePlacement, str]]:
    """The placements of a case, oldest first, each with where it stands in words."""
    query = access.visible_placements(user).where(CarePlacement.case_id == case.id).order_by(CarePlacement.id)
    loading = (lazyload(CarePlacement.visits), lazyload(CarePlacement.evaluations), lazyload(CarePlacement.case))
    return [(one, state_of(one)) for one in db.session.scalars(query.options(*loading)).unique()]


def running_of(child: Child) -> CarePlacement | None:
    """The placement in which a child already in scope is now; there is one at most."""
    return db.session.scalars(access.running_placements().where(CarePlacement.child_id == child.id)).unique().first()


def proposed_from(case: Case) -> dict[str, object]:
    """What a case already knows of the child, to begin Mẫu 10 with: its latest specific assessment (Mẫu 03)."""
    if not case.comprehensive_assessments:
        return {}
    known = case.comprehensive_assessments[-1]
    return {
        "assessed_on": known.assessed_on,
        "situation": "\n".join(filter(None, (known.condition, known.family))) or None,
        "needs": known.needs,
        "child_opinion": known.child_wishes,
        "asked_on": known.assessed_on if known.child_wishes else None,
    }


def unmet(placement: CarePlacement) -> list[tuple[str, str]]:
    """What still stands against a placement today, as (sentence, article)."""
    return care_rules.unmet(
        PlacementFacts(
            form=placement.form,
            child_birth=placement.child.birth,
            carer=_carer_facts(placement.carer),
            has_facility=placement.provider_id is not None,
            is_assessed=bool(placement.assessed_on and placement.situation),
            was_asked=bool(placement.asked_on and placement.child_opinion) or answers_about(placement).is_child_asked,
            meetings=len({day for day in (placement.first_meeting_on, placement.second_meeting_on) if day}),
            says_why_not_nearer=bool(placement.nearer_reason),
        ),
        clock.today(),
    )


def _carer_facts(carer: FosterCarer | None) -> CarerFacts | None:
    if carer is None:
        return None
    told = tuple((str(facts(getattr(FosterCarer, name)).label), getattr(carer, name)) for name in CONDITIONS)
    return CarerFacts(carer.birth, told, is_registered=carer.registered_on is not None)


def lines(user: User, which: Which = Which.RUNNING, now: datetime | None = None) -> list[Line]:
    """The placements somebody may see, what is due first on top. The one question of list, counts and command."""
    now = now or clock.now()
    calendar = calendar_of(user.commune_id)
    child = joinedload(CarePlacement.child).options(joinedload(Child.village))
    query = access.visible_placements(user).options(child, joinedload(CarePlacement.evaluations))
    found = []
    for placement in db.session.scalars(query).unique():
        due = care_rules.due_of(
            placement.decided_on if placement.decision is CareDecision.APPROVED else None,
            placement.handed_over_on,
            placement.ended_on,
            [visit.visited_on for visit in placement.visits],
            [one.evaluated_on for one in placement.evaluations if one.reported_on],
            placement.child.birth,
            calendar,
        )
        if not access.may(user, "care.show"):
            due = [one for one in due if one.what is not What.CARE_EVALUATION]
        left = deadlines.left(due[0], now, calendar) if due else ""
        evaluated = any(_presses(one, now, calendar) for one in due if one.what is What.CARE_EVALUATION)
        found.append(Line(placement, tuple(due), left, bool(due) and due[0].is_overdue(now), evaluated))
    found = [line for line in found if _wanted(line, which)]
    return sorted(found, key=lambda line: (line.deadline is None, str(line.deadline and line.deadline.due_at)))


def _presses(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> bool:
    return deadline.is_overdue(now) or deadline.is_soon(now, calendar)


def count(found: list[Line], which: Which) -> int:
    """How many of these lines that list shows."""
    return sum(_wanted(line, which) for line in found)


def _wanted(line: Line, which: Which) -> bool:
    if which is Which.OVERDUE:
        return line.is_overdue
    if which is Which.EVALUATE:
        return line.is_evaluated_now
    if which is Which.DECIDE:
        return line.placement.waits
    if which is Which.ALL:
        return True
    return (line.placement.ended_on is not None) is (which is Which.ENDED)


def carers(user: User) -> list[FosterCarer]:
    """Those ready to take a child, by name; those who no longer are come last."""
    found = db.session.scalars(access.visible_carers(user)).unique()
    return sorted(found, key=lambda one: (not one.is_active, clean.name_sort_key(one.full_name), one.id))


@dataclass(frozen=True)
class ListDue:
    """The list of carers (Mẫu 09) of one quarter, as it stands with its deadline."""

    period: Period
    deadline: Deadline
    left: str
    is_overdue: bool
    #: When it went upward; None while it is still to be sent.
    sent: CarerListSent | None

    @property
    def presses(self) -> bool:
        """Whether it is still to be sent and its day is near."""
        return self.sent is None and (self.is_overdue or (self.deadline.due_on - clock.today()).days <= LIST_SOON_DAYS)


def lists_due(user: User) -> list[ListDue]:
    """The lists of last quarter, if it was missed, and of this one (NĐ 56/2017 Đ40).

    A quarter asks for a list once somebody is registered by its end.
    """
    today, now, calendar = clock.today(), clock.now(), calendar_of(user.commune_id)
    this = Period.read(f"{today.year}-Q{(today.month + 2) // 3}")
    last = periods.before(this)
    first = access.visible_carers(user).with_only_columns(func.min(FosterCarer.created_at)).scalar_subquery()
    of_commune = CarerListSent.commune_id == Commune.id
    query = select(first, CarerListSent).select_from(Commune).outerjoin(CarerListSent, of_commune)
    rows = db.session.execute(query.where(Commune.id == user.commune_id)).all()
    since, sent = rows[0][0], {one.period: one for _since, one in rows if one is not None}
    found = []
    for period in (last, this):
        if period is None or since is None or since >= period.ended_at:
            continue
        due = deadlines.carer_list_due(period.first, calendar)
        left = deadlines.left(due, now, calendar)
        found.append(ListDue(period, due, left, due.is_overdue(now), sent.get(period.code)))
    return [one for one in found if one.period is this or one.sent is None]


def ready(user: User) -> list[FosterCarer]:
    """Those the list of the quarter names: registered or known, and still ready."""
    return [one for one in carers(user) if one.is_active]


def state_of(placement: CarePlacement) -> str:
    """Where a placement stands, in words."""
    if placement.ended_on is not None:
        return _("Đã chấm dứt")
    if placement.handed_over_on is not None:
        return _("Đang chăm sóc")
    if placement.decision is CareDecision.APPROVED:
        return _("Chờ giao, nhận")
    if placement.decision is CareDecision.REFUSED:
        return _("Không chấp thuận, cần bổ sung")
    return _("Chờ quyết định") if placement.submitted_at else _("Đang soạn")
