"""The register's questions: which children, by which filters. Lists, counts, charts and workbooks all ask here."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, union_all

from app import access, as_of, clock, conditions
from app.child_filters import ChildFilters, Presence
from app.search import matches
from models import Child, Circumstance, CircumstanceKind, User, db


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
    return count(children(user, filters, words, on))


def count(query: Select[Child]) -> int:
    """How many children a question finds that was put already."""
    return db.session.scalar(query.with_only_columns(func.count(Child.id))) or 0


def count_by_village(user: User, filters: ChildFilters, on: date | None = None) -> dict[int, int]:
    """{village id: children}, for the same question."""
    village_id = as_of.village_id(on or filters.on or clock.today()).label("village_of_the_day")
    query = children(user, filters, on=on).with_only_columns(village_id, func.count(Child.id))
    return {village: count for village, count in db.session.execute(query.group_by(village_id))}


def in_name_order(query: Select[Child]) -> Select[Child]:
    """By given name, then surname and middle names, by Vietnamese rules; the key settles ties."""
    return query.order_by(Child.sort_key, Child.id)


def count_many(user: User, questions: Sequence[ChildFilters], on: date) -> list[dict[int, int]]:
    """{village id: children} for each of many questions about the same records (`presence`).

    One reading of the children, and one of their circumstances for the questions that ask for a group and nothing else.
    """
    found: dict[int, dict[int, int]] = {}
    for count, asks_group in ((_count_children, False), (_count_in_groups, True)):
        numbers = [number for number, asked in enumerate(questions) if _asks_group(asked) is asks_group]
        if numbers:
            answers = count(user, [questions[number] for number in numbers], on)
            found.update(zip(numbers, answers, strict=True))
    return [found[number] for number in range(len(questions))]


def _asks_group(asked: ChildFilters) -> bool:
    return asked.group is not None and asked.but(group=None, shared=None) == ChildFilters(presence=asked.presence)


def _count_in_groups(user: User, questions: Sequence[ChildFilters], on: date) -> list[dict[int, int]]:
    """Who is in each group, from the circumstances: they are few, and children would be asked for each group."""
    counts = []
    for asked in questions:
        wanted = conditions.kinds_of(asked.group or "", shared=asked.shared == "1")
        counts.append(func.count(case((wanted, Child.id)).distinct()))
    village_id = as_of.village_id(on).label("village_of_the_day")
    query = (
        access.visible_children(user)
        .join(Circumstance, Circumstance.child_id == Child.id)
        .join(CircumstanceKind, CircumstanceKind.code == Circumstance.kind_code)
        .where(
            conditions.presence_condition(user, questions[0].presence, on),
            Circumstance.commune_id == user.commune_id,
            Circumstance.confirmed_on.is_not(None),
            conditions.active(Circumstance, on),
            access.readable_kind(user),
        )
        .with_only_columns(village_id, *counts)
        .group_by(village_id)
    )
    return _by_village(query, len(questions))


def _count_children(user: User, questions: Sequence[ChildFilters], on: date) -> list[dict[int, int]]:
    presence = questions[0].presence
    counts = []
    for asked in questions:
        narrowing = narrowing_of(user, asked, on)
        counts.append(func.sum(case((and_(*narrowing), 1), else_=0)) if narrowing else func.count())
    # A sum, so that SQLite reads the children as they lie, and not village by village through an index.
    village_id = (as_of.village_id(on) + 0).label("village_of_the_day")
    query = access.visible_children(user).with_only_columns(village_id, *counts).group_by(village_id)
    return _by_village(query.where(conditions.presence_condition(user, presence, on)), len(questions))


def _by_village(query: Any, many: int) -> list[dict[int, int]]:
    rows = db.session.execute(query).all()
    return [{row[0]: int(row[number]) for row in rows} for number in range(1, many + 1)]


def count_over(user: User, questions: Sequence[ChildFilters], days: Sequence[date]) -> list[tuple[int, ...]]:
    """How many children each question finds on each day, in one statement."""
    asked = []
    for number, day in enumerate(days):
        sums = [func.sum(case((and_(*narrowing_of(user, one, day)), 1), else_=0)) for one in questions]
        query = access.visible_children(user).with_only_columns(literal(number).label("day"), *sums)
        asked.append(query.where(conditions.presence_condition(user, Presence.HERE, day)))
    found = {row[0]: row[1:] for row in db.session.execute(union_all(*asked))}
    return [tuple(int(count or 0) for count in found[number]) for number in range(len(days))]


def memberships(user: User, questions: Sequence[ChildFilters], on: date) -> Iterator[tuple[int, str, int, list[int]]]:
    """(child id, code, village id, numbers of the questions that find it) of each child here: what `count_many` adds up."""
    flags: list[ColumnElement[int]] = []
    for asked in questions:
        narrowing = narrowing_of(user, asked, on)
        flags.append(case((and_(*narrowing), 1), else_=0) if narrowing else literal(1))
    query = access.visible_children(user).with_only_columns(Child.id, Child.code, as_of.village_id(on), *flags)
    query = query.where(conditions.presence_condition(user, ChildFilters().presence, on)).order_by(Child.id)
    for key, code, village_id, *answers in db.session.execute(query.execution_options(yield_per=1000)):
        yield key, code, village_id, [number for number, answer in enumerate(answers) if answer]


def conditions_of(user: User, filters: ChildFilters, on: date) -> list[ColumnElement[bool]]:
    """What these filters ask of a child on a day."""
    return [conditions.presence_condition(user, filters.presence, on), *narrowing_of(user, filters, on)]


def narrowing_of(user: User, filters: ChildFilters, on: date) -> list[ColumnElement[bool]]:
    """The same but for whether the child is here at all."""
    found: list[ColumnElement[bool]] = []
    shared = filters.shared == "1"
    makers = {
        "village": lambda value: as_of.village_id(on) == value,
        "age": lambda value: conditions.age_condition(value, on),
        "sex": lambda value: Child.sex == value,
        "ethnicity": conditions.ethnicity_condition,
        "group": lambda value: conditions.group_condition(user, value, on, shared=shared),
        "disability": lambda value: conditions.disability_condition(user, value, on),
        "orphan": lambda value: conditions.orphan_condition(user, value, on),
        "care": lambda value: conditions.care_condition(user, value, on),
        "poverty": lambda value: conditions.poverty_condition(user, value, on),
        "school": lambda value: conditions.equals(user, Child.schooling, on, value),
        "learning": lambda value: conditions.yes(value, conditions.learning_condition(user, on)),
        "insured": lambda value: conditions.yes(value, conditions.insured_condition(user, on)),
        "registration": lambda value: conditions.equals(user, Child.birth_registration, on, value),
        "check": lambda value: conditions.equals(user, Child.population_check, on, value),
        "missing": lambda value: conditions.missing_condition(user, value, on),
        "allowance": lambda value: conditions.yes(value, conditions.allowance_condition(user, on, shared=shared)),
        "helped": lambda value: conditions.yes(value, conditions.helped_condition(user, on, shared=shared)),
        "review": lambda value: conditions.yes(value, conditions.review_condition()),
        "only": lambda value: Child.id.in_(value.keys),
    }
    for name, make in makers.items():
        value = getattr(filters, name)
        if value is not None:
            found.append(make(value))
    return found
