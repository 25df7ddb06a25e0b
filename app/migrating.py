"""Migrations without Flask-Migrate: alembic with our own env.py. docs/decisions/0005-plain-alembic.md."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import config, reference
from models import db, reach, row_security, transaction_mode

log = logging.getLogger(__name__)


@contextmanager
def owners_engine() -> Iterator[Engine]:
    """The connection of the tables' owner: the app's own where no other is set (MIGRATION_DATABASE_URL)."""
    url = current_app.config["MIGRATION_DATABASE_URL"]
    if not url:
        yield db.engines[None]
        return
    engine = create_engine(config.database_url(url, Path(current_app.config["MANGNON_INSTANCE"])))
    try:
        yield engine
    finally:
        engine.dispose()


def _app_role() -> str | None:
    """The role the app connects as; None on SQLite, which has none."""
    if db.engine.dialect.name != "postgresql":
        return None
    with _own_connection() as connection:
        return str(connection.scalar(text("SELECT current_user")))


@contextmanager
def _own_connection() -> Iterator[Connection]:
    """Beside the session's: a failure there undoes nothing here."""
    with Session(db.engine, join_transaction_mode="create_savepoint") as own:
        yield own.connection()


def _config(engine: Engine | None = None) -> Config:
    root = Path(current_app.root_path)
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    config.attributes["engine"] = engine or db.engines[None]
    config.attributes["app_role"] = _app_role()
    return config


def is_walled() -> bool:
    """Whether row security stands as this code wants it; SQLite, the file of one commune, has none."""
    role = _app_role()
    if role is None:
        return True
    with _own_connection() as connection:
        return row_security.is_up(connection, role)


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision, load the legal code lists, and let the planner look at it."""
    if revision != "head" or current() != head() or not is_walled():
        with owners_engine() as engine:
            command.upgrade(_config(engine), revision)
    if revision == "head":
        with reach.declared(reach.INSTALLATION):
            reference.load()
        analyse()


def analyse() -> None:
    """Let the planner look at what the tables hold now: after a migration or a big load its old picture misleads it."""
    with owners_engine() as engine, engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def learn_from(picture: Path) -> None:
    """Let the planner look at a copy of SQLite's file just taken, and tell its figures to the database in use.

    So that is locked for the writing of some lines only, however large. The table that comes and goes makes every open
    connection, of other processes too, read the figures anew. PostgreSQL looks by itself (autovacuum).
    """
    with closing(sqlite3.connect(picture, isolation_level=None)) as copy:
        copy.execute("ANALYZE")
        figures = copy.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    token = transaction_mode.set("IMMEDIATE")
    try:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
            if figures:
                connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", figures)
            connection.exec_driver_sql("CREATE TABLE figures_renewed (figure INTEGER)")
            connection.exec_driver_sql("DROP TABLE figures_renewed")
            connection.exec_driver_sql("ANALYZE sqlite_schema")  # analyses nothing: this connection reads them anew
    except OperationalError as problem:  # somebody writes for long, or the disk is full: tomorrow is early enough
        log.warning("the planner's figures were not renewed: %s", type(problem.orig).__name__)
    finally:
        transaction_mode.reset(token)


def downgrade(revision: str) -> None:
    """Go back to an earlier revision."""
    with owners_engine() as engine:
        command.downgrade(_config(engine), revision)


def make_revision(message: str) -> None:
    """Write the migration from the models' difference to the database."""
    with owners_engine() as engine:
        command.revision(_config(engine), message, autogenerate=True)


def current(connection: Connection | None = None) -> str | None:
    """The revision the database is at (asked by a connection of its own when none is given); None for an empty one.

    By the owner of the tables: in a database just restored the app's role has no rights yet.
    """
    if connection is not None:
        return MigrationContext.configure(connection).get_current_revision()
    with owners_engine() as engine, Session(engine, join_transaction_mode="create_savepoint") as own:
        return MigrationContext.configure(own.connection()).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this code has a migration of this number; a later program's it has not."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def head() -> str | None:
    """The revision this running code wants."""
    return _head(current_app.root_path)


@cache
def _head(root: str) -> str | None:
    """Looked up once, for every save asks: the files take long to read, and a newer program's may lie there by now."""
    return ScriptDirectory(str(Path(root) / "migrations")).get_current_head()
