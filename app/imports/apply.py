"""A plan → the register, all or nothing, each row remembered so that it can be undone. Adds and flushes; whoever calls commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import selectinload

from app import access, audit, clock, review, saving
from app.imports import bulk, sources
from app.imports.differences import (
    PARENTS,
    PLAIN,
    current_disability,
    note_of,
    read_birth,
    relative_of,
    split_caregiver,
    status_in,
)
from app.imports.keys import fold
from app.imports.plan import Plan, PlannedRow, load_children
from app.stored import to_json
from models import (
    BatchState,
    Change,
    CheckResult,
    CheckSource,
    Child,
    Circumstance,
    Counter,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    Household,
    HouseholdStatus,
    ImportBatch,
    ImportRow,
    Movement,
    MovementKind,
    PopulationCheck,
    Poverty,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    SourceCheck,
    User,
    Village,
    clean,
    db,
)

#: Heads of households asked for at once; databases limit the length of a list.
_AT_ONCE = 500


def apply_plan(user: User, batch: ImportBatch, plan: Plan) -> dict[str, int]:
    """Write every row that adds or changes; the batch and its rows say what was done. Returns the totals."""
    codes = new_codes(user, count_new(plan))
    with written_for(user, batch.id), db.session.no_autoflush:
        writer = Writer(user, plan, codes, db.session().flush)
        writer.make_all()
        db.session.flush()
        _note_rows(batch, writer.effects())
        db.session.flush()
    _finish(user, batch, plan)
    return plan.totals


@dataclass
class Prepared:
    """A plan made ready to be written: plain rows, and what each row of the list does."""

    plan: Plan
    statements: bulk.Statements
    effects: list[dict[str, Any]]

    def write(self, user: User, batch: ImportBatch) -> None:
        """Write it in the current transaction. Raises bulk.Overtaken, and then the transaction must be rolled back."""
        self.statements.write(db.session())
        _note_rows(batch, self.effects)
        _finish(user, batch, self.plan)


def prepare_plan(user: User, batch_id: int, plan: Plan, codes: list[str]) -> Prepared:
    """What `apply_plan` would write, without writing; the session is empty afterwards."""
    session = db.session()
    with written_for(user, batch_id), session.no_autoflush:
        writer = Writer(user, plan, codes, lambda: bulk.take_keys(session, list(session.new)))
        writer.make_all()
        statements = bulk.collect(session)
        effects = writer.effects()
    session.expunge_all()
    session.rollback()
    return Prepared(plan, statements, effects)


@contextmanager
def written_for(user: User, batch_id: int) -> Iterator[None]:
    """What is changed meanwhile was changed by this person in this batch."""
    info = db.session().info
    kept = {name: info.get(name) for name in ("batch_id", "user_id", "commune_id")}
    info.update(batch_id=batch_id, user_id=user.id, commune_id=user.commune_id)
    try:
        yield
    finally:
        for name, value in kept.items():
            info.pop(name, None) if value is None else info.__setitem__(name, value)


def count_new(plan: Plan) -> int:
    """How many children a plan adds."""
    return sum(1 for row in plan.rows if row.action == "add")


def new_codes(user: User, count: int) -> list[str]:
    """As many new child codes as there are new children, taken at once."""
    if not count:
        return []
    first = saving.next_number(user.commune_id, "child")
    counter = db.session.scalars(
        select(Counter).where(Counter.commune_id == user.commune_id, Counter.name == "child").with_for_update()
    ).one()
    db.session.refresh(counter)
    counter.last = first + count - 1
    return [f"TE-{number:06d}" for number in range(first + count - 1, first - 1, -1)]


def _note_rows(batch: ImportBatch, effects: list[dict[str, Any]]) -> None:
    """What each row of the list did, kept for its page and for undoing it."""
    if effects:
        db.session.execute(insert(ImportRow), [{"batch_id": batch.id, **row} for row in effects])
    db.session.expire(batch, ["rows"])


def _finish(user: User, batch: ImportBatch, plan: Plan) -> None:
    batch.state = BatchState.APPLIED
    batch.applied_at = clock.now()
    batch.content = None
    last = db.session.scalar(select(func.max(Change.id)).where(Change.batch_id == batch.id)) or 0
    batch.totals = {**plan.totals, "last_change_id": last}
    written = db.session.scalars(select(ImportRow.child_id).where(ImportRow.batch_id == batch.id))
    audit.record("import_applied", user, batch, totals=plan.totals, children=written)
    db.session.flush()


class Writer:
    """Writes the rows of one plan."""

    def __init__(self, user: User, plan: Plan, codes: list[str], give_keys: Callable[[], Any]) -> None:
        """`give_keys` gives new households their keys, which changed children refer to."""
        self.user = user
        self.rows = plan.rows
        self.source = plan.source
        self.may_confirm = access.may(user, "circumstance.confirm")
        self.villages = {village.id: village for village in db.session.scalars(access.visible_villages(user)).unique()}
        self.households = self._known_households()
        self.children = load_children(user, sorted({row.child_id for row in self.rows if row.child_id}))
        self.codes = codes
        self.pending: list[tuple[PlannedRow, Child | None, list[Any], list[Any]]] = []
        #: Households made for this list, and those no row has answered for yet.
        self.made: dict[tuple[int, str], Household] = {}
        self._make_households()
        give_keys()
        self.unclaimed = set(self.made)

    def _known_households(self) -> dict[tuple[int, str], Household | None]:
        """Households of the heads that rows name, by village and head; None where two bear the same name."""
        named = {head for row in self.rows if (head := head_of(row.values, has_household=False))}
        keys = sorted({clean.fold(head) for head in named})
        found: dict[tuple[int, str], Household | None] = {}
        query = access.visible_households(self.user).options(selectinload(Household.statuses))
        for start in range(0, len(keys), _AT_ONCE):
            of_these = query.where(Household.head_key.in_(keys[start : start + _AT_ONCE]))
            for household in db.session.scalars(of_these).unique():
                key = (household.village_id, household.head_key)
                found[key] = None if key in found else household
        return found

    def _make_households(self) -> None:
        """The households that rows name and the register lacks, made together; the first row of each answers for it."""
        for row in self.rows:
            if row.action not in {"add", "change"} or not row.village_id:
                continue
            known = self.children.get(row.child_id or 0)
            head = head_of(row.values, has_household=known is not None and known.household is not None)
            key = (row.village_id, clean.fold(head))
            if not head or self.households.get(key) is not None or key in self.made:
                continue
            household = Household(commune_id=self.user.commune_id, village_id=row.village_id, head_name=head)
            household.village = self.villages[row.village_id]
            household.children, household.statuses = [], []
            db.session.add(household)
            self.made[key] = household

    def make_all(self) -> None:
        """The records of every row, in the order of the list."""
        for row in self.rows:
            if row.action == "add":
                self._add(row)
            elif row.action == "change":
                self._change(row)
            else:
                self.pending.append((row, None, [], []))

    def effects(self) -> list[dict[str, Any]]:
        """What each row did, once its records have their keys."""
        return [
            {
                "sheet": row.sheet,
                "row": row.row,
                "action": row.action,
                "child_id": child.id if child is not None else row.child_id,
                "effects": {
                    "plan": _kept(row),
                    "created": [[record.__tablename__, record.id] for record in created],
                    "changed": [
                        [record.__tablename__, record.id, name, before, after]
                        for record, name, before, after in changed
                    ],
                },
            }
            for row, child, created, changed in self.pending
        ]

    # ── One row ──

    def _add(self, row: PlannedRow) -> None:
        values = row.values
        child = Child(commune_id=self.user.commune_id, code=self.codes.pop(), created_by_id=self.user.id)
        child.village = self.villages[row.village_id or 0]
        child.village_id = child.village.id
        for name, column in PLAIN.items():
            if values.get(name) not in (None, ""):
                setattr(child, column, _typed(Child, column, values[name]))
        child.birth = read_birth(values)
        child.ethnicity_code = values.get("ethnicity_code")
        child.note = note_of(values)
        # Before the session knows the child: it would go through all that hangs on it for each addition.
        self._birth(child)
        db.session.add(child)
        record = Record(self, child)
        record.relatives(values)
        record.household(values)
        record.circumstances(values)
        record.disability(values)
        review.submit(self.user, child, is_new=True)
        self.pending.append((row, child, [child, *record.created], record.changed))

    def _birth(self, child: Child) -> None:
        """A new child's first movement, where the day is known."""
        if child.born_on is not None and child.born_precision is Precision.DAY and child.born_on <= clock.today():
            child.movements.append(
                Movement(
                    commune_id=child.commune_id,
                    kind=MovementKind.BORN,
                    happened_on=child.born_on,
                    to_village_id=child.village_id,
                    recorded_by_id=self.user.id,
                )
            )

    def _change(self, row: PlannedRow) -> None:
        child = self.children[row.child_id or 0]
        review.submit(self.user, child)
        record = Record(self, child)
        names = {change.field for change in row.changes}
        values = row.values
        for name, column in PLAIN.items():
            if name in names:
                record.set(child, column, _typed(Child, column, values.get(name)))
        if "born_on" in names:
            birth = read_birth(values)
            record.set(child, "born_on", birth.day)
            record.set(child, "born_precision", birth.precision)
        if "ethnicity" in names:
            record.set(child, "ethnicity_code", values.get("ethnicity_code"))
        if "note" in names:
            record.set(child, "note", next(change.after for change in row.changes if change.field == "note"))
        if "village" in names:
            record.move(row.village_id or 0)
        for write, fields in (
            (record.relatives, {"father_name", "mother_name", "father_state", "mother_state", "caregiver_name"}),
            (record.household, {"household_head", "phone", "household_status"}),
            (record.circumstances, {"circumstances", "risks"}),
            (record.disability, {"disability_types", "disability_severity", "certificate_number"}),
        ):
            if names & fields:
                write(values)
        if sources.MARK in names:
            record.mark(row)
        self.pending.append((row, child, record.created, record.changed))


def _kept(row: PlannedRow) -> dict[str, Any]:
    """What stays of a row's plan: why it was not written, or what it changed; the rest is on the register."""
    told = row.as_json()
    if row.action in {"problem", "skip"}:
        return {name: told[name] for name in ("values", "warnings", "errors")}
    return {"changes": told["changes"]}


def head_of(values: dict[str, Any], *, has_household: bool) -> str | None:
    """The head a row names; a parent or carer where the list tells a household's standing or phone without one."""
    head: str | None = values.get("household_head")
    if head is None and not has_household and (values.get("household_status") or values.get("phone")):
        head = values.get("father_name") or values.get("mother_name") or values.get("caregiver_name")
    return head


def _typed(model: Any, column: str, value: Any) -> Any:
    """A code as the column's own kind of choice."""
    choices = getattr(model.__table__.columns[column].type, "enum_class", None)
    return choices(value) if choices is not None and value is not None else value


class Record:
    """One child being written: what is made, and what is changed from what to what."""

    def __init__(self, writer: Writer, child: Child) -> None:
        self.writer = writer
        self.child = child
        self.created: list[Any] = []
        self.changed: list[Any] = []

    def set(self, record: Any, name: str, value: Any) -> None:
        """Change a stored value and remember the one before."""
        before = getattr(record, name)
        if before == value:
            return
        setattr(record, name, value)
        if record not in self.created and record.id is not None:
            self.changed.append((record, name, to_json(before), to_json(value)))

    def make(self, record: Any) -> Any:
        """A new record."""
        db.session.add(record)
        self.created.append(record)
        return record

    def mark(self, row: PlannedRow) -> None:
        """What another register says of the child; of the police also on the child itself."""
        source = self.writer.source
        if source is None:
            return
        told = next(change.after for change in row.changes if change.field == sources.MARK)
        self.make(
            SourceCheck(
                commune_id=self.child.commune_id,
                child=self.child,
                child_id=self.child.id,
                source=source,
                result=CheckResult(told),
                checked_on=sources.checked_on(row.values),
                verified_by=row.values.get("verified_by"),
            )
        )
        if source is CheckSource.POLICE:
            self.set(self.child, "population_check", PopulationCheck(told))

    def move(self, village_id: int) -> None:
        """To another village; a household does not move with one child."""
        village: Village = self.writer.villages[village_id]
        self.set(self.child, "village_id", village.id)
        self.child.village = village
        if self.child.household is not None and self.child.household.village_id != village.id:
            self.set(self.child, "household_id", None)
            self.child.household = None

    def relatives(self, values: dict[str, Any]) -> None:
        """Father, mother and caregiver as the list tells them; blanks change nothing."""
        for kind, word in PARENTS.items():
            self._relative(
                kind, values.get(f"{word}_name"), values.get(f"{word}_state"), values.get(f"{word}_born_year")
            )
        words = values.get("caregiver_name")
        if not words:
            return
        name, relation = split_caregiver(words)
        if fold(name) in {
            fold(known.full_name) for known in self.child.relatives if known.kind is not RelativeKind.CAREGIVER
        }:
            return
        caregiver = self._relative(RelativeKind.CAREGIVER, name or words, None, None)
        if caregiver is not None:
            told = relation or values.get("caregiver_relation")
            if told:
                self.set(caregiver, "relationship_words", told)

    def _relative(self, kind: RelativeKind, name: str | None, state: str | None, year: int | None) -> Relative | None:
        if not name and not state:
            return None
        relative = relative_of(self.child, kind)
        if relative is None:
            relative = Relative(commune_id=self.child.commune_id, kind=kind, state=RelativeState.UNKNOWN)
            self.child.relatives.append(relative)
            self.make(relative)
        if name:
            self.set(relative, "full_name", name)
        if state:
            self.set(relative, "state", RelativeState(state))
        if year and not relative.birth_year:
            self.set(relative, "birth_year", year)
        return relative

    def household(self, values: dict[str, Any]) -> None:
        """Into the household of this head; its phone and its standing of the year."""
        head = head_of(values, has_household=self.child.household is not None)
        if head:
            self._settle(head)
        household = self.child.household
        if household is None:
            return
        if values.get("phone"):
            self.set(household, "phone", values["phone"])
        if values.get("household_code") and not household.book_code:
            self.set(household, "book_code", values["household_code"])
        if values.get("household_status"):
            self._status(household, Poverty(values["household_status"]), int(values["household_status_year"]))

    def _settle(self, head: str) -> None:
        key = (self.child.village_id, clean.fold(head))
        if self.child.household is not None and (self.child.household.village_id, self.child.household.head_key) == key:
            return
        household = self.writer.households.get(key) or self.writer.made.get(key)
        if household is None:
            return
        if key in self.writer.unclaimed:
            self.writer.unclaimed.discard(key)
            self.created.append(household)
        if self.child.id is not None:
            self.set(self.child, "household_id", household.id)
        self.child.household = household

    def _status(self, household: Household, status: Poverty, year: int) -> None:
        listed = status_in(household.statuses, year)
        if listed is None:
            listed = HouseholdStatus(year=year, status=status)
            household.statuses.append(listed)
            self.make(listed)
        else:
            self.set(listed, "status", status)

    def circumstances(self, values: dict[str, Any]) -> None:
        """Statuses the child does not have yet, with the words the list used."""
        held = {known.kind_code for known in self.child.circumstances if known.ended_on is None}
        for name, words in (("circumstances", "circumstance_words"), ("risks", "risk_words")):
            for code in values.get(name, []):
                if code in held:
                    continue
                circumstance = Circumstance(
                    commune_id=self.child.commune_id,
                    kind_code=code,
                    original_words=values.get(words) or values.get("circumstance_words"),
                    recorded_by_id=self.writer.user.id,
                )
                if self.writer.may_confirm:
                    review.confirm(self.writer.user, circumstance)
                self.child.circumstances.append(circumstance)
                self.make(circumstance)

    def disability(self, values: dict[str, Any]) -> None:
        """What the certificate says."""
        kinds, severity = values.get("disability_types"), values.get("disability_severity")
        number = values.get("certificate_number")
        if not (kinds or severity or number):
            return
        held = current_disability(self.child)
        if held is None:
            held = Disability(commune_id=self.child.commune_id, severity=DisabilitySeverity.UNKNOWN)
            self.child.disabilities.append(held)
            self.make(held)
        if kinds:
            self.set(held, "kinds", [kind for kind in DisabilityKind if kind.value in kinds])
        if severity:
            self.set(held, "severity", DisabilitySeverity(severity))
        if number:
            self.set(held, "certificate_number", number)
