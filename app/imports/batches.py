"""Lists on their way in: the file kept on the server while its plan is looked at, the plan's rows, the same file seen before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select, text

from app import access, audit, clock
from app.imports import mapping, reading
from app.imports.apply import Prepared, apply_plan, count_new, new_codes, prepare_plan
from app.imports.decisions import Decisions
from app.imports.keys import fold
from app.imports.plan import Plan, PlannedRow, build_plan
from app.imports.table import ReadFile
from models import BatchState, Change, ChangeAction, Child, ImportBatch, ImportRow, Relative, User, db, transaction_mode

#: More changes than these since a plan was made, and it is made anew.
_MANY_CHANGES = 500
#: What matching reads of a child itself (app/imports/matching.py).
_MATCHED = frozenset(
    {"full_name", "personal_id", "sex", "born_on", "village_id", "household_id", "left_on", "left_reason"}
)
#: Days a list that was read and never applied is kept.
KEPT_DAYS = 1


def start(user: User, read: ReadFile, content: bytes | None) -> ImportBatch:
    """A batch for a file just read."""
    layouts = sorted({sheet.layout for sheet in read.sheets})
    batch = ImportBatch(
        commune_id=user.commune_id,
        user_id=user.id,
        file_name=read.name[:200],
        sha256=read.sha256,
        layout=", ".join(layouts),
        content=content,
        totals={},
    )
    db.session.add(batch)
    db.session.flush()
    return batch


@dataclass(frozen=True)
class Looked:
    """A file read and planned, not yet kept."""

    read: ReadFile
    decisions: Decisions
    plan: Plan
    #: The last change of the register the plan has seen.
    seen: int


@contextmanager
def looking() -> Iterator[None]:
    """Long reading without the write lock: nobody waits while a list is looked at."""
    db.session.rollback()
    token = transaction_mode.set("DEFERRED")
    try:
        yield
    finally:
        db.session.rollback()
        transaction_mode.reset(token)


def _last_change(user: User) -> int:
    return db.session.scalar(select(func.max(Change.id)).where(Change.commune_id == user.commune_id)) or 0


def look_at(user: User, content: bytes, name: str, decisions: Decisions | None = None) -> Looked:
    """Read a file and plan it, without the write lock. Raises reader.Unreadable."""
    decided = decisions or Decisions()
    with looking():
        read = reading.read(content, name, decided, mapping.remembered(user))
        seen = _last_change(user)
        return Looked(read, decided, build_plan(user, read, decided), seen)


def keep(user: User, content: bytes, looked: Looked) -> ImportBatch:
    """Keep a file and its plan until it is written, thrown away, or a day has passed."""
    forget_old(user)
    batch = start(user, looked.read, content)
    keep_plan(batch, looked.plan, looked.decisions)
    known = [key for row in looked.plan.rows for key in (row.child_id, *row.candidates)]
    audit.record("import_read", user, batch, totals=looked.plan.totals, children=known)
    return batch


def decisions_of(batch: ImportBatch) -> Decisions:
    """What was decided about a kept list so far."""
    return Decisions.from_json(batch.totals.get("decisions"))


def keep_decisions(batch: ImportBatch, decisions: Decisions) -> None:
    """Note what was decided, for whoever writes the list."""
    batch.totals = {**batch.totals, "decisions": decisions.as_json()}


def look_again(user: User, batch: ImportBatch, decisions: Decisions) -> Looked:
    """The plan of a kept file made anew from the file itself, without the write lock."""
    return look_at(user, batch.content or b"", batch.file_name, decisions)


def wait_for_other_lists(user: User) -> None:
    """One list of a commune is written at a time, so that the next sees what it added. SQLite's write lock does the same."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(7002, :commune)"), {"commune": user.commune_id})


def write(user: User, batch: ImportBatch, looked: Looked) -> bool:
    """Write a plan made without the lock; False, with the fresh plan kept, when the register has changed what was shown."""
    wait_for_other_lists(user)
    plan = looked.plan
    if _last_change(user) != looked.seen:
        plan = build_plan(user, looked.read, looked.decisions)
    if not is_as_shown(batch, plan, looked.decisions):
        keep_plan(batch, plan, looked.decisions)
        return False
    clear_plan(batch)
    apply_plan(user, batch, plan)
    return True


def make_ready(user: User, batch_id: int, looked: Looked) -> Prepared:
    """The rows of a plan that is as shown, ready to be written; takes only the children's new codes under the lock."""
    count = count_new(looked.plan)
    with audit.writing():
        db.session.rollback()
        codes = new_codes(user, count)
        db.session.commit()
    return prepare_plan(user, batch_id, looked.plan, codes)


def is_overtaken(user: User, looked: Looked) -> bool:
    """Whether something that matters to a plan has been written since it was made."""
    query = select(Change).where(Change.commune_id == user.commune_id, Change.id > looked.seen)
    since = db.session.scalars(query.limit(_MANY_CHANGES + 1)).all()
    if len(since) > _MANY_CHANGES:
        return True
    ours = {row.child_id for row in looked.plan.rows if row.child_id}
    people = {change.subject_id for change in since if change.subject_table == "children"}
    if people & ours or any(change.subject_table == "households" for change in since):
        return True
    people = {change.subject_id for change in since if _may_match_otherwise(change)}
    names = {fold(row.values.get("full_name")) for row in looked.plan.rows}
    numbers = {row.values.get("personal_id") for row in looked.plan.rows} - {None}
    found = access.visible_children(access.commune_reader(user.commune_id)).with_only_columns(
        Child.name_key, Child.personal_id
    )
    others = db.session.execute(found.where(Child.id.in_(people)))
    return any(not name or name in names or number in numbers for name, number in others)


def _may_match_otherwise(change: Change) -> bool:
    """Whether it may make rows match another child than before; most edits of a namesake do not."""
    if change.record_table == Relative.__tablename__:
        return True
    is_edit = change.action is ChangeAction.CHANGED
    return change.record_table == Child.__tablename__ and not (is_edit and _MATCHED.isdisjoint(change.fields))


def keep_plan(batch: ImportBatch, plan: Plan, decisions: Decisions) -> None:
    """Note the plan's rows for the page."""
    clear_plan(batch)
    rows = [
        {
            "batch_id": batch.id,
            "sheet": row.sheet,
            "row": row.row,
            "action": row.action,
            "child_id": row.child_id,
            "effects": {"plan": _shown(position, row)},
        }
        for position, row in enumerate(plan.rows)
    ]
    if rows:
        db.session.execute(insert(ImportRow), rows)
    names = ("name", "columns", "headings", "unknown", "notes", "encoding", "meanings", "village")
    sheets = [{name: getattr(sheet, name) for name in names} for sheet in plan.read.sheets]
    batch.totals = {**plan.totals, "decisions": decisions.as_json(), "sheets": sheets, "notes": plan.read.notes}
    db.session.flush()


def _shown(position: int, row: PlannedRow) -> dict[str, Any]:
    told = row.as_json()
    kept = {name: told[name] for name in ("values", "warnings", "errors", "match", "changes")}
    choice = {"candidates": list(row.candidates), "may_be_new": row.may_be_new, "chosen": row.chosen}
    return {"position": position, **kept} | (choice if row.candidates else {})


def is_as_shown(batch: ImportBatch, plan: Plan, decisions: Decisions) -> bool:
    """Whether a plan made anew does what the page showed, but for what the person has just left out."""
    shown = {
        row.effects["plan"]["position"]: row
        for row in db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id))
        if "plan" in row.effects
    }
    touched = {position for position, _name in decisions.rejected}
    for position, row in enumerate(plan.rows):
        before = shown.get(position)
        if before is None or (
            position not in touched and (before.action, before.child_id) != (row.action, row.child_id)
        ):
            return False
        changes = [{"field": d.field, "from": d.before, "to": d.after} for d in row.changes]
        if position not in touched and before.effects["plan"]["changes"] != changes:
            return False
    return len(shown) == len(plan.rows)


def clear_plan(batch: ImportBatch) -> None:
    """Forget the plan's rows; applying writes its own."""
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    db.session.expire(batch, ["rows"])


def forget_old(user: User) -> None:
    """Files read and never applied go after a day, with their plans."""
    query = access.visible_batches(user).where(
        ImportBatch.state == BatchState.READ, ImportBatch.created_at < clock.days_ago(KEPT_DAYS)
    )
    for batch in db.session.scalars(query).unique().all():
        forget(batch)


def forget(batch: ImportBatch) -> None:
    """Throw a list away that was never written."""
    clear_plan(batch)
    db.session.delete(batch)


def applied_before(user: User, sha256: str) -> ImportBatch | None:
    """The batch in which the same file was already applied."""
    query = access.visible_batches(user).where(ImportBatch.sha256 == sha256, ImportBatch.state == BatchState.APPLIED)
    return db.session.scalars(query.order_by(ImportBatch.id.desc()).limit(1)).unique().one_or_none()


def told_before(batch: ImportBatch) -> str:
    """The sentence about a file already applied."""
    when = clock.local(batch.applied_at) if batch.applied_at else None
    return _("Chính tệp này đã được ghi vào sổ lúc %(when)s.", when=f"{when:%H:%M %d/%m/%Y}" if when else "?")
