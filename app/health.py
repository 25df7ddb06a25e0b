"""Whether this installation works: the database answers, and is at the migration this code wants."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app import migrating
from models import db

#: Before this version SQLite could, very rarely, corrupt a database while resetting its write-ahead log.
SAFE_SQLITE = (3, 51, 3)


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

    @property
    def is_well(self) -> bool:
        """Whether people can work."""
        return not self.reason

    @property
    def note(self) -> str:
        """A warning that does not stop the work; empty when there is none."""
        if self.database == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
            return _(
                "SQLite %(version)s có một lỗi hiếm có thể làm hỏng dữ liệu, đã sửa từ bản 3.51.3; hãy sao lưu hằng ngày.",
                version=self.version,
            )
        return ""


def check() -> Health:
    """Ask the database."""
    dialect = db.engine.dialect.name
    wanted = migrating.head()
    try:
        version = _version(dialect)
        migration = migrating.current(db.session.connection())
        size = _size(dialect)
    except SQLAlchemyError:
        return Health(dialect, "", None, wanted, None, _("Cơ sở dữ liệu không trả lời."))
    reason = ""
    if migration != wanted:
        reason = _("Cơ sở dữ liệu chưa ở phiên bản mà chương trình cần; chạy flask upgrade.")
    return Health(dialect, version, migration, wanted, size, reason)


def _version(dialect: str) -> str:
    if dialect == "sqlite":
        db.session.execute(text("SELECT 1"))
        return sqlite3.sqlite_version
    return str(db.session.scalar(text("SHOW server_version")))


def _size(dialect: str) -> int | None:
    if dialect == "postgresql":
        return db.session.scalar(text("SELECT pg_database_size(current_database())"))
    name = make_url(str(current_app.config["SQLALCHEMY_DATABASE_URI"])).database
    return Path(name).stat().st_size if name and Path(name).exists() else None
