"""How far this transaction reaches, told to PostgreSQL, whose row-level security shows it nothing more (models/row_security.py).

Whoever talks to the database says first on whose behalf: a request as soon as it knows the person, a job, a command.
Nothing said, nothing seen. On SQLite, which has no such wall, nothing is told to anybody.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace

from flask import has_app_context
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from models import postgresql
from models.base import db


@dataclass(frozen=True)
class Reach:
    """Whose rows are within reach: `nothing`, `sign_in` (accounts only), `person`, or the whole `installation`."""

    kind: str
    commune_id: int | None = None
    user_id: int | None = None
    #: The villages of a person who does not see the whole commune.
    villages: frozenset[int] | None = None

    def settings(self) -> dict[str, str]:
        """What PostgreSQL is told, by the names of its settings."""
        villages = "{" + ",".join(map(str, sorted(self.villages))) + "}" if self.villages is not None else "*"
        return {
            "mangnon.reach": self.kind,
            "mangnon.commune": str(self.commune_id or ""),
            "mangnon.person": str(self.user_id or ""),
            "mangnon.villages": villages if self.kind == "person" else "",
            # Compiling a query that runs some milliseconds takes seconds, and nothing here runs for minutes.
            "jit": "off",
        }


NOTHING = Reach("nothing")
#: Before anybody is known: accounts, and the trail of failed attempts.
SIGN_IN = Reach("sign_in")
#: Commands, the worker, the first run, migrations: the whole installation.
INSTALLATION = Reach("installation")

_current: ContextVar[Reach] = ContextVar("reach", default=NOTHING)
_TELL = "SELECT " + ", ".join(f"set_config('{name}', %({name})s, true)" for name in NOTHING.settings())


def declare(reach: Reach) -> Token[Reach]:
    """From now on, also in a transaction that has begun; undo with `withdraw`."""
    token = _current.set(reach)
    _tell_now()
    return token


def withdraw(token: Token[Reach]) -> None:
    """Back to what was declared before."""
    _current.reset(token)
    if _current.get() != NOTHING:  # a request's own transaction ends with it
        with contextlib.suppress(
            SQLAlchemyError
        ):  # one that failed is rolled back, and tells anew when it begins again
            _tell_now()


@contextlib.contextmanager
def declared(reach: Reach) -> Iterator[None]:
    """For as long as the block lasts."""
    token = declare(reach)
    try:
        yield
    finally:
        withdraw(token)


@contextlib.contextmanager
def whole_commune() -> Iterator[None]:
    """For a look across a collaborator's villages: is a number taken, is a child known elsewhere. Tell nobody whose."""
    reach = _current.get()
    if reach.villages is None:
        yield
        return
    with declared(replace(reach, villages=None)):
        yield


def _tell_now() -> None:
    if has_app_context() and db.session.registry.has() and db.session().in_transaction():
        tell(db.session().connection())


def tell(connection: Connection) -> None:
    """Set the transaction's settings; they end with it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_TELL, _current.get().settings())


@event.listens_for(Session, "after_begin")
def _tell_at_the_beginning(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not (transaction.nested or postgresql.begin(connection, _current.get().settings())):
        tell(connection)
