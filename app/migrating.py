"""Migrations without Flask-Migrate: alembic with our own env.py. docs/decisions/0005-plain-alembic.md."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app import reference
from models import db


def _config() -> Config:
    root = Path(current_app.root_path)
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    config.attributes["engine"] = db.engines[None]
    return config


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision, load the legal code lists, and let the planner look at it."""
    command.upgrade(_config(), revision)
    if revision == "head":
        reference.load()
        analyse()


def analyse() -> None:
    """Let the planner look at what the tables hold now: after a migration or a big load its old picture misleads it."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def downgrade(revision: str) -> None:
    """Go back to an earlier revision."""
    command.downgrade(_config(), revision)


def make_revision(message: str) -> None:
    """Write the migration from the models' difference to the database."""
    command.revision(_config(), message, autogenerate=True)


def current(connection: Connection | None = None) -> str | None:
    """The revision the database is at (asked by a connection of its own when none is given); None for an empty one."""
    if connection is not None:
        return MigrationContext.configure(connection).get_current_revision()
    with Session(db.engine, join_transaction_mode="create_savepoint") as own:
        return MigrationContext.configure(own.connection()).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this code has a migration of this number; a later program's it has not."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def head() -> str | None:
    """The revision this code wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()
