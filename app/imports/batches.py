"""Lists on their way in: the file kept on the server while its plan is looked at, the plan's rows, the same file seen before."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import object_session

from app import access, audit, clock
from app.imports import reader, table
from app.imports.plan import Plan, PlannedRow, build_plan
from app.imports.table import ReadFile
from models import BatchState, ImportBatch, ImportRow, User, db

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


def upload(user: User, content: bytes, name: str, village: str | None = None) -> ImportBatch:
    """Read a file, keep it, and note what it would do. Raises reader.Unreadable."""
    read = table.read(reader.read_bytes(content, name), clock.today(), village=village)
    forget_old(user)
    batch = start(user, read, content)
    _keep_plan(user, batch, read, village, frozenset())
    audit.record("import_read", user, batch, totals=_counts(batch))
    return batch


def _keep_plan(
    user: User, batch: ImportBatch, read: ReadFile, village: str | None, rejected: frozenset[tuple[int, str]]
) -> Plan:
    plan = build_plan(user, read, rejected)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
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
    sheets = [
        {"name": s.name, "columns": s.columns, "headings": s.headings, "unknown": s.unknown, "notes": s.notes, "encoding": s.encoding}
        for s in read.sheets
    ]
    batch.totals = {
        **plan.totals, "village": village, "rejected": sorted([at, name] for at, name in rejected), "sheets": sheets, "notes": read.notes,
    }  # fmt: skip
    db.session.flush()
    return plan


def _shown(position: int, row: PlannedRow) -> dict[str, Any]:
    told = row.as_json()
    return {"position": position} | {name: told[name] for name in ("values", "warnings", "errors", "match", "changes")}


def _counts(batch: ImportBatch) -> dict[str, int]:
    return {name: count for name, count in batch.totals.items() if isinstance(count, int)}


def plan_again(user: User, batch: ImportBatch, rejected: frozenset[tuple[int, str]] | None = None) -> Plan:
    """The plan of a kept file, made anew from the file itself: nothing a browser sends is believed."""
    village = batch.totals.get("village")
    read = table.read(reader.read_bytes(batch.content or b"", batch.file_name), clock.today(), village=village)
    if rejected is None:
        rejected = frozenset((at, name) for at, name in batch.totals.get("rejected", []))
    return build_plan(user, read, rejected)


def is_as_shown(batch: ImportBatch, plan: Plan, rejected: frozenset[tuple[int, str]]) -> bool:
    """Whether a plan made anew does what the page showed, but for what the person has just left out."""
    shown = {
        row.effects["plan"]["position"]: row
        for row in db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id))
        if "plan" in row.effects
    }
    touched = {position for position, _name in rejected}
    for position, row in enumerate(plan.rows):
        before = shown.get(position)
        if before is None or (position not in touched and (before.action, before.child_id) != (row.action, row.child_id)):
            return False
        changes = [{"field": d.field, "from": d.before, "to": d.after} for d in row.changes]
        if position not in touched and before.effects["plan"]["changes"] != changes:
            return False
    return len(shown) == len(plan.rows)


def show_again(user: User, batch: ImportBatch, rejected: frozenset[tuple[int, str]]) -> None:
    """Keep a fresh plan for the page, after the register has changed underneath."""
    village = batch.totals.get("village")
    read = table.read(reader.read_bytes(batch.content or b"", batch.file_name), clock.today(), village=village)
    _keep_plan(user, batch, read, village, rejected)


def clear_plan(batch: ImportBatch) -> None:
    """Forget the plan's rows; applying writes its own."""
    session = object_session(batch) or db.session
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.expire(batch, ["rows"])


def forget_old(user: User) -> None:
    """Files read and never applied go after a day, with their plans."""
    query = access.visible_batches(user).where(
        ImportBatch.state == BatchState.READ, ImportBatch.created_at < clock.days_ago(KEPT_DAYS)
    )
    for batch in db.session.scalars(query).unique().all():
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
