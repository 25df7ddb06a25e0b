"""Fixtures: an app on a real database (SQLite, or PostgreSQL by TEST_DATABASE_URL), rolled back after each test."""

import atexit
import contextlib
import functools
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from waitress.server import create_server

from app import create_app, identity, migrating, phones, second_factor
from models import db, reach
from tests import postgres
from tests.make import Make
from tests.page import Client
from tests.waiting import PATIENCE

# A machine that is busy with other tests makes no function wrong.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

#: Tests sign in thousands of times: a hash costs them little. What it costs who guesses is held by tests/unit/test_hashing.py.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
identity._NOBODY = _QUICK.hash("không có ai")
for _module in (identity, phones, second_factor):
    _module._hasher = _QUICK

SECRET = "only for tests, only for tests, only for tests"


@contextlib.contextmanager
def migrated_app(folder: Path, *, as_owner: bool = False, **settings: Any) -> Iterator[Flask]:
    """An app on an empty database of its own: a file in `folder`, or one on the test server for PostgreSQL.

    There it connects as a role bound by row security, or, for tests that tamper, as the owner of the tables.
    """
    server = os.environ.get("TEST_DATABASE_URL")
    pattern = _migrated_once(server, as_owner) if "DATABASE_URL" not in settings else None
    if pattern and not server:
        shutil.copy(pattern, folder)
    with postgres.empty_database(server, pattern) if server else contextlib.nullcontext("") as url:
        app = _app(folder, url, as_owner, **settings)
        declared = reach.declare(reach.INSTALLATION)  # for what a test does itself; requests declare their own
        if pattern is None:
            with app.app_context():
                migrating.upgrade()
                db.session.remove()
        try:
            yield app
        finally:
            reach.withdraw(declared)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def _app(folder: Path, url: str, as_owner: bool, **settings: Any) -> Flask:
    addresses = {"DATABASE_URL": url if as_owner else postgres.for_the_app(url), "MIGRATION_DATABASE_URL": url}
    app = create_app({"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), **addresses, **settings})
    app.test_client_class = Client
    return app


@functools.cache
def _migrated_once(server: str | None, as_owner: bool) -> str:
    """A migrated database that nobody uses, to be copied, once per process: each of its own would take seconds.

    Gives the path of a file, or the name of a database on the test server, which goes with the server.
    """
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = postgres.new_database(server) if server else ""
    app = _app(folder, url, as_owner)
    with app.app_context(), reach.declared(reach.INSTALLATION):
        migrating.upgrade()
        db.session.remove()
        db.engine.dispose()
    return url.rpartition("/")[2] if server else str(folder / "mangnon.sqlite3")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app with its migrated database, once per test run."""
    with migrated_app(tmp_path_factory.mktemp("instance"), TESTING=True, WTF_CSRF_ENABLED=False) as app:
        yield app


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Flask]:
    """An app as it is served, on a database of its own that nothing rolls back: for threads, processes and servers."""
    with migrated_app(tmp_path) as app:
        yield app


@pytest.fixture
def server(served: Flask) -> Iterator[str]:
    """The address at which waitress serves the `served` app."""
    with serving(served) as address:
        yield address


@contextlib.contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Waitress on a free port, in a thread of its own."""
    waiter = create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)

    def run() -> None:
        with contextlib.suppress(OSError):  # closing may catch the loop in the middle of asking its sockets
            waiter.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{waiter.effective_port}"
    finally:
        waiter.close()
        thread.join(PATIENCE)


@pytest.fixture
def session(app: Flask) -> Iterator[object]:
    """A session whose every commit is undone when the test ends."""
    with rolled_back(app):
        yield db.session


@contextlib.contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """One connection for everything, whose transaction is rolled back (Flask-SQLAlchemy ignores a session's bind)."""
    with app.app_context():
        engines = db.engines
        engine, connection = engines[None], engines[None].connect()
        transaction = connection.begin()
        engines[None] = connection
        db.session.configure(join_transaction_mode="create_savepoint")
        db.session.info.clear()
        try:
            yield
        finally:
            db.session.remove()
            engines[None] = engine
            transaction.rollback()
            connection.close()


@pytest.fixture
def make(session: object) -> Make:
    """Builders of records with fixed defaults."""
    return Make()


@pytest.fixture
def client(app: Flask, session: object) -> Client:
    """A browser without a screen that checks every page it is handed."""
    return app.test_client()
