"""The embedded database is set up to be safe."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit
from models import db, sqlite as ours
from models.sqlite import BUSY_TIMEOUT_MS
from tests.make import Make

pytestmark = pytest.mark.skipif("os.environ.get('TEST_DATABASE_URL')", reason="about SQLite")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", BUSY_TIMEOUT_MS),
        ("secure_delete", 1),
        ("trusted_schema", 0),
    ],
)
def test_every_connection_is_safe(served: Flask, pragma: str, value: object) -> None:
    with served.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_row_without_its_parent_is_refused(served: Flask) -> None:
    orphan = (
        "INSERT INTO villages (commune_id, name_key, position, name, created_at, updated_at)"
        " VALUES (987654, '', 0, 'x', '2026-01-01', '2026-01-01')"
    )
    with (
        served.app_context(), audit.writing(), db.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError)
    ):  # fmt: skip
        connection.exec_driver_sql(orphan)


def test_a_writing_transaction_takes_the_lock_before_it_reads(served: Flask) -> None:
    with served.app_context():
        path = db.engine.url.database
        with audit.writing():
            db.session.execute(sa.text("SELECT count(*) FROM children"))
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        finally:
            other.close()
            db.session.rollback()


def test_a_reading_one_does_not(served: Flask) -> None:
    with served.app_context():
        db.session.execute(sa.text("SELECT count(*) FROM children"))
        other = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        finally:
            other.close()


def test_readers_are_served_while_somebody_writes(served: Flask) -> None:
    with served.app_context(), audit.writing():
        make = Make()
        make.user("officer")
        db.session.execute(sa.text("UPDATE users SET full_name = 'đang ghi'"))

        with ThreadPoolExecutor(1) as other:
            assert other.submit(lambda: served.test_client().get("/sign-in").status_code).result(5) == 200
        db.session.rollback()


def test_what_was_deleted_is_not_left_in_the_file(served: Flask) -> None:
    with served.app_context():
        with audit.writing():
            make = Make()
            child = make.child("Trần Thị Bí Mật Lắm", note="chuyện không ai được biết")
            db.session.execute(sa.text("DELETE FROM changes"))
            db.session.execute(sa.text("DELETE FROM children WHERE id = :id"), {"id": child.id})
            db.session.commit()
        db.session.remove()
        path = db.engine.url.database
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        with open(path, "rb") as file:
            assert "chuyện không ai được biết".encode() not in file.read()


def test_the_file_is_readable_by_others_only_as_the_folder_allows(served: Flask) -> None:
    with served.app_context():
        assert str(db.engine.url.database).startswith(served.config["MANGNON_INSTANCE"])


def _turn(app: Flask) -> threading.Lock:
    return ours._turns[db.engine.url.database]


def test_writers_of_a_process_take_turns_and_none_looks_in_vain(served: Flask) -> None:
    done = []

    def write(number: int) -> None:
        with served.app_context(), audit.writing():
            db.session.execute(sa.text("UPDATE villages SET name = name"))
            time.sleep(0.01)
            db.session.commit()
            done.append(number)

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(write, range(60)))

    assert sorted(done) == list(range(60))
    with served.app_context():
        assert not _turn(served).locked()


@pytest.mark.parametrize("ending", ["commit", "rollback", "remove", "error"])
def test_a_turn_is_given_back_however_a_transaction_ends(served: Flask, ending: str) -> None:
    with served.app_context(), audit.writing():
        db.session.execute(sa.text("SELECT count(*) FROM children"))
        assert _turn(served).locked()
        if ending == "error":
            with pytest.raises(sa.exc.OperationalError):
                db.session.execute(sa.text("SELECT * FROM not_there"))
            db.session.remove()
        else:
            getattr(db.session, ending)()

        assert not _turn(served).locked()


def test_a_turn_does_not_go_with_a_broken_connection(served: Flask) -> None:
    with served.app_context(), audit.writing():
        connection = db.engine.connect()
        connection.exec_driver_sql("SELECT 1")
        assert _turn(served).locked()

        connection.invalidate()

        assert not _turn(served).locked()
        connection.close()


def test_another_programs_lock_is_told_to_all_who_wait(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "BUSY_TIMEOUT_MS", 400)

    def write() -> str:
        with served.app_context(), audit.writing():
            try:
                db.session.execute(sa.text("SELECT count(*) FROM children"))
            except sa.exc.OperationalError as problem:
                return str(problem.orig)
            finally:
                db.session.remove()
            return "written"

    with served.app_context():
        db.engine.dispose()  # connections with the shorter patience
        with closing(sqlite3.connect(db.engine.url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor(4) as crowd:
                told = list(crowd.map(lambda _number: write(), range(4)))
            other.execute("ROLLBACK")

        assert told == ["database is locked"] * 4
        assert write() == "written"
        assert db.session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar() == 400


def test_a_connection_opened_on_a_disk_that_was_read_only_is_not_used_afterwards(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.app_context():
        db.session.remove()
        db.engine.dispose()
        with monkeypatch.context() as failing:
            failing.setattr(ours.os, "access", lambda *_anything: False)
            with db.engine.connect() as connection:
                opened = connection.connection.driver_connection
            with db.engine.connect() as connection:
                assert connection.connection.driver_connection is opened  # no better one could be had

        with db.engine.connect() as connection:
            again = connection.connection.driver_connection
            assert again is not opened
        with db.engine.connect() as connection:
            assert connection.connection.driver_connection is again
