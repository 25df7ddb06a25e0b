"""Fixtures: an app on a real database (SQLite, or PostgreSQL by TEST_DATABASE_URL), rolled back after each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app, migrating
from models import db
from tests.make import Make
from tests.page import Client


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app with its migrated database, once per test run."""
    folder: Path = tmp_path_factory.mktemp("instance")
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "only for tests, only for tests, only for tests",
            "MANGNON_INSTANCE": str(folder),
            "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
            "WTF_CSRF_ENABLED": False,
        }
    )
    app.test_client_class = Client
    with app.app_context():
        migrating.upgrade()
        db.session.remove()
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[object]:
    """A session whose every commit is undone when the test ends (Flask-SQLAlchemy ignores a session's own bind)."""
    with app.app_context():
        engines = db.engines
        engine, connection = engines[None], engines[None].connect()
        transaction = connection.begin()
        engines[None] = connection
        db.session.configure(join_transaction_mode="create_savepoint")
        db.session.info.clear()
        try:
            yield db.session
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
