"""The audit trail: append-only, each event chained to the one before it in its commune by SHA-256.

The database refuses to change or delete an event (triggers of migration 0009); the chain shows it if somebody gets
round that; the signed head shows events cut off the end; the witness file shows an older database put in its place.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, bindparam, inspect, select, text
from sqlalchemy.orm import Session

from app import clock, last_saved, sealing
from models import AuditEvent, AuditHead, Base, User, db, transaction_mode

log = logging.getLogger(__name__)

#: Every event there is, and the details it carries: codes and counts, never personal data.
EVENTS: dict[str, frozenset[str]] = {
    "access_refused": frozenset({"page"}),
    "record_not_found": frozenset({"page"}),
    "token_refused": frozenset({"page"}),
    "attachments_listed": frozenset({"count"}),
    "attachment_read": frozenset(),
    "attachment_added": frozenset(),
    "attachment_removed": frozenset(),
    "attachment_restored": frozenset(),
    "readers_read": frozenset(),
    "read_apart": frozenset(),
    "read_apart_asked": frozenset({"hours"}),
    "signed_in": frozenset(),
    "sign_in_failed": frozenset({"reason"}),
    "signed_out": frozenset(),
    "device_signed_out": frozenset(),
    "second_factor_set_up": frozenset(),
    "second_factor_removed": frozenset(),
    "recovery_codes_made": frozenset(),
    "recovery_code_used": frozenset(),
    "phone_code_made": frozenset(),
    "phone_enrolled": frozenset(),
    "phone_ended": frozenset(),
    "passkey_added": frozenset(),
    "passkey_removed": frozenset(),
    "password_changed": frozenset(),
    "user_added": frozenset({"roles"}),
    "user_changed": frozenset({"fields"}),
    "installation_set_up": frozenset(),
    "setting_changed": frozenset({"what"}),
    "carer_read": frozenset(),
    "child_read": frozenset(),
    "children_listed": frozenset({"filters", "count"}),
    "services_recorded": frozenset({"count"}),
    "services_undone": frozenset({"count", "kept"}),
    "bulk_done": frozenset({"kind", "count", "left_out"}),
    "bulk_undone": frozenset({"kind", "count", "kept"}),
    "services_listed": frozenset({"filters", "count"}),
    "children_searched": frozenset({"count"}),
    "sent_figures_read": frozenset({"count"}),
    "children_merged": frozenset({"count"}),
    "children_unmerged": frozenset({"count"}),
    "case_read": frozenset(),
    "case_refused": frozenset({"why"}),
    "case_looked_into": frozenset({"hours"}),
    "case_team_changed": frozenset({"what"}),
    "case_handed_over": frozenset(),
    "case_transferred": frozenset({"direction", "sha256"}),
    "informant_read": frozenset(),
    "timeline_read": frozenset({"kind"}),
    "extract_made": frozenset({"asker"}),
    "breach_read": frozenset(),
    "breach_changed": frozenset(),
    "erasure_proposed": frozenset({"record_class", "count"}),
    "erasure_decided": frozenset({"record_class", "count", "erased"}),
    "legal_hold_changed": frozenset({"what"}),
    "subject_request_read": frozenset(),
    "subject_request_changed": frozenset({"what"}),
    "report_duty_noted": frozenset({"period", "done"}),
    "document_made": frozenset({"form", "scope"}),
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

#: Events of which it must be answerable which children they showed (Luật 91/2025/QH15 Đ23): their keys are kept with them.
SHOWS_CHILDREN = frozenset(
    {
        "children_listed",
        "services_listed",
        "children_searched",
        "cases_listed",
        "household_read",
        "list_printed",
        "workbook_exported",
        "period_report_downloaded",
        "import_read",
        "import_applied",
    }
)

_FIRST = "0" * 64


def record(
    event: str,
    user: User | None,
    subject: Base | None = None,
    *,
    commune_id: int | None = None,
    children: Iterable[int | None] | None = None,
    **details: Any,
) -> None:
    """Write an event in the current transaction. Raises ValueError for an unknown event or the wrong details.

    `children` are the keys of the children a list, file or search showed.
    """
    _append(db.session(), event, user, subject, commune_id, _with_children(event, details, children))


def _with_children(event: str, details: dict[str, Any], children: Iterable[int | None] | None) -> dict[str, Any]:
    """The details with the children's keys as ",12,34,", to be found by their commas."""
    if children is not None and event not in SHOWS_CHILDREN:
        raise ValueError(f"event {event!r} shows no children; say so in SHOWS_CHILDREN")
    if children is None:
        return details
    keys = sorted({key for key in children if key is not None})
    return {**details, "children": f",{','.join(map(str, keys))}," if keys else ""}


def record_read(
    event: str,
    user: User,
    subject: Base | None = None,
    *,
    children: Iterable[int | None] | None = None,
    **details: Any,
) -> None:
    """Write an event from a page that only reads: in a short transaction of its own, committed at once.

    In a writing request it joins that transaction, which holds SQLite's write lock already.
    """
    if transaction_mode.get() == "IMMEDIATE":
        record(event, user, subject, children=children, **details)
        return
    with writing(), Session(db.engine, join_transaction_mode="create_savepoint") as session:
        _append(session, event, user, subject, None, _with_children(event, details, children))
        session.commit()


def record_refusal(user: User, page: str | None, event: str = "access_refused") -> None:
    """Somebody asked for what is not for her. Written by itself: whatever she sent was undone.

    The page that told her may have begun to write again; SQLite's one lock is given back first, or this would wait for it in vain.
    """
    key: Any = inspect(user).identity
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
    with writing(), Session(db.engine, join_transaction_mode="create_savepoint") as session:
        _append(session, event, session.get_one(User, key), None, None, {"page": page})
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
    if event not in EVENTS or EVENTS[event] != details.keys() - {"children"}:
        raise ValueError(f"event {event!r} with {sorted(details)}")
    session.flush()
    commune_id = commune_id or (user.commune_id if user else None)
    chain = commune_id or 0
    connection = session.connection()
    before = _end(connection, chain)
    count, previous_hash = before or (0, _FIRST)
    said: dict[str, Any] = {
        "at": clock.now(),
        "commune_id": commune_id,
        "user_id": user.id if user else None,
        "event": event,
        "record_table": subject.__tablename__ if subject is not None else None,
        "record_id": subject.id if subject is not None else None,  # type: ignore[attr-defined]
        "details": details,
        "previous_hash": previous_hash,
    }
    said["hash"] = chain_hash(AuditEvent(**said))
    end = {"count": count + 1, "hash": said["hash"], "signature": signature(chain, count + 1, said["hash"])}
    last_saved.note(session, _add(connection, said, chain, end, is_first=before is None))


#: Written as tables: every page that shows a person writes one, and the ORM's way takes twice as long.
_ADD = AuditEvent.__table__.insert().returning(AuditEvent.id)  # type: ignore[attr-defined]
_END = select(AuditHead.count, AuditHead.hash).where(AuditHead.chain == bindparam("chain")).with_for_update()
_FIRST_END = AuditHead.__table__.insert()  # type: ignore[attr-defined]
_MOVE_END = (
    AuditHead.__table__.update()  # type: ignore[attr-defined]
    .where(AuditHead.chain == bindparam("of_chain"))
    .values({column: bindparam(f"end_{column}") for column in ("count", "hash", "signature")})
)
#: Both at once, which is one way to the server and back; SQLite has no such statement, and no way to go.
_ADD_AND_MOVE_END = _ADD.add_cte(_MOVE_END.cte("moved"))


def _add(connection: Connection, said: dict[str, Any], chain: int, end: dict[str, Any], *, is_first: bool) -> int:
    """Write an event and the new end of its chain; the event's number."""
    moved = {"of_chain": chain, **{f"end_{column}": value for column, value in end.items()}}
    if connection.dialect.name == "postgresql" and not is_first:
        return int(connection.scalar(_ADD_AND_MOVE_END, {**said, **moved}))
    number = int(connection.scalar(_ADD, said))
    if is_first:
        connection.execute(_FIRST_END, {"chain": chain, **end})
    else:
        connection.execute(_MOVE_END, moved)
    return number


def _end(connection: Connection, chain: int) -> tuple[int, str] | None:
    """(events, last hash) of a chain, held until this transaction ends so that no two events follow the same one."""
    found = connection.execute(_END, {"chain": chain}).one_or_none()
    if found is None and connection.dialect.name == "postgresql":  # no line to hold yet
        connection.execute(text("SELECT pg_advisory_xact_lock(7001, :chain)"), {"chain": chain})
        found = connection.execute(_END, {"chain": chain}).one_or_none()
    return (found[0], found[1]) if found is not None else None


def signature(chain: int, count: int, last_hash: str, *, secret: str | None = None) -> str:
    """The end of a chain, signed with the installation's key: whoever has only the database cannot make it."""
    return sealing.keyed_hash(f"{chain} {count} {last_hash}", "audit head", secret=secret)


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


@dataclass(frozen=True)
class Findings:
    """What a look through the whole trail has found."""

    #: How many events there are.
    count: int
    #: Events whose hash is wrong or that do not follow the one before; chains cut at the end; chains a witness contradicts.
    broken: list[int]
    cut: list[int]
    contradicted: list[int]


def verify() -> Findings:
    """Look through the whole trail as it stood at one moment, while people go on working. Ends the transaction."""
    db.session.rollback()
    with reading():
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        walked = _walk()
        found = Findings(sum(count for count, _last in walked[1].values()), walked[0], _cut(walked[1]), contradicted())
        db.session.rollback()
    return found


def broken_links() -> list[int]:
    """The ids of events whose hash is wrong, or that do not follow the one before; empty when the chains hold."""
    return _walk()[0]


def cut_chains() -> list[int]:
    """The chains (commune, or 0) whose end is not the one that was signed: events taken off the end, or the head forged."""
    return _cut(_walk()[1])


def _cut(ends: dict[int, tuple[int, str]]) -> list[int]:
    signed = {
        head.chain: head for head in db.session.scalars(select(AuditHead).execution_options(populate_existing=True))
    }
    return sorted(chain for chain in ends.keys() | signed.keys() if not _is_end(signed.get(chain), ends.get(chain)))


def _is_end(head: AuditHead | None, end: tuple[int, str] | None) -> bool:
    if head is None or (head.count, head.hash) != (end or (0, _FIRST)):
        return False
    return hmac.compare_digest(head.signature, signature(head.chain, head.count, head.hash))


def _walk() -> tuple[list[int], dict[int, tuple[int, str]]]:
    """The broken events, and {chain: (how many events, the hash of the last)}."""
    broken = []
    ends: dict[int, tuple[int, str]] = {}
    for entry in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id).execution_options(yield_per=1000)):
        count, last = ends.get(entry.commune_id or 0, (0, _FIRST))
        if entry.previous_hash != last or entry.hash != chain_hash(entry):
            broken.append(entry.id)
        ends[entry.commune_id or 0] = count + 1, entry.hash
    return broken, ends


# ── Witnesses outside the database ─────────────────────────────────────────


def witness() -> None:
    """Note the ends of all chains, signed, in a file beside the database: shows an older database put in its place.

    And where the second copies of backups go, which may be another machine's disk.
    """
    heads = db.session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
    lines = [f"{head.chain} {head.count} {head.hash} {head.signature}\n" for head in heads]
    for path in _witness_paths():
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("a", encoding="ascii") as file:
                file.writelines(lines)
        except OSError as problem:
            log.warning("the ends of the audit chains could not be noted: %s", type(problem).__name__)


def contradicted() -> list[int]:
    """The chains that do not hold, at its place, an event that was noted in the file once."""
    noted: dict[int, dict[int, str]] = {}
    for line in _witnessed():
        words = line.split()
        if len(words) != 4 or not (words[0].isdecimal() and words[1].isdecimal()):
            continue
        chain, count = int(words[0]), int(words[1])
        if hmac.compare_digest(words[3].encode("ascii", "replace"), signature(chain, count, words[2]).encode()):
            noted.setdefault(chain, {})[count] = words[2]
    wrong = []
    for number, places in noted.items():
        hashes = db.session.scalars(
            select(AuditEvent.hash)
            .where(AuditEvent.commune_id == number if number else AuditEvent.commune_id.is_(None))
            .order_by(AuditEvent.id)
        ).all()
        if any(place > len(hashes) or (place and hashes[place - 1] != last) for place, last in places.items()):
            wrong.append(number)
    return sorted(wrong)


def _witnessed() -> Iterator[str]:
    for path in _witness_paths():
        if path.exists():
            yield from path.read_text(encoding="ascii", errors="replace").splitlines()


def _witness_paths() -> list[Path]:
    """The file beside the database; and, when it is there, the one beside the second copies of backups."""
    second = current_app.config["MANGNON_BACKUP_COPY_TO"]
    places = [Path(current_app.config["MANGNON_INSTANCE"])]
    if second and Path(second).is_dir():
        places.append(Path(second))
    return [place / "audit-witness" for place in places]
