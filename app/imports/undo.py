"""Taking back an applied list, row by row; rows edited since are refused, with the reason."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import access, audit, clock, enrolment
from app.stored import from_json, to_json
from models import (
    BatchState,
    Case,
    Change,
    Child,
    Circumstance,
    Disability,
    DisabilityKind,
    Household,
    HouseholdStatus,
    ImportBatch,
    ImportRow,
    IntakeReport,
    Relative,
    SourceCheck,
    User,
    db,
)

_MODELS: dict[str, Any] = {
    model.__tablename__: model
    for model in (Child, Relative, Circumstance, Disability, Household, HouseholdStatus, SourceCheck)
}


@dataclass(frozen=True)
class Refused:
    """A row that could not be taken back, and why."""

    row: ImportRow
    why: str


def undo(user: User, batch: ImportBatch) -> tuple[int, list[Refused]]:
    """Take back what a batch did. Returns how many rows were, and those refused."""
    done = 0
    refused = []
    info = db.session().info
    for row in reversed(batch.rows):
        if row.undone or row.action not in {"add", "change"}:
            continue
        why = _why_not(user, batch, row)
        if why:
            refused.append(Refused(row, why))
            continue
        info["batch_id"] = batch.id
        try:
            _take_back(row)
            db.session.flush()
        finally:
            info.pop("batch_id", None)
        row.undone = True
        done += 1
    if not refused:
        batch.state = BatchState.UNDONE
        batch.undone_at = clock.now()
    audit.record("import_undone", user, batch, count=done)
    return done, refused


def _why_not(user: User, batch: ImportBatch, row: ImportRow) -> str | None:
    """Why a row must stay; None when it may be taken back."""
    child = db.session.get(Child, row.child_id)
    if child is None or child.removed_at is not None:
        return _("Hồ sơ không còn trong sổ.")
    later = select(Change.id).where(
        Change.subject_table == "children",
        Change.subject_id == child.id,
        Change.id > batch.totals.get("last_change_id", 0),
        Change.batch_id.is_distinct_from(batch.id),
    )
    if db.session.scalar(later.limit(1)) is not None:
        return _("Hồ sơ đã được sửa sau khi nhập.")
    if row.action == "add" and _is_used(user, child):
        return _("Trẻ đã có vụ việc hoặc báo cáo.")
    for table, key, name, _before, after in row.effects.get("changed", []):
        record = db.session.get(_MODELS[table], key)
        if record is None or to_json(getattr(record, name)) != after:
            return _("Hồ sơ đã được sửa sau khi nhập.")
    return None


def _is_used(user: User, child: Child) -> bool:
    cases = access.visible_cases(user).with_only_columns(Case.id).where(Case.child_id == child.id)
    reports = access.visible_reports(user).with_only_columns(IntakeReport.id).where(IntakeReport.child_id == child.id)
    return db.session.scalar(cases.limit(1)) is not None or db.session.scalar(reports.limit(1)) is not None


def _take_back(row: ImportRow) -> None:
    for table, key, name, before, _after in row.effects.get("changed", []):
        record = db.session.get(_MODELS[table], key)
        setattr(record, name, _stored(type(record), name, before))
    created = [(table, key) for table, key in row.effects.get("created", []) if table != "households"]
    if row.action == "add":
        child = db.session.get_one(Child, row.child_id)
        child.household = None
        enrolment.remove(child, _("Hoàn tác việc nhập danh sách"))
        created = [(table, key) for table, key in created if table == "household_statuses"]
    db.session.flush()
    for table, key in created:
        record = db.session.get(_MODELS[table], key)
        if record is not None:
            db.session.delete(record)
    db.session.flush()
    for table, key in row.effects.get("created", []):
        if table == "households":
            _remove_empty(key)


def _remove_empty(household_id: int) -> None:
    """A household made by the list goes when nobody lives in it any more."""
    household = db.session.get(Household, household_id)
    if household is not None:
        db.session.refresh(household)
        if not household.children:
            db.session.delete(household)


def _stored(model: Any, name: str, value: Any) -> Any:
    """A value from JSON as the record holds it; the kinds of a disability are no column."""
    if name == "kinds":
        return [DisabilityKind(kind) for kind in value or []]
    return from_json(model, name, value)
