"""The same done to many children at once, and taken back where nobody has changed it since. Adds and flushes only.

Every kind goes the same way: `…_candidates` say who of the chosen is left out and why, `write` does it to the others and
keeps, record by record, the values before and the version it left; `undo` compares that version.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app import access, audit, clock, conditions, enrolment, read_apart, register, review, whole_numbers
from app.child_filters import MOST_CHOSEN, ChildFilters, Missing
from app.stored import from_json, to_json
from models import (
    Base,
    BulkAct,
    BulkKind,
    BulkLine,
    Child,
    Circumstance,
    Household,
    LeftOut,
    Movement,
    MovementKind,
    PopulationCheck,
    Precision,
    ReviewItem,
    ReviewState,
    User,
    Village,
    db,
)


@dataclass(frozen=True)
class Candidate:
    """Somebody chosen: what of her is decided or changed, and why she is left out."""

    record: Any
    child: Child
    left_out: LeftOut | None = None
    #: What goes along, looked up for all at once.
    more: Sequence[Any] = ()


@dataclass(frozen=True)
class Choosing:
    """Who was chosen, in the order of the list."""

    candidates: Sequence[Candidate]

    @property
    def chosen(self) -> list[Candidate]:
        """Those it is done to."""
        return [one for one in self.candidates if one.left_out is None]

    @property
    def left_out(self) -> dict[LeftOut, list[Child]]:
        """The others, by the reason."""
        found = {why: [one.child for one in self.candidates if one.left_out is why] for why in LeftOut}
        return {why: those for why, those in found.items() if those}


@dataclass
class Effects:
    """What is about to be changed and made for one child."""

    before: list[tuple[Any, dict[str, Any] | None]] = field(default_factory=list)

    def changes(self, record: Any, *names: str) -> None:
        """These columns of a record are about to change."""
        self.before.append((record, {name: to_json(getattr(record, name)) for name in names}))

    def makes(self, record: Any) -> None:
        """A record is made."""
        self.before.append((record, None))

    def kept(self) -> list[Any]:
        """As undoing needs it; after the flush, which gives keys and versions."""
        return [[record.__tablename__, record.id, record.version, before] for record, before in self.before]


def read_codes(values: Iterable[str]) -> dict[int, int]:
    """{key: version} of what a page showed and somebody ticked; what is no such code is left out."""
    found = {}
    for value in values:
        key, _dot, version = value.partition(".")
        numbers = whole_numbers.read(key), whole_numbers.read(version)
        if numbers[0] is not None and numbers[1] is not None:
            found[numbers[0]] = numbers[1]
    return dict(list(found.items())[:MOST_CHOSEN])


def codes_of(known: Mapping[int, int]) -> list[str]:
    """The same, for the next page."""
    return [f"{key}.{version}" for key, version in known.items()]


# ── Who is left out ────────────────────────────────────────────────────────


def review_candidates(user: User, codes: Mapping[int, int], state: ReviewState) -> Choosing:
    """Proposals of collaborators. Accepting leaves to be looked at singly what might go wrong unseen."""
    query = access.visible_review_items(user).where(ReviewItem.id.in_(codes)).order_by(ReviewItem.id)
    loading = joinedload(ReviewItem.child), joinedload(ReviewItem.submitted_by)
    items = db.session.scalars(query.options(*loading)).unique().all()
    accepting = state is ReviewState.ACCEPTED
    recorded = review.recorded(items) if accepting else {}
    doubtful = _doubtful(user, items, recorded) if accepting else {}
    found = []
    for item in items:
        is_stale = item.version != codes[item.id] or item.state is not ReviewState.WAITING
        why = LeftOut.STALE if is_stale else doubtful.get(item.id)
        found.append(Candidate(item, item.child, why, recorded.get(item.id, ())))
    return Choosing(found)


def _doubtful(
    user: User, items: Sequence[ReviewItem], recorded: Mapping[int, Sequence[Circumstance]]
) -> dict[int, LeftOut]:
    children = [item.child_id for item in items]
    rivals = review.waiting(user).where(ReviewItem.child_id.in_(children)).with_only_columns(ReviewItem.child_id)
    several = rivals.group_by(ReviewItem.child_id).having(func.count(ReviewItem.submitted_by_id.distinct()) > 1)
    conflicting = set(db.session.scalars(several))
    alike = access.visible_children(user).where(
        Child.id.in_([item.child_id for item in items if item.is_new]),
        conditions.missing_condition(user, Missing.DUPLICATE, clock.today()),
    )
    twins = set(db.session.scalars(alike.with_only_columns(Child.id)))
    known = read_apart.open_circumstances(user).where(Circumstance.child_id.in_(children))
    shown = set(db.session.scalars(known.with_only_columns(Circumstance.id)))
    found = {}
    for item in items:
        is_apart = any(one.id not in shown for one in recorded[item.id])
        if item.child_id in conflicting:
            found[item.id] = LeftOut.CONFLICT
        elif is_apart or (item.is_new and item.child_id in twins):
            found[item.id] = LeftOut.SINGLY
    return found


def whole_list(user: User, filters: ChildFilters, words: str) -> Sequence[int]:
    """The keys of the children a list shows on all its pages; one more than may be chosen when they are too many."""
    query = register.in_name_order(register.children(user, filters, words)).with_only_columns(Child.id)
    return db.session.scalars(query.limit(MOST_CHOSEN + 1)).all()


def children(user: User, filters: ChildFilters, codes: Mapping[int, int] | None) -> list[Child]:
    """The children of an address in name order; only those of `codes` once these are known."""
    query = register.in_name_order(register.children(user, filters)).options(selectinload(Child.household))
    if codes is not None:
        query = query.where(Child.id.in_(codes))
    return list(db.session.scalars(query.limit(MOST_CHOSEN)).unique())


def move_candidates(
    user: User, chosen: Sequence[Child], codes: Mapping[int, int], village_id: int, day: date
) -> Choosing:
    """Children to move to another village on a day."""
    keys = [child.id for child in chosen]
    moved = access.visible_movements(user).where(Movement.child_id.in_(keys), Movement.happened_on > day)
    later = set(db.session.scalars(moved.with_only_columns(Movement.child_id)))

    def why(child: Child) -> LeftOut | None:
        if child.left_on is not None:
            return LeftOut.AWAY
        if child.born_on is not None and child.born_precision is Precision.DAY and child.born_on > day:
            return LeftOut.UNBORN
        if child.village_id == village_id:
            return LeftOut.THERE
        return LeftOut.LATER if child.id in later else None

    return _of_children(chosen, codes, why)


def check_candidates(chosen: Sequence[Child], codes: Mapping[int, int], check: PopulationCheck) -> Choosing:
    """Children to mark as compared with the population database."""
    return _of_children(chosen, codes, lambda child: LeftOut.SAME if child.population_check is check else None)


def confirm_candidates(user: User, chosen: Sequence[Child], codes: Mapping[int, int]) -> Choosing:
    """Children whose circumstances are to be confirmed, but for those read apart."""
    waiting: dict[int, list[Circumstance]] = {child.id: [] for child in chosen}
    query = read_apart.open_circumstances(user).where(
        Circumstance.child_id.in_(waiting), Circumstance.confirmed_on.is_(None), Circumstance.ended_on.is_(None)
    )
    for circumstance in db.session.scalars(query).unique():
        waiting[circumstance.child_id].append(circumstance)
    return _of_children(chosen, codes, lambda child: None if waiting[child.id] else LeftOut.NOTHING, waiting)


def _of_children(
    chosen: Sequence[Child],
    codes: Mapping[int, int],
    why: Callable[[Child], LeftOut | None],
    more: Mapping[int, Sequence[Any]] | None = None,
) -> Choosing:
    found = []
    for child in chosen:
        is_stale = child.version != codes.get(child.id, child.version)
        reason = LeftOut.STALE if is_stale else why(child)
        found.append(Candidate(child, child, reason, (more or {}).get(child.id, ())))
    return Choosing(found)


# ── Doing it ───────────────────────────────────────────────────────────────


def write(user: User, kind: BulkKind, choosing: Choosing, do: Callable[[Candidate, Effects], None]) -> BulkAct:
    """Do it to each of the chosen, and note for each what undoing needs; for the others why they are left out."""
    act = BulkAct(commune_id=user.commune_id, made_by_id=user.id, kind=kind, count=len(choosing.chosen))
    db.session.add(act)
    db.session.flush()
    written = []
    for one in choosing.candidates:
        line = BulkLine(commune_id=user.commune_id, act_id=act.id, child_id=one.child.id, left_out=one.left_out)
        db.session.add(line)
        effects = Effects()
        if one.left_out is None:
            do(one, effects)
        written.append((line, effects))
    db.session.flush()
    for line, effects in written:
        line.effects = effects.kept()
    db.session.flush()
    audit.record("bulk_done", user, act, kind=kind, count=act.count, left_out=len(choosing.candidates) - act.count)
    return act


def decide(user: User, choosing: Choosing, state: ReviewState, answer: str | None) -> BulkAct:
    """The officer's word on many proposals."""

    def do(one: Candidate, effects: Effects) -> None:
        effects.changes(one.record, "state", "decided_by_id", "decided_at", "answer", "seen_at")
        review.note(user, one.record, state, answer)
        for circumstance in one.more:
            _confirm(user, circumstance, effects)

    kind = BulkKind.ACCEPTED if state is ReviewState.ACCEPTED else BulkKind.SENT_BACK
    return write(user, kind, choosing, do)


def move(user: User, choosing: Choosing, village_id: int, day: date) -> BulkAct:
    """Each to another village."""

    def do(one: Candidate, effects: Effects) -> None:
        effects.changes(one.child, "village_id", "household_id")
        kind = MovementKind.MOVED_VILLAGE
        effects.makes(enrolment.move(user, one.child, kind, day, to_village_id=village_id))

    return write(user, BulkKind.MOVED, choosing, do)


def check(user: User, choosing: Choosing, result: PopulationCheck) -> BulkAct:
    """The same result of comparing for each."""

    def do(one: Candidate, effects: Effects) -> None:
        effects.changes(one.child, "population_check")
        one.child.population_check = result

    return write(user, BulkKind.CHECKED, choosing, do)


def confirm(user: User, choosing: Choosing) -> BulkAct:
    """What waits to be confirmed of each."""

    def do(one: Candidate, effects: Effects) -> None:
        for circumstance in one.more:
            _confirm(user, circumstance, effects)

    return write(user, BulkKind.CONFIRMED, choosing, do)


def _confirm(user: User, circumstance: Circumstance, effects: Effects) -> None:
    effects.changes(circumstance, "confirmed_by_id", "confirmed_on")
    review.confirm(user, circumstance)


# ── Taking it back ─────────────────────────────────────────────────────────

_MODELS: dict[str, Any] = {model.__tablename__: model for model in (Child, Circumstance, Movement, ReviewItem)}
#: Keys whose relation the search keys are made from (app/search.py).
_RELATED: dict[str, tuple[str, Any]] = {"village_id": ("village", Village), "household_id": ("household", Household)}


def lines(user: User, act: BulkAct) -> list[BulkLine]:
    """The children of an act that are in scope."""
    query = access.visible_bulk_lines(user).where(BulkLine.act_id == act.id).order_by(BulkLine.id)
    return list(db.session.scalars(query.options(joinedload(BulkLine.child))).unique())


def told(found: Sequence[BulkLine]) -> dict[str, Any]:
    """The children of an act: done, kept when it was undone, and left out by the reason."""
    left_out = {why: [line.child for line in found if line.left_out is why] for why in LeftOut}
    return {
        "done": [line.child for line in found if line.left_out is None and not line.is_kept],
        "kept": [line.child for line in found if line.is_kept],
        "others": {why: those for why, those in left_out.items() if those},
    }


def undo(user: User, act: BulkAct) -> tuple[int, int]:
    """Take back what an act did. (children as they were, children left because they were changed since)."""
    done = [line for line in lines(user, act) if line.left_out is None]
    found = _records(done)
    back = 0
    for line in done:
        records = [(found.get((table, key)), version, before) for table, key, version, before in line.effects]
        line.is_kept = not all(_is_as_left(record, version) for record, version, _before in records)
        if not line.is_kept:
            back += 1
            for record, _version, before in records:
                _put_back(record, before)
    act.undone_at, act.undone_by_id = clock.now(), user.id
    db.session.flush()
    audit.record("bulk_undone", user, act, kind=act.kind, count=back, kept=act.count - back)
    return back, act.count - back


def _records(done: Sequence[BulkLine]) -> dict[tuple[str, int], Base]:
    """{(table, key): record} of all that an act changed or made; one question for each table."""
    keys: dict[str, set[int]] = {}
    for line in done:
        for table, key, _version, _before in line.effects:
            keys.setdefault(table, set()).add(key)
    return {
        (table, record.id): record
        for table, wanted in keys.items()
        for record in db.session.scalars(select(_MODELS[table]).where(_MODELS[table].id.in_(wanted))).unique()
    }


def _is_as_left(record: Any, version: int) -> bool:
    if record is None or record.version != version:
        return False
    # Sent anew meanwhile: that proposal waits in its place.
    return not isinstance(record, ReviewItem) or review.find_waiting(record.child_id, record.submitted_by_id) is None


def _put_back(record: Any, before: dict[str, Any] | None) -> None:
    if before is None:
        db.session.delete(record)
        return
    for name, value in before.items():
        if name in _RELATED:
            relation, model = _RELATED[name]
            setattr(record, relation, db.session.get(model, value) if value is not None else None)
        else:
            setattr(record, name, from_json(type(record), name, value))
