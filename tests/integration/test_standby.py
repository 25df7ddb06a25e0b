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
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import create_app, migrating
from models import Commune, Village, db, reach
from tests import postgres
from tests.conftest import SECRET
from tests.make import Make
from tests.page import Client

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
        self.password, self.port = password, postgres._free_port()
        folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    @property
    def url(self) -> str:
        return f"postgresql://mangnon:{self.password}@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str | Path) -> None:
        postgres._run([postgres.binaries() / program, *arguments], self.folder)

    def sql(self, statement: str) -> object:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
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
        postgres._wait_until_it_answers(self.server, self.port, self.password, self.folder / "log")

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


@pytest.fixture
def nodes() -> Iterator[tuple[Node, Node]]:
    """A primary that runs, and the place of a second server."""
    folder = Path(tempfile.mkdtemp(prefix="mangnon-pg-"))
    folder.chmod(0o755)
    password = secrets.token_hex(16)
    both = Node(folder / "one", password), Node(folder / "two", password)
    both[0].make()
    both[0].start()
    try:
        both[0].sql(f"CREATE ROLE {postgres.APP_ROLE} LOGIN PASSWORD '{password}'")
        both[0].sql("CREATE DATABASE mangnon")
        yield both
    finally:
        for node in both:
            if hasattr(node, "server") and node.server.poll() is None:
                node.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def app_of(hosts: str, password: str, folder: Path) -> Iterator[Flask]:
    """The app as it is served, on the first of these servers that may be written to."""
    places = {
        name: f"postgresql://{role}:{password}@{hosts}/mangnon?target_session_attrs=read-write"
        for name, role in (("DATABASE_URL", postgres.APP_ROLE), ("MIGRATION_DATABASE_URL", "mangnon"))
    }
    app = create_app({"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), **places})
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
        _wait(lambda: one.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1)

        acknowledged: list[int] = []
        over = threading.Event()
        writers = [threading.Thread(target=_write, args=(app, commune_id, n, acknowledged, over)) for n in range(4)]
        for writer in writers:
            writer.start()
        _wait(lambda: len(acknowledged) >= 100)

        one.kill()
        before = len(acknowledged)
        two.sql("SELECT pg_promote(true, 30)")
        _wait(lambda: len(acknowledged) >= before + 100)
        over.set()
        for writer in writers:
            writer.join(20)

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


def _wait(until: "object", seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not until():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
