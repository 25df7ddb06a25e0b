"""Work that one process of the installation does at a time. Its lock ends with the process, however that ended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from models import db

#: A machine that lost its power says nothing: the server asks one that is silent so often (seconds), and gives it up after three.
_ASKED_EVERY = 30


@contextmanager
def alone(work: str) -> Iterator[bool]:
    """Whether nobody else is at this work; nobody will be until the block ends."""
    with _in_postgresql(work) if db.engine.dialect.name == "postgresql" else _in_a_file(work) as is_ours:
        yield is_ours


@contextmanager
def _in_postgresql(work: str) -> Iterator[bool]:
    """By a lock of a transaction, which a pooler between us and the server leaves as it is."""
    with db.engine.connect() as connection:
        for name in ("idle", "interval"):
            connection.exec_driver_sql(f"SET LOCAL tcp_keepalives_{name} = {_ASKED_EVERY}")
        connection.exec_driver_sql("SET LOCAL tcp_keepalives_count = 3")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield bool(connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext(:work))"), {"work": work}))


@contextmanager
def _in_a_file(work: str) -> Iterator[bool]:
    """By SQLite's own lock of an empty database, which is the same on every system."""
    place = Path(current_app.config["MANGNON_INSTANCE"]) / f"{work}.lock"
    with closing(sqlite3.connect(place, timeout=0, isolation_level=None, check_same_thread=False)) as connection:
        yield _is_taken(connection)


def _is_taken(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:  # another process has it, or nothing can be written here at all
        return False
    return True
