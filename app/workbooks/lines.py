"""What the rows of lists are read from: children with what is true of them on the day, cases, services, movements.

Nothing here tells of HIV/AIDS or sexual abuse: such circumstances are left out of a child's line, such cases and what
was given in them are left out altogether. Named lists go by name, coded ones by code, so the order tells nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app import access, as_of, casework, conditions, deadlines, register, tallies
from app.calendar import WorkingCalendar
from app.casework import CaseFilters, CaseLine, CaseState
from app.child_filters import SECRET, ChildFilters
from app.deadlines import Deadline
from app.workbooks import Brief, Column, Variant, computed, stored
from models import (
    AbuseForm,
    AllowanceBasis,
    BirthRegistration,
    Case,
    Child,
    Circumstance,
    Disability,
    EthnicGroup,
    Household,
    KindLevel,
    Movement,
    PopulationCheck,
    Poverty,
    Programme,
    Relative,
    RelativeKind,
    RelativeState,
    Sensitivity,
    Service,
    User,
    Village,
    db,
)


@dataclass(frozen=True)
class ChildLine:
    """A child, and what may be told of it on a day."""

    child: Child
    on: date

    @cached_property
    def circumstances(self) -> list[Circumstance]:
        """Special circumstances in force and confirmed, in the order of the law; without the secret ones."""
        return self._in_force(KindLevel.GROUP, KindLevel.SUBGROUP)

    @cached_property
    def risks(self) -> list[Circumstance]:
        """Risks in force and confirmed."""
        return self._in_force(KindLevel.RISK)

    def _in_force(self, *levels: KindLevel) -> list[Circumstance]:
        found = [
            circumstance
            for circumstance in self.child.circumstances
            if circumstance.kind.level in levels
            and circumstance.kind.sensitivity not in SECRET
            and circumstance.confirmed_on is not None
            and (circumstance.started_on is None or circumstance.started_on <= self.on)
            and (circumstance.ended_on is None or circumstance.ended_on > self.on)
        ]
        return sorted(found, key=lambda circumstance: (circumstance.kind.position, circumstance.id))

    @cached_property
    def disabilities(self) -> list[Disability]:
        """Disabilities in force, the latest first."""
        return [
            held
            for held in self.child.disabilities
            if (held.certified_on is None or held.certified_on <= self.on)
            and (held.ended_on is None or held.ended_on > self.on)
        ]

    @property
    def disability(self) -> Disability | None:
        """The latest disability in force."""
        return self.disabilities[0] if self.disabilities else None

    def relative(self, kind: RelativeKind) -> Relative | None:
        """The father, mother or first caregiver."""
        return next((relative for relative in self.child.relatives if relative.kind is kind), None)

    def is_dead(self, kind: RelativeKind) -> bool:
        """Whether a father or mother is known to be dead, by any record of one."""
        return any(known.kind is kind and known.state is RelativeState.DEAD for known in self.child.relatives)

    @property
    def village(self) -> Village:
        """The village the child lived in on the day."""
        return as_of.village_of(self.child, self.on)

    @property
    def household(self) -> Household | None:
        """The household."""
        return self.child.household

    @property
    def poverty(self) -> Poverty | None:
        """The household's standing in the latest year listed."""
        if self.child.household is None:
            return None
        listed = [status for status in self.child.household.statuses if status.year <= self.on.year]
        latest = max(listed, key=lambda status: status.year, default=None)
        return latest.status if latest and latest.status is not Poverty.NONE else None

    @property
    def receives_allowance(self) -> bool:
        """Receives a monthly allowance; the one paid for HIV is not told."""
        return any(
            allowance.basis is not AllowanceBasis.K3
            and (allowance.started_on is None or allowance.started_on <= self.on)
            and (allowance.ended_on is None or allowance.ended_on > self.on)
            for allowance in self.child.allowances
        )


def children(brief: Brief, filters: ChildFilters, condition: Any = None) -> Iterator[ChildLine]:
    """The lines of the children a question finds, village by village."""
    query = register.children(brief.reader, filters.but(village=brief.village_id), on=brief.on)
    query = query if condition is None else query.where(condition)
    query = (
        query.join(Village, Village.id == as_of.village_id(brief.on))
        .order_by(Village.position, Village.id, *_order(brief))
        .options(
            selectinload(Child.relatives),
            selectinload(Child.circumstances),
            selectinload(Child.disabilities),
            selectinload(Child.allowances),
            selectinload(Child.household).selectinload(Household.statuses),
            *([selectinload(Child.movements).selectinload(Movement.from_village)] if as_of.is_past(brief.on) else []),
        )
        .execution_options(yield_per=500)
    )
    for child in db.session.scalars(query):
        yield ChildLine(child, brief.on)


def _order(brief: Brief) -> tuple[Any, ...]:
    return (Child.sort_key, Child.id) if brief.variant is Variant.NAMED else (Child.code, Child.id)


def to_be_checked() -> Any:
    """The condition of the list the commune police verify: no ID, one that disagrees, found not to match, or born unregistered."""
    return or_(
        Child.personal_id.is_(None),
        conditions.wrong_id_condition(),
        Child.population_check.in_([PopulationCheck.MISMATCH, PopulationCheck.SENT]),
        Child.birth_registration == BirthRegistration.NOT_REGISTERED,
    )


def mark_sent(user: User) -> int:
    """The children of the list that nobody has verified yet now wait for the commune police. Returns how many."""
    waiting = Child.population_check.in_([PopulationCheck.UNCHECKED, PopulationCheck.MISMATCH])
    query = register.children(user, ChildFilters()).where(to_be_checked(), waiting)
    found = list(db.session.scalars(query).unique())
    for child in found:
        child.population_check = PopulationCheck.SENT
    return len(found)


@dataclass(frozen=True)
class CaseRow:
    """A case as the caseload tells of it."""

    line: CaseLine
    calendar: WorkingCalendar

    @property
    def initial_kept(self) -> str | None:
        """Whether the initial assessment kept its 12 hours (NĐ 56/2017 Đ26.2–3)."""
        done = min((one.assessed_at for one in self.case.initial_assessments), default=None)
        return _kept(deadlines.initial_due(self.case.received_at), done)

    @property
    def plan_kept(self) -> str | None:
        """Whether the first plan was submitted within 5 working days (NĐ 56/2017 Đ28.1)."""
        done = min((plan.submitted_at for plan in self.case.plans if plan.submitted_at), default=None)
        return _kept(deadlines.plan_due(self.case.received_at, self.calendar), done)

    @property
    def decision_kept(self) -> str | None:
        """Whether every plan was decided on within 2 working days (NĐ 56/2017 Đ28.4)."""
        decided = [
            deadlines.approval_due(plan.submitted_at, self.calendar).was_met(plan.decided_at)
            for plan in self.case.plans
            if plan.submitted_at and plan.decided_at
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
        yield CaseRow(line, calendar)


def services(brief: Brief) -> Iterator[Service]:
    """Services given in the period, except within a case of sexual abuse."""
    query = (
        access.visible_services(brief.reader)
        .join(Child, Child.id == Service.child_id)
        .outerjoin(Case, Case.id == Service.case_id)
        .where(tallies.given_in(brief.period), or_(Case.id.is_(None), Case.abuse_form != AbuseForm.SEXUAL))
        .options(selectinload(Service.child))
        .order_by(Service.started_on, Service.done_on, Service.id)
        .execution_options(yield_per=500)
    )
    if brief.village_id is not None:
        query = query.where(as_of.village_id(brief.on) == brief.village_id)
    yield from db.session.scalars(query)


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
    for service in services(brief):
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


def ethnic_names() -> dict[str, str]:
    """{code: name of the ethnic group}."""
    return {group.code: group.name for group in db.session.scalars(select(EthnicGroup))}


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


def joined(values: Any) -> str | None:
    """Several values in one cell."""
    return "; ".join(dict.fromkeys(str(value) for value in values if value not in (None, ""))) or None
