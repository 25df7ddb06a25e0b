"""Alternative care as records: what stands against a placement, what is due, and the lists that show it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import joinedload, lazyload

from app import access, care_rules, clock, consents, deadlines
from app.calendar import WorkingCalendar
from app.care_rules import CarerFacts, PlacementFacts
from app.casework import calendar_of
from app.deadlines import Deadline, What
from models import (
    CareDecision,
    CarePlacement,
    Case,
    Child,
    Choice,
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
    loading = joinedload(CarePlacement.child).options(joinedload(Child.village))
    found = []
    for placement in db.session.scalars(access.visible_placements(user).options(loading)).unique():
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


def list_due(user: User) -> tuple[Deadline, str]:
    """When this quarter's list of carers (Mẫu 09) goes upward, and how long that is from now."""
    calendar = calendar_of(user.commune_id)
    due = deadlines.carer_list_due(clock.today(), calendar)
    return due, deadlines.left(due, clock.now(), calendar)


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
