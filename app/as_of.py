"""What was true on a day that has passed: where a child lived, and facts that carry no date of their own.

Statuses (circumstances, disabilities, allowances, poor households by year, cases, services) bear their dates and need
nothing here. Residence follows the movements. Undated facts (schooling, birth registration, a parent's state …) follow
the change history: on that day they were what the first change recorded after it changed. Corrections of what never
changes in the world (name, sex, birth date, ethnicity) hold for every day. For today all of it is the record itself, and
costs nothing. See docs/decisions/0055-what-was-true-on-a-day.md.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select

from app import clock
from app.periods import Period
from models import Change, ChangeAction, Child, Movement, MovementKind, db

#: Movements after which a child lives here, and after which it does not.
ARRIVALS = (MovementKind.BORN, MovementKind.MOVED_IN, MovementKind.RETURNED)
DEPARTURES = (MovementKind.MOVED_OUT, MovementKind.DIED)


def is_past(on: date) -> bool:
    """Whether a day's truth may differ from the record's."""
    return on < clock.today()


def here(commune_id: Any, on: date) -> ColumnElement[bool]:
    """Lived in the commune on that day, whatever the age."""
    stayed = or_(Child.left_on.is_(None), Child.left_on > on)
    if not is_past(on):
        return stayed
    before = _nearest(commune_id, Movement.happened_on <= on, last=True)
    after = _nearest(commune_id, Movement.happened_on > on, last=False)
    gone = select(before.c.child_id).where(before.c.kind.in_(DEPARTURES))
    # Birth dates say themselves who was not born yet; a birth entered late changes nothing.
    to_come = select(after.c.child_id).where(after.c.kind.in_([MovementKind.MOVED_IN, MovementKind.RETURNED]))
    known_before = select(before.c.child_id)
    not_yet = and_(Child.id.in_(to_come), Child.id.not_in(known_before))
    return and_(stayed, Child.id.not_in(gone), ~not_yet)


def _nearest(commune_id: Any, side: ColumnElement[bool], *, last: bool) -> Subquery:
    """The last arrival or departure of each child up to a day, or the first after it."""
    order = (Movement.happened_on.desc(), Movement.id.desc()) if last else (Movement.happened_on, Movement.id)
    numbered = (
        select(
            Movement.child_id,
            Movement.kind,
            func.row_number().over(partition_by=Movement.child_id, order_by=order).label("place"),
        )
        .where(Movement.commune_id == commune_id, Movement.kind.in_([*ARRIVALS, *DEPARTURES]), side)
        .subquery()
    )
    return select(numbered.c.child_id, numbered.c.kind).where(numbered.c.place == 1).subquery()


def village_id(on: date) -> ColumnElement[int]:
    """The village a child lived in on that day: the one it left with its first move after it, else its village now."""
    if not is_past(on):
        return Child.village_id.expression
    left = (
        select(Movement.from_village_id)
        .where(
            Movement.child_id == Child.id,
            Movement.happened_on > on,
            Movement.from_village_id.is_not(None),
            Movement.kind.not_in([MovementKind.BORN, MovementKind.MOVED_IN]),
        )
        .order_by(Movement.happened_on, Movement.id)
        .limit(1)
        .correlate(Child)
        .scalar_subquery()
    )
    return func.coalesce(left, Child.village_id)


def fact(
    attribute: Any, commune_id: Any, on: date, test: Callable[[Any], ColumnElement[bool]], *, completed: bool = True
) -> ColumnElement[bool]:
    """A test of an undated fact, as the fact stood on that day.

    A fact that was merely not known and was filled in since (`completed`) is taken to have been so on the day already;
    only where the gap itself is counted (a missing ID) it stays a gap.
    """
    if not is_past(on):
        return test(attribute)
    model, name = attribute.class_, attribute.key
    first = _first_changes(model.__tablename__, name, commune_id, on, completed=completed)
    old = first.c.fields[name][0]
    is_number = attribute.type.python_type is int
    as_it_stood = select(first.c.record_id).where(
        first.c.place == 1, test(old.as_integer() if is_number else old.as_string())
    )
    changed = select(first.c.record_id).where(first.c.place == 1)
    return or_(model.id.in_(as_it_stood), and_(model.id.not_in(changed), test(attribute)))


def values_on(model: Any, names: Mapping[str, bool], commune_id: Any, on: date) -> dict[int, dict[str, Any]]:
    """{record id: {field: its value on that day}} of the records whose undated facts changed since: for lists, as `fact` is for counts.

    `names` says of each field whether one merely filled in since counts as it is now (`completed`).
    """
    found: dict[int, dict[str, Any]] = {}
    if not is_past(on):
        return found
    query = select(Change.record_id, Change.fields).where(
        Change.commune_id == commune_id,
        Change.at >= Period("", on, on).ended_at,
        Change.record_table == model.__tablename__,
        Change.action == ChangeAction.CHANGED,
    )
    for key, fields in db.session.execute(query.order_by(Change.id)):
        for name in names.keys() & fields.keys():
            old = fields[name][0]
            if name not in found.get(key, {}) and not (names[name] and old in (None, "unknown")):
                found.setdefault(key, {})[name] = _stored(getattr(model, name), old)
    return found


def _stored(attribute: Any, told: Any) -> Any:
    """A value of the history as the record bears it."""
    choices = getattr(attribute.type, "enum_class", None)
    return choices(told) if choices is not None and told is not None else told


def _first_changes(table: str, name: str, commune_id: Any, on: date, *, completed: bool) -> Subquery:
    """The changes of one field after a day, each record's numbered from the first."""
    conditions = [
        Change.commune_id == commune_id,
        Change.at >= Period("", on, on).ended_at,
        Change.record_table == table,
        Change.action == ChangeAction.CHANGED,
        Change.fields[name].as_string().is_not(None),
    ]
    if completed:
        old = Change.fields[name][0].as_string()
        conditions.append(and_(old.is_not(None), old != "unknown"))
    place = func.row_number().over(partition_by=Change.record_id, order_by=Change.id).label("place")
    return select(Change.record_id, Change.fields, place).where(*conditions).subquery()
