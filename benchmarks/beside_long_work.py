"""What others wait while one person reads in a list of 5,000 rows, writes it, and has the district workbook made.

    python -m benchmarks.beside_long_work [PROCESSES] [PEOPLE] [ROUNDS] [CHILDREN] [ROWS]

`run.py` on SQLite with its own worker, as an office runs it. The others read pages and save edits with a pause of a quarter of a
second between; each of their requests counts for what went on when it began. Calm is the time before and between.
"""

import http.client
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import lxml.html
from flask import Flask
from sqlalchemy import select

from benchmarks import commune, imports, load
from models import Child, db

PAUSE, CALM = 0.25, 10
BOUNDARY = "mangnon-list-of-a-benchmark"


class Now:
    """What goes on."""

    step = "calm"

    @contextmanager
    def doing(self, step: str) -> Iterator[None]:
        """For as long as the block lasts."""
        self.step = step
        try:
            yield
        finally:
            self.step = "calm"


class Other(load.Person):
    """Somebody who reads and edits, not without a pause, and notes beside what."""

    def __init__(self, number: int, port: int, password: str, child: int, now: Now) -> None:
        super().__init__(number, port, password, child, float("inf"))
        self.now, self.over = now, threading.Event()
        self.found: list[tuple[str, float]] = []

    def timed(
        self, found: list[float], right: int, method: str, address: str, form: dict[str, str] | None = None
    ) -> str:
        """The same, with what went on when it began."""
        if self.over.wait(PAUSE):
            self.ends = 0
        step = self.now.step
        text = super().timed(found, right, method, address, form)
        self.found.append((step, found[-1]))
        return text


class Office(load.Person):
    """Who reads the list in and has the workbook made."""

    def form(self, address: str, ending: str) -> tuple[str, dict[str, str]]:
        """The action and fields of the form of a page whose action ends so."""
        page = lxml.html.fromstring(self.ask("GET", address)[1])
        form = next(one for one in page.forms if (one.action or address).endswith(ending))
        return form.action or address, {str(name): str(value) for name, value in form.form_values()}

    def send(self, address: str, fields: dict[str, str], file: bytes | None = None) -> str:
        """Send a form, with a file if given; where it leads."""
        headers = {"Cookie": self.cookie, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        if file is not None:
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="danh-sach.xlsx"\r\n\r\n'
            parts.append(head.encode() + file + b"\r\n")
        self.connection.request("POST", address, b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != http.client.SEE_OTHER:
            raise RuntimeError(f"{address}: {answer.status}")
        return commune.path_of(answer.headers["Location"])

    def wait_for(self, job: str) -> None:
        """Until the work is done, or its file can be taken; asking as its page does."""
        ends = time.monotonic() + 120
        while (answer := self.ask("GET", job))[0] == http.client.OK and f"{job}/file" not in answer[1]:
            if time.monotonic() > ends:
                raise RuntimeError(lxml.html.fromstring(answer[1]).find(".//main").text_content())
            time.sleep(0.5)

    def work(self, now: Now, content: bytes) -> None:
        """The three steps, with calm between."""
        action, fields = self.form("/imports/", "/imports/")
        fields.pop("file", None)
        with now.doing("a list is read in"):
            shown = self.send(action, fields, content)
        time.sleep(CALM / 2)
        action, fields = self.form(shown, "/apply")
        with now.doing("it is written"):
            self.wait_for(self.send(action, fields))
        time.sleep(CALM / 2)
        action, fields = self.form("/workbooks/district", "/workbooks/district")
        with now.doing("the workbook is made"):
            self.wait_for(self.send(action, fields))
        time.sleep(CALM / 2)


def measure(app: Flask, port: int, crowd: int, contents: list[bytes]) -> list[Other]:
    """The others, with what they waited."""
    now, secret = Now(), commune.password(app)
    with app.app_context():
        ids = db.session.scalars(
            select(Child.id).where(Child.note.is_(None)).order_by(Child.id.desc()).limit(crowd)
        ).all()
        db.session.remove()
    office = Office(0, port, secret, 0, 0)
    others = [Other(at, port, secret, child, now) for at, child in enumerate(ids)]
    for one in others:
        one.start()
    time.sleep(CALM)
    for content in contents:
        office.work(now, content)
    for one in others:
        one.over.set()
        one.join()
    return others


def told(others: list[Other]) -> None:
    """A line for each step; the ratio is p95 beside it : p95 in calm."""
    steps: dict[str, list[float]] = {}
    for one in others:
        for step, took in one.found:
            steps.setdefault(step, []).append(took)
    calm = commune.p95(steps["calm"])
    print("| meanwhile | requests | median ms | p95 ms | p95 : calm (goal ≤ 2 ×) | longest ms (goal ≤ 1,000) |")
    print("|---|---:|---:|---:|---:|---:|")
    for step, took in steps.items():
        p95 = commune.p95(took)
        print(f"| {step} | {len(took)} | {median(took):.0f} | {p95:.0f} | {p95 / calm:.2f} | {max(took):.0f} |")
    print(*{error for one in others for error in one.errors}, sep="\n")


def main() -> None:
    given = [int(argument) for argument in sys.argv[1:]]
    processes, crowd, rounds, children, rows = (*given, *(os.cpu_count() or 1, 4, 3, 10_000, 5_000)[len(given) :])
    with commune.made_up(children) as app:
        with app.app_context():
            contents = [imports.made_list(rows, seed) for seed in range(rounds)]
            db.session.remove()
        with load.served(app, processes, MANGNON_BACKUP_HOUR="-1") as (port, _process):
            told(measure(app, port, crowd, contents))


if __name__ == "__main__":
    main()
