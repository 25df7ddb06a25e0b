"""Migrations build exactly the models, go down and up again, and never lose a row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from app import audit, migrating, reference
from models import Base, db, reach
from tests.integration.world import World
from tests.make import Make

ROOT = Path(__file__).parents[2]


def _in_order() -> list[Path]:
    """The migrations from the first to the newest, each after the one it names."""
    after = {}
    for path in (ROOT / "migrations/versions").glob("*.py"):
        found = re.search(r'^down_revision = (?:None|"(\d{4})")$', path.read_text(encoding="utf-8"), re.M)
        after[found[1] if found else "?"] = path
    ordered, number = [], None
    while number in after:
        ordered.append(after[number])
        number = ordered[-1].name[:4]
    assert len(ordered) == len(list((ROOT / "migrations/versions").glob("*.py"))), "two migrations after the same one"
    return ordered


FILES = _in_order()
NEWEST, BEFORE = FILES[-1].name[:4], FILES[-2].name[:4]


@pytest.fixture
def filled(served: Flask) -> Iterator[Flask]:
    """A database with one of everything in it."""
    with served.app_context(), audit.writing():
        make = Make()
        village = make.village()
        World(make, village, make.user("collaborator", village=village), "Mẫu")
        db.session.remove()
        yield served
        db.session.remove()


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        reach.tell(connection)
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def test_they_build_exactly_the_models(filled: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_bears_the_number_of_its_revision(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
    assert f'revision = "{path.name[:4]}"' in path.read_text(encoding="utf-8").splitlines()


def test_they_import_nothing_of_ours() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)

    assert re.findall(r"^\s*(?:from|import) (?:app|models|blueprints)\b.*", text, re.M) == []


def test_the_newest_goes_down_and_up_again_with_rows_in_the_tables(filled: Flask) -> None:
    before = counts()

    migrating.downgrade(BEFORE)
    migrating.upgrade()

    after = counts()
    lost = {name for name, count in before.items() if after[name] < count}
    assert lost <= _taken_away()


_TAKES = r'op\.create_table\(\s*"(\w+)"|op\.execute\("DELETE FROM (\w+) WHERE'


def _taken_away() -> set[str]:
    """Tables that the newest migration makes, and those of which it says that rows have no place in the schema before."""
    text = FILES[-1].read_text(encoding="utf-8")
    return {made or emptied for made, emptied in re.findall(_TAKES, text)}


def test_all_go_down_to_nothing_and_up_again(filled: Flask) -> None:
    migrating.downgrade("base")
    with db.engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}

    migrating.upgrade()

    assert migrating.current() == migrating.head() == NEWEST
    assert counts()["ethnic_groups"] == 56


def test_upgrading_twice_changes_nothing(filled: Flask) -> None:
    before = counts()

    migrating.upgrade()

    assert counts() == before


def test_corrected_wording_of_the_law_survives_the_next_start(filled: Flask) -> None:
    with audit.writing():
        db.session.execute(sa.text("UPDATE circumstance_kinds SET wording = 'đã sửa' WHERE code = 'd.2'"))
        db.session.commit()

    reference.load()

    assert db.session.scalar(sa.text("SELECT wording FROM circumstance_kinds WHERE code = 'd.2'")) == "đã sửa"


def test_rebuilding_a_parent_table_keeps_the_rows_of_its_children(filled: Flask, tmp_path: Path) -> None:
    """SQLite changes a column by making the table anew; with foreign keys on, the drop would take the children along."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL changes columns in place")
    before = counts()
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((ROOT / "migrations" / name).read_text(encoding="utf-8"), encoding="utf-8")
    for path in FILES:
        (folder / "versions" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    number = 9999
    (folder / "versions" / f"{number}_rebuild.py").write_text(REBUILD.format(new=number, old=NEWEST))

    config = migrating._config()
    config.set_main_option("script_location", str(folder))
    migrating.command.upgrade(config, "head")

    assert counts() == before
    with db.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == str(number)
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{old}"


def upgrade():
    for table in ("children", "cases", "households", "users"):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("trial", sa.Integer(), nullable=True))


def downgrade():
    raise NotImplementedError
"""


def test_alembic_operations_are_the_ones_we_know(filled: Flask) -> None:
    with db.engine.connect() as connection:
        assert Operations(MigrationContext.configure(connection)).get_bind() is connection
