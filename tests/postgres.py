"""A PostgreSQL server of our own for as long as the tests need it.

    python -m tests.postgres                            start one, print its URL, wait for Ctrl-C
    python -m tests.postgres pytest tests/integration   run a command with TEST_DATABASE_URL set

It lives in a temporary folder, listens on the loopback address only, and is removed at the end.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.waiting import PATIENCE, free_port

# The data is thrown away, so nothing waits for the disk.
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}

#: The role the app connects as: not the owner of its tables, and bound by row security.
APP_ROLE = "mangnon_app"


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    found = debian[-1] if debian else Path(elsewhere).resolve() if elsewhere else None
    return found.parent if found else None


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Start a server; give the SQLAlchemy URL of an empty database; stop and remove the server at the end."""
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("PostgreSQL's server is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="mangnon-pg-"))
    data = folder / "data"
    port = free_port()
    # A password keeps other people of this machine out while the tests run.
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    if os.getuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, "postgres", "postgres")

    server = None
    try:
        access = ["-U", "mangnon", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}"]
        _run([programs / "initdb", "-D", data, *access, "-E", "UTF8", "--locale=C", "--no-sync"], folder)
        settings = {**SPEED, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                # A session of its own, so that Ctrl-C reaches us first and the server is stopped in order.
                [*_as_postgres(), programs / "postgres", "-D", data, *options],
                cwd=folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        server_url = f"postgresql://mangnon:{password}@127.0.0.1:{port}/postgres"
        _wait_until_it_answers(server, server_url, folder / "log")
        _sql(server_url, "CREATE DATABASE mangnon")
        _sql(server_url, f"CREATE ROLE {APP_ROLE} LOGIN PASSWORD '{password}'")
        yield f"postgresql+psycopg://mangnon:{password}@127.0.0.1:{port}/mangnon"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def empty_database(url: str, pattern: str | None = None) -> Iterator[str]:
    """Give the URL of a new database on the server of `url`, empty or a copy of another; drop it at the end."""
    mine = new_database(url, pattern)
    try:
        yield mine
    finally:
        _sql(_plain(url), f"DROP DATABASE {mine.rpartition('/')[2]} WITH (FORCE)")


def new_database(url: str, pattern: str | None = None) -> str:
    """The URL of a new database on the server of `url`: empty, or a copy of one that nobody uses just now."""
    name = f"test_{secrets.token_hex(6)}"
    how = f"TEMPLATE {pattern}" if pattern else "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    _sql(_plain(url), f"CREATE DATABASE {name} {how}")
    return f"{url.rpartition('/')[0]}/{name}"


def bouncer() -> str | None:
    """Where PgBouncer lies on this machine."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Bouncer:
    """A PgBouncer in front of a database, handing its few connections on after each transaction."""

    def __init__(self, url: str, connections: int) -> None:
        """`url`: the database, by the role that works through it."""
        program = bouncer()
        if program is None:
            raise FileNotFoundError("PgBouncer is not installed: apt-get install pgbouncer")
        self.program, self.port = program, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        account, _at, place = _plain(url).removeprefix("postgresql://").rpartition("@")
        (name, _colon, password), (server, _slash, database) = account.partition(":"), place.partition("/")
        host, _colon, port = server.partition(":")
        self.url = f"postgresql://{account}@127.0.0.1:{self.port}/{database}"
        self.folder = Path(tempfile.mkdtemp(prefix="mangnon-bouncer-"))
        settings = {
            "listen_addr": "127.0.0.1", "listen_port": self.port, "unix_socket_dir": "", "pool_mode": "transaction",
            "default_pool_size": connections, "query_wait_timeout": 30, "auth_type": "plain", "auth_file": self.folder / "people",
        }  # fmt: skip
        lines = ["[databases]", f"{database} = host={host} port={port}", "[pgbouncer]"]
        (self.folder / "settings").write_text(
            "\n".join([*lines, *(f"{one} = {set_}" for one, set_ in settings.items())])
        )
        (self.folder / "people").write_text(f'"{name}" "{password}"\n')
        if os.getuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "postgres", "postgres")

    def start(self) -> None:
        """Begin to answer."""
        with (self.folder / "log").open("ab") as log:
            command = [*_as_postgres(), self.program, str(self.folder / "settings")]
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)
        _wait_until_it_answers(self.process, self.url, self.folder / "log")

    def kill(self) -> None:
        """Every connection through it breaks."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> "Bouncer":
        self.start()
        return self

    def __exit__(self, *_anything: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@contextlib.contextmanager
def database_of_the_app(url: str) -> Iterator[str]:
    """The same, for an installation with one role for all: the app's role owns the tables."""
    with empty_database(url) as mine:
        _sql(_plain(mine), f"GRANT CREATE ON SCHEMA public TO {APP_ROLE}")
        yield for_the_app(mine)


def for_the_app(url: str) -> str:
    """The same database by the role of the app."""
    return url.replace("//mangnon:", f"//{APP_ROLE}:")


def _as_postgres() -> list[str]:
    # PostgreSQL refuses to run as root. setpriv becomes the server; runuser would stay beside it as a parent.
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]


def _run(command: list[str | Path], folder: Path) -> None:
    done = subprocess.run([*_as_postgres(), *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            return _sql(url, "SELECT 1")
        except psycopg.OperationalError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
            if server.returncode is not None:
                break
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')}")


def _sql(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=PATIENCE) as connection:
        connection.execute(statement)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(command: list[str]) -> int:
    """Run `command` with TEST_DATABASE_URL set; without one, print the URL and wait."""
    # A stop asked for politely also takes the way through `finally`.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as url:
        if command:
            return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode
        print(url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
