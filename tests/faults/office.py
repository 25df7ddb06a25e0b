"""A whole office for fault tests: a data folder, the program as it is run, people who send forms, and the database from outside."""

import contextlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from werkzeug.test import EnvironBuilder

from tests.make import PASSWORD
from tests.waiting import PATIENCE, free_port

ROOT = Path(__file__).parents[2]
SECRET = "only for the tests of faults, never elsewhere"
FORM = "application/x-www-form-urlencoded"

#: The program as `python run.py` runs it, with its clock moved by the seconds that stand in a file.
MOVED_CLOCK = """
import sys
from datetime import timedelta
from pathlib import Path
from app import clock
real, shift = clock.now, Path(sys.argv.pop(1))
clock.now = lambda: real() + timedelta(seconds=float(shift.read_text()))
from app.serving import main
main()
"""


class Office:
    """One installation on SQLite in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        #: Settings beside the usual ones.
        self.settings: dict[str, str] = {}
        self.log = folder.parent / f"{folder.name}.log"

    @property
    def database(self) -> Path:
        """The file of records."""
        return self.folder / "mangnon.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """What the program and its commands are started with; no backup by itself disturbs."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("MANGNON_", "TEST_DATABASE"))}
        return {
            **ours, "MANGNON_INSTANCE": str(self.folder), "SECRET_KEY": SECRET, "DATABASE_URL": "",
            "MANGNON_BACKUP_HOUR": "-1", "MANGNON_SECOND_FACTOR_DAYS": "-1", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
            **self.settings,
        }  # fmt: skip

    # ── The program ────────────────────────────────────────────────────────

    def start(self, *, shift: Path | None = None, ready: bool = True, **how: Any) -> "Office":
        """Run the program and wait until it answers."""
        program = ["-c", MOVED_CLOCK, str(shift)] if shift else [str(ROOT / "run.py")]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, text=True, start_new_session=True, **how,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while ready and time.monotonic() < deadline:
            assert self.process.poll() is None, self.said()
            with contextlib.suppress(OSError):
                self.health()
                return self
            time.sleep(0.1)
        assert not ready, "the program did not begin to answer"
        return self

    def said(self) -> str:
        """Everything the program wrote on its console."""
        return self.log.read_text()

    def kill(self) -> None:
        """As a power cut: every process of the program at once. Back when none of them holds the port any longer."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(OSError):
            while True:
                socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE).close()

    def stop(self) -> int:
        """As the service manager stops it."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A `flask` command, to its end."""
        return subprocess.run(
            self.command(*words), cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )

    def downgrade(self, revision: str) -> None:
        """Bring the database to an earlier migration."""
        code = (
            "import sys; from app import create_app, migrating; app = create_app(); "
            "app.app_context().push(); migrating.downgrade(sys.argv[1])"
        )
        subprocess.run([sys.executable, "-c", code, revision], cwd=ROOT, env=self.environment, check=True)

    def command(self, *words: str) -> list[str]:
        """How a `flask` command is started."""
        return [str(Path(sys.executable).parent / "flask"), *words]

    def killed(self, seconds: float, *words: str) -> bool:
        """Start a `flask` command and kill it after so long; whether it was still at work."""
        with subprocess.Popen(
            self.command(*words), cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return False
            process.send_signal(signal.SIGKILL)
            return True

    # ── From outside ───────────────────────────────────────────────────────

    def health(self) -> tuple[int, dict[str, Any]]:
        """What a watching program is told."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Read the database with nothing of ours in between."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Change the database with nothing of ours in between."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection:
            connection.execute(statement)
            connection.commit()

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        names = self.ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        return {name: self.ask(f"SELECT count(*) FROM {name}")[0][0] for (name,) in names}

    def assert_whole(self) -> None:
        """Nothing is half-written."""
        assert self.ask("PRAGMA integrity_check") == [("ok",)]
        assert self.ask("PRAGMA foreign_key_check") == []

    def put_back(self, content: bytes) -> None:
        """Let the database be as it was when this was read from it; the program is stopped."""
        for log in self.folder.glob(f"{self.database.name}-*"):
            log.unlink()
        self.database.write_bytes(content)

    def questions(self) -> int:
        """How many questions the program has taken in and not answered, as the system knows its connections."""
        found = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        mine = f"0100007F:{self.port:04X}"
        return sum((one[1], one[3]) == (mine, "01") and one[4].endswith(":00000000") and one[9] != "0" for one in found)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Another program that holds the write lock."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=PATIENCE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    def person(self, name: str = "canbo") -> "Person":
        """Somebody signed in."""
        return Person(self.port, name)


class Person:
    """A browser without a screen, over the wire."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.cookie = port, ""
        form = {**self.form("/sign-in"), "username": name, "password": PASSWORD}
        assert self.send("/sign-in", form)[0] == 303

    def request(
        self, method: str, address: str, body: str | bytes | None = None, timeout: float = PATIENCE, kind: str = FORM
    ) -> tuple[int, str, str]:
        """Status, where it leads, and the page. Raises OSError or HTTPException when no answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(
                method, address, body, {"Cookie": self.cookie, **({"Content-Type": kind} if body else {})}
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            for header in answer.headers.get_all("Set-Cookie") or ():
                if header.startswith("mangnon="):
                    self.cookie = header.split(";")[0]
            return answer.status, answer.getheader("Location") or "", text
        finally:
            connection.close()

    def get(self, address: str) -> tuple[int, str]:
        """Status and page."""
        status, _location, text = self.request("GET", address)
        return status, text

    def send(self, address: str, form: dict[str, str], timeout: float = PATIENCE) -> tuple[int, str, str]:
        """Send a form."""
        return self.request("POST", address, urlencode(form), timeout)

    def upload(self, address: str, form: dict[str, str], file: tuple[str, bytes]) -> tuple[int, str]:
        """Send a form with a file (its name, what it holds): the status, and the page or where it leads."""
        made = EnvironBuilder(method="POST", data={**form, "file": (io.BytesIO(file[1]), file[0])}).get_environ()
        status, where, page = self.request("POST", address, made["wsgi.input"].read(), kind=made["CONTENT_TYPE"])
        return status, where or page

    def form(self, address: str) -> dict[str, str]:
        """The form of a page as it stands: hidden fields and boxes."""
        status, text = self.get(address)
        assert status == 200, f"{address} {status}"
        found = {}
        for control in BeautifulSoup(text, "html.parser").select("main form[method=post]")[0].select("input[name]"):
            if control.get("type") not in ("checkbox", "radio"):
                found[str(control["name"])] = str(control.get("value", ""))
        return found

    def new_child(self, village: int, name: str) -> dict[str, str]:
        """A form for a child, filled in."""
        chosen = {"sex": "female", "born_on": "5/6/2019", "birth_registration": "registered", "confirmed": "1"}
        return {**self.form("/children/add"), **chosen, "village_id": str(village), "full_name": name}


def words(page: str) -> str:
    """What a page says."""
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def at_least_once(rounds: int, wait: float, attempt: Callable[[float], bool], after: float = 0) -> None:
    """Attempt with waits spread over the whole of the work, so that it is cut in different places; one must be cut.

    It is at work `after` so many seconds. Where this machine was done before each of the waits, sooner and sooner.
    """
    cut = [attempt(after + wait * (number + 1) / rounds) for number in range(rounds)]
    sooner = after + wait / rounds
    while not any(cut) and sooner > 0.05:
        sooner *= 0.8
        cut.append(attempt(sooner))
    assert any(cut), "nothing was cut in the middle"


def copy(picture: Path, folder: Path) -> Office:
    """An office with a copy of a data folder."""
    shutil.copytree(picture, folder)
    return Office(folder)
