"""Alternative care as records: what stands against a placement, what is due, and the lists that show it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app import access, care_rules, clock, deadlines
from app.care_rules import CarerFacts, PlacementFacts
from app.casework import calendar_of
from app.deadlines import Deadline
from models import CareDecision, CarePlacement, Child, Choice, FosterCarer, User, clean, db, facts

#: The conditions of Luật Trẻ em Đ63.2, in its order.
CONDITIONS = ("is_resident", "is_healthy", "is_moral", "is_unconvicted", "is_housed", "is_willing", "is_agreed")


class Which(Choice):
    """Which placements a list shows."""

    RUNNING = "running", _l("Đang thực hiện")
    OVERDUE = "overdue", _l("Quá hạn")
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

    @property
    def deadline(self) -> Deadline | None:
        """What is due first."""
        return self.deadlines[0] if self.deadlines else None


def unmet(placement: CarePlacement) -> list[tuple[str, str]]:
    """What still stands against a placement today, as (sentence, article)."""
    return care_rules.unmet(
        PlacementFacts(
            form=placement.form,
            child_birth=placement.child.birth,
            carer=_carer_facts(placement.carer),
            has_facility=placement.provider_id is not None,
            is_assessed=bool(placement.assessed_on and placement.situation),
            was_asked=bool(placement.asked_on and placement.child_opinion),
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
            placement.child.birth,
            calendar,
        )
        left = deadlines.left(due[0], now, calendar) if due else ""
        found.append(Line(placement, tuple(due), left, bool(due) and due[0].is_overdue(now)))
    found = [line for line in found if _wanted(line, which)]
    return sorted(found, key=lambda line: (line.deadline is None, str(line.deadline and line.deadline.due_at)))


def count(found: list[Line], which: Which) -> int:
    """How many of these lines that list shows."""
    return sum(_wanted(line, which) for line in found)


def _wanted(line: Line, which: Which) -> bool:
    if which is Which.OVERDUE:
        return line.is_overdue
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
