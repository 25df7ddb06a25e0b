"""Figures kept in memory until anything they count has changed: as quick as one look, and always equal to a recount.

Every change of a record writes a line of history in the same transaction (app/history.py). The last line of a commune and
the number of lines of the last two days tell whether anything changed since, also what a slower transaction committed
after a later line. Another day counts anew. Each process keeps its own copy and asks the same database.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Any, TypeVar

from flask import has_request_context, request
from sqlalchemy import bindparam, func, select

from app import access, clock
from models import Change, User, db

Told = TypeVar("Told")

#: Communes and figures kept at once; the least asked for goes first.
MOST = 200
_kept: OrderedDict[tuple[Any, ...], tuple[tuple[Any, ...], Any]] = OrderedDict()
_lock = Lock()


def state_of(commune_id: int) -> tuple[Any, ...]:
    """What differs as soon as a record of the commune was changed; a page that only reads asks once."""
    if not has_request_context() or request.method != "GET":
        return _state_of(commune_id)
    kept: dict[int, tuple[Any, ...]] = request.environ.setdefault("mangnon.states_of_communes", {})
    if commune_id not in kept:
        kept[commune_id] = _state_of(commune_id)
    return kept[commune_id]


def _state_of(commune_id: int) -> tuple[Any, ...]:
    since = clock.now() - timedelta(days=2)
    lately = db.session.connection().execute(_LATELY, {"commune_id": commune_id, "since": since}).one()
    return clock.today(), *lately


#: Put together once, for nearly every page asks it.
_LATELY = select(func.count(), func.min(Change.id), func.max(Change.id), func.max(Change.at)).where(
    Change.commune_id == bindparam("commune_id"), Change.at >= bindparam("since")
)


def told(commune_id: int, name: str, make: Callable[[], Told]) -> Told:
    """The figures of this name, made anew only when something changed."""
    key = (id(db.engine), commune_id, name)
    state = state_of(commune_id)
    with _lock:
        kept = _kept.get(key)
        if kept is not None and kept[0] == state:
            _kept.move_to_end(key)
            found: Told = kept[1]
            return found
    made = make()
    with _lock:
        _kept[key] = (state, made)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def told_of(user: User, name: str, make: Callable[[], Told]) -> Told:
    """What somebody is told of the whole commune: kept for all with her roles, who see the same; else made for her alone."""
    if not access.sees_whole_commune(user):
        return make()
    return told(user.commune_id, f"{name} of {', '.join(sorted(user.roles))}", make)


def forget() -> None:
    """Keep nothing, as when the program starts."""
    with _lock:
        _kept.clear()
