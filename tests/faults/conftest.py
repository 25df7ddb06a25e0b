"""Fixtures of the fault tests: an office filled once and copied for every test."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import audit, create_app, migrating
from models import db
from tests import postgres
from tests.faults.office import SECRET, Office, copy
from tests.make import Make


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Whether there is time for more rounds and longer waits: make test-faults."""
    return os.environ.get("FAULTS") == "long"


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a commune, a village, people and some children."""
    folder = tmp_path_factory.mktemp("picture")
    app = create_app({"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), "DATABASE_URL": ""})
    with app.app_context():
        migrating.upgrade()
        with audit.writing():
            fill()
        migrating.analyse()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.session.remove()
        db.engine.dispose()
    return folder


def fill() -> None:
    """Put a commune, a village, people and some children into an empty database."""
    make = Make()
    village = make.village("Thôn Đông")
    for role, name in (("officer", "canbo"), ("leader", "lanhdao"), ("administrator", "quantri")):
        make.user(role, village=village, username=name)
    for number in range(200):
        make.child(f"Trần Thị Số {number}", village, note="chữ cũ " * 40)
    db.session.commit()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server: the one given, or one for these tests alone."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")
    given = os.environ.get("TEST_DATABASE_URL")
    with contextlib.nullcontext(given) if given else postgres.cluster() as url:
        yield url


@pytest.fixture
def office(picture: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of this test's own; the program is not started yet."""
    office = copy(picture, tmp_path / "office")
    yield office
    if office.process is not None and office.process.poll() is None:
        office.kill()
