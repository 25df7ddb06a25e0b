"""Erasing for good: a record, everything in the schema that belongs to it, its history, and what other places copied of it.

What belongs to a record is found from the schema itself, so a table added later (attachments) is not forgotten: rows
that point to an erased row go too, unless they stand for themselves (`LOOSENED`). The audit trail stays: it knows
records by number only. Frozen reports keep their figures and coded rows; they never held names. After the commit
`wipe` leaves nothing readable in the file: SQLite overwrites what is deleted (secure_delete), the file is written anew
and its log emptied. Backups made before keep what they hold until they are let go (docs/van-hanh.md).
"""

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, Table, and_, delete, false, or_, select, update

from app import migrating
from models import (
    Base,
    Change,
    ChildList,
    Export,
    ImportRow,
    Job,
    SavedFilter,
    SavedSearch,
    SubjectRequest,
    clean,
    db,
)

#: Keys of rows that stay when what they point to goes.
LOOSENED = frozenset(
    {
        ("services", "case_id"),
        ("services", "action_id"),
        ("care_placements", "case_id"),
        ("consents", "case_id"),
        ("subject_requests", "child_id"),
        ("subject_requests", "consent_id"),
        ("import_rows", "child_id"),
        ("children", "household_id"),
        ("erasures", "request_id"),
        ("breaches", "child_id"),
    }
)
#: SQLite takes only so many values at once.
_AT_ONCE = 500
#: What stands in place of a name in somebody's free words about something else.
GONE = "(…)"
#: Seconds the file is waited for; whoever reads it meanwhile keeps it.
_WAIT_MS = 3_000

Found = dict[str, set[int]]


def erase_children(keys: Collection[int]) -> dict[str, int]:
    """Erase children and all that is theirs. Gives {table: rows}. Adds to the transaction; whoever calls commits."""
    names = _names(keys)
    found = _collect("children", keys)
    _collect_reports(found)
    households = _empty_households(found["children"])
    if households:
        _merge(found, _collect("households", households))
    _forget_copies(found, names)
    return _delete(found)


def erase_cases(keys: Collection[int]) -> dict[str, int]:
    """Erase cases with their reports and all their papers; the child and what it was given stay."""
    found = _collect("cases", keys)
    _collect_reports(found)
    return _delete(found)


def erase_reports(keys: Collection[int]) -> dict[str, int]:
    """Erase intake reports that became no case, with the papers that came along."""
    return _delete(_collect("intake_reports", keys))


def erase_requests(keys: Collection[int]) -> dict[str, int]:
    """Erase requests about personal data."""
    return _delete(_collect("subject_requests", keys))


def empty_import_rows(keys: Collection[int]) -> dict[str, int]:
    """Forget what the rows of applied lists said; that they were, and which record they made, stays. No undo after that."""
    for part in _parts(keys):
        db.session.execute(update(ImportRow).where(ImportRow.batch_id.in_(part)).values(effects={}, undone=True))
    return {"import_rows": len(keys)}


# ── What belongs to a record ───────────────────────────────────────────────


def _parts(keys: Iterable[int]) -> list[list[int]]:
    ordered = sorted(keys)
    return [ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE)]


def _pointing_to(name: str) -> list[tuple[Table, Column[int]]]:
    """The tables and columns that point to a table and go with it."""
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == name and (table.name, key.parent.name) not in LOOSENED and "id" in table.c
    ]


def _collect(name: str, keys: Collection[int]) -> Found:
    """{table: keys} of these rows and of all that belong to them."""
    found: Found = {}
    waiting = [(name, set(keys))]
    while waiting:
        table_name, fresh = waiting.pop()
        fresh -= found.get(table_name, set())
        if not fresh:
            continue
        found.setdefault(table_name, set()).update(fresh)
        for table, column in _pointing_to(table_name):
            for part in _parts(fresh):
                more = set(db.session.scalars(select(table.c.id).where(column.in_(part))))
                waiting.append((table.name, more))
    return found


def _merge(found: Found, more: Found) -> None:
    for name, keys in more.items():
        found.setdefault(name, set()).update(keys)


def _collect_reports(found: Found) -> None:
    """The intake reports from which the cases were opened; they point the other way."""
    cases = Base.metadata.tables["cases"]
    for part in _parts(found.get("cases", ())):
        reports = set(db.session.scalars(select(cases.c.report_id).where(cases.c.id.in_(part))))
        _merge(found, _collect("intake_reports", {key for key in reports if key is not None}))


def _empty_households(children: Collection[int]) -> set[int]:
    """The households in which no other child is left: their head, address and phone go too."""
    table = Base.metadata.tables["children"]
    held: set[int] = set()
    for part in _parts(children):
        held |= {key for key in db.session.scalars(select(table.c.household_id).where(table.c.id.in_(part))) if key}
    left: set[int] = set()
    for part in _parts(held):
        rows = db.session.execute(select(table.c.id, table.c.household_id).where(table.c.household_id.in_(part)))
        left |= {household for key, household in rows if key not in set(children)}
    return held - left


# ── Deleting ───────────────────────────────────────────────────────────────


def _delete(found: Found) -> dict[str, int]:
    """Delete the rows, their history and what only points to them, children of tables before their parents."""
    _forget_history(found)
    _loosen(found)
    db.session.flush()
    for table in reversed(Base.metadata.sorted_tables):
        for key in table.foreign_keys:  # rows without a key of their own, and rows pointing into their own table
            name = key.column.table.name
            if name not in found:
                continue
            if "id" not in table.c:
                for part in _parts(found[name]):
                    db.session.execute(delete(table).where(key.parent.in_(part)))
            elif name == table.name:
                for part in _parts(found[name]):
                    db.session.execute(update(table).where(key.parent.in_(part)).values({key.parent.name: None}))
        for part in _parts(found.get(table.name, ())):
            db.session.execute(delete(table).where(table.c.id.in_(part)))
    db.session.expire_all()
    return {name: len(keys) for name, keys in sorted(found.items()) if keys}


def _loosen(found: Found) -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            name = key.column.table.name
            if name in found and (table.name, key.parent.name) in LOOSENED:
                for part in _parts(found[name]):
                    db.session.execute(update(table).where(key.parent.in_(part)).values({key.parent.name: None}))


def _forget_history(found: Found) -> None:
    """What was changed in these rows, in whoever's history it was told."""
    for name, keys in found.items():
        for part in _parts(keys):
            record = and_(Change.record_table == name, Change.record_id.in_(part))
            subject = and_(Change.subject_table == name, Change.subject_id.in_(part))
            db.session.execute(delete(Change).where(or_(record, subject)))


# ── What other places copied ───────────────────────────────────────────────


def _names(keys: Collection[int]) -> set[str]:
    table = Base.metadata.tables["children"]
    found: set[str] = set()
    for part in _parts(keys):
        found |= {name for name in db.session.scalars(select(table.c.full_name).where(table.c.id.in_(part))) if name}
    return found


def _forget_copies(found: Found, names: Collection[str]) -> None:
    """Requests, rows of lists, files made and words searched that tell of the children."""
    children = found["children"]
    table = Base.metadata.tables["children"]
    communes = select(table.c.commune_id).where(table.c.id.in_(next(iter(_parts(children)), []))).distinct()
    commune_ids = list(db.session.scalars(communes))
    silent = {"asker_name", "identity", "details", "answer", "extension_reason", "outcome_note"}
    asked = set()
    for part in _parts(children):
        asked |= set(db.session.scalars(select(SubjectRequest.id).where(SubjectRequest.child_id.in_(part))))
        rows = ImportRow.child_id.in_(part)
        db.session.execute(update(ImportRow).where(rows).values(effects={}, undone=True))
    for part in _parts(asked):
        db.session.execute(update(SubjectRequest).where(SubjectRequest.id.in_(part)).values(dict.fromkeys(silent)))
    _forget_history({"subject_requests": asked})
    db.session.execute(delete(SavedSearch))  # kept a day only; whose name stands there is not worth telling apart
    db.session.execute(update(Job).where(Job.commune_id.in_(commune_ids)).values(content=None))
    _forget_lines(commune_ids, names)


def _forget_lines(commune_ids: list[int], names: Collection[str]) -> None:
    """Rows of lists that became no record, and people's own words about files and lists, where a name stands in them."""
    from models import ImportBatch

    told = {name for name in names if len(name.split()) > 1}
    folded = {clean.fold(name) for name in told}
    rows = (
        select(ImportRow.id, ImportRow.effects)
        .join(ImportBatch)
        .where(ImportBatch.commune_id.in_(commune_ids), ImportRow.child_id.is_(None))
    )
    hit = {
        key
        for key, effects in db.session.execute(rows)
        if effects and any(name in clean.fold(str(effects)) for name in folded)
    }
    for part in _parts(hit):
        db.session.execute(update(ImportRow).where(ImportRow.id.in_(part)).values(effects={}, undone=True))
    for model, column in (
        (Export, Export.reason),
        (Job, Job.sentence),
        (ChildList, ChildList.name),
        (SavedFilter, SavedFilter.name),
    ):
        mine = or_(false(), *(column.like(f"%{name}%") for name in told))
        for key, words in db.session.execute(
            select(model.id, column).where(model.commune_id.in_(commune_ids), mine)
        ).all():
            for name in told:
                words = (words or "").replace(name, GONE)
            db.session.execute(update(model).where(model.id == key).values({column.key: words}))


# ── The file ───────────────────────────────────────────────────────────────


def wipe() -> bool:
    """After the commit: leave nothing of what was deleted in the file or its log. False while others hold the file.

    PostgreSQL: VACUUM, so that no dead row stays behind in its tables; False for a role that does not own them.
    """
    with migrating.owners_engine() as owners:
        connection = owners.engine.raw_connection()
        try:
            raw = connection.driver_connection
            if isinstance(raw, sqlite3.Connection):
                return _wipe_sqlite(raw)
            return _wipe_postgresql(raw)
        finally:
            connection.close()


def _wipe_postgresql(raw: Any) -> bool:
    raw.autocommit = True
    (is_owner,) = raw.execute(
        "SELECT tableowner = current_user FROM pg_tables WHERE schemaname = 'public' AND tablename = 'children'"
    ).fetchone()
    if is_owner:
        # Our tables, and the samples of their values that the planner keeps. Without shortening the files: that would wait
        # five seconds for each table somebody is reading.
        raw.execute(
            f"VACUUM (ANALYZE, TRUNCATE FALSE) {', '.join(table.name for table in Base.metadata.sorted_tables)}"
        )
        raw.execute("VACUUM pg_catalog.pg_statistic")
    raw.autocommit = False
    return bool(is_owner)


def _wipe_sqlite(raw: sqlite3.Connection) -> bool:
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    try:
        raw.execute("VACUUM")
        busy, _log, _done = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:  # somebody else is writing
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy
