"""PostgreSQL's own wall: rows out of reach do not exist, whatever a query asks; the matrix with the app's filter off."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, ProgrammingError
from werkzeug.routing import Rule

from app import access, health, migrating, reaching
from models import Base, Child, Role, User, db, reach, row_security
from tests import postgres
from tests.conftest import migrated_app
from tests.integration import test_access as matrix
from tests.integration.test_access import People, people  # noqa: F401 – a fixture
from tests.integration.world import World
from tests.make import Make

if not os.environ.get("TEST_DATABASE_URL"):
    pytest.skip("SQLite has no row security", allow_module_level=True)

TABLES = {table.name: table for table in Base.metadata.sorted_tables}


@pytest.fixture(autouse=True)
def _on_postgres(app: Flask) -> None:
    with app.app_context():
        assert db.engine.dialect.name == "postgresql"


@contextmanager
def on_behalf_of(user: User | None) -> Iterator[None]:
    """Ask the database as a request of this person would, or without saying for whom; undone at the end."""
    with matrix.undone(), reach.declared(reaching.reach_of(user) if user else reach.NOTHING):
        yield


def count(table: str, **where: Any) -> int:
    query = sa.select(sa.func.count()).select_from(TABLES[table])
    return db.session.scalar(query.where(*(TABLES[table].c[name] == value for name, value in where.items()))) or 0


def unfiltered(visible: Callable[..., sa.Select[Any]]) -> Callable[..., sa.Select[Any]]:
    """A scope function that forgot its scope."""

    def everything(user: User, *more: Any) -> sa.Select[Any]:
        query = visible(user, *more)._generate()
        query._where_criteria = ()
        return query

    return everything


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app's own filter switched off: every `visible_…` returns everything."""
    names = [name for name in vars(access) if name.startswith("visible_")]
    assert len(names) > 25
    # The names of a commune's villages are known to all who work there; what lies in them is not.
    monkeypatch.setattr(matrix, "OF_THE_COMMUNE", matrix.OF_THE_COMMUNE | {"village_id"})
    for name in names:
        monkeypatch.setattr(access, name, unfiltered(getattr(access, name)))


def test_without_the_apps_filter_everything_would_be_given(people: People, forgetful: None) -> None:  # noqa: F811
    """Or the next test proves nothing."""
    children = access.visible_children(people.users[Role.OFFICER])
    found = {child.id for child in db.session.scalars(children).unique()}

    assert people.abroad.child.id in found


@pytest.mark.parametrize("rule", matrix.WITH_RECORD, ids=matrix._named)
def test_a_record_out_of_scope_is_not_found_with_the_apps_filter_off(
    rule: Rule,
    people: People,  # noqa: F811
    forgetful: None,
) -> None:
    matrix.test_a_record_out_of_scope_is_not_found(rule, people)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_walled_and_shows_nothing_to_whoever_says_nothing(table: str, people: People) -> None:  # noqa: F811
    with on_behalf_of(None):
        assert count(table) == 0
    rows = sa.text("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = :table")
    names = set(db.session.scalars(rows, {"table": table}))
    assert names == {name for known, name in row_security.policies() if known == table}
    assert db.session.scalar(
        sa.text("SELECT relrowsecurity FROM pg_class WHERE oid = CAST(:t AS regclass)"), {"t": table}
    )


@pytest.mark.parametrize("table", [name for name, table in TABLES.items() if "commune_id" in table.columns])
@pytest.mark.parametrize("role", list(Role))
def test_rows_of_another_commune_are_neither_read_nor_changed_nor_written(
    role: Role,
    table: str,
    people: People,  # noqa: F811
) -> None:
    stored, abroad = TABLES[table], people.abroad.commune.id
    theirs = stored.c.commune_id == abroad
    row = db.session.execute(sa.select(stored).where(theirs).limit(1)).mappings().first()
    with on_behalf_of(people.users[role]):
        assert count(table, commune_id=abroad) == 0
        if table != "audit_events":  # nobody may change or delete those at all
            assert db.session.execute(sa.update(stored).where(theirs).values(commune_id=abroad)).rowcount == 0
            assert db.session.execute(sa.delete(stored).where(theirs)).rowcount == 0
    if row is None:
        return
    fresh = {name: value for name, value in row.items() if name != "id"}
    with on_behalf_of(people.users[role]), pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(sa.insert(stored).values(**fresh))


def test_an_officer_cannot_move_a_child_of_hers_into_another_commune(people: People) -> None:  # noqa: F811
    abroad = people.abroad.commune.id
    move = sa.update(TABLES["children"]).where(TABLES["children"].c.id == people.own.child.id)
    with on_behalf_of(people.users[Role.OFFICER]), pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(move.values(commune_id=abroad))


def test_a_collaborator_reaches_her_villages_and_her_own_work(people: People) -> None:  # noqa: F811
    collaborator = people.users[Role.COLLABORATOR]
    records = ("child", "household", "status", "relative", "circumstance", "disability", "allowance", "incident",
               "movement", "service", "review_item", "report", "open_report", "case", "initial", "plan", "action",
               "follow_up", "consent", "placement", "carer", "batch", "export", "job", "child_list")  # fmt: skip

    own, others = _keys(people.own, records), _keys(people.elsewhere, records)
    with on_behalf_of(collaborator):
        assert [table for table, key in own if count(table, id=key) != 1] == []
        assert [table for table, key in others if count(table, id=key)] == []


def _keys(world: World, names: Sequence[str]) -> list[tuple[str, int]]:
    """The tables and keys of a world's records, read before its rows are out of reach."""
    return [(getattr(world, name).__tablename__, getattr(world, name).id) for name in names]


def test_an_administrator_reaches_no_child(people: People) -> None:  # noqa: F811
    with on_behalf_of(people.users[Role.ADMINISTRATOR]):
        assert [name for name in ("children", "cases", "households", "relatives") if count(name)] == []
        assert count("users") > 1


def test_signing_in_reaches_accounts_only(people: People) -> None:  # noqa: F811
    with on_behalf_of(None), reach.declared(reach.SIGN_IN):
        seen = {name for name in TABLES if count(name)}

    assert {"users", "user_roles", "user_villages"} <= seen
    assert seen <= {
        "users", "user_roles", "user_villages", "user_sessions", "second_factors", "recovery_codes", "passkeys",
        "phones", "phone_codes", "communes", "villages", "audit_events", "audit_heads", "submitted_forms",
        "sign_in_attempts", "request_limits", "retention_rules", "ethnic_groups", "circumstance_kinds", "allowance_bases",
        "age_bands",
    }  # fmt: skip


def test_the_laws_lists_are_read_and_not_changed(people: People) -> None:  # noqa: F811
    kinds = TABLES["circumstance_kinds"]
    with on_behalf_of(people.users[Role.OFFICER]):
        assert count("circumstance_kinds", code="d.2") == 1
        assert db.session.execute(sa.delete(kinds).where(kinds.c.commune_id.is_(None))).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE children DISABLE ROW LEVEL SECURITY",
        "DROP POLICY within_reach ON children",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "DELETE FROM audit_events",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_apps_role_cannot_take_the_wall_down(statement: str, people: People) -> None:  # noqa: F811
    with matrix.undone(), pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
        db.session.execute(sa.text(statement))


def test_a_wall_taken_down_is_told_by_the_health_page_and_put_up_by_the_next_upgrade(served: Flask) -> None:
    with served.app_context():
        with migrating.owners_engine() as engine, engine.begin() as connection:
            row_security.take_down(connection)
        assert "flask upgrade" in health.check().reason
        db.session.rollback()

        migrating.upgrade()

        assert health.check().is_well


def test_one_role_for_all_is_bound_although_it_owns_the_tables(tmp_path: Any) -> None:
    """DATABASE_URL alone, as long as its role is no superuser."""
    with (
        postgres.database_of_the_app(os.environ["TEST_DATABASE_URL"]) as url,
        migrated_app(tmp_path, DATABASE_URL=url, MIGRATION_DATABASE_URL="") as app,
        app.app_context(),
    ):
        make = Make()
        child = make.child()
        officer = make.user("officer", commune=make.commune())
        with reach.declared(reaching.reach_of(officer)):
            assert db.session.scalars(sa.select(Child)).all() == []
        assert db.session.scalars(sa.select(Child.id)).all() == [child.id]
        db.session.remove()
        migrating.downgrade("-1")
        migrating.upgrade()
        assert migrating.is_walled()


def test_a_failed_statement_does_not_widen_what_follows(people: People) -> None:  # noqa: F811
    abroad = people.abroad.commune.id
    with on_behalf_of(people.users[Role.OFFICER]):
        with pytest.raises(DBAPIError):
            db.session.execute(sa.text("SELECT 1 / 0"))
        db.session.rollback()
        assert count("children", commune_id=abroad) == 0
        assert count("children") > 0


def test_the_children_seen_as_a_whole_are_those_seen_one_by_one(people: People) -> None:  # noqa: F811
    """Two ways of asking, of which a table's policy takes the cheaper; also for who works for a child of another village."""
    collaborator = people.users[Role.COLLABORATOR]
    with matrix.undone(), reach.declared(reach.INSTALLATION):
        known = set(db.session.scalars(sa.select(Child.id)))
        before = _seen(collaborator, known)
        db.session.execute(
            sa.update(TABLES["cases"])
            .where(TABLES["cases"].c.child_id == people.elsewhere.child.id)
            .values(collaborator_id=collaborator.id)
        )

        assert _seen(collaborator, known) == before | {people.elsewhere.child.id}
    assert people.own.child.id in before
    assert not {people.elsewhere.child.id, people.abroad.child.id} & before


def _seen(user: User, known: set[int]) -> set[int]:
    """The children within somebody's reach, asked both ways."""
    with reach.declared(reaching.reach_of(user)):
        whole = set(db.session.scalars(sa.text("SELECT seen_children()")))
        one_by_one = {one for one in known if db.session.scalar(sa.text("SELECT sees_child(:id)"), {"id": one})}
    assert whole == one_by_one
    return whole
