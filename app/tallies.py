"""What happened in a period, by village: cases, services, movements. Each is one query over the scoped records.

A case of sexual abuse, and what was given in it, is told of the commune as a whole and of no village.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from app import access, as_of, casework, conditions, deadlines
from app.age_bands import Band
from app.child_filters import Ages
from app.periods import Period
from models import (
    AbuseForm,
    Case,
    CasePlan,
    Child,
    Incident,
    IncidentKind,
    IncidentOutcome,
    Movement,
    MovementKind,
    PerpetratorRelation,
    PlanDecision,
    Service,
    Sex,
    User,
    db,
)

#: {tally: label} of the abused children by sex.
ABUSED_BY_SEX: dict[str, Any] = {f"abused_{sex}": sex.label for sex in Sex}
#: The tally of those whose age, or who they are, is not known.
ABUSED_AGE_UNKNOWN = "abused_age_unknown"


@dataclass
class Tally:
    """A count by village, and what belongs to no village or may not be told of one."""

    by_village: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    undivided: int = 0

    @property
    def total(self) -> int:
        """The whole commune."""
        return sum(self.by_village.values()) + self.undivided

    def add(self, village_id: int | None, count: int, *, is_secret: bool = False) -> None:
        """Count towards a village, or towards the commune only."""
        if village_id is None or is_secret:
            self.undivided += count
        elif count:
            self.by_village[village_id] += count


def is_secret_case() -> ColumnElement[bool]:
    """A case of sexual abuse: in no list, and counted for the commune only."""
    return Case.abuse_form == AbuseForm.SEXUAL


def received_in(period: Period) -> ColumnElement[bool]:
    """The information came in the period."""
    return and_(Case.received_at >= period.began_at, Case.received_at < period.ended_at)


def open_on(day: date) -> ColumnElement[bool]:
    """Opened by the end of that day and not closed by then."""
    ended_at = Period("", day, day).ended_at
    return and_(Case.opened_at < ended_at, or_(Case.closed_at.is_(None), Case.closed_at >= ended_at))


def closed_in(period: Period) -> ColumnElement[bool]:
    """Closed in the period and not open again."""
    return and_(Case.closed_at >= period.began_at, Case.closed_at < period.ended_at)


def given_in(period: Period) -> ColumnElement[bool]:
    """A service done in the period, or begun in it and still going on."""
    day = func.coalesce(Service.done_on, Service.started_on)
    return and_(day >= period.first, day <= period.last)


def happened_in(period: Period) -> ColumnElement[bool]:
    """A movement of the period."""
    return and_(Movement.happened_on >= period.first, Movement.happened_on <= period.last)


def injured_in(period: Period) -> ColumnElement[bool]:
    """An accident or injury of the period."""
    return and_(Incident.happened_on >= period.first, Incident.happened_on <= period.last)


def of_cases(user: User, period: Period, on: date, ages: Sequence[Band]) -> dict[str, Tally]:
    """Cases received (and of which form, whom), open on the day, closed."""
    asked = asked_of_cases(period, on, ages)
    secret = is_secret_case()  # one object: PostgreSQL must see the same parameter in both places
    query = access.visible_cases(user).with_only_columns(Case.village_id, secret, *_sums(asked))
    return _read(query.group_by(Case.village_id, secret), asked)


def asked_of_cases(period: Period, on: date, ages: Sequence[Band]) -> dict[str, ColumnElement[bool]]:
    """{name of a tally: what it asks of a case}."""
    asked: dict[str, ColumnElement[bool]] = {
        "cases_received": received_in(period),
        "cases_open": open_on(on),
        "cases_closed": closed_in(period),
    }
    for form in AbuseForm:
        asked[f"abuse_{form}"] = and_(received_in(period), Case.abuse_form == form)
    return {**asked, **_asked_of_abused(period, ages)}


def _asked_of_abused(period: Period, ages: Sequence[Band]) -> dict[str, ColumnElement[bool]]:
    """The cases of abuse received, by the child's sex and age at the end of the period, and by the perpetrator's relation."""
    abused = and_(received_in(period), Case.abuse_form != AbuseForm.NONE)

    def of(condition: ColumnElement[bool]) -> ColumnElement[bool]:
        child = select(Child.id).where(Child.id == Case.child_id, Child.commune_id == Case.commune_id, condition)
        return and_(abused, child.correlate(Case).exists())  # child by child: cases are few, children are many

    found = {"abused": abused}
    for sex in Sex:
        found[f"abused_{sex}"] = of(Child.sex == sex)
    found[f"abused_{Sex.UNKNOWN}"] = or_(found[f"abused_{Sex.UNKNOWN}"], and_(abused, Case.child_id.is_(None)))
    for band in ages:
        found[band.tally] = of(conditions.age_condition(band.ages, period.last))
    unknown = of(conditions.age_condition(Ages.UNKNOWN, period.last))
    found[ABUSED_AGE_UNKNOWN] = or_(and_(abused, Case.child_id.is_(None)), unknown)
    for relation in PerpetratorRelation:
        known = Case.perpetrator_relation == relation
        if relation is PerpetratorRelation.UNKNOWN:
            known = or_(known, Case.perpetrator_relation.is_(None))
        found[f"by_{relation}"] = and_(abused, known)
    return found


def rows_of_cases(
    user: User, period: Period, on: date, ages: Sequence[Band]
) -> dict[int, tuple[str, int | None, list[str]]]:
    """{case id: (number, village, tallies it is in)} of the cases that are in any."""
    asked = asked_of_cases(period, on, ages)
    query = access.visible_cases(user).with_only_columns(Case.id, Case.number, Case.village_id, *_flags(asked))
    return _rows(db.session.execute(query.where(or_(*asked.values()))), asked)


def rows_of_services(user: User, period: Period) -> dict[int, tuple[str, int | None, list[str]]]:
    """{service id: (the child's code, village, tallies it is in)}."""
    asked = {"services_given": given_in(period)}
    query = access.visible_services(user).join(Child, Child.id == Service.child_id).where(given_in(period))
    columns = (Service.id, Child.code, as_of.village_id(period.last), *_flags(asked))
    return _rows(db.session.execute(query.with_only_columns(*columns)), asked)


def rows_of_movements(user: User, period: Period) -> dict[int, tuple[str, int | None, list[str]]]:
    """{movement id: (the child's code, village, tallies it is in)}."""
    asked = asked_of_movements()
    query = access.visible_movements(user).join(Child, Child.id == Movement.child_id).where(happened_in(period))
    columns = (Movement.id, Child.code, movement_village(), *_flags(asked))
    return _rows(db.session.execute(query.with_only_columns(*columns)), asked)


def rows_of_incidents(user: User, period: Period) -> dict[int, tuple[str, int | None, list[str]]]:
    """{incident id: (the child's code, village, tallies it is in)}."""
    asked = asked_of_incidents()
    query = access.visible_incidents(user).join(Child, Child.id == Incident.child_id).where(injured_in(period))
    columns = (Incident.id, Child.code, as_of.village_id(period.last), *_flags(asked))
    return _rows(db.session.execute(query.with_only_columns(*columns)), asked)


def of_services(user: User, period: Period) -> dict[str, Tally]:
    """Services given, and the children who were given some."""
    secret = func.coalesce(is_secret_case(), False)
    counts = {"services_given": func.count(Service.id), "children_served": func.count(Service.child_id.distinct())}
    village_id = as_of.village_id(period.last)
    query = (
        access.visible_services(user)
        .join(Child, Child.id == Service.child_id)
        .outerjoin(Case, Case.id == Service.case_id)
        .where(given_in(period))
        .with_only_columns(village_id, secret, *counts.values())
        .group_by(village_id, secret)
    )
    return _read(query, counts)


PLANS = ("plans", "plans_submitted_in_time", "plans_decided_in_time", "plans_approved_in_time")


@dataclass(frozen=True)
class Decided:
    """A plan the chair decided on, and the tallies it is in."""

    plan_id: int
    number: str
    village_id: int | None
    is_secret: bool
    names: tuple[str, ...]


def of_plans(user: User, period: Period) -> dict[str, Tally]:
    """Plans the chair decided on, and whether each step kept its time (NĐ 56/2017 Đ28.1, Đ28.4; QĐ 06/QĐ-TTg, 6)."""
    found = {name: Tally() for name in PLANS}
    for plan in plans_of(user, period):
        for name in PLANS:
            found[name].add(plan.village_id, int(name in plan.names), is_secret=plan.is_secret)
    return found


def plans_of(user: User, period: Period) -> Iterator[Decided]:
    """The same plans one by one."""
    calendar = None
    query = (
        access.visible_cases(user)
        .join(CasePlan, CasePlan.case_id == Case.id)
        .where(CasePlan.decided_at >= period.began_at, CasePlan.decided_at < period.ended_at)
        .with_only_columns(
            CasePlan.id,
            Case.number,
            Case.village_id,
            Case.abuse_form,
            Case.received_at,
            CasePlan.submitted_at,
            CasePlan.decided_at,
            CasePlan.decision,
        )
        .order_by(CasePlan.id)
    )
    for key, number, village_id, form, received_at, submitted_at, decided_at, decision in db.session.execute(query):
        calendar = calendar or casework.calendar_of(user.commune_id)
        submitted = submitted_at is not None and deadlines.plan_due(received_at, calendar).was_met(submitted_at)
        decided = bool(
            submitted_at and decided_at and deadlines.approval_due(submitted_at, calendar).was_met(decided_at)
        )
        kept = (True, submitted, decided, submitted and decided and decision is PlanDecision.APPROVED)
        names = tuple(name for name, counts in zip(PLANS, kept, strict=True) if counts)
        yield Decided(key, number, village_id, form is AbuseForm.SEXUAL, names)


def of_incidents(user: User, period: Period) -> dict[str, Tally]:
    """Accidents and injuries that happened, by kind; deaths, and of these by drowning."""
    asked = asked_of_incidents()
    village_id = as_of.village_id(period.last)
    query = (
        access.visible_incidents(user)
        .join(Child, Child.id == Incident.child_id)
        .where(injured_in(period))
        .with_only_columns(village_id, literal(False), *_sums(asked))
        .group_by(village_id)
    )
    return _read(query, asked)


def asked_of_incidents() -> dict[str, ColumnElement[bool]]:
    """{name of a tally: what it asks of an incident}."""
    died = Incident.outcome == IncidentOutcome.DIED
    return {
        "incidents": Incident.id.is_not(None),
        **{f"incident_{kind}": Incident.kind == kind for kind in IncidentKind},
        "incident_deaths": died,
        "drowned": and_(died, Incident.kind == IncidentKind.DROWNING),
    }


def of_movements(user: User, period: Period) -> dict[str, Tally]:
    """Births, arrivals, departures, deaths, by the village they concern."""
    asked = asked_of_movements()
    village = movement_village()
    query = (
        access.visible_movements(user)
        .join(Child, Child.id == Movement.child_id)
        .where(happened_in(period))
        .with_only_columns(village, literal(False), *_sums(asked))
        .group_by(village)
    )
    return _read(query, asked)


def asked_of_movements() -> dict[str, ColumnElement[bool]]:
    """{name of a tally: what it asks of a movement}."""
    kinds = {f"moved_{kind}": Movement.kind == kind for kind in MovementKind}
    return {**kinds, **{f"born_{sex}": and_(Movement.kind == MovementKind.BORN, Child.sex == sex) for sex in Sex}}


def movement_village() -> ColumnElement[int]:
    """The village a movement concerns."""
    return func.coalesce(Movement.to_village_id, Movement.from_village_id, Child.village_id)


def _flags(asked: Mapping[str, ColumnElement[bool]]) -> list[ColumnElement[int]]:
    return [case((condition, 1), else_=0) for condition in asked.values()]


def _rows(found: Any, asked: Mapping[str, Any]) -> dict[int, tuple[str, int | None, list[str]]]:
    return {
        key: (code, village_id, [name for name, flag in zip(asked, flags, strict=True) if flag])
        for key, code, village_id, *flags in found
    }


def _sums(asked: Mapping[str, ColumnElement[bool]]) -> list[ColumnElement[int]]:
    return [func.sum(case((condition, 1), else_=0)) for condition in asked.values()]


def _read(query: Any, asked: Mapping[str, Any]) -> dict[str, Tally]:
    found = {name: Tally() for name in asked}
    for village_id, is_secret, *counts in db.session.execute(query):
        for name, count in zip(found, counts, strict=True):
            found[name].add(village_id, int(count), is_secret=bool(is_secret))
    return found
