"""What the rows of lists are read from: cases, services, movements (children: app/workbooks/child_lines.py), and shared columns.

Nothing here tells of HIV/AIDS or sexual abuse: such cases and what was given in them are left out altogether.
Named lists go by name, coded ones by code, so the order tells nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import or_
from sqlalchemy.orm import selectinload

from app import access, as_of, casework, clock, conditions, deadlines, register, tallies
from app.calendar import WorkingCalendar
from app.casework import CaseFilters, CaseLine, CaseState
from app.child_filters import ChildFilters, Missing
from app.deadlines import Deadline
from app.periods import Period
from app.workbooks import Brief, Column, Variant, computed, stored
from app.workbooks.child_lines import ChildLine
from models import (
    AbuseForm,
    BirthRegistration,
    Case,
    Child,
    Inspection,
    Movement,
    PopulationCheck,
    Programme,
    Provider,
    RelativeKind,
    RelativeState,
    Sensitivity,
    Service,
    User,
    Village,
    db,
)


def to_be_checked(user: User, on: date) -> Any:
    """The condition of the list the commune police verify: no ID, one that disagrees, found not to match, or born unregistered."""
    checks = [PopulationCheck.MISMATCH.value, PopulationCheck.SENT.value]
    return or_(
        conditions.missing_condition(user, Missing.PERSONAL_ID, on),
        conditions.wrong_id_condition(),
        conditions.stood(user, Child.population_check, on, lambda known: known.in_(checks)),
        conditions.equals(user, Child.birth_registration, on, BirthRegistration.NOT_REGISTERED),
    )


def mark_sent(user: User) -> int:
    """The children of the list that nobody has verified yet now wait for the commune police. Returns how many."""
    waiting = Child.population_check.in_([PopulationCheck.UNCHECKED, PopulationCheck.MISMATCH])
    query = register.children(user, ChildFilters()).where(to_be_checked(user, clock.today()), waiting)
    found = list(db.session.scalars(query).unique())
    for child in found:
        child.population_check = PopulationCheck.SENT
    return len(found)


@dataclass(frozen=True)
class CaseRow:
    """A case as the caseload tells of it."""

    line: CaseLine
    calendar: WorkingCalendar
    #: What was done later is not told of the day.
    until: datetime

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, if by the day."""
        closed_at = self.case.closed_at
        return closed_at if closed_at is not None and closed_at < self.until else None

    @property
    def closure_reason(self) -> Any:
        """Why, if by the day."""
        return self.case.closure_reason if self.closed_at is not None else None

    @property
    def initial_kept(self) -> str | None:
        """Whether the initial assessment kept its 12 hours (NĐ 56/2017 Đ26.2–3)."""
        done = min(
            (one.assessed_at for one in self.case.initial_assessments if one.assessed_at < self.until), default=None
        )
        return _kept(deadlines.initial_due(self.case.received_at), done)

    @property
    def plan_kept(self) -> str | None:
        """Whether the first plan was submitted within 5 working days (NĐ 56/2017 Đ28.1)."""
        done = min((at for plan in self.case.plans if (at := plan.submitted_at) and at < self.until), default=None)
        return _kept(deadlines.plan_due(self.case.received_at, self.calendar), done)

    @property
    def decision_kept(self) -> str | None:
        """Whether every plan was decided on within 2 working days (NĐ 56/2017 Đ28.4)."""
        decided = [
            deadlines.approval_due(plan.submitted_at, self.calendar).was_met(plan.decided_at)
            for plan in self.case.plans
            if plan.submitted_at and plan.decided_at and plan.decided_at < self.until
        ]
        return None if not decided else _("đúng hạn") if all(decided) else _("trễ hạn")

    @property
    def case(self) -> Case:
        """The case."""
        return self.line.case

    @property
    def child(self) -> Child | None:
        """The child, where it is known."""
        return self.line.case.child


def _kept(deadline: Deadline, done_at: datetime | None) -> str | None:
    """In time, late, or nothing where it was not done; what is still due stands in a column of its own."""
    if done_at is None:
        return None
    return _("đúng hạn") if deadline.was_met(done_at) else _("trễ hạn")


def cases(brief: Brief) -> Iterator[CaseRow]:
    """Cases received in the period or open on the day, except those of sexual abuse, in the order they came."""
    filters = CaseFilters(state=CaseState.ALL, village=brief.village_id)
    wanted = access.visible_cases(brief.reader).with_only_columns(Case.id)
    wanted = wanted.where(or_(tallies.received_in(brief.period), tallies.open_on(brief.on)), ~tallies.is_secret_case())
    ids = set(db.session.scalars(wanted))
    calendar = casework.calendar_of(brief.commune.id)
    found = [line for line in casework.case_lines(brief.reader, filters, brief.made_at) if line.case.id in ids]
    for line in sorted(found, key=lambda line: (line.case.received_at, line.case.id)):
        yield CaseRow(line, calendar, Period("", brief.on, brief.on).ended_at)


@dataclass(frozen=True)
class ServiceRow:
    """A service, and the village its child lived in when the period ended."""

    service: Service
    village: str | None

    @property
    def child(self) -> Child:
        """Who was given it."""
        return self.service.child

    @property
    def case_id(self) -> int | None:
        """The case it was given in."""
        return self.service.case_id

    @property
    def description(self) -> str | None:
        """What it was, in words."""
        return self.service.description


def services(brief: Brief) -> Iterator[ServiceRow]:
    """Services given in the period, except within a case of sexual abuse; villages as the figures count them."""
    village_id = as_of.village_id(brief.period.last)
    query = (
        access.visible_services(brief.reader)
        .join(Child, Child.id == Service.child_id)
        .outerjoin(Case, Case.id == Service.case_id)
        .outerjoin(Village, Village.id == village_id)
        .where(tallies.given_in(brief.period), or_(Case.id.is_(None), Case.abuse_form != AbuseForm.SEXUAL))
        .options(selectinload(Service.child))
        .add_columns(Village.name)
        .order_by(Service.started_on, Service.done_on, Service.id)
        .execution_options(yield_per=500)
    )
    if brief.village_id is not None:
        query = query.where(village_id == brief.village_id)
    for service, village in db.session.execute(query):
        yield ServiceRow(service, village)


def inspections(brief: Brief) -> list[Inspection]:
    """The visits of inspection of the period, in the order of time."""
    query = (
        access.visible_providers(brief.reader)
        .join(Inspection, Inspection.provider_id == Provider.id)
        .where(Inspection.visited_on.between(brief.period.first, brief.period.last))
        .order_by(Inspection.visited_on, Inspection.id)
        .with_only_columns(Inspection)
        .options(selectinload(Inspection.provider))
    )
    return list(db.session.scalars(query).unique())


@dataclass
class ProgrammeRow:
    """Services of one programme paid from one source."""

    programme: str
    funding: str
    count: int = 0
    cost: int = 0
    children: set[int] = field(default_factory=set)


def by_programme(brief: Brief) -> list[ProgrammeRow]:
    """The services of the list added up by programme and source, in the order of the plan."""
    found: dict[tuple[Any, Any], ProgrammeRow] = {}
    for service in (row.service for row in services(brief)):
        key = (service.programme, service.funding)
        row = found.get(key)
        if row is None:
            programme = str(service.programme.label) if service.programme else _("Không thuộc chương trình nào")
            funding = str(service.funding.label) if service.funding else _("Không ghi")
            row = found[key] = ProgrammeRow(programme, funding)
        row.count += 1
        row.cost += service.cost or 0
        row.children.add(service.child_id)
    order = [*Programme, None]
    return [found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), str(key[1])))]


def movements(brief: Brief) -> Iterator[Movement]:
    """Movements of the period, by day."""
    query = (
        access.visible_movements(brief.reader)
        .join(Child, Child.id == Movement.child_id)
        .where(tallies.happened_in(brief.period))
        .options(selectinload(Movement.child), selectinload(Movement.from_village), selectinload(Movement.to_village))
        .order_by(Movement.happened_on, Movement.id)
        .execution_options(yield_per=500)
    )
    if brief.village_id is not None:
        query = query.where(tallies.movement_village() == brief.village_id)
    yield from db.session.scalars(query)


# ── Columns that many lists share ──────────────────────────────────────────


def _birth_year(record: Any) -> int | None:
    child = record.child
    return child.born_on.year if child is not None and child.born_on else None


def _year_text(record: Any) -> str | None:
    year = _birth_year(record)
    return str(year) if year else None


#: Who it is about: with names, or by code and birth year.
WHO: tuple[Column, ...] = (
    computed(_l("Mã trẻ em"), lambda line: line.child.code if line.child else None, 12),
    stored(Child.full_name, width=23),
    stored(Child.born_on),
    computed(_l("Năm sinh"), _year_text, 9, variants=[Variant.CODED]),
    stored(Child.sex, width=9),
)
#: Where a child lived on the day of the list.
VILLAGE = computed(_l("Thôn"), lambda line: line.village.name, 12)
FAMILY: tuple[Column, ...] = (
    computed(_l("Họ tên cha"), lambda line: _name(line, RelativeKind.FATHER), 20, sensitivity=Sensitivity.PERSONAL),
    computed(_l("Họ tên mẹ"), lambda line: _name(line, RelativeKind.MOTHER), 20, sensitivity=Sensitivity.PERSONAL),
    computed(
        _l("Người chăm sóc (quan hệ)"),
        lambda line: _name(line, RelativeKind.CAREGIVER),
        22,
        sensitivity=Sensitivity.PERSONAL,
    ),
)


def _name(line: ChildLine, kind: RelativeKind) -> str | None:
    relative = line.relative(kind)
    if relative is None or relative.full_name is None:
        return None
    return (
        f"{relative.full_name} ({relative.relationship_words})" if relative.relationship_words else relative.full_name
    )


def state(line: ChildLine, kind: RelativeKind) -> RelativeState | None:
    """What became of a parent, where one is recorded."""
    relative = line.relative(kind)
    return relative.state if relative else None


def disability_kinds(line: ChildLine) -> str | None:
    """The kinds of the disability in force."""
    return joined(kind.label for kind in line.disability_kinds)


def joined(values: Any) -> str | None:
    """Several values in one cell."""
    return "; ".join(dict.fromkeys(str(value) for value in values if value not in (None, ""))) or None
