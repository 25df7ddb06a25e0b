"""The register's questions: which children, by which filters. Lists, counts, charts and workbooks all ask here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, extract, func, or_, select
from sqlalchemy.orm import aliased

from app import access, clock, reference
from app.search import matches
from models import (
    AbuseForm,
    Allowance,
    AllowanceBasis,
    BirthRegistration,
    Case,
    Child,
    Choice,
    Circumstance,
    CircumstanceKind,
    Disability,
    DisabilitySeverity,
    HouseholdStatus,
    KindLevel,
    LeftReason,
    PopulationCheck,
    Poverty,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    ReviewItem,
    ReviewState,
    Schooling,
    Sensitivity,
    Service,
    Sex,
    User,
    db,
)

#: A person is a child until this birthday. Luật Trẻ em 102/2016/QH13 Đ1.
CHILD_UNTIL = 16


class Presence(Choice):
    """Which records of the register."""

    HERE = "here", _l("Trẻ em đang ở xã")
    LEFT = "left", _l("Đã chuyển đi")
    DIED = "died", _l("Đã mất")
    GROWN = "grown", _l("Đã đủ 16 tuổi")
    ALL = "all", _l("Tất cả hồ sơ")


class AgeBand(Choice):
    """Age bands for filters; reports bring their own."""

    UNDER_3 = "0-3", _l("Dưới 3 tuổi")
    FROM_3 = "3-6", _l("Từ 3 đến dưới 6 tuổi")
    FROM_6 = "6-11", _l("Từ 6 đến dưới 11 tuổi")
    FROM_11 = "11-16", _l("Từ 11 đến dưới 16 tuổi")
    UNDER_6 = "0-6", _l("Dưới 6 tuổi")
    UNKNOWN = "unknown", _l("Chưa rõ tuổi")

    @property
    def years(self) -> tuple[int, int]:
        """From (included) to (excluded), in years."""
        low, high = self.value.split("-")
        return int(low), int(high)


class Ethnicity(Choice):
    """Minority ("DTTS") in reports is everybody but Kinh; 55 is a foreigner, 56 unknown (app/reference/ethnic_groups.csv)."""

    KINH = "kinh", _l("Kinh")
    MINORITY = "minority", _l("Dân tộc thiểu số")
    UNKNOWN = "unknown", _l("Chưa rõ dân tộc")


class Orphanhood(Choice):
    """Derived from the parents' states, never typed. QĐ 1591/QĐ-TTg 8/12/2023."""

    BOTH = "both", _l("Mồ côi cả cha và mẹ")
    FATHER = "father", _l("Mồ côi cha")
    MOTHER = "mother", _l("Mồ côi mẹ")
    ANY = "any", _l("Mồ côi (tất cả)")


class Missing(Choice):
    """What a record lacks, or has wrong."""

    NAME = "name", _l("Chưa có họ và tên")
    BIRTH = "birth", _l("Chưa rõ ngày sinh")
    SEX = "sex", _l("Chưa rõ giới tính")
    PERSONAL_ID = "id", _l("Chưa có số định danh")
    WRONG_ID = "wrong_id", _l("Số định danh không hợp với giới tính, năm sinh")
    PARENTS = "parents", _l("Chưa ghi cha, mẹ, người chăm sóc")
    HOUSEHOLD = "household", _l("Chưa gắn với hộ")
    REGISTRATION = "registration", _l("Chưa đăng ký khai sinh hoặc chưa rõ")
    CONFIRMATION = "confirmation", _l("Có hoàn cảnh chưa xác nhận")


class SpecialFilter(Choice):
    """Any special circumstance, or any risk, beside the single groups."""

    SPECIAL = "special", _l("Có hoàn cảnh đặc biệt (tất cả các nhóm)")
    AT_RISK = "risk", _l("Có nguy cơ rơi vào hoàn cảnh đặc biệt")


class SeverityFilter(Choice):
    """Any disability, or one severity."""

    ANY = "any", _l("Khuyết tật (tất cả)")
    EXTREME = "extreme", _l("Đặc biệt nặng")
    SEVERE = "severe", _l("Nặng")
    MILD = "mild", _l("Nhẹ")
    UNKNOWN = "unknown", _l("Chưa xác định mức độ")


@dataclass(frozen=True)
class ChildFilters:
    """What narrows a list of children. All codes, no names, so they may stand in an address."""

    village: int | None = None
    age: AgeBand | None = None
    sex: Sex | None = None
    ethnicity: Ethnicity | None = None
    #: A group letter of Đ10.1, a sub-group or risk code, or a SpecialFilter.
    group: str | None = None
    disability: SeverityFilter | None = None
    orphan: Orphanhood | None = None
    poverty: Poverty | None = None
    school: Schooling | None = None
    registration: BirthRegistration | None = None
    check: PopulationCheck | None = None
    missing: Missing | None = None
    #: "1": receives an allowance; "0": does not.
    allowance: str | None = None
    #: "1": was given a service this year.
    helped: str | None = None
    #: "waiting": a collaborator's change waits for review.
    review: str | None = None
    #: "1": groups kept secret in lists (HIV/AIDS, sexual abuse) do not count, so nothing is told by village.
    shared: str | None = None
    presence: Presence = Presence.HERE
    #: As on this day; today when empty.
    on: date | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "ChildFilters":
        """From an address; what is not on a list is left out."""
        found: dict[str, Any] = {}
        for facts in fields(cls):
            raw = values.get(facts.name, "").strip()
            if raw:
                found[facts.name] = _read(facts.name, raw)
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})

    def address(self) -> dict[str, Any]:
        """For an address: the codes of what narrows, and nothing else."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)}
        if self.presence is Presence.HERE:
            del told["presence"]
        return {name: str(value) for name, value in told.items() if value is not None}

    def but(self, **changes: Any) -> "ChildFilters":
        """The same with some filters changed."""
        return replace(self, **changes)


#: The closed lists among the filters.
CHOICES: dict[str, type[Choice]] = {
    "age": AgeBand,
    "sex": Sex,
    "ethnicity": Ethnicity,
    "disability": SeverityFilter,
    "orphan": Orphanhood,
    "poverty": Poverty,
    "school": Schooling,
    "registration": BirthRegistration,
    "check": PopulationCheck,
    "missing": Missing,
    "presence": Presence,
}


def _read(name: str, raw: str) -> Any:
    if name == "village":
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
    if name == "on":
        return _read_day(raw)
    if name in CHOICES:
        try:
            return CHOICES[name](raw)
        except ValueError:
            return None
    return raw[:40]


def _read_day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def children(
    user: User, filters: ChildFilters | None = None, words: str | None = None, on: date | None = None
) -> Select[Child]:
    """The children somebody may see, narrowed; in no order yet."""
    filters = filters or ChildFilters()
    on = on or filters.on or clock.today()
    found = matches(words)
    conditions = conditions_of(user, filters, on)
    return access.visible_children(user).where(*conditions, *([found] if found is not None else []))


def count_children(
    user: User, filters: ChildFilters | None = None, words: str | None = None, on: date | None = None
) -> int:
    """How many children the same question finds."""
    query = children(user, filters, words, on).with_only_columns(func.count(Child.id))
    return db.session.scalar(query) or 0


def count_by_village(user: User, filters: ChildFilters, on: date | None = None) -> dict[int, int]:
    """{village id: children}, for the same question."""
    query = children(user, filters, on=on).with_only_columns(Child.village_id, func.count(Child.id))
    return {village: count for village, count in db.session.execute(query.group_by(Child.village_id))}


def in_name_order(query: Select[Child]) -> Select[Child]:
    """By given name, then surname and middle names, by Vietnamese rules; the key settles ties."""
    return query.order_by(Child.sort_key, Child.id)


def count_many(user: User, questions: Sequence[ChildFilters], on: date) -> list[dict[int, int]]:
    """{village id: children} for each of many questions about the same records (`presence`), in one reading of them."""
    if not questions:
        return []
    presence = questions[0].presence
    counts = []
    for asked in questions:
        narrowing = narrowing_of(user, asked, on)
        counts.append(func.sum(case((and_(*narrowing), 1), else_=0)) if narrowing else func.count())
    query = access.visible_children(user).with_only_columns(Child.village_id, *counts).group_by(Child.village_id)
    rows = db.session.execute(query.where(presence_condition(presence, on))).all()
    return [{row[0]: int(row[number]) for row in rows} for number in range(1, len(questions) + 1)]


def conditions_of(user: User, filters: ChildFilters, on: date) -> list[ColumnElement[bool]]:
    """What these filters ask of a child on a day."""
    return [presence_condition(filters.presence, on), *narrowing_of(user, filters, on)]


def narrowing_of(user: User, filters: ChildFilters, on: date) -> list[ColumnElement[bool]]:
    """The same but for whether the child is here at all."""
    conditions: list[ColumnElement[bool]] = []
    shared = filters.shared == "1"
    makers = {
        "village": lambda value: Child.village_id == value,
        "age": lambda value: band_condition(value, on),
        "sex": lambda value: Child.sex == value,
        "ethnicity": ethnicity_condition,
        "group": lambda value: group_condition(user, value, on, shared=shared),
        "disability": lambda value: disability_condition(value, on),
        "orphan": orphan_condition,
        "poverty": lambda value: poverty_condition(value, on),
        "school": lambda value: Child.schooling == value,
        "registration": lambda value: Child.birth_registration == value,
        "check": lambda value: Child.population_check == value,
        "missing": lambda value: missing_condition(user, value, on),
        "allowance": lambda value: _yes(value, allowance_condition(user, on, shared=shared)),
        "helped": lambda value: _yes(value, helped_condition(user, on, shared=shared)),
        "review": lambda value: _yes(value, review_condition()),
    }
    for name, make in makers.items():
        value = getattr(filters, name)
        if value is not None:
            conditions.append(make(value))
    return conditions


def group_choices(kinds: Sequence[CircumstanceKind]) -> list[tuple[str, str]]:
    """(code, words) for the filter of circumstances: all special, all at risk, then each group and sub-group."""
    found = [(choice.value, str(choice.label)) for choice in SpecialFilter]
    wording = dict(reference.groups())
    seen: set[str] = set()
    for kind in kinds:
        if kind.level is KindLevel.RISK:
            found.append((kind.code, kind.wording))
            continue
        if kind.group_code not in seen:
            seen.add(kind.group_code)
            found.append((kind.group_code, f"{kind.group_code}. {wording.get(kind.group_code, kind.wording)}"))
        if kind.level is KindLevel.SUBGROUP and kind.code != kind.group_code:
            found.append((kind.code, f"{kind.code} {kind.wording}"))
    return found


def _yes(value: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return ~condition if value == "0" else condition


def born_by(on: date) -> ColumnElement[bool]:
    """Born on or before that day; a date known only to the month or year stands for its last day, so it is let pass."""
    return or_(Child.born_on.is_(None), Child.born_on <= on, Child.born_precision != Precision.DAY)


def under_age(on: date) -> ColumnElement[bool]:
    """Not yet 16 on that day; an unknown birth date counts as a child."""
    return or_(Child.born_on.is_(None), Child.born_on > clock.years_before(on, CHILD_UNTIL))


def presence_condition(presence: Presence, on: date) -> ColumnElement[bool]:
    """Who counts: living here and under 16, unless asked otherwise."""
    here = or_(Child.left_on.is_(None), Child.left_on > on)
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


def band_condition(band: AgeBand, on: date) -> ColumnElement[bool]:
    """In an age band, or of unknown age."""
    return Child.born_on.is_(None) if band is AgeBand.UNKNOWN else age_condition(*band.years, on)


def age_condition(low: int, high: int, on: date) -> ColumnElement[bool]:
    """From `low` full years to under `high`."""
    younger = Child.born_on > clock.years_before(on, high)
    return and_(younger, Child.born_on <= clock.years_before(on, low)) if low else younger


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


#: Kinds that stand in no list and are counted for the whole commune only (design.md §6; NĐ 20/2021 Đ8).
SECRET = (Sensitivity.HIV, Sensitivity.SEXUAL_ABUSE)


def group_condition(user: User, group: str, on: date, *, shared: bool = False) -> ColumnElement[bool]:
    """In a confirmed circumstance of a group, a sub-group, any group or any risk, as far as the person may know."""
    wanted: ColumnElement[bool]
    if group == SpecialFilter.SPECIAL:
        wanted = CircumstanceKind.level.in_([KindLevel.GROUP, KindLevel.SUBGROUP])
    elif group == SpecialFilter.AT_RISK:
        wanted = CircumstanceKind.level == KindLevel.RISK
    elif "." in group:
        wanted = CircumstanceKind.code == group
    else:
        wanted = CircumstanceKind.group_code == group
    if shared:
        wanted = and_(wanted, CircumstanceKind.sensitivity.not_in(SECRET))
    kinds = select(CircumstanceKind.code).where(wanted, access.readable_kind(user))
    return exists().where(
        Circumstance.child_id == Child.id,
        Circumstance.kind_code.in_(kinds),
        Circumstance.confirmed_on.is_not(None),
        active(Circumstance, on),
    )


def disability_condition(severity: SeverityFilter, on: date) -> ColumnElement[bool]:
    """Has a disability in force, of one severity or any."""
    conditions = [Disability.child_id == Child.id, or_(Disability.ended_on.is_(None), Disability.ended_on > on)]
    if severity is not SeverityFilter.ANY:
        conditions.append(Disability.severity == DisabilitySeverity(severity.value))
    return exists().where(*conditions)


def parent_state(kind: RelativeKind, *states: RelativeState) -> ColumnElement[bool]:
    """The father or mother is in one of these states."""
    return exists().where(Relative.child_id == Child.id, Relative.kind == kind, Relative.state.in_(states))


def orphan_condition(orphanhood: Orphanhood) -> ColumnElement[bool]:
    """Orphan of both, only of the father, only of the mother, or any of these."""
    father = parent_state(RelativeKind.FATHER, RelativeState.DEAD)
    mother = parent_state(RelativeKind.MOTHER, RelativeState.DEAD)
    match orphanhood:
        case Orphanhood.BOTH:
            return and_(father, mother)
        case Orphanhood.FATHER:
            return and_(father, ~mother)
        case Orphanhood.MOTHER:
            return and_(mother, ~father)
    return or_(father, mother)


def household_listed(on: date, household_id: Any, *statuses: Poverty) -> ColumnElement[bool]:
    """A household stands on the poor or near-poor list of the latest year listed up to that day's."""
    later = aliased(HouseholdStatus)
    latest = ~exists().where(
        later.household_id == HouseholdStatus.household_id, later.year <= on.year, later.year > HouseholdStatus.year
    )
    return exists().where(
        HouseholdStatus.household_id == household_id,
        HouseholdStatus.year <= on.year,
        HouseholdStatus.status.in_(statuses),
        latest,
    )


def poverty_condition(status: Poverty, on: date) -> ColumnElement[bool]:
    """The standing of the child's household."""
    if status is Poverty.NONE:
        return ~household_listed(on, Child.household_id, Poverty.POOR, Poverty.NEAR_POOR)
    return household_listed(on, Child.household_id, status)


def missing_condition(user: User, missing: Missing, on: date) -> ColumnElement[bool]:
    """What a record lacks."""
    match missing:
        case Missing.NAME:
            return Child.full_name.is_(None)
        case Missing.BIRTH:
            return or_(Child.born_on.is_(None), Child.born_precision != Precision.DAY)
        case Missing.SEX:
            return Child.sex == Sex.UNKNOWN
        case Missing.PERSONAL_ID:
            return Child.personal_id.is_(None)
        case Missing.WRONG_ID:
            return wrong_id_condition()
        case Missing.PARENTS:
            return ~exists().where(Relative.child_id == Child.id, Relative.full_name.is_not(None))
        case Missing.HOUSEHOLD:
            return Child.household_id.is_(None)
        case Missing.REGISTRATION:
            return Child.birth_registration != BirthRegistration.REGISTERED
    kinds = select(CircumstanceKind.code).where(access.readable_kind(user))
    return exists().where(
        Circumstance.child_id == Child.id,
        Circumstance.confirmed_on.is_(None),
        Circumstance.kind_code.in_(kinds),
        active(Circumstance, on),
    )


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
