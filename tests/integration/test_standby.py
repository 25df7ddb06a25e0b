"""PostgreSQL that goes away and comes back: the app goes on by itself, and nothing acknowledged is lost."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import clock, create_app, jobs, migrating, reaching, standby
from models import AuditEvent, Child, ChildList, Commune, Export, Job, User, Village, db, reach
from models.base import STANDBY
from tests import postgres
from tests.conftest import SECRET
from tests.make import Make
from tests.page import Client
from tests.waiting import PATIENCE, free_port, until

pytestmark = pytest.mark.skipif("not os.environ.get('TEST_DATABASE_URL')", reason="about PostgreSQL")

#: One machine's disk is trusted to keep what it was handed, as only processes are killed here.
SETTINGS = {
    "fsync": "off",
    "max_connections": "40",
    "listen_addresses": "127.0.0.1",
    "wal_receiver_status_interval": "1",
}


class Node:
    """One PostgreSQL server that can be stopped, killed and promoted."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.password, self.port = password, free_port()
        folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    @property
    def url(self) -> str:
        return f"postgresql://mangnon:{self.password}@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str | Path) -> None:
        postgres._run([postgres.binaries() / program, *arguments], self.folder)

    def sql(self, statement: str) -> object:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=PATIENCE) as connection:
            found = connection.execute(statement)
            return found.fetchone()[0] if found.description else None

    def make(self) -> None:
        word = self.folder / "password"
        word.write_text(self.password)
        if os.getuid() == 0:
            shutil.chown(word, "postgres", "postgres")
        access = ["-U", "mangnon", "-A", "scram-sha-256", f"--pwfile={word}"]
        self.run("initdb", "-D", self.data, *access, "-E", "UTF8", "--locale=C", "--no-sync")

    def copy(self, primary: "Node") -> None:
        """Begin as a standby of another one."""
        self.run("pg_basebackup", "-d", primary.url, "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")

    def start(self, **settings: str) -> None:
        values = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self.folder), **settings}
        options = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [*postgres._as_postgres(), postgres.binaries() / "postgres", "-D", self.data, *options],
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        postgres._wait_until_it_answers(self.server, self.url, self.folder / "log")

    def stop(self) -> None:
        postgres._stop(self.server)

    def kill(self) -> None:
        """kill -9 of the server and all its processes."""
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.server.pid)], capture_output=True, text=True, check=False
        )
        for pid in (self.server.pid, *map(int, children.stdout.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()


@contextlib.contextmanager
def places(*names: str, password: str) -> Iterator[tuple[Node, ...]]:
    """Servers in a folder that is thrown away; none runs on."""
    folder = Path(tempfile.mkdtemp(prefix="mangnon-pg-"))
    folder.chmod(0o755)
    nodes = tuple(Node(folder / name, password) for name in names)
    try:
        yield nodes
    finally:
        for node in nodes:
            if hasattr(node, "server") and node.server.poll() is None:
                node.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A server with a migrated database, stopped, to be copied: each of its own would take seconds."""
    with places("prepared", password=secrets.token_hex(16)) as (node,):
        node.make()
        node.start()
        node.sql(f"CREATE ROLE {postgres.APP_ROLE} LOGIN PASSWORD '{node.password}'")
        node.sql("CREATE DATABASE mangnon")
        with app_of(f"127.0.0.1:{node.port}", node.password, tmp_path_factory.mktemp("prepared")):
            pass
        node.stop()
        yield node


@pytest.fixture
def nodes(prepared: Node) -> Iterator[tuple[Node, ...]]:
    """A primary that runs, and the place of a second server."""
    with places("one", "two", password=prepared.password) as both:
        subprocess.run(["cp", "-a", prepared.data, both[0].data], check=True)
        both[0].start()
        yield both


@contextlib.contextmanager
def app_of(hosts: str, password: str, folder: Path, **settings: str) -> Iterator[Flask]:
    """The app as it is served, on the first of these servers that may be written to."""
    places = {
        name: f"postgresql://{role}:{password}@{hosts}/mangnon?target_session_attrs=read-write"
        for name, role in (("DATABASE_URL", postgres.APP_ROLE), ("MIGRATION_DATABASE_URL", "mangnon"))
    }
    app = create_app({"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), **places, **settings})
    app.test_client_class = Client
    with app.app_context():
        migrating.upgrade()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_next_request_works_after_the_server_was_restarted(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    one, _two = nodes
    with app_of(f"127.0.0.1:{one.port}", one.password, tmp_path) as app:
        with app.app_context(), reach.declared(reach.INSTALLATION):
            officer = Make().user("officer")
            db.session.remove()
        client = app.test_client()
        with app.app_context(), reach.declared(reach.INSTALLATION):
            client.sign_in(officer)
            db.session.remove()
        assert client.get("/children/").status_code == 200

        one.stop()
        assert client.get("/children/").status_code == 503
        one.start()

        assert client.get("/children/").status_code == 200


def test_a_standby_takes_over_and_nothing_acknowledged_is_lost(nodes: tuple[Node, Node], tmp_path: Path) -> None:
    """The primary is killed under load; what it said "saved" to stands on the other, which it had waited for."""
    one, two = nodes
    hosts = f"127.0.0.1:{one.port},127.0.0.1:{two.port}"
    with app_of(hosts, one.password, tmp_path) as app:
        with app.app_context(), reach.declared(reach.INSTALLATION):
            make = Make()
            commune_id = make.home.id
            officer = make.user("officer")
            db.session.remove()
        two.copy(one)
        two.start()
        one.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        one.sql("SELECT pg_reload_conf()")
        until(lambda: one.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1)

        acknowledged: list[int] = []
        over = threading.Event()
        writers = [threading.Thread(target=_write, args=(app, commune_id, n, acknowledged, over)) for n in range(4)]
        for writer in writers:
            writer.start()
        until(lambda: len(acknowledged) >= 100)

        one.kill()
        before = len(acknowledged)
        two.sql("SELECT pg_promote(true, 30)")
        until(lambda: len(acknowledged) >= before + 100)
        over.set()
        for writer in writers:
            writer.join(PATIENCE)

        with app.app_context(), reach.declared(reach.INSTALLATION):
            stored = set(db.session.scalars(select(Village.position).where(Village.commune_id == commune_id)))
            client = app.test_client().sign_in(officer)
            db.session.remove()
        assert set(acknowledged) - stored == set()
        assert len(acknowledged) == len(set(acknowledged))
        assert client.get("/children/").status_code == 200


def _write(app: Flask, commune_id: int, number: int, acknowledged: list[int], over: threading.Event) -> None:
    """Save numbered villages one after the other; a number whose saving failed is given up."""
    position = 1000 * 1000 * (number + 1)
    while not over.is_set():
        position += 1
        try:
            with app.app_context(), reach.declared(reach.INSTALLATION):
                home = db.session.get_one(Commune, commune_id)
                db.session.add(Village(commune=home, name=f"Thôn {position}", position=position))
                db.session.commit()
            acknowledged.append(position)
        except SQLAlchemyError:
            time.sleep(0.05)


@contextlib.contextmanager
def listened(engine: Engine) -> Iterator[list[str]]:
    """What an engine is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def about_children(asked: list[str]) -> int:
    return sum("FROM children" in statement for statement in asked)


@pytest.fixture
def reader(nodes: tuple[Node, Node], tmp_path: Path) -> Iterator[Flask]:
    """An app that may read from the second server, with an officer and a child of hers, and a child of another commune."""
    one, two = nodes
    there = f"postgresql://{postgres.APP_ROLE}:{one.password}@127.0.0.1:{two.port}/mangnon"
    with app_of(f"127.0.0.1:{one.port}", one.password, tmp_path, REPORTS_DATABASE_URL=there) as app:
        with on_behalf(app):
            make = Make()
            village = make.village("Thôn Đông")
            make.user("officer", username="canbo", village=village)
            make.child("Trần Thị Bình", village)
            make.child("Lý Văn Xa", make.village("Thôn Xa", make.commune("Xã khác")))
        two.copy(one)
        two.start()
        yield app
        with app.app_context():
            db.engines[STANDBY].dispose()


@contextlib.contextmanager
def on_behalf(app: Flask, name: str | None = None) -> Iterator[User | None]:
    """Ask the app's database on behalf of somebody, or of the installation."""
    with app.app_context(), reach.declared(reach.INSTALLATION):
        user = db.session.scalars(select(User).where(User.username == name)).unique().one() if name else None
        with reach.declared(reaching.reach_of(user)) if user else contextlib.nullcontext():
            yield user
        db.session.remove()


def add_child(app: Flask, number: int) -> None:
    with on_behalf(app):
        village = db.session.scalars(select(Village).where(Village.name == "Thôn Đông")).one()
        Make().child(f"Lê Thị {number}", village)


def audit_events() -> int:
    return db.session.scalar(select(func.count(AuditEvent.id))) or 0


def children_counted() -> int:
    return db.session.scalar(select(func.count(Child.id))) or 0


class TestReadingFromAStandby:
    def test_it_is_read_and_misses_nothing_that_was_just_saved(self, reader: Flask) -> None:
        with reader.app_context():
            here, there = db.engine, db.engines[STANDBY]
        for number in range(10):
            add_child(reader, number)
            with on_behalf(reader, "canbo"), listened(here) as at_home, listened(there) as elsewhere:
                assert standby.ask(children_counted) == number + 2
                assert (about_children(at_home), about_children(elsewhere)) == (0, 1)

    def test_it_shows_nothing_out_of_reach(self, reader: Flask) -> None:
        with reader.app_context(), reach.declared(reach.NOTHING), listened(db.engines[STANDBY]) as elsewhere:
            assert standby.ask(children_counted) == 0
            assert about_children(elsewhere) == 1
        with on_behalf(reader, "canbo"):
            assert standby.ask(lambda: list(db.session.scalars(select(Child.full_name)))) == ["Trần Thị Bình"]
        with on_behalf(reader):
            assert standby.ask(children_counted) == 2

    def test_a_role_that_no_policy_binds_is_not_asked(self, nodes: tuple[Node, Node], reader: Flask) -> None:
        one, _two = nodes
        one.sql(f"ALTER ROLE {postgres.APP_ROLE} BYPASSRLS")
        with on_behalf(reader), listened(db.engines[STANDBY]) as elsewhere:
            standby.ask(children_counted)

        assert about_children(elsewhere) == 0

    def test_the_pages_and_workbooks_for_reading_use_it_and_what_is_frozen_does_not(self, reader: Flask) -> None:
        with on_behalf(reader, "canbo") as officer:
            client = reader.test_client().sign_in(officer)
        with reader.app_context():
            here, there = db.engine, db.engines[STANDBY]
        with on_behalf(reader):
            kept = Make().save(
                ChildList(commune_id=officer.commune_id, user_id=officer.id, name="Tất cả", columns=["name"])
            )
            audited = audit_events()
        for address in ("/figures/", "/dashboard/", f"/workbooks/lists/{kept.id}"):
            with listened(here) as at_home, listened(there) as elsewhere:
                assert client.page(address).status == 200
            assert about_children(elsewhere) > 0, address
            assert about_children(at_home) == 0, address
        with on_behalf(reader):
            assert audit_events() == audited + 1  # who opened the list stands on the primary

        form = client.page("/workbooks/district").form()
        with listened(there) as elsewhere:
            assert client.post("/workbooks/district", data=form).mimetype.endswith("sheet")
        assert about_children(elsewhere) > 0

        form = {**client.page("/reports/new").form(), "kind": "figures", "period": f"{clock.today().year}"}
        with listened(here) as at_home, listened(there) as elsewhere:
            assert client.post("/reports/new", data=form).status_code == 303
        assert about_children(elsewhere) == 0
        assert about_children(at_home) > 0

    def test_a_job_reads_there_and_writes_here(self, reader: Flask) -> None:
        asked = {
            "code": "district",
            "variant": "coded",
            "period": "2026",
            "village": None,
            "reason": "",
            "protocol": None,
        }
        with on_behalf(reader, "canbo") as officer, reader.test_request_context():
            jobs.enqueue(officer, "workbook.make", **asked)
            db.session.commit()
        with on_behalf(reader), listened(db.engines[STANDBY]) as elsewhere:
            assert jobs.run_one()

        assert about_children(elsewhere) > 0
        with on_behalf(reader):
            assert db.session.scalars(select(Job)).unique().one().content
            assert db.session.scalars(select(Export)).one().workbook == "district"

    def test_the_primary_answers_for_one_that_is_behind_or_gone(
        self, nodes: tuple[Node, Node], reader: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(standby, "PATIENCE", 3)  # a busy machine takes its time with what does not wait
        _one, two = nodes
        two.sql("SELECT pg_wal_replay_pause()")
        add_child(reader, 1)
        with on_behalf(reader, "canbo"), listened(db.engines[STANDBY]) as elsewhere:
            assert standby.ask(children_counted) == 2
            assert about_children(elsewhere) == 0
            begun = time.monotonic()
            assert standby.ask(children_counted) == 2  # left alone for a while, so nobody waits again
            assert time.monotonic() - begun < standby.PATIENCE

        two.stop()
        forgive(reader)
        with on_behalf(reader, "canbo"):
            assert standby.ask(children_counted) == 2

        two.start()
        forgive(reader)
        until(lambda: is_read(reader))

    def test_one_that_goes_away_in_the_middle_is_made_up_for(self, nodes: tuple[Node, Node], reader: Flask) -> None:
        _one, two = nodes
        times = []

        def count_while_it_goes() -> int:
            times.append(standby.base.read_from.get())
            db.session.execute(text("SELECT 1"))
            if len(times) == 1:
                two.kill()
            return children_counted()

        with on_behalf(reader, "canbo"):
            assert standby.ask(count_while_it_goes) == 1

        assert times == [STANDBY, None]


def forgive(app: Flask) -> None:
    """As if it had been left alone for long enough."""
    app.extensions.pop("mangnon-standby", None)


def is_read(app: Flask) -> bool:
    forgive(app)
    with on_behalf(app, "canbo"), listened(db.engines[STANDBY]) as elsewhere:
        standby.ask(children_counted)
    return about_children(elsewhere) == 1
