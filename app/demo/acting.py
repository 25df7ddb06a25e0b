"""Doing things in somebody's name at some time in the past, so that the history tells it that way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select

from models import Change, db


@contextmanager
def acting(user_id: int, at: datetime) -> Iterator[None]:
    """Changes flushed inside are by this user, at that time."""
    db.session.flush()
    before = db.session.scalar(select(func.coalesce(func.max(Change.id), 0)))
    db.session.info["user_id"] = user_id
    yield
    db.session.flush()
    for change in db.session.scalars(select(Change).where(Change.id > before, Change.by_user_id == user_id)):
        change.at = at
    db.session.info.pop("user_id")
    db.session.flush()
