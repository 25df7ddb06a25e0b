"""The `flask` commands: thin doors to the functions that do the work."""

import importlib
import sqlite3
from functools import wraps
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from app import health, migrating
from models import reach

#: Modules with a `register(app)` that adds their commands.
COMMANDS = (
    "app.commands",
    "app.imports.cli",
    "app.workbooks.cli",
    "app.reports.cli",
    "app.casework_cli",
    "app.jobs_cli",
    "app.privacy_cli",
    "app.guide_book",
)

#: Commands that make, mend or do not read the database; all others need it at this code's migration.
WITHOUT_DATABASE = frozenset({"upgrade", "make-migration", "demo", "docs", "guide", "backup", "restore"})


def init_app(app: Flask) -> None:
    """Add every command; those that read the database refuse an old or empty one with a sentence."""
    known = set(app.cli.commands)
    for name in COMMANDS:
        importlib.import_module(name).register(app)
    for name, command in app.cli.commands.items():
        if name not in known:
            _guard(command, needs_database=name not in WITHOUT_DATABASE)
            _put_failures_in_words(command)


def _put_failures_in_words(command: click.Command) -> None:
    """A failure of the disk or the database is one sentence and status 1, never a traceback."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _put_failures_in_words(inner)
    work = command.callback
    if work is None or hasattr(work, "puts_failures_in_words"):
        return

    @wraps(work)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        except (DatabaseError, sqlite3.DatabaseError, OSError) as problem:
            ailment = health.of(problem)
            if ailment is None:
                raise
            raise click.ClickException(f"{ailment.title}.") from None

    told.puts_failures_in_words = True  # type: ignore[attr-defined]
    command.callback = told


def _guard(command: click.Command, *, needs_database: bool) -> None:
    """Whoever sits at the console reaches the whole installation; what reads the database refuses an old one."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _guard(inner, needs_database=needs_database)
        if not command.invoke_without_command:
            return
    work = command.callback
    if work is None or hasattr(work, "is_guarded"):
        return

    @wraps(work)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if needs_database and migrating.current() != migrating.head():
            raise click.ClickException("Cơ sở dữ liệu chưa ở phiên bản của chương trình này. Chạy: flask upgrade")
        with reach.declared(reach.INSTALLATION):
            return work(*args, **kwargs)

    guarded.is_guarded = True  # type: ignore[attr-defined]
    command.callback = with_appcontext(guarded)
