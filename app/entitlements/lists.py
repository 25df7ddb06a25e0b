"""Entitlements of everybody in a person's scope, from the register, in a handful of queries whatever their number."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_

from app import access, as_of, clock, conditions, register
from app.child_filters import ChildFilters
from app.entitlements import ages, bases
from app.entitlements.ages import Change, Turning
from app.entitlements.facts import Certified, ChildFacts, Received
from app.entitlements.law import Right
from app.entitlements.rules import Entitlement, Standing, assess
from models import (
    Allowance,
    Child,
    Choice,
    Circumstance,
    Disability,
    Household,
    HouseholdStatus,
    PartialDate,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    Sex,
    User,
    db,
)

#: How many months ahead changes of age are looked for, as the page offers.
MONTHS = (1, 3, 6, 12)
MONTHS_AHEAD = 3


class Kind(Choice):
    """Money every month, or a card or paper."""

    MONEY = "money", _l("Trợ cấp, hỗ trợ hằng tháng")
    PAPER = "paper", _l("Thẻ bảo hiểm y tế, giấy xác nhận")


def kind_of(right: Right) -> Kind:
    """Which of the two a right is."""
    return Kind.PAPER if right in (Right.CARD, Right.CERTIFICATE) else Kind.MONEY


_GONE = (
    RelativeState.DEAD,
    RelativeState.MISSING,
    RelativeState.IN_PRISON,
    RelativeState.IN_FACILITY,
    RelativeState.UNABLE,
)


@dataclass(frozen=True)
class Filters:
    """What narrows the lists. All codes, so they may stand in an address."""

    village: int | None = None
    kind: Kind | None = None
    right: Right | None = None
    standing: Standing | None = None
    turning: Turning | None = None
    months: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Filters":
        """From an address; what is not on a list is left out."""
        return cls(
            village=_whole(values.get("village", "")),
            kind=_choice(Kind, values.get("kind", "")),
            right=_choice(Right, values.get("right", "")),
            standing=_choice(Standing, values.get("standing", "")),
            turning=_choice(Turning, values.get("turning", "")),
            months=next((months for months in MONTHS if str(months) == values.get("months")), None),
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """For an address: the codes of what narrows, some of them changed."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)} | changes
        return {name: str(value) for name, value in told.items() if value is not None}


def _whole(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def _choice(choices: type[Choice], raw: str) -> Any:
    return next((choice for choice in choices if choice.value == raw), None)


@dataclass(frozen=True)
class Person:
    """A child of the lists: what is shown of it, and what the rules ask for."""

    id: int
    code: str
    full_name: str | None
    sex: Sex
    village_id: int
    facts: ChildFacts

    @property
    def born_on(self) -> date | None:
        """The birth date as the record stores it."""
        return self.facts.birth.day if self.facts.birth else None

    @property
    def born_precision(self) -> Precision | None:
        """How far the birth date is known."""
        return self.facts.birth.precision if self.facts.birth else None


@dataclass(frozen=True)
class Line:
    """One right of one child."""

    child: Person
    entitlement: Entitlement

    @property
    def is_secret(self) -> bool:
        """Tells of HIV, or was settled by it: on the screen of who may know, never on paper. NĐ 20/2021/NĐ-CP Đ8."""
        return self.entitlement.is_secret


@dataclass(frozen=True)
class ComingLine:
    """One coming change of age of one child."""

    child: Person
    change: Change


def lines(user: User, filters: Filters, day: date, *, cards: bool = True) -> list[Line]:
    """The rights of the children in scope, by name. A card that is there needs nobody's eye, so it is not told.

    Without `cards` fewer children are read; only what concerns money and certificates is whole then.
    """
    base = bases.in_force(user, day)
    return [
        Line(child, entitlement)
        for child in people(user, day, filters.village, cards=cards)
        for entitlement in assess(child.facts, day, base)
        if (entitlement.right, entitlement.standing) != (Right.CARD, Standing.RECEIVING)
    ]


def narrowed(found: Iterable[Line], filters: Filters) -> list[Line]:
    """Those of one kind, one right, one standing, as far as asked."""
    return [
        line
        for line in found
        if filters.kind in (None, kind_of(line.entitlement.right))
        and filters.right in (None, line.entitlement.right)
        and filters.standing in (None, line.entitlement.standing)
    ]


def counts(found: Iterable[Line]) -> Counter[tuple[Right | None, Standing | None]]:
    """How many lines of each right and standing; None stands for all of them."""
    counted: Counter[tuple[Right | None, Standing | None]] = Counter()
    for line in found:
        right, standing = line.entitlement.right, line.entitlement.standing
        counted.update([(right, standing), (right, None), (None, standing), (None, None)])
    return counted


def coming(user: User, filters: Filters, day: date) -> list[ComingLine]:
    """The changes of age ahead, the nearest first."""
    months = filters.months or MONTHS_AHEAD
    found = [
        ComingLine(child, change)
        for child in people(user, day, filters.village, cards=False, turning_six=months)
        for change in ages.coming(child.facts, day, months)
    ]
    return sorted(found, key=lambda line: line.change.on)


def turnings(found: Iterable[ComingLine]) -> Counter[Turning | None]:
    """How many changes of each sort; None stands for all."""
    counted: Counter[Turning | None] = Counter()
    for line in found:
        counted.update([line.change.turning, None])
    return counted


def for_child(user: User, child: Child, day: date | None = None) -> tuple[list[Entitlement], list[Change]]:
    """What a child is entitled to and which changes of age come within a year; nothing for who may not see the lists."""
    if not access.may(user, "entitlement.list"):
        return [], []
    day = day or clock.today()
    known = _people(user, register.children(user, on=day).where(Child.id == child.id), day, child.id)
    if not known:
        return [], []
    return assess(known[0].facts, day, bases.in_force(user, day)), ages.coming(known[0].facts, day, 12)


# ── From the register ──────────────────────────────────────────────────────


def people(
    user: User, day: date, village_id: int | None = None, *, cards: bool = True, turning_six: int = 0
) -> list[Person]:
    """The children who live here and of whom some right may speak, by name.

    Those without a card under 6, unless they are not asked for; and those whose card ends in so many months.
    """
    query = register.children(user, ChildFilters(village=village_id), on=day)
    return _people(user, query.where(_worth_a_look(user, day, cards, turning_six)), day)


def _worth_a_look(user: User, day: date, cards: bool, months: int) -> ColumnElement[bool]:
    """A circumstance, a disability, an allowance, a parent who is gone, no card under 6, or a card that ends soon.

    Wider than the rules on purpose: it saves reading the others, and decides nothing.
    """
    said = (
        access.visible_circumstances(user).with_only_columns(Circumstance.child_id),
        access.visible_disabilities(user).with_only_columns(Disability.child_id),
        access.visible_allowances(user).with_only_columns(Allowance.child_id),
        access.visible_relatives(user).where(Relative.state.in_(_GONE)).with_only_columns(Relative.child_id),
    )
    under_seven = Child.born_on > clock.years_before(day, 7)
    no_card = and_(or_(Child.insurance_number.is_(None), Child.insurance_number == ""), under_seven)
    soon_six = and_(under_seven, Child.born_on <= clock.years_before(ages.months_after(day, months), 6))
    young = [*([no_card] if cards else []), *([soon_six] if months else [])]
    return or_(*(Child.id.in_(query) for query in said), *young)


def _people(user: User, query: Select[Child], day: date, only_id: int | None = None) -> list[Person]:
    """What the query finds, with all that belongs to it; or, cheaper than asking for all, to one child."""
    rows = db.session.execute(
        register.in_name_order(query).with_only_columns(
            Child.id,
            Child.code,
            Child.full_name,
            Child.sex,
            as_of.village_id(day).label("village_of_the_day"),
            Child.born_on,
            Child.born_precision,
            Child.household_id,
            Child.birth_registration,
            Child.personal_id,
            Child.insurance_number,
            Child.schooling,
        )
    ).all()
    parents, carers = _relatives(_of(access.visible_relatives(user), Relative, only_id))
    confirmed, waiting = _circumstances(_of(access.visible_circumstances(user), Circumstance, only_id), day)
    disabilities = _disabilities(_of(access.visible_disabilities(user), Disability, only_id), day)
    allowances = _allowances(_of(access.visible_allowances(user), Allowance, only_id), day)
    standings = _household_standings(user, day, {row.household_id for row in rows} if only_id else None)
    return [
        Person(
            row.id,
            row.code,
            row.full_name,
            row.sex,
            row.village_of_the_day,
            ChildFacts(
                birth=PartialDate(row.born_on, row.born_precision) if row.born_on else None,
                father=parents.get((row.id, RelativeKind.FATHER)),
                mother=parents.get((row.id, RelativeKind.MOTHER)),
                has_caregiver=row.id in carers,
                confirmed=frozenset(confirmed[row.id]) if row.id in confirmed else frozenset(),
                waiting=frozenset(waiting[row.id]) if row.id in waiting else frozenset(),
                disabilities=tuple(disabilities.get(row.id, ())),
                poverty=standings.get(row.household_id, (None, None))[1],
                poverty_year=standings.get(row.household_id, (None, None))[0],
                received=tuple(allowances.get(row.id, ())),
                registration=row.birth_registration,
                personal_id=row.personal_id,
                insurance_number=row.insurance_number,
                schooling=row.schooling,
            ),
        )
        for row in rows
    ]


def _of(query: Select[Any], model: Any, only_id: int | None) -> Select[Any]:
    return query if only_id is None else query.where(model.child_id == only_id)


def _relatives(query: Select[Any]) -> tuple[dict[tuple[int, RelativeKind], RelativeState], set[int]]:
    """The states of fathers and mothers that are not simply alive, and the children somebody else takes care of."""
    rows = db.session.execute(
        query.where(or_(Relative.state.in_(_GONE), Relative.kind == RelativeKind.CAREGIVER))
        .with_only_columns(Relative.child_id, Relative.kind, Relative.state)
        .order_by(Relative.id)
    )
    states: dict[tuple[int, RelativeKind], RelativeState] = {}
    carers = set()
    for child_id, kind, state in rows:
        if kind is RelativeKind.CAREGIVER:
            carers.add(child_id)
        elif states.get((child_id, kind)) is not RelativeState.DEAD:
            states[child_id, kind] = state
    return states, carers


def _circumstances(query: Select[Any], day: date) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """{child: codes in force}, those confirmed and those waiting."""
    rows = db.session.execute(
        query.where(conditions.active(Circumstance, day)).with_only_columns(
            Circumstance.child_id, Circumstance.kind_code, Circumstance.confirmed_on
        )
    )
    confirmed: dict[int, set[str]] = defaultdict(set)
    waiting: dict[int, set[str]] = defaultdict(set)
    for child_id, code, confirmed_on in rows:
        (confirmed if confirmed_on else waiting)[child_id].add(code)
    return confirmed, waiting


def _disabilities(query: Select[Any], day: date) -> dict[int, list[Certified]]:
    rows = db.session.execute(
        query.where(or_(Disability.ended_on.is_(None), Disability.ended_on > day))
        .with_only_columns(
            Disability.child_id, Disability.severity, Disability.certificate_number, Disability.certified_on
        )
        .order_by(Disability.id)
    )
    found: dict[int, list[Certified]] = defaultdict(list)
    for child_id, severity, number, certified_on in rows:
        found[child_id].append(Certified(severity, number, certified_on))
    return found


def _allowances(query: Select[Any], day: date) -> dict[int, list[Received]]:
    rows = db.session.execute(
        query.where(conditions.active(Allowance, day))
        .with_only_columns(
            Allowance.child_id,
            Allowance.basis,
            Allowance.coefficient,
            Allowance.monthly_amount,
            Allowance.started_on,
            Allowance.id,
            Allowance.decision_number,
        )
        .order_by(Allowance.id)
    )
    found: dict[int, list[Received]] = defaultdict(list)
    for row in rows:
        held = Received(row.basis, row.coefficient, row.monthly_amount, row.started_on, row.id, row.decision_number)
        found[row.child_id].append(held)
    return found


def _household_standings(user: User, day: date, only_ids: set[int | None] | None) -> dict[int | None, tuple[int, Any]]:
    """{household: (year, standing)} of the latest list up to the day's year, as the register's filter reads it."""
    query = (
        access.visible_households(user)
        .join(HouseholdStatus, HouseholdStatus.household_id == Household.id)
        .where(HouseholdStatus.year <= day.year)
        .with_only_columns(Household.id, HouseholdStatus.year, HouseholdStatus.status)
        .order_by(HouseholdStatus.year)
    )
    if only_ids is not None:
        query = query.where(Household.id.in_(only_ids - {None}))
    return {household_id: (year, status) for household_id, year, status in db.session.execute(query)}
