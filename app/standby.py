"""Figures, lists and workbooks read from a hot standby of PostgreSQL, where one is set (REPORTS_DATABASE_URL).

The standby is asked only when it has everything the primary had saved at that moment; else, and when it fails in the
middle, the primary answers. So nobody misses what she has just saved, and a number always equals the list behind it.
docs/decisions/0107-reading-from-a-standby.md.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from models import base, db

log = logging.getLogger(__name__)

#: How long a page waits for the standby to catch up; how long one that did not, or does not answer, is left alone (seconds).
PATIENCE, LEFT_ALONE = 0.5, 10.0

#: A role that no policy binds is not asked: it would see every commune.
_HAS_ALL = text(
    "SELECT pg_is_in_recovery() AND row_security_active('children') AND pg_last_wal_replay_lsn() >= CAST(:wanted AS pg_lsn)"
)

Answer = TypeVar("Answer")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class _State:
    """When the standby may be asked again."""

    not_before: float = 0.0


def reads(view: View) -> View:
    """Mark a view that changes nothing: what it asks, it asks the standby."""

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        return ask(lambda: view(*args, **kwargs))

    return shown  # type: ignore[return-value]


def ask(question: Callable[[], Answer]) -> Answer:
    """The answer of a function that changes nothing: from the standby if it can, else from the primary."""
    if not _is_ready():
        return question()
    token = base.read_from.set(base.STANDBY)
    try:
        return question()
    except DBAPIError as problem:  # it went away, or what was read had to make way for what it is sent
        _leave_alone(type(problem.orig).__name__)
    finally:
        base.read_from.reset(token)
    db.session.rollback()
    return question()


def _is_ready() -> bool:
    engine = db.engines.get(base.STANDBY)
    if engine is None or time.monotonic() < _state().not_before:
        return False
    wanted = db.session.scalar(text("SELECT CAST(pg_current_wal_flush_lsn() AS text)"))
    try:
        if _catches_up(engine, wanted):
            return True
        _leave_alone("it is behind, or is no standby, or its role is bound by no policy")
    except DBAPIError as problem:
        _leave_alone(type(problem.orig).__name__)
    return False


def _catches_up(engine: Engine, wanted: str) -> bool:
    ends = time.monotonic() + PATIENCE
    # Each look is a transaction of its own: within one a role changed meanwhile would look as before.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(_HAS_ALL, {"wanted": wanted}):
            if time.monotonic() > ends:
                return False
            time.sleep(0.01)
    return True


def _leave_alone(why: str) -> None:
    _state().not_before = time.monotonic() + LEFT_ALONE
    log.warning("the standby is not asked: %s", why)


def _state() -> _State:
    found: _State = current_app.extensions.setdefault("mangnon-standby", _State())
    return found
