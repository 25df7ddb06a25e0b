"""The audit trail: append-only, each event chained to the one before it in its commune by SHA-256."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import clock
from models import AuditEvent, Base, User, db, transaction_mode

#: Every event there is, and the details it carries: codes and counts, never personal data.
EVENTS: dict[str, frozenset[str]] = {
    "signed_in": frozenset(),
    "sign_in_failed": frozenset({"reason"}),
    "signed_out": frozenset(),
    "password_changed": frozenset(),
    "user_added": frozenset({"roles"}),
    "user_changed": frozenset({"fields"}),
    "installation_set_up": frozenset(),
    "setting_changed": frozenset({"what"}),
    "child_read": frozenset(),
    "children_listed": frozenset({"filters", "count"}),
    "children_searched": frozenset({"count"}),
    "case_read": frozenset(),
    "case_refused": frozenset({"why"}),
    "document_made": frozenset({"form"}),
    "cases_listed": frozenset({"filters", "count"}),
    "report_read": frozenset(),
    "household_read": frozenset(),
    "import_read": frozenset({"totals"}),
    "import_problems_taken": frozenset({"count"}),
    "import_applied": frozenset({"totals"}),
    "import_undone": frozenset({"count"}),
    "workbook_exported": frozenset({"workbook", "variant", "count", "sha256"}),
    "period_report_submitted": frozenset({"kind", "period", "sha256"}),
    "period_report_decided": frozenset({"kind", "period", "approved"}),
    "period_report_sent": frozenset({"kind", "period", "sha256"}),
    "period_report_downloaded": frozenset({"kind", "period", "sha256"}),
    "list_printed": frozenset({"what", "count"}),
}

_FIRST = "0" * 64


def record(
    event: str, user: User | None, subject: Base | None = None, *, commune_id: int | None = None, **details: Any
) -> None:
    """Write an event in the current transaction. Raises ValueError for an unknown event or the wrong details."""
    _append(db.session(), event, user, subject, commune_id, details)


def record_read(event: str, user: User, subject: Base | None = None, **details: Any) -> None:
    """Write an event from a page that only reads: in a short transaction of its own, committed at once.

    In a writing request it joins that transaction, which holds SQLite's write lock already.
    """
    if transaction_mode.get() == "IMMEDIATE":
        record(event, user, subject, **details)
        return
    with writing(), Session(db.engine, join_transaction_mode="create_savepoint") as session:
        _append(session, event, user, subject, None, details)
        session.commit()


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take SQLite's write lock at once."""
    token = transaction_mode.set("IMMEDIATE")
    try:
        yield
    finally:
        transaction_mode.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, even while a form is being answered, so long work holds nobody up."""
    token = transaction_mode.set("DEFERRED")
    try:
        yield
    finally:
        transaction_mode.reset(token)


def _append(
    session: Session,
    event: str,
    user: User | None,
    subject: Base | None,
    commune_id: int | None,
    details: dict[str, Any],
) -> None:
    if event not in EVENTS or EVENTS[event] != details.keys():
        raise ValueError(f"event {event!r} with {sorted(details)}")
    commune_id = commune_id or (user.commune_id if user else None)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(7001, :commune)"), {"commune": commune_id or 0})
    previous = session.scalar(
        select(AuditEvent.hash)
        .where(AuditEvent.commune_id.is_(None) if commune_id is None else AuditEvent.commune_id == commune_id)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    entry = AuditEvent(
        at=clock.now(),
        commune_id=commune_id,
        user_id=user.id if user else None,
        event=event,
        record_table=subject.__tablename__ if subject is not None else None,
        record_id=subject.id if subject is not None else None,  # type: ignore[attr-defined]
        details=details,
        previous_hash=previous or _FIRST,
        hash="",
    )
    entry.hash = chain_hash(entry)
    session.add(entry)
    session.flush()


def chain_hash(entry: AuditEvent) -> str:
    """The hash of an event: of everything it says and of the hash before it."""
    said = [
        entry.previous_hash,
        _moment(entry.at),
        entry.commune_id,
        entry.user_id,
        entry.event,
        entry.record_table,
        entry.record_id,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def broken_links() -> list[int]:
    """The ids of events whose hash is wrong, or that do not follow the one before; empty when the chains hold."""
    broken = []
    last: dict[int | None, str] = {}
    for entry in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)):
        if entry.previous_hash != last.get(entry.commune_id, _FIRST) or entry.hash != chain_hash(entry):
            broken.append(entry.id)
        last[entry.commune_id] = entry.hash
    return broken
