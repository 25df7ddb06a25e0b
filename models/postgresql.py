"""PostgreSQL with fewer ways there and back, and with statements that stay prepared. docs/decisions/0110-fewer-ways-to-postgresql.md."""

import contextlib
import selectors
import time
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import pq, sql
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

#: Statements a connection keeps prepared; all pages together ask some hundreds.
PREPARED = 300
#: A connection that was idle for longer (seconds) is asked for a sign of life before it is used.
IDLE = 5.0
_LEFT = "mangnon-left"


class KeepingConnection(psycopg.Connection[Any]):
    """Keeps what is prepared when a transaction is rolled back, which is how every page that only reads ends.

    psycopg forgets it then, for a statement may name what the transaction itself had made; no page makes tables.
    """

    def rollback(self) -> None:
        """End the transaction; in any unusual state as psycopg does it."""
        if self.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
            with contextlib.suppress(psycopg.OperationalError):  # said by what follows
                self.pgconn.exec_(b"ROLLBACK")
        super().rollback()


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, _record: ConnectionPoolEntry, arguments: Any, named: Any) -> KeepingConnection | None:
    if dialect.driver != "psycopg":
        return None
    connection = KeepingConnection.connect(*arguments, **named)
    connection.prepared_max = PREPARED
    return connection


@event.listens_for(Engine, "checkin")
def _left(connection: Any, record: ConnectionPoolEntry) -> None:
    if isinstance(connection, KeepingConnection):
        record.info[_LEFT] = time.monotonic()


@event.listens_for(Engine, "checkout")
def _look(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """After the server was restarted, or another took over, the next request works: a closed connection is seen without asking."""
    if not isinstance(connection, KeepingConnection):
        return
    is_old = time.monotonic() - record.info.get(_LEFT, time.monotonic()) > IDLE
    if not _lives(connection.pgconn, ask=is_old):
        raise InvalidatePoolError("the server closed the connection")


def _lives(connection: pq.abc.PGconn, *, ask: bool) -> bool:
    """A server says nothing by itself but that it ends; so whatever has come in is the end, or worth a new connection."""
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.socket, selectors.EVENT_READ)
            if selector.select(0):
                return False
        return not ask or connection.exec_(b"SELECT 1").status == pq.ExecStatus.TUPLES_OK
    except (OSError, psycopg.OperationalError):
        return False


def begin(connection: Connection, settings: Mapping[str, str]) -> bool:
    """Begin the transaction and make these settings for it, in one way there and back; False when that was not possible.

    Then nothing was done, and the usual way says why.
    """
    raw: Any = connection.connection.dbapi_connection
    if not isinstance(raw, KeepingConnection) or not _begins_as_usual(raw):
        return False
    told = sql.SQL(", ").join(
        sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in settings.items()
    )
    statement = sql.SQL("BEGIN; SELECT {}").format(told).as_bytes(raw)
    try:
        return raw.pgconn.exec_(statement).status == pq.ExecStatus.TUPLES_OK
    except psycopg.OperationalError:
        return False


def _begins_as_usual(connection: KeepingConnection) -> bool:
    is_idle = connection.pgconn.transaction_status == pq.TransactionStatus.IDLE
    is_special = any(
        one is not None for one in (connection.isolation_level, connection.read_only, connection.deferrable)
    )
    return is_idle and not connection.autocommit and not is_special
