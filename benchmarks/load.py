"""16 people at once on a SQLite file behind waitress: 65 % readings, 35 % edits of a child, over loopback.

    python -m benchmarks.load [SECONDS] [PEOPLE] [CHILDREN] [PROCESSES]

The database is years old: 60,000 changes and 500,000 audit events beside what the made-up commune brings.
Everybody edits one child of their own, each time with a new note. Afterwards the register and its history are read:
an edit that was acknowledged and is not there is lost, one noted more often than it was sent is doubled.
The clients run in this process and share the machine with the server, which is `run.py` with as many processes as the
machine has cores, unless told otherwise.
"""

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from benchmarks import commune
from models import Change, Child, db

READ = ("/children/", "/", "/cases/", "/households/", "/children/{child}")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Person(threading.Thread):
    """Somebody who reads pages and edits her child until time is over."""

    def __init__(self, number: int, port: int, password: str, child: int, ends: float) -> None:
        super().__init__()
        self.number, self.child, self.ends = number, child, ends
        self.chance = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""
        self.reads: list[float] = []
        self.writes: list[float] = []
        self.notes: list[str] = []
        self.errors: list[str] = []
        form = {"username": "canbo", "password": password, "csrf_token": commune.token(self.ask("GET", "/sign-in")[1])}
        if self.ask("POST", "/sign-in", form)[0] != 303:
            raise RuntimeError("could not sign in")

    def ask(self, method: str, address: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """One request, with its cookie kept."""
        headers = {"Cookie": self.cookie, **(FORM if form else {})}
        self.connection.request(method, address, urlencode(form) if form else None, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for given in response.headers.get_all("Set-Cookie") or ():
            if given.startswith("mangnon="):
                self.cookie = given.split(";")[0]
        return response.status, text

    def timed(
        self, found: list[float], right: int, method: str, address: str, form: dict[str, str] | None = None
    ) -> str:
        """One request that counts; its page, or nothing when the answer is not the right one."""
        started = time.perf_counter()
        status, text = self.ask(method, address, form)
        found.append(1000 * (time.perf_counter() - started))
        if status != right:
            self.errors.append(f"{method} {address} {status}")
        return text if status == right else ""

    def run(self) -> None:
        """A form, an edit, and 6 times in 7 another page: 35 % edits."""
        while time.monotonic() < self.ends:
            self.edit()
            if self.chance.random() < 6 / 7:
                self.timed(self.reads, 200, "GET", self.chance.choice(READ).format(child=self.child))

    def edit(self) -> None:
        """Open the form, change the note, send."""
        address = f"/children/{self.child}/edit"
        page = self.timed(self.reads, 200, "GET", address)
        if not page:
            return
        note = f"lần {len(self.notes) + 1} của người {self.number}"
        before = len(self.errors)
        self.timed(self.writes, 303, "POST", address, {**commune.filled(page), "note": note})
        if len(self.errors) == before:
            self.notes.append(note)


#: Rows like the latest one, so many times: the weight of years.
AGE = {"changes": 60_000, "audit_events": 500_000}


def until_it_answers(port: int) -> None:
    """Wait for the server, a minute at most."""
    ends = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)


@contextmanager
def served(app: Flask, processes: int, **settings: str) -> Iterator[tuple[int, int]]:
    """`run.py` on the app's database, until the block ends: its port, and the number of its (first) process."""
    port = 18_000 + os.getpid() % 1000
    same = {name: app.config[name] for name in ("MANGNON_INSTANCE", "SECRET_KEY")}
    command = [sys.executable, "run.py", f"--port={port}", f"--processes={processes}"]
    root, environment = Path(__file__).parent.parent, os.environ | same | settings
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            until_it_answers(port)
            yield port, server.pid
        finally:
            server.terminate()


def told(people: list[Person], seconds: float) -> None:
    """The figures of the run."""
    reads, writes = ([ms for one in people for ms in getattr(one, name)] for name in ("reads", "writes"))
    errors = [error for one in people for error in one.errors]
    lost = doubled = 0
    for one in people:
        child = db.session.get_one(Child, one.child)
        query = select(Change).where(Change.subject_table == "children", Change.subject_id == one.child)
        noted = [change for change in db.session.scalars(query) if "note" in change.fields]
        lost += max(0, len(one.notes) - len(noted)) + (child.note != one.notes[-1])
        doubled += max(0, len(noted) - len(one.notes))
    total = len(reads) + len(writes)
    print("| requests/s | of them edits | reading median ms | p95 | edit median ms | p95 | errors | lost | doubled |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    share = f"{100 * len(writes) / total:.0f} %"
    print(
        f"| {total / seconds:.0f} | {share} | {commune.told(reads)} | {commune.told(writes)} "
        f"| {len(errors)} | {lost} | {doubled} |"
    )
    print(*sorted(set(errors))[:10], sep="\n")


def main() -> None:
    given = [int(argument) for argument in sys.argv[1:]]
    seconds, crowd, children, processes = (*given, *(120, 16, 10_000, os.cpu_count() or 1)[len(given) :])
    with commune.made_up(children) as app:
        with app.app_context():
            commune.grow_old(AGE)
        threads = os.environ.get("MANGNON_THREADS", "4")  # as docs/install/mangnon.service
        with served(app, processes, MANGNON_THREADS=threads) as (port, _process):
            with app.app_context():
                ids = db.session.scalars(select(Child.id).where(Child.note.is_(None)).limit(crowd)).all()
            secret = commune.password(app)
            people = [Person(at, port, secret, child, 0) for at, child in enumerate(ids)]
            started = time.monotonic()
            for one in people:
                one.ends = started + seconds
                one.start()
            for one in people:
                one.join()
            took = time.monotonic() - started
        with app.app_context():
            told(people, took)


if __name__ == "__main__":
    main()
