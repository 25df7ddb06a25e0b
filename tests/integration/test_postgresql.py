"""PostgreSQL's connections: statements stay prepared, a closed connection is replaced, a transaction begins in one step."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import audit
from models import AuditEvent, AuditHead, Role, db, postgresql, reach
from tests.conftest import migrated_app

if not os.environ.get("TEST_DATABASE_URL"):
    pytest.skip("about PostgreSQL's connections", allow_module_level=True)

ASKED = sa.text("SELECT count(*) FROM user_roles WHERE role = :role")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app on a database of its own, whose transactions truly begin and end."""
    with migrated_app(tmp_path_factory.mktemp("postgresql")) as app, app.app_context():
        yield app


@pytest.fixture
def engine(served: Flask) -> Iterator[sa.Engine]:
    """As the app makes it, with one connection."""
    engine = sa.create_engine(db.engine.url, pool_size=1)
    yield engine
    engine.dispose()


def raw(session: Session) -> Any:
    found = session.connection().connection.dbapi_connection
    assert isinstance(found, postgresql.KeepingConnection)
    return found


def number(engine: sa.Engine) -> int:
    """Which of the server's processes answers."""
    with Session(engine) as session:
        return int(raw(session).info.backend_pid)


def test_what_pages_ask_stays_prepared_over_the_end_of_a_transaction_that_only_read(engine: sa.Engine) -> None:
    for _page in range(8):
        with Session(engine) as session:
            session.execute(ASKED, {"role": Role.OFFICER})

    with Session(engine) as session:
        prepared = raw(session).execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert any("FROM user_roles" in statement for (statement,) in prepared)


def test_after_an_error_the_connection_works_again(engine: sa.Engine) -> None:
    before = number(engine)
    with pytest.raises(sa.exc.ProgrammingError), Session(engine) as session:
        session.execute(sa.text("SELECT nothing FROM nowhere"))

    with Session(engine) as session:
        assert session.scalar(ASKED, {"role": Role.OFFICER}) == 0
    assert number(engine) == before


@pytest.mark.parametrize("idle", [0.0, postgresql.IDLE + 1], ids=["used just now", "used long ago"])
def test_a_connection_the_server_closed_is_replaced_before_it_is_used(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    before = number(engine)
    server = os.environ["TEST_DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(server, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (before,))
    monkeypatch.setattr(postgresql, "IDLE", postgresql.IDLE - idle)

    with Session(engine) as session:
        assert session.scalar(ASKED, {"role": Role.OFFICER}) == 0
    assert number(engine) != before


def test_one_that_was_idle_for_long_and_still_lives_is_used_again(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = number(engine)
    monkeypatch.setattr(postgresql, "IDLE", -1.0)

    assert number(engine) == before


def test_a_transaction_is_told_its_reach_as_it_begins_and_only_it(engine: sa.Engine) -> None:
    told = [sa.func.current_setting(name, True) for name in reach.NOTHING.settings()]
    with reach.declared(reach.Reach("person", 7, 8, frozenset({2, 1}))), Session(engine) as session:
        assert tuple(session.execute(sa.select(*told)).one()) == ("person", "7", "8", "{1,2}", "off")

    with engine.connect() as connection:
        *reach_told, jit = connection.execute(sa.select(*told)).one()
        assert set(reach_told) <= {None, ""}
        assert jit == "on"


@pytest.mark.parametrize(
    ("how", "is_so"),
    [
        ({"isolation_level": "REPEATABLE READ"}, ("repeatable read", "off", "sign_in")),
        ({"postgresql_readonly": True}, ("read committed", "on", "sign_in")),
    ],
    ids=["repeatable read", "read only"],
)
def test_a_transaction_of_a_special_kind_stays_one_and_is_told_too(
    engine: sa.Engine, how: dict[str, Any], is_so: tuple[str, str, str]
) -> None:
    names = ("transaction_isolation", "transaction_read_only", "mangnon.reach")
    with reach.declared(reach.SIGN_IN), Session(engine) as session:
        session.connection(execution_options=how)
        assert session.execute(sa.select(*(sa.func.current_setting(name) for name in names))).one() == is_so


def test_first_events_written_at_once_follow_one_another(served: Flask) -> None:
    """Before a chain has a line of its own to hold."""
    assert db.session.scalars(sa.select(AuditHead)).all() == []
    db.session.rollback()

    def write(_number: int) -> None:
        with served.app_context(), reach.declared(reach.INSTALLATION), Session(db.engine) as session:
            audit._append(session, "access_refused", None, None, None, {"page": None})
            session.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))

    assert len(set(db.session.scalars(sa.select(AuditEvent.previous_hash)))) == 24
    assert db.session.scalars(sa.select(AuditHead.count)).all() == [24]
    assert audit.cut_chains() == []
