"""Whether what was saved last is still there: the number of the last audit event stands in a file beside a SQLite database.

A write-ahead log that was deleted, or an older file put in its place, leaves a sound database that lacks what was saved last.
Nothing but the number outside tells. It is written after the commit, so it is never ahead of a database that lost nothing.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, SessionTransaction

from app import clock, config
from models import AuditEvent, db, sqlite_log

_EVENT = "mangnon-last-event"


def listen(session: Any) -> None:
    """Keep the number of each audit event that is committed through this session."""
    event.listen(session, "after_commit", _keep)
    event.listen(session, "after_soft_rollback", _drop)


def note(session: Session, number: int) -> None:
    """An audit event was written that this transaction may yet commit."""
    session.info[_EVENT] = number


def _drop(session: Session, _previous: SessionTransaction) -> None:
    session.info.pop(_EVENT, None)


def _keep(session: Session) -> None:
    if session.in_nested_transaction():  # may still be undone
        return
    number, database = session.info.pop(_EVENT, None), _database()
    if number is None or database is None:
        return
    with contextlib.suppress(OSError):  # a full disk is told of elsewhere; an older number gives no false alarm
        descriptor = os.open(_mark(database), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, b"%020d\n" % number)
        finally:
            os.close(descriptor)


def _database() -> Path | None:
    return config.sqlite_file(current_app.config["SQLALCHEMY_DATABASE_URI"])


def _mark(database: Path) -> Path:
    return database.with_name(f"{database.name}.last-saved")


def _finding(database: Path) -> Path:
    return database.with_name(f"{database.name}.lost")


def look() -> None:
    """At the start: compare the number with the database; a loss stands in a file until somebody has seen to it."""
    database = _database()
    if database is None:
        return
    try:
        kept = int(_mark(database).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    found = db.session.scalar(select(func.max(AuditEvent.id))) or 0
    if kept > found:
        with _finding(database).open("a", encoding="ascii") as file:
            file.write(f"{clock.now().isoformat()} {found} of {kept}\n")
        _mark(database).unlink()


def warning() -> str:
    """What must be told while a loss was not seen to; empty when there was none."""
    database = _database()
    if database is None or not _finding(database).exists():
        return ""
    return _(
        "Một số việc đã lưu không còn trong cơ sở dữ liệu: mất tệp -wal, hoặc một tệp cũ được đặt vào. Khôi phục bản sao lưu mới "
        "hơn nếu có, hoặc nhập lại; xem xong thì xóa tệp %(name)s trong thư mục dữ liệu.",
        name=_finding(database).name,
    )


def forget(database: Path) -> None:
    """Before another database is put in this place."""
    _mark(database).unlink(missing_ok=True)
    _finding(database).unlink(missing_ok=True)
    sqlite_log.forget(database)
