"""Children the rules have something to say of, read from the register in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_

from app import access, as_of, clock, conditions, register
from app.child_filters import Presence
from app.entitlements import ages, answers, law
from app.entitlements.answers import Answered
from app.entitlements.facts import Certified, ChildFacts, Received
from models import (
    Allowance,
    AllowanceBasis,
    AllowanceEnd,
    Child,
    Circumstance,
    Disability,
    EntitlementAnswer,
    Household,
    HouseholdStatus,
    PartialDate,
    Poverty,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    Right,
    Sex,
    User,
    Village,
    db,
)

_GONE = (
    RelativeState.DEAD,
    RelativeState.MISSING,
    RelativeState.IN_PRISON,
    RelativeState.IN_FACILITY,
    RelativeState.UNABLE,
)
#: So many children are asked for by their keys; the records of more are read with the whole commune's.
_FEW = 400
_PARENTS = (RelativeKind.FATHER, RelativeKind.MOTHER)


@dataclass(frozen=True)
class Person:
    """A child of the lists: what is shown of it, and what the rules ask for."""

    id: int
    code: str
    full_name: str | None
    sex: Sex
    village_id: int
    facts: ChildFacts
    #: Has reached 16, and is here because of what is or was received.
    is_grown: bool = False
    #: What was answered about each right.
    answers: Mapping[Right, Answered] = field(default_factory=dict)

    @property
    def born_on(self) -> date | None:
        """The birth date as the record stores it."""
        return self.facts.birth.day if self.facts.birth else None

    @property
    def born_precision(self) -> Precision | None:
        """How far the birth date is known."""
        return self.facts.birth.precision if self.facts.birth else None


def people(
    user: User, day: date, village_id: int | None = None, *, cards: bool = True, turning_by: date | None = None
) -> list[Person]:
    """Who lives here and of whom some right may speak, by name: children, and those from 16 on who still receive.

    Children without a card under 6, unless they are not asked for. With `turning_by`, only those of whom an age may
    change something by that day.
    """
    difficult = _difficult_villages(user, day)
    worth = _worth_a_look(user, day, cards, turning_by, difficult)
    query = access.visible_children(user).where(
        or_(
            and_(conditions.presence_condition(user, Presence.HERE, day), worth),
            and_(conditions.presence_condition(user, Presence.GROWN, day), _goes_on(user, day, turning_by)),
        )
    )
    if village_id is not None:
        query = query.where(as_of.village_id(day) == village_id)
    if turning_by is not None:
        births = ages.births_that_turn(day, turning_by)
        born_so = access.visible_children(user).where(or_(*(Child.born_on.between(*between) for between in births)))
        query = query.where(Child.id.in_(born_so.with_only_columns(Child.id).correlate(None)))
    return _people(user, query, day, difficult)


def find_person(user: User, child: Child, day: date) -> Person | None:
    """One child in scope, whatever the age; None for one who no longer lives here."""
    here = as_of.here(user.commune_id, day)
    query = access.visible_children(user).where(Child.id == child.id, here)
    return next(iter(_people(user, query, day, _difficult_villages(user, day))), None)


def facts_of_record(
    child: Child,
    circumstances: Iterable[Circumstance],
    disabilities: Iterable[Disability],
    allowances: Iterable[Allowance],
    day: date,
) -> ChildFacts:
    """The same facts from records a page has read already, as far as its reader may know them: no further question."""
    parents, carers = _states((one.child_id, one.kind, one.state) for one in child.relatives if _is_telling(one))
    statuses = child.household.statuses if child.household is not None else []
    poverty = max((one for one in statuses if one.year <= day.year), key=lambda one: one.year, default=None)
    active = [one for one in circumstances if _is_active(one, day)]
    village = child.village
    received = [_received(one) for one in allowances if _is_active(one, day)]
    return ChildFacts(
        birth=child.birth,
        father=parents.get((child.id, RelativeKind.FATHER)),
        mother=parents.get((child.id, RelativeKind.MOTHER)),
        has_caregiver=child.id in carers,
        confirmed=frozenset(one.kind_code for one in active if one.confirmed_on),
        waiting=frozenset(one.kind_code for one in active if not one.confirmed_on),
        disabilities=tuple(
            Certified(one.severity, one.certificate_number, one.certified_on)
            for one in disabilities
            if one.ended_on is None or one.ended_on > day
        ),
        poverty=poverty.status if poverty else None,
        poverty_year=poverty.year if poverty else None,
        received=tuple(received),
        registration=child.birth_registration,
        personal_id=child.personal_id,
        insurance_number=child.insurance_number,
        schooling=child.schooling,
        has_one_parent=len({one.kind for one in child.relatives if one.kind in _PARENTS}) == 1,
        in_difficult_area=bool(
            village.difficult_from
            and village.difficult_from <= day
            and (village.difficult_to is None or village.difficult_to > day)
        ),
        had_k1_at_16=any(_held_at_16(one, child.birth) for one in allowances if one.basis is AllowanceBasis.K1),
    )


def _is_active(status: Any, day: date) -> bool:
    """What conditions.active asks of the database."""
    begun = status.started_on is None or status.started_on <= day
    return begun and (status.ended_on is None or status.ended_on > day)


def _is_telling(relative: Relative) -> bool:
    return relative.state in _GONE or relative.kind is RelativeKind.CAREGIVER


def _received(row: Any) -> Received:
    return Received(row.basis, row.coefficient, row.monthly_amount, row.started_on, row.id, row.decision_number)


def _difficult_villages(user: User, day: date) -> set[int]:
    """The villages marked as an especially difficult area on a day. NĐ 20/2021/NĐ-CP Đ5.7."""
    marked = access.visible_villages(user).where(
        Village.difficult_from <= day, or_(Village.difficult_to.is_(None), Village.difficult_to > day)
    )
    return set(db.session.scalars(marked.with_only_columns(Village.id).order_by(None)))


def _worth_a_look(
    user: User, day: date, cards: bool, turning_by: date | None, difficult: set[int]
) -> ColumnElement[bool]:
    """A circumstance, a disability, an allowance, an answer, a parent who is gone or alone in a poor household, no card
    under 6, a card that ends soon, or under 3 in a difficult area.

    Wider than the rules on purpose: it saves reading the others, and decides nothing. No rule speaks of a mere risk.
    """
    has = _has_one if turning_by else _has_any
    said = (
        (Circumstance, access.visible_circumstances(user).where(~Circumstance.kind_code.startswith("r."))),
        (Disability, access.visible_disabilities(user)),
        (Allowance, access.visible_allowances(user)),
        (EntitlementAnswer, access.visible_entitlement_answers(user)),
        (Relative, access.visible_relatives(user).where(Relative.state.in_(_GONE))),
    )
    listed = conditions.household_listed(user, day, Child.household_id, Poverty.POOR, Poverty.NEAR_POOR)
    under_seven = Child.born_on > clock.years_before(day, 7)
    no_card = and_(or_(Child.insurance_number.is_(None), Child.insurance_number == ""), under_seven)
    soon_six = and_(under_seven, Child.born_on <= clock.years_before(turning_by or day, 6))
    return or_(
        *(has(model, query) for model, query in said),
        and_(listed, _has_one_parent(user)),
        *([no_card] if cards else []),
        *([soon_six] if turning_by else []),
        *(
            [and_(as_of.village_id(day).in_(sorted(difficult)), Child.born_on > clock.years_before(day, 3))]
            if difficult
            else []
        ),
    )


def _goes_on(user: User, day: date, turning_by: date | None) -> ColumnElement[bool]:
    """Receives from 16 on; or is under 22 and received khoản 1, or was answered about. NĐ 20/2021/NĐ-CP Đ5.2."""
    has = _has_one if turning_by else _has_any
    allowances = access.visible_allowances(user)
    said = (
        (Allowance, allowances.where(Allowance.basis == AllowanceBasis.K1)),
        (EntitlementAnswer, access.visible_entitlement_answers(user)),
    )
    under = Child.born_on > clock.years_before(day, law.LEARNING_UNTIL)
    return or_(
        has(Allowance, allowances.where(conditions.active(Allowance, day))),
        and_(under, or_(*(has(model, query) for model, query in said))),
    )


def _has_any(model: Any, query: Select[Any]) -> ColumnElement[bool]:
    """The child has such a record: asked of all at once, for when everybody is looked at."""
    return Child.id.in_(query.with_only_columns(model.child_id))


def _has_one(model: Any, query: Select[Any]) -> ColumnElement[bool]:
    """The same, asked child by child, for when few are looked at."""
    return query.where(model.child_id == Child.id).with_only_columns(model.child_id).exists()


def _has_one_parent(user: User) -> ColumnElement[bool]:
    """Only the father or only the mother is recorded: asked child by child, for it concerns few."""
    parents = access.visible_relatives(user).where(Relative.kind.in_(_PARENTS)).group_by(Relative.child_id)
    return _has_one(Relative, parents.having(func.count(Relative.kind.distinct()) == 1))


def _people(user: User, query: Select[Child], day: date, difficult: set[int]) -> list[Person]:
    """What the query finds, with all that belongs to it: of few asked by their keys, of many of the whole commune."""
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
            _has_one_parent(user).label("has_one_parent"),
        )
    ).all()
    only = {row.id for row in rows} if len(rows) <= _FEW else None
    parents, carers = _relatives(_of(access.visible_relatives(user), Relative, only))
    confirmed, waiting = _circumstances(_of(access.visible_circumstances(user), Circumstance, only), day)
    disabilities = _disabilities(_of(access.visible_disabilities(user), Disability, only), day)
    allowances, of_k1 = _allowances(_of(access.visible_allowances(user), Allowance, only), day)
    standings = _household_standings(user, day, {row.household_id for row in rows} if only is not None else None)
    answered = _answers(_of(access.visible_entitlement_answers(user), EntitlementAnswer, only))
    found = []
    for row in rows:
        birth = PartialDate(row.born_on, row.born_precision) if row.born_on else None
        facts = ChildFacts(
            birth=birth,
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
            has_one_parent=bool(row.has_one_parent),
            in_difficult_area=row.village_of_the_day in difficult,
            had_k1_at_16=any(_held_at_16(held, birth) for held in of_k1.get(row.id, ())),
        )
        told = {record.right: _told(record, facts, day) for record in answered.get(row.id, ())}
        grown = (facts.age(day) or 0) >= law.ADULT_FROM
        found.append(Person(row.id, row.code, row.full_name, row.sex, row.village_of_the_day, facts, grown, told))
    return found


def _held_at_16(held: Any, birth: PartialDate | None) -> bool:
    """Whether an allowance of khoản 1 was in force on the 16th birthday, or ended because of it."""
    if birth is None:
        return False
    sixteenth = ages.birthday(birth.day, law.ADULT_FROM)
    begun = held.started_on is None or held.started_on <= sixteenth
    lasted = held.ended_on is None or held.ended_on >= sixteenth or held.end_reason is AllowanceEnd.AGE
    return begun and lasted


def _answers(query: Select[Any]) -> dict[int, list[EntitlementAnswer]]:
    found: dict[int, list[EntitlementAnswer]] = defaultdict(list)
    for record in db.session.scalars(query.order_by(EntitlementAnswer.id)).unique():
        found[record.child_id].append(record)
    return found


def _told(record: EntitlementAnswer, facts: ChildFacts, day: date) -> Answered:
    now = answers.rested_on(record.right, facts, day, record.child_id)
    return Answered(
        record.verdict,
        record.reason,
        record.answered_on,
        record.answered_by.full_name,
        record.id,
        answers.changed(record.rested_on, now),
    )


def _of(query: Select[Any], model: Any, only: set[int] | None) -> Select[Any]:
    return query if only is None else query.where(model.child_id.in_(sorted(only)))


def _relatives(query: Select[Any]) -> tuple[dict[tuple[int, RelativeKind], RelativeState], set[int]]:
    """The states of fathers and mothers that are not simply alive, and the children somebody else takes care of."""
    telling = or_(Relative.state.in_(_GONE), Relative.kind == RelativeKind.CAREGIVER)
    rows = query.where(telling).with_only_columns(Relative.child_id, Relative.kind, Relative.state)
    return _states((row.child_id, row.kind, row.state) for row in db.session.execute(rows.order_by(Relative.id)))


def _states(
    rows: Iterable[tuple[int, RelativeKind, RelativeState]],
) -> tuple[dict[tuple[int, RelativeKind], RelativeState], set[int]]:
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


def _allowances(query: Select[Any], day: date) -> tuple[dict[int, list[Received]], dict[int, list[Any]]]:
    """{child: allowances in force}, and {child: all of khoản 1, ended ones too}."""
    in_force = conditions.active(Allowance, day)
    rows = db.session.execute(
        query.where(or_(in_force, Allowance.basis == AllowanceBasis.K1))
        .with_only_columns(
            Allowance.child_id,
            Allowance.basis,
            Allowance.coefficient,
            Allowance.monthly_amount,
            Allowance.started_on,
            Allowance.ended_on,
            Allowance.end_reason,
            Allowance.id,
            Allowance.decision_number,
        )
        .order_by(Allowance.id)
    )
    found: dict[int, list[Received]] = defaultdict(list)
    of_k1: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if row.basis is AllowanceBasis.K1:
            of_k1[row.child_id].append(row)
        if _is_active(row, day):
            found[row.child_id].append(_received(row))
    return found, of_k1


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
