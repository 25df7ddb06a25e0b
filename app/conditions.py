"""What a filter asks of a child, as conditions of SQL. Each is one commune's subquery, so that counting reads it once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, exists, extract, func, or_, select, true
from sqlalchemy.orm import aliased

from app import access, as_of, clock, likely_pairs
from app.child_filters import (
    CHILD_UNTIL,
    SECRET,
    Ages,
    CareFilter,
    Ethnicity,
    Missing,
    Orphanhood,
    Presence,
    SeverityFilter,
    SpecialFilter,
)
from models import (
    AbuseForm,
    Allowance,
    AllowanceBasis,
    BirthRegistration,
    CareForm,
    CarePlacement,
    Case,
    Child,
    Circumstance,
    CircumstanceKind,
    Disability,
    DisabilitySeverity,
    Household,
    HouseholdStatus,
    KindLevel,
    LeftReason,
    Poverty,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    ReviewItem,
    ReviewState,
    Schooling,
    Service,
    Sex,
    User,
)


def yes(value: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, or its contrary for "0"."""
    return ~condition if value == "0" else condition


def born_by(on: date) -> ColumnElement[bool]:
    """Born on or before that day; a date known only to the month or year stands for its last day, so it is let pass."""
    return or_(Child.born_on.is_(None), Child.born_on <= on, Child.born_precision != Precision.DAY)


def under_age(on: date) -> ColumnElement[bool]:
    """Not yet 16 on that day; an unknown birth date counts as a child."""
    return or_(Child.born_on.is_(None), Child.born_on > clock.years_before(on, CHILD_UNTIL))


def presence_condition(user: User, presence: Presence, on: date) -> ColumnElement[bool]:
    """Who counts: living here and under 16 on that day, unless asked otherwise."""
    here = as_of.here(user.commune_id, on)
    match presence:
        case Presence.HERE:
            return and_(here, under_age(on), born_by(on))
        case Presence.LEFT:
            return and_(~here, Child.left_reason == LeftReason.MOVED_OUT)
        case Presence.DIED:
            return and_(~here, Child.left_reason == LeftReason.DIED)
        case Presence.GROWN:
            return and_(here, ~under_age(on))
    return Child.id.is_not(None)


def age_condition(ages: Ages, on: date) -> ColumnElement[bool]:
    """Of these ages on that day, or of unknown age."""
    if ages.low is None or ages.high is None:
        return Child.born_on.is_(None)
    younger = Child.born_on > clock.years_before(on, ages.high)
    return and_(younger, Child.born_on <= clock.years_before(on, ages.low)) if ages.low else younger


def ethnicity_condition(ethnicity: Ethnicity) -> ColumnElement[bool]:
    """Kinh, of an ethnic minority, or neither known."""
    match ethnicity:
        case Ethnicity.KINH:
            return Child.ethnicity_code == "01"
        case Ethnicity.MINORITY:
            return and_(Child.ethnicity_code.is_not(None), Child.ethnicity_code.not_in(["01", "55", "56"]))
    return or_(Child.ethnicity_code.is_(None), Child.ethnicity_code == "56")


def active(model: Any, on: date) -> ColumnElement[bool]:
    """A status that has begun and not ended on that day."""
    begun = or_(model.started_on.is_(None), model.started_on <= on)
    return and_(begun, or_(model.ended_on.is_(None), model.ended_on > on))


def group_condition(user: User, group: str, on: date, *, shared: bool = False) -> ColumnElement[bool]:
    """In a confirmed circumstance of a group, a sub-group, any group or any risk, as far as the person may know."""
    return _in_circumstance(user, kinds_of(group, shared=shared), Circumstance.confirmed_on.is_not(None), on)


def kinds_of(group: str, *, shared: bool = False) -> ColumnElement[bool]:
    """The kinds of circumstances that such a filter means."""
    wanted: ColumnElement[bool]
    if group == SpecialFilter.SPECIAL:
        wanted = CircumstanceKind.level.in_([KindLevel.GROUP, KindLevel.SUBGROUP])
    elif group == SpecialFilter.AT_RISK:
        wanted = CircumstanceKind.level == KindLevel.RISK
    elif "." in group:
        wanted = CircumstanceKind.code == group
    else:
        wanted = CircumstanceKind.group_code == group
    return and_(wanted, CircumstanceKind.sensitivity.not_in(SECRET)) if shared else wanted


def _in_circumstance(
    user: User, wanted: ColumnElement[bool], confirmed: ColumnElement[bool], on: date
) -> ColumnElement[bool]:
    kinds = select(CircumstanceKind.code).where(wanted, access.readable_kind(user))
    return Child.id.in_(
        select(Circumstance.child_id).where(
            Circumstance.commune_id == user.commune_id,
            Circumstance.kind_code.in_(kinds),
            confirmed,
            active(Circumstance, on),
        )
    )


def disability_condition(user: User, severity: SeverityFilter, on: date) -> ColumnElement[bool]:
    """Has a disability in force, of one severity or any."""
    found = select(Disability.child_id).where(
        Disability.commune_id == user.commune_id,
        or_(Disability.certified_on.is_(None), Disability.certified_on <= on),
        or_(Disability.ended_on.is_(None), Disability.ended_on > on),
    )
    if severity is not SeverityFilter.ANY:
        found = found.where(Disability.severity == DisabilitySeverity(severity.value))
    return Child.id.in_(found)


def care_condition(user: User, form: CareFilter, on: date) -> ColumnElement[bool]:
    """Handed over into alternative care and not come back by that day, as far as the person may know."""
    found = select(CarePlacement.child_id).where(
        access.placement_condition(user),
        CarePlacement.handed_over_on <= on,
        or_(CarePlacement.ended_on.is_(None), CarePlacement.ended_on > on),
    )
    if form is not CareFilter.ANY:
        found = found.where(CarePlacement.form == CareForm(form.value))
    return Child.id.in_(found)


def parent_state(user: User, kind: RelativeKind, on: date, *states: RelativeState) -> ColumnElement[bool]:
    """The father or mother was in one of these states on that day."""
    found = select(Relative.child_id).where(
        Relative.commune_id == user.commune_id,
        Relative.kind == kind,
        as_of.fact(Relative.state, user.commune_id, on, lambda state: state.in_([one.value for one in states])),
    )
    return Child.id.in_(found)


def orphan_condition(user: User, orphanhood: Orphanhood, on: date) -> ColumnElement[bool]:
    """Orphan of both, only of the father, only of the mother, or any of these."""
    father = parent_state(user, RelativeKind.FATHER, on, RelativeState.DEAD)
    mother = parent_state(user, RelativeKind.MOTHER, on, RelativeState.DEAD)
    match orphanhood:
        case Orphanhood.BOTH:
            return and_(father, mother)
        case Orphanhood.FATHER:
            return and_(father, ~mother)
        case Orphanhood.MOTHER:
            return and_(mother, ~father)
    return or_(father, mother)


def household_listed(user: User, on: date, household_id: Any, *statuses: Poverty) -> ColumnElement[bool]:
    """A household stands on the poor or near-poor list of the latest year listed up to that day's."""
    later = aliased(HouseholdStatus)
    latest = ~exists().where(
        later.household_id == HouseholdStatus.household_id, later.year <= on.year, later.year > HouseholdStatus.year
    )
    listed = (
        select(HouseholdStatus.household_id)
        .join(Household, HouseholdStatus.household_id == Household.id)
        .where(
            Household.commune_id == user.commune_id,
            HouseholdStatus.year <= on.year,
            HouseholdStatus.status.in_(statuses),
            latest,
        )
    )
    return household_id.in_(listed)


def poverty_condition(user: User, status: Poverty, on: date) -> ColumnElement[bool]:
    """The standing of the child's household; a child without one is on no list."""
    statuses = (Poverty.POOR, Poverty.NEAR_POOR) if status is Poverty.NONE else (status,)
    listed = stood(user, Child.household_id, on, lambda household: household_listed(user, on, household, *statuses))
    return or_(listed.is_(None), ~listed) if status is Poverty.NONE else listed


def stood(
    user: User, attribute: Any, on: date, test: Callable[[Any], ColumnElement[bool]], *, completed: bool = True
) -> ColumnElement[bool]:
    """A test of an undated fact of a child, as it stood on that day."""
    return as_of.fact(attribute, user.commune_id, on, test, completed=completed)


def equals(user: User, attribute: Any, on: date, value: Any) -> ColumnElement[bool]:
    """An undated fact of a child had this value on that day."""
    return stood(user, attribute, on, lambda column: column == (getattr(value, "value", value)))


#: Whoever is at a school of any level.
_AT_SCHOOL = (
    Schooling.NURSERY,
    Schooling.KINDERGARTEN,
    Schooling.PRIMARY,
    Schooling.LOWER_SECONDARY,
    Schooling.UPPER_SECONDARY,
    Schooling.SPECIAL,
)


def learning_condition(user: User, on: date) -> ColumnElement[bool]:
    """At a school of any level on that day."""
    return stood(user, Child.schooling, on, lambda known: known.in_([one.value for one in _AT_SCHOOL]))


def insured_condition(user: User, on: date) -> ColumnElement[bool]:
    """A health insurance card was recorded by that day."""
    return stood(user, Child.insurance_number, on, lambda number: number.is_not(None), completed=False)


def missing_condition(user: User, missing: Missing, on: date) -> ColumnElement[bool]:
    """What a record lacks."""
    match missing:
        case Missing.NAME:
            return Child.full_name.is_(None)
        case Missing.BIRTH:
            return or_(Child.born_on.is_(None), Child.born_precision != Precision.DAY)
        case Missing.SEX:
            return Child.sex == Sex.UNKNOWN
        case Missing.PERSONAL_ID | Missing.WRONG_ID | Missing.RIGHT_ID:
            return _id_condition(user, missing, on)
        case Missing.DUPLICATE:
            return duplicate_condition(user)
        case Missing.PARENTS:
            return ~exists().where(Relative.child_id == Child.id, Relative.full_name.is_not(None))
        case Missing.HOUSEHOLD:
            return stood(user, Child.household_id, on, lambda household: household.is_(None), completed=False)
        case Missing.REGISTRATION:
            registered = BirthRegistration.REGISTERED.value
            return stood(user, Child.birth_registration, on, lambda known: known != registered, completed=False)
    return _in_circumstance(user, true(), Circumstance.confirmed_on.is_(None), on)


def _id_condition(user: User, missing: Missing, on: date) -> ColumnElement[bool]:
    """No personal ID, one that disagrees with sex or birth year, or either."""
    if missing is Missing.WRONG_ID:
        return wrong_id_condition()
    none = stood(user, Child.personal_id, on, lambda number: number.is_(None), completed=False)
    return or_(none, wrong_id_condition()) if missing is Missing.RIGHT_ID else none


def duplicate_condition(user: User) -> ColumnElement[bool]:
    """Stands in a pair of likely duplicates that nobody has told apart: the rule of their page (app/likely_pairs.py)."""
    return Child.id.in_(likely_pairs.child_ids(user))


def wrong_id_condition() -> ColumnElement[bool]:
    """The personal ID encodes another sex or birth year; the rule of app/checks.py, asked of the database."""
    digit = cast(func.substr(Child.personal_id, 4, 1), Integer)
    coded_year = 1900 + 100 * (digit // 2) + cast(func.substr(Child.personal_id, 5, 2), Integer)
    other_sex = or_(and_(Child.sex == Sex.MALE, digit % 2 != 0), and_(Child.sex == Sex.FEMALE, digit % 2 != 1))
    other_year = and_(Child.born_on.is_not(None), extract("year", Child.born_on) != coded_year)
    return and_(Child.personal_id.is_not(None), or_(other_sex, other_year))


def allowance_condition(user: User, on: date, *, shared: bool = False) -> ColumnElement[bool]:
    """Receives a monthly allowance on that day, as far as the person may know."""
    allowances = access.visible_allowances(user).with_only_columns(Allowance.child_id).where(active(Allowance, on))
    if shared:
        allowances = allowances.where(Allowance.basis != AllowanceBasis.K3)
    return Child.id.in_(allowances)


def helped_condition(user: User, on: date, *, shared: bool = False) -> ColumnElement[bool]:
    """Was given a service since 1 January of that day's year."""
    since = on.replace(month=1, day=1)
    services = (
        access.visible_services(user)
        .with_only_columns(Service.child_id)
        .where(
            or_(
                and_(Service.done_on >= since, Service.done_on <= on),
                and_(Service.done_on.is_(None), Service.started_on <= on),
            )
        )
    )
    if shared:
        secret = access.visible_cases(user).with_only_columns(Case.id).where(Case.abuse_form == AbuseForm.SEXUAL)
        services = services.where(or_(Service.case_id.is_(None), Service.case_id.not_in(secret)))
    return Child.id.in_(services)


def review_condition() -> ColumnElement[bool]:
    """A collaborator's change of the child waits for the officer."""
    return exists().where(ReviewItem.child_id == Child.id, ReviewItem.state == ReviewState.WAITING)
