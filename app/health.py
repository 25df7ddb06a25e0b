"""Whether this installation works: the database answers, is whole, and is at the migration this code wants; if not, why."""

import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, SQLAlchemyError

from app import config, last_saved, migrating
from models import db, row_security

#: Before this version SQLite could, very rarely, corrupt a database while resetting its write-ahead log.
SAFE_SQLITE = (3, 51, 3)
#: With less room than this on the disk the next save may fail.
LEAST_FREE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Health:
    """The state of the installation. `reason` is empty when all is well."""

    database: str
    #: The database's own version.
    version: str
    migration: str | None
    wanted_migration: str | None
    size: int | None
    reason: str = ""
    #: Whether PostgreSQL binds the app's role by no policy.
    is_unbound: bool = False

    @property
    def is_well(self) -> bool:
        """Whether people can work."""
        return not self.reason

    @property
    def note(self) -> str:
        """A warning that does not stop the work; empty when there is none."""
        if lost := last_saved.warning():
            return lost
        if self.is_unbound:
            return _(
                "Tài khoản nối PostgreSQL vượt qua được lớp bảo vệ theo hàng; dùng tài khoản thường, không phải superuser."
            )
        if self.database == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
            return _(
                "SQLite %(version)s có một lỗi hiếm có thể làm hỏng dữ liệu, đã sửa từ bản 3.51.3; hãy sao lưu hằng ngày.",
                version=self.version,
            )
        return ""


def check() -> Health:
    """Ask the database, the file it is in, and the disk."""
    dialect = db.engine.dialect.name
    wanted = migrating.head()
    try:
        version = _version(dialect)
        migration = migrating.current(db.session.connection())
        size = _size(dialect)
    except SQLAlchemyError as problem:
        db.session.rollback()
        ailment = of(problem)
        reason = str(ailment.title) if ailment not in (None, BUSY) else _("Cơ sở dữ liệu không trả lời.")
        return Health(dialect, "", None, wanted, None, reason)
    reason = _wrong_migration(migration, wanted) or _wrong_wall() or _wrong_file()
    is_unbound = dialect == "postgresql" and row_security.is_bypassed(db.session.connection())
    return Health(dialect, version, migration, wanted, size, reason, is_unbound)


def _wrong_migration(migration: str | None, wanted: str | None) -> str:
    if migration == wanted:
        return ""
    if migration is not None and not migrating.is_known(migration):
        return _(
            "Cơ sở dữ liệu mới hơn chương trình này; hãy dùng lại bản chương trình mới, hoặc khôi phục bản sao lưu."
        )
    return _("Cơ sở dữ liệu chưa ở phiên bản mà chương trình cần; chạy flask upgrade.")


def _wrong_wall() -> str:
    return "" if migrating.is_walled() else _("Lớp bảo vệ theo hàng của PostgreSQL chưa dựng đúng; chạy flask upgrade.")


def _wrong_file() -> str:
    """What is wrong with a SQLite file, or the disk it lies on; empty when nothing is."""
    path = _file()
    if path is None:
        return ""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return str(READ_ONLY.title)
    if shutil.disk_usage(path.parent).free < LEAST_FREE:
        return str(FULL.title)
    return str(DAMAGED.title) if _is_damaged(path) else ""


def _file() -> Path | None:
    """The file of a SQLite database that is there; None for another one."""
    path = config.sqlite_file(current_app.config["SQLALCHEMY_DATABASE_URI"])
    return path if path is not None and path.exists() else None


# ── Damage ─────────────────────────────────────────────────────────────────


@dataclass
class _Look:
    """What the last look at the whole file found, and when the next may be taken."""

    found: bool = False
    not_before: float = 0.0
    #: Stands when one of several processes met damage; None where only one answers.
    flag: Path | None = None

    @property
    def is_damaged(self) -> bool:
        return self.found or (self.flag is not None and self.flag.exists())

    def note(self) -> None:
        self.found = True
        if self.flag is not None:
            self.flag.touch()


def _look() -> _Look:
    found: _Look = current_app.extensions.setdefault("mangnon-damage", _Look())
    return found


def note_damage() -> None:
    """A request has met a damaged page: nothing more is saved until the program is started on a sound database."""
    _look().note()


def share_damage(app: Flask, folder: Path) -> None:
    """What one process finds, all that answer with it know, by a file in their folder."""
    app.extensions["mangnon-damage"] = _Look(flag=folder / "damaged")


def _is_damaged(path: Path) -> bool:
    """Look through the file, so seldom that it takes no more than a twentieth of the time."""
    look = _look()
    begun = time.monotonic()
    if look.is_damaged or begun < look.not_before:
        return look.is_damaged
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            is_sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        is_sound = False
    if not is_sound:
        look.note()
    look.not_before = time.monotonic() + 20 * (time.monotonic() - begun)
    return look.is_damaged


# ── Failures in words ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class Ailment:
    """A failure of the disk or the database, as people are told of it."""

    title: Any
    advice: Any


BUSY = Ailment(_l("Hệ thống đang bận"), _l("Chưa lưu được. Những gì đã gõ còn ở dưới đây. Chờ một phút rồi gửi lại."))
FULL = Ailment(
    _l("Đĩa của máy chủ đã đầy"),
    _l("Chưa lưu được. Những gì đã gõ còn ở dưới đây. Báo người quản trị dọn đĩa, rồi gửi lại."),
)
READ_ONLY = Ailment(
    _l("Máy chủ không ghi được vào thư mục dữ liệu"),
    _l("Chưa lưu được. Những gì đã gõ còn ở dưới đây. Báo người quản trị xem ổ đĩa và quyền của thư mục, rồi gửi lại."),
)
DAMAGED = Ailment(
    _l("Cơ sở dữ liệu bị hỏng"),
    _l(
        "Chưa lưu được. Những gì đã gõ còn ở dưới đây. Báo người quản trị dừng chương trình và khôi phục bản sao lưu gần nhất "
        "(flask restore --replace)."
    ),
)
WRONG_VERSION = Ailment(
    _l("Chương trình và cơ sở dữ liệu không cùng phiên bản"),
    _l("Chưa lưu được. Những gì đã gõ còn ở dưới đây. Báo người quản trị mở /healthz xem phải làm gì."),
)
#: Words in the messages of SQLite, PostgreSQL and the system.
_SIGNS = (
    (("database or disk is full", "no space left", "file too large"), FULL),
    (("readonly", "read-only", "disk i/o error", "unable to open database", "permission denied"), READ_ONLY),
    (("malformed", "not a database", "invalid page", "could not read block"), DAMAGED),
    (("no such table", "no such column", "has no column", "undefinedtable", "undefinedcolumn"), WRONG_VERSION),
    (("locked", "busy"), BUSY),
)


def of(problem: Exception) -> Ailment | None:
    """What a failure means, by the words in its message; None for one that is no failure of disk or database."""
    if isinstance(problem, IntegrityError | DataError):  # their messages quote what was typed
        return None
    original = getattr(problem, "orig", None) or problem
    said = f"{type(original).__name__} {original}".lower()
    for words, ailment in _SIGNS:
        if any(word in said for word in words):
            return ailment
    return BUSY if isinstance(problem, OperationalError) else None


# ── Two versions ───────────────────────────────────────────────────────────


def init_app(app: Flask) -> None:
    """Let nobody work on a database of another version, nor save into a damaged one."""
    app.before_request(_refuse)


def _refuse() -> ResponseReturnValue | None:
    from app.errors import told

    if request.endpoint in (None, "static", "setup.healthz"):
        return None
    is_writing = request.method == "POST"
    if is_writing and _look().is_damaged:
        return told(DAMAGED)
    if is_writing or not current_app.extensions.get("mangnon-version-is-right"):
        is_right = _is_right_version()
        current_app.extensions["mangnon-version-is-right"] = is_right
        if not is_right:
            return told(WRONG_VERSION)
    return None


def _is_right_version() -> bool:
    wanted = migrating.head()
    try:
        return db.session.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [wanted]
    except SQLAlchemyError as problem:
        db.session.rollback()
        if of(problem) is not WRONG_VERSION:
            raise
        return False


def _version(dialect: str) -> str:
    if dialect == "sqlite":
        db.session.execute(text("SELECT 1"))
        return sqlite3.sqlite_version
    return str(db.session.scalar(text("SHOW server_version")))


def _size(dialect: str) -> int | None:
    if dialect == "postgresql":
        return db.session.scalar(text("SELECT pg_database_size(current_database())"))
    path = _file()
    return path.stat().st_size if path is not None else None
