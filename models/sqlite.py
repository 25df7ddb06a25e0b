"""SQLite made safe, and its writers made to queue. docs/decisions/0003-sqlite-transactions.md, 0095-writers-queue.md."""

import os
import sqlite3
import threading
import time
from collections import defaultdict
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from models import sqlite_log

#: How a SQLite transaction begins: IMMEDIATE takes the write lock at once (writing requests and jobs), DEFERRED only reads.
transaction_mode: ContextVar[str] = ContextVar("transaction_mode", default="DEFERRED")

#: Milliseconds a writer waits for another before it gives up: first for its turn in this process, then for other programs.
BUSY_TIMEOUT_MS = 15_000

#: One turn for each file. Writers of this process wait here, in order; SQLite itself would let each look again after a
#: pause that grows to a tenth of a second, and the unlucky one would look in vain for seconds.
_turns: defaultdict[str | None, threading.Lock] = defaultdict(threading.Lock)
_TURN, _FILE, _STRAY, _READ_ONLY = "mangnon-turn", "mangnon-file", "mangnon-stray", "mangnon-read-only"


@event.listens_for(Engine, "connect")
def _set_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Make SQLite safe: no implicit transactions, WAL, full sync, foreign keys on, erased data overwritten.

    Remember of a connection that could only be opened for reading, as on a disk that failed just then.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    file = cursor.execute("PRAGMA database_list").fetchone()[2]
    sqlite_log.hold(file)
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA trusted_schema = OFF")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.execute("PRAGMA cache_size = -20000")
    cursor.close()
    record.info[_FILE] = file
    # Deleted in the very moment: what was opened then may be another log.
    record.info[_STRAY] = sqlite_log.hold(file)
    record.info[_READ_ONLY] = file if file and not _may_write(file) else None


def _may_write(file: str) -> bool:
    log = f"{file}-wal"
    return os.access(file, os.W_OK) and (not os.path.exists(log) or os.access(log, os.W_OK))


@event.listens_for(Engine, "checkout")
def _open_again(_connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """It would stay so for ever: once the file may be written to again, another one is opened in its place."""
    if record.info.get(_STRAY):
        raise DisconnectionError("opened while the log was deleted")
    sqlite_log.hold(record.info.get(_FILE))
    file = record.info.get(_READ_ONLY)
    if file and _may_write(file):
        raise DisconnectionError("opened while the disk could only be read")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Begin explicitly: a writer takes the lock before it reads, so its update cannot be lost."""
    if connection.dialect.name != "sqlite":
        return
    mode = transaction_mode.get()
    if mode != "IMMEDIATE":
        connection.exec_driver_sql(f"BEGIN {mode}")
        return
    started = time.monotonic()
    turn = _turns[connection.engine.url.database]
    if turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
        connection.info[_TURN] = turn
    waited = int(1000 * (time.monotonic() - started))
    if waited < 100:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(0, BUSY_TIMEOUT_MS - waited)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _give_turn(info: dict[Any, Any]) -> None:
    turn = info.pop(_TURN, None)
    if turn is not None:
        turn.release()


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _ended(connection: Connection) -> None:
    if not connection.invalidated:  # the turn of a broken one was given when it was closed
        _give_turn(connection.info)


@event.listens_for(Engine, "checkin")
@event.listens_for(Engine, "close")
def _put_back(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """However a transaction ended, the turn does not leave with its connection."""
    _give_turn(record.info)
