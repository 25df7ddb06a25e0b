"""Two records of one child made one, and taken apart again. Adds and flushes; whoever calls commits.

The record registered first is kept. Whatever belongs to the other (every table with a key to children, found from the
schema itself, so that a table added later is not forgotten) moves to it, except what the kept one has already. The
other leaves the register with a pointer; its history is shown with the kept one's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Table, UniqueConstraint, select

from app import access, clock, finding
from app.stored import from_json, to_json
from models import (
    Attachment,
    Base,
    CarePlacement,
    Change,
    Child,
    Circumstance,
    Disability,
    DistinctPair,
    Merge,
    Movement,
    PartialDate,
    Precision,
    Relative,
    User,
    db,
    fields_of,
)

#: Tables that speak of children as pairs or pointers, and stay as they are.
STAY = frozenset({"children", "merges", "distinct_pairs"})
#: Fields chosen one by one; the birth date with its precision.
FIELDS = tuple(name for name, facts in fields_of(Child).items() if not facts.internal)


@dataclass(frozen=True)
class Choice:
    """One field in which two records differ: what each holds, in words, and which is proposed."""

    name: str
    label: Any
    kept: str
    gone: str
    takes_gone: bool


# ── Which records, and in what they differ ─────────────────────────────────


def ordered(one: Child, other: Child) -> tuple[Child, Child]:
    """(the record kept, the one that goes): the first registered is kept."""
    return (one, other) if one.id < other.id else (other, one)


def choices(kept: Child, gone: Child, shown: Any) -> list[Choice]:
    """The fields in which two records differ; the fuller is proposed. `shown(name, child)` puts a value in words."""
    facts = fields_of(Child)
    found = []
    for name in FIELDS:
        mine, theirs = _value(kept, name), _value(gone, name)
        if mine != theirs:
            takes = _is_empty(mine) and not _is_empty(theirs)
            found.append(Choice(name, facts[name].label, shown(name, kept), shown(name, gone), takes))
    return found


def _value(child: Child, name: str) -> Any:
    return child.birth if name == "born_on" else getattr(child, name)


def _is_empty(value: Any) -> bool:
    """Nothing, or a choice that says that it is not known."""
    return value in (None, "") or (isinstance(value, Enum) and value.value in ("unknown", "unchecked"))


# ── Merging ────────────────────────────────────────────────────────────────


def refusal(kept: Child, gone: Child) -> str | None:
    """Why two records cannot be made one yet: a child is with one carer at a time (models/care.py)."""
    running = select(CarePlacement.id).where(
        CarePlacement.child_id.in_((kept.id, gone.id)),
        CarePlacement.handed_over_on.is_not(None),
        CarePlacement.ended_on.is_(None),
    )
    if len(db.session.scalars(running).all()) < 2:
        return None
    return _("Cả hai hồ sơ đang có chăm sóc thay thế: ghi chấm dứt ở hồ sơ ghi nhầm rồi gộp.")


def merge(user: User, kept: Child, gone: Child, taken: Mapping[str, bool]) -> Merge:
    """Make two records one; `taken` says of which fields the other record's value is kept."""
    number = gone.personal_id
    gone.personal_id = None
    db.session.flush()
    changed = []
    for name, takes in taken.items():
        if takes and name in FIELDS:
            value = number if name == "personal_id" else _value(gone, name)
            changed.append([name, *_set(kept, name, value)])
    moved = [list(one) for one in _move(kept, gone)]
    gone.removed_at, gone.removed_reason = clock.now(), _("Gộp vào %(code)s", code=kept.code)
    gone.merged_into_id = kept.id
    done = Merge(
        commune_id=kept.commune_id,
        kept_id=kept.id,
        gone_id=gone.id,
        by_id=user.id,
        at=clock.now(),
        effects={"moved": moved, "changed": changed, "gone_id_number": number},
    )
    db.session.add(done)
    db.session.flush()
    db.session.expire(kept)
    db.session.expire(gone)
    return done


def _set(child: Child, name: str, value: Any) -> tuple[Any, Any]:
    """Set a field; what it held before and holds now, as JSON keeps it."""
    before = _plain(_value(child, name))
    if name == "born_on":
        child.birth = value
    else:
        setattr(child, name, value)
    return before, _plain(_value(child, name))


def _plain(value: Any) -> Any:
    """A field as JSON keeps it; a birth date with its precision."""
    return to_json([value.day, value.precision] if isinstance(value, PartialDate) else value)


def keys_to_children() -> list[tuple[Table, str]]:
    """Every column of the schema that points to a child, but those that speak of pairs and pointers."""
    return [
        (table, column.name)
        for table in Base.metadata.sorted_tables
        if table.name not in STAY
        for column in table.columns
        if any(key.column.table.name == "children" for key in column.foreign_keys)
    ]


def _models() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _move(kept: Child, gone: Child) -> Iterator[tuple[str, str, int]]:
    """Move what belongs to one record to the other: (table, column, key) of each."""
    models = _models()
    for table, column in keys_to_children():
        model = models[table.name]
        mine = list(db.session.scalars(select(model).where(getattr(model, column) == kept.id)).unique())
        for record in db.session.scalars(select(model).where(getattr(model, column) == gone.id)).unique().all():
            if not _is_there(record, mine, table, column):
                setattr(record, column, kept.id)
                mine.append(record)
                yield table.name, column, record.id
    db.session.flush()


def _is_there(record: Any, mine: list[Any], table: Table, column: str) -> bool:
    """Whether the kept record has this already, so that it stays with the other."""
    match record:
        case Relative():
            return any(
                one.kind is record.kind and (one.name_key == record.name_key or not record.name_key) for one in mine
            )
        case Circumstance():
            return any(one.kind_code == record.kind_code and one.ended_on == record.ended_on for one in mine)
        case Disability():
            return any(one.severity is record.severity and set(one.kinds) == set(record.kinds) for one in mine)
        case Attachment():
            return any(one.sha256 == record.sha256 and one.removed_at == record.removed_at for one in mine)
        case Movement():
            return any(one.kind is record.kind and one.happened_on == record.happened_on for one in mine)
    return any(_clashes(record, one, unique, column) for unique in _uniques(table, column) for one in mine)


def _uniques(table: Table, column: str) -> list[UniqueConstraint]:
    return [one for one in table.constraints if isinstance(one, UniqueConstraint) and column in one.columns]


def _clashes(record: Any, other: Any, unique: UniqueConstraint, column: str) -> bool:
    names = [one.name for one in unique.columns if one.name != column]
    return all(getattr(record, name) == getattr(other, name) for name in names)


# ── Taking apart ───────────────────────────────────────────────────────────


def undo(user: User, done: Merge) -> list[str]:
    """Take a merge back; what was edited since stays, and is told in words."""
    kept, gone = done.kept, done.gone
    refused = []
    facts = fields_of(Child)
    for name, before, after in done.effects["changed"]:
        if _plain(_value(kept, name)) != after:
            refused.append(_("%(label)s đã được sửa sau khi gộp: giữ nguyên", label=facts[name].label))
            continue
        _set(kept, name, _stored(name, before))
    db.session.flush()
    models = _models()
    for table, column, key in done.effects["moved"]:
        record = db.session.get(models[table], key)
        if record is None or getattr(record, column) != kept.id:
            refused.append(_("Một mục đã xóa hoặc chuyển sau khi gộp: giữ nguyên"))
            continue
        if _was_edited(table, key, done):
            refused.append(_("Một mục đã được sửa sau khi gộp: để lại ở hồ sơ được giữ"))
            continue
        setattr(record, column, gone.id)
    number = done.effects["gone_id_number"]
    if number and finding.personal_id_is_taken(user, number, but_id=gone.id):
        refused.append(_("%(label)s nay ở hồ sơ khác: không trả lại", label=facts["personal_id"].label))
    elif number:
        gone.personal_id = number
    gone.removed_at, gone.removed_reason, gone.merged_into_id = None, None, None
    done.undone_at = clock.now()
    db.session.flush()
    db.session.expire(kept)
    db.session.expire(gone)
    return refused


def _was_edited(table: str, key: int, done: Merge) -> bool:
    """Whether somebody changed what was moved since it was moved."""
    query = select(Change.id).where(Change.record_table == table, Change.record_id == key, Change.at > done.at)
    return db.session.scalar(query.limit(1)) is not None


def _stored(name: str, value: Any) -> Any:
    """A value from JSON as the field holds it."""
    if name == "born_on" and value is not None:
        return PartialDate(date.fromisoformat(value[0]), Precision(value[1]))
    return from_json(Child, name, value)


# ── Told apart ─────────────────────────────────────────────────────────────


def tell_apart(user: User, one: Child, other: Child) -> None:
    """Remember that two children are not the same; twice is once."""
    first, second = ordered(one, other)
    known = select(DistinctPair.id).where(DistinctPair.first_id == first.id, DistinctPair.second_id == second.id)
    if db.session.scalar(known) is None:
        db.session.add(
            DistinctPair(
                commune_id=first.commune_id, first_id=first.id, second_id=second.id, by_id=user.id, at=clock.now()
            )
        )
        db.session.flush()


def told_apart(user: User) -> frozenset[tuple[int, int]]:
    """The pairs of the commune that a person told apart, each by its lower key first."""
    query = select(DistinctPair.first_id, DistinctPair.second_id).where(DistinctPair.commune_id == user.commune_id)
    return frozenset((first, second) for first, second in db.session.execute(query))


def list_merges(user: User) -> list[Merge]:
    """The commune's merges, latest first."""
    return list(db.session.scalars(access.visible_merges(user).order_by(Merge.id.desc()).limit(100)).unique())


def find_merged_into(user: User, child_id: int) -> int | None:
    """The child in scope that a record no longer on the register was merged into; None for any other record."""
    seen: set[int] = set()
    found: int | None = child_id
    while found is not None and found not in seen:
        seen.add(found)
        into = db.session.scalar(
            select(Child.merged_into_id).where(Child.commune_id == user.commune_id, Child.id == found)
        )
        if into is None:
            break
        found = into
    if found == child_id:
        return None
    return db.session.scalar(access.visible_children(user).where(Child.id == found).with_only_columns(Child.id))
