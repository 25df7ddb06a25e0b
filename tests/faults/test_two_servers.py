"""Two servers on one PostgreSQL behind one address: what one knows the other knows, and one may be killed."""

import contextlib
import copy
import http.client
import itertools
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app import create_app, jobs, migrating
from models import User, db, reach
from tests import postgres
from tests.faults.conftest import fill
from tests.faults.office import SECRET, Office, Person, words
from tests.make import PASSWORD
from tests.waiting import PATIENCE, until


class Balancer:
    """One address before several servers: each connection goes to the next that takes it, as nginx and Caddy do."""

    def __init__(self, *ports: int) -> None:
        self._turns = itertools.cycle(range(len(ports)))
        self._ports = ports
        self._entrance = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = int(self._entrance.getsockname()[1])
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _address = self._entrance.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        first = next(self._turns)
        with client, contextlib.suppress(OSError), self._server(first) as server:
            threading.Thread(target=_pour, args=(client, server), daemon=True).start()
            _pour(server, client)

    def _server(self, first: int) -> socket.socket:
        for port in self._ports[first:] + self._ports[:first]:
            with contextlib.suppress(OSError):
                return socket.create_connection(("127.0.0.1", port))
        raise OSError("nobody answers")

    def close(self) -> None:
        self._entrance.shutdown(socket.SHUT_RDWR)
        self._entrance.close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


class Province:
    """The two servers, their one address, and the database from outside."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url, self.folder = url, folder
        self.one, self.two = (Office(folder / name) for name in ("one", "two"))
        for office in (self.one, self.two):
            office.folder.mkdir()
            office.settings = addresses(url)
        self.balancer = Balancer(self.one.port, self.two.port)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", "")) as raw:
            return raw.execute(question).fetchall()

    @property
    def village(self) -> int:
        return int(self.ask("SELECT id FROM villages")[0][0])

    def person(self) -> Person:
        """Somebody signed in, who meets now one, now the other."""
        return Person(self.balancer.port, "canbo")


def at(office: Office, person: Person) -> Person:
    """The same browser, sent to one server."""
    there = copy.copy(person)
    there.port = office.port
    return there


def addresses(url: str) -> dict[str, str]:
    """A database as the app is told of it."""
    return {"DATABASE_URL": postgres.for_the_app(url), "MIGRATION_DATABASE_URL": url}


@contextlib.contextmanager
def app_on(url: str, folder: Path) -> Iterator[None]:
    """The rules of the app on a database, for the whole installation."""
    app = create_app({"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), **addresses(url)})
    with app.test_request_context(), reach.declared(reach.INSTALLATION):
        yield
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def pattern(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with people and children, to be copied."""
    with postgres.empty_database(postgresql) as url:
        with app_on(url, tmp_path_factory.mktemp("pattern")):
            migrating.upgrade()
            fill()
        yield url.rpartition("/")[2]


@pytest.fixture
def province(postgresql: str, pattern: str, tmp_path: Path) -> Iterator[Province]:
    with postgres.empty_database(postgresql, pattern) as url:
        province = Province(tmp_path, url)
        province.one.start()
        province.two.start()
        yield province
        province.balancer.close()
        for office in (province.one, province.two):
            if office.process is not None and office.process.poll() is None:
                office.kill()


def test_signed_in_on_one_is_signed_in_on_the_other_and_signed_out_too(province: Province) -> None:
    person = at(province.one, province.person())
    elsewhere = at(province.two, person)

    where = person.send("/children/add", person.new_child(province.village, "Lê Thị Hai Máy"))[1]
    assert "Lê Thị Hai Máy" in words(elsewhere.get(where)[1])
    token = elsewhere.form("/account/password")["csrf_token"]
    assert elsewhere.send("/sign-out", {"csrf_token": token})[0] == 303

    assert person.get(where)[0] == 303


def test_wrong_passwords_count_on_both(province: Province) -> None:
    person = province.person()
    token = person.form("/account/password")["csrf_token"]
    person.send("/sign-out", {"csrf_token": token})
    for number in range(10):
        there = at((province.one, province.two)[number % 2], person)
        assert there.send("/sign-in", {**there.form("/sign-in"), "username": "canbo", "password": "sai"})[0] == 422

    for office in (province.one, province.two):
        there = at(office, person)
        right = {**there.form("/sign-in"), "username": "canbo", "password": PASSWORD}
        assert there.send("/sign-in", right)[0] == 429


def test_one_form_sent_to_both_at_once_makes_one_record(province: Province) -> None:
    person = province.person()
    for number in range(5):
        name = f"Lê Thị Một Lần {number}"
        form = person.new_child(province.village, name)
        together, answers = threading.Barrier(2), []

        def send(there: Person, form: dict[str, str] = form, together: threading.Barrier = together) -> None:
            together.wait()
            answers.append(there.send("/children/add", form)[:2])  # noqa: B023 – of this round, which waits for it

        threads = [threading.Thread(target=send, args=(at(one, person),)) for one in (province.one, province.two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(answers) == 2
        assert len(set(answers)) == 1
        assert answers[0][0] == 303
        assert province.ask(f"SELECT count(*) FROM children WHERE full_name = '{name}'") == [(1,)]


def test_each_job_is_done_by_one_of_them(province: Province, tmp_path: Path) -> None:
    asked = {"code": "district", "variant": "coded", "period": "2026", "village": None, "reason": "", "protocol": None}
    with app_on(province.url, tmp_path / "asking"):
        officer = db.session.scalars(select(User).where(User.username == "canbo")).unique().one()
        for _number in range(6):
            jobs.enqueue(officer, "workbook.make", **asked)
        db.session.commit()

    until(lambda: not province.ask("SELECT 1 FROM jobs WHERE finished_at IS NULL"))

    assert province.ask("SELECT state, attempts, count(*) FROM jobs GROUP BY 1, 2") == [("done", 1, 6)]
    assert province.ask("SELECT count(*) FROM exports") == [(6,)]


def test_one_is_killed_and_the_other_goes_on(province: Province, is_long: bool) -> None:
    """Everything acknowledged stands there; what got no answer is sent again, as a browser does, and stands there once."""
    people = [province.person() for _ in range(4)]
    saved: list[str] = []
    over = threading.Event()

    def work(person: Person, mark: str) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            name = f"Lê Văn {mark} {number}"
            form: dict[str, str] = {}
            while name not in saved:  # until it is told to be saved
                with contextlib.suppress(OSError, http.client.HTTPException):
                    form = form or person.new_child(province.village, name)
                    if person.send("/children/add", form)[0] == 303:
                        saved.append(name)

    threads = [threading.Thread(target=work, args=(person, "abcd"[number])) for number, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for round_ in range(4 if is_long else 1):
        killed = (province.one, province.two)[round_ % 2]
        _until_more(saved, 10)
        killed.kill()
        _until_more(saved, 10)
        killed.start()
    over.set()
    for thread in threads:
        thread.join(PATIENCE)

    stored = [name for (name,) in province.ask("SELECT full_name FROM children WHERE full_name LIKE 'Lê Văn %'")]
    assert sorted(stored) == sorted(saved)
    codes = province.ask("SELECT count(*), count(DISTINCT code) FROM children")
    assert codes[0][0] == codes[0][1]
    assert province.one.flask("audit", "verify").returncode == 0


def _until_more(saved: list[str], count: int) -> None:
    wanted = len(saved) + count
    until(lambda: len(saved) >= wanted, "nothing more was saved")
