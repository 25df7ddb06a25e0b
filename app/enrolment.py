"""Putting children on the register, moving them, taking them off. Adds and flushes; whoever calls commits."""

from datetime import date

from app import access, clock, saving
from models import (
    Child,
    Household,
    LeftReason,
    Movement,
    MovementKind,
    Relative,
    RelativeKind,
    RelativeState,
    User,
    Village,
    clean,
    db,
)

#: The reason a child leaves by, for the movements that end being here.
_LEAVING = {MovementKind.MOVED_OUT: LeftReason.MOVED_OUT, MovementKind.DIED: LeftReason.DIED}


def enrol(user: User, child: Child, *, moved_in: bool = False, happened_on: date | None = None) -> None:
    """Give a new child its commune, code and first movement."""
    child.commune_id = user.commune_id
    child.code = saving.child_code(user.commune_id)
    child.created_by_id = user.id
    db.session.add(child)
    kind = MovementKind.MOVED_IN if moved_in else MovementKind.BORN
    day = happened_on or (clock.today() if moved_in else child.born_on)
    if day is not None and day <= clock.today():
        child.movements.append(
            Movement(
                commune_id=user.commune_id,
                kind=kind,
                happened_on=day,
                to_village_id=child.village_id,
                recorded_by_id=user.id,
            )
        )


def set_parent(child: Child, kind: RelativeKind, full_name: str | None, state: RelativeState | None) -> None:
    """Write a father, mother or caregiver; nothing for an empty name and no state."""
    if not full_name and state in (None, RelativeState.UNKNOWN):
        return
    relative = next((known for known in child.relatives if known.kind is kind), None)
    if relative is None:
        relative = Relative(commune_id=child.commune_id, kind=kind)
        child.relatives.append(relative)
    relative.full_name = full_name
    relative.state = state or RelativeState.UNKNOWN


def settle(user: User, child: Child, head_name: str | None, phone: str | None = None) -> None:
    """Put a child into the household of this head in its village, made if there is none."""
    if not head_name:
        return
    household = _find_household(user, child.village_id, head_name)
    if household is None:
        household = Household(commune_id=user.commune_id, village_id=child.village_id, head_name=head_name, phone=phone)
        household.village = db.session.get_one(Village, child.village_id)
        db.session.add(household)
    elif phone and not household.phone:
        household.phone = phone
    child.household = household


def _find_household(user: User, village_id: int, head_name: str) -> Household | None:
    """The household of this head in a village of one's scope, when there is exactly one."""
    query = access.visible_households(user).where(
        Household.village_id == village_id, Household.head_key == clean.fold(head_name)
    )
    found = db.session.scalars(query.limit(2)).unique().all()
    return found[0] if len(found) == 1 else None


def move(
    user: User,
    child: Child,
    kind: MovementKind,
    happened_on: date,
    *,
    to_village_id: int | None = None,
    place: str | None = None,
    note: str | None = None,
) -> Movement:
    """Record a movement and what follows from it: another village, leaving, coming back."""
    movement = Movement(
        commune_id=child.commune_id,
        child=child,
        kind=kind,
        happened_on=happened_on,
        from_village_id=child.village_id,
        to_village_id=to_village_id,
        place=place,
        note=note,
        recorded_by_id=user.id,
    )
    db.session.add(movement)
    if kind in _LEAVING:
        child.left_on, child.left_reason = happened_on, _LEAVING[kind]
        movement.to_village_id = None
    elif kind is MovementKind.RETURNED:
        child.left_on = child.left_reason = None
    if kind in (MovementKind.MOVED_VILLAGE, MovementKind.RETURNED) and to_village_id:
        child.village = db.session.get_one(Village, to_village_id)
        if child.household is not None and child.household.village_id != to_village_id:
            child.household = None
    return movement


def remove(child: Child, reason: str) -> None:
    """Take a record entered by mistake off the register; it stays in the database with its history."""
    child.removed_at = clock.now()
    child.removed_reason = reason
    child.personal_id = None


def copy_family(sibling: Child, child: Child) -> None:
    """The same household, parents and carers as a sibling's."""
    child.household = sibling.household
    for known in sibling.relatives:
        child.relatives.append(
            Relative(
                commune_id=child.commune_id,
                kind=known.kind,
                full_name=known.full_name,
                relationship_words=known.relationship_words,
                state=known.state,
                birth_year=known.birth_year,
                occupation=known.occupation,
                phone=known.phone,
            )
        )
