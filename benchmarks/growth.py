"""One commune's pages while the database around it grows, on SQLite and on PostgreSQL with row security.

    python -m benchmarks.growth [CHILDREN AROUND] …           2,000 children, alone and among so many in other communes
    python -m benchmarks.growth commune [CHILDREN] …          a commune that itself grows, alone in its database

The same made-up commune stands alone in a second database, and each page is asked of both in turns: what a busy machine
adds, it adds to both. Neighbours have every row of the commune again (benchmarks/neighbours.py). Before anything is timed,
lists, searches and the words of every page are compared with those of the commune alone, then between the databases.
At the last step every page of every role is asked for too, and those named that cost more than among nobody.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

import lxml.html
from flask import Flask
from werkzeug.test import TestResponse

from benchmarks import commune, neighbours, pages
from benchmarks.postgres import found
from models import db, reach
from tests import postgres

CHILDREN, AROUND, RUNS = 2_000, (0, 20_000, 200_000, 1_000_000), 15
GOAL = 1.3
#: Looks at children, as years leave them in the trail of each commune, beside what the made-up one brings.
AGE = {"audit_events": 4_000}
#: Communes that themselves grow.
SIZES = (2_000, 10_000, 50_000)
#: What tells of the moment and not of the register.
OF_THE_MOMENT = re.compile(r"\d+ (giờ|phút)|\d{1,2}:\d{2}(:\d{2})?")

Took = dict[str, list[tuple[float, float]]]


class Office:
    """An officer and a collaborator of the made-up commune, and what they ask for."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.known = found(app)
        self.officer = commune.signed_in(app, "canbo")
        self.collaborator = commune.signed_in(app, "ctv")
        of_a_case = pages.addresses(app)
        self.read = {
            "list, first page": (self.officer, "/children/"),
            "list, deep page": (self.officer, f"/children/?after={self.known['after']}"),
            "list of a village": (self.officer, f"/children/?village={self.known['village']}"),
            "search by name": (self.officer, pages.search_address(self.officer)),
            "one child": (self.officer, of_a_case["/children/<child>"]),
            "cases": (self.officer, "/cases/"),
            "one case": (self.officer, of_a_case["/cases/<case>"]),
            "households": (self.officer, "/households/"),
            "services": (self.officer, "/services/"),
            "figures": (self.officer, "/figures/"),
            "my work": (self.officer, "/"),
            "collaborator: my work": (self.collaborator, "/"),
            "collaborator: list": (self.collaborator, "/children/"),
            "collaborator: search": (self.collaborator, pages.search_address(self.collaborator)),
        }
        self.saved = 0

    def asks(self) -> Iterator[tuple[str, Callable[[], TestResponse]]]:
        """(what, how to ask for it), in order: a child is saved, then the dashboard counts anew, then it need not."""
        for name, (client, address) in self.read.items():
            yield name, lambda client=client, address=address: client.get(address)
        address = f"/children/{self.known['after']}/edit"
        page = self.officer.get(address).text
        self.saved += 1
        form = {**commune.filled(page), "note": f"lần {self.saved}"}
        yield "saving a child", lambda: self.officer.post(address, data=form)
        yield "dashboard after a change", lambda: self.officer.get("/dashboard/")
        yield "dashboard", lambda: self.officer.get("/dashboard/")

    def turn(self, took: Took) -> None:
        """Each page once, with what it took by the clock and of the processor, in milliseconds."""
        for name, ask in self.asks():
            clock, processor = time.perf_counter(), time.process_time()
            answer = ask()
            spent = (1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor))
            if answer.status_code != (303 if name == "saving a child" else 200):
                raise RuntimeError(f"{name}: {answer.status_code}")
            took.setdefault(name, []).append(spent)

    def statements(self) -> dict[str, int]:
        """How many each page sends to the database."""
        counts = {}
        with self.app.app_context():
            engine = db.engine
        for name, ask in self.asks():
            with pages.statements(engine) as sent:
                ask()
            counts[name] = len(sent)
        return counts

    def answers(self) -> dict[str, Any]:
        """The codes of lists and searches in their order, and the words of every page."""
        words = {name: words_of(ask().text) for name, ask in self.asks()}
        return {**found(self.app)["answers"], **words}


def words_of(page: str) -> str:
    """What a page says of the register."""
    main = lxml.html.fromstring(page).xpath("//main")
    return OF_THE_MOMENT.sub("", " ".join(main[0].text_content().split())) if main else ""


def measured(offices: list[Office], runs: int) -> list[Took]:
    """What the pages took in each office, asked in turns; two turns warm up."""
    for office in offices * 2:
        office.turn({})
    took: list[Took] = [{} for _office in offices]
    for _run in range(runs):
        for office, found_here in zip(offices, took, strict=True):
            office.turn(found_here)
    return took


def p25(values: list[float]) -> float:
    """The value that 25 of 100 do not exceed."""
    return quantiles(values, n=4, method="inclusive")[0]


def told(spent: list[tuple[float, float]]) -> tuple[float, float, float]:
    """By the clock median and p25, of the processor the median."""
    clock, processor = ([one[at] for one in spent] for at in (0, 1))
    return median(clock), p25(clock), median(processor)


def differing(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Where two offices do not answer alike."""
    return ", ".join(name for name in one if one[name] != other[name]) or "nothing"


def grow(app: Flask, steps: tuple[int, ...]) -> Iterator[int]:
    """Put communes around the first, step by step."""
    with app.app_context(), reach.declared(reach.INSTALLATION):
        apart = neighbours.stride()
        db.session.remove()
    for before, around in pairwise((0, *steps)):
        with app.app_context(), reach.declared(reach.INSTALLATION):
            if around > before:
                neighbours.add(range(before // CHILDREN + 1, around // CHILDREN + 1), apart)
            db.session.remove()
            db.engine.dispose()  # an open connection to SQLite plans by what the tables held when it was opened
        yield around


def size(app: Flask) -> str:
    """How large the database is."""
    with app.app_context(), reach.declared(reach.INSTALLATION):
        return f"{neighbours.size():,.0f} MB"


def around(name: str, alone: Flask, growing: Flask, steps: tuple[int, ...], runs: int) -> dict[str, Any]:
    """Measure at each step, print a table; what the pages answered."""
    for app in (alone, growing):
        with app.app_context(), reach.declared(reach.INSTALLATION):
            commune.grow_old(AGE)
    offices = [Office(alone), Office(growing)]
    lines: dict[str, list[str]] = {}
    missed: list[str] = []
    answers: dict[str, Any] = {}
    for step in grow(growing, steps):
        for office in offices:
            office.saved = 0
        answers, here = (office.answers() for office in offices)
        counts = [office.statements() for office in offices]
        took = measured(offices, runs)
        print(
            f"{name}, {step:,} children around: {size(growing)}; "
            f"answers that differ: {differing(answers, here)}; numbers of statements: {differing(*counts)}",
            flush=True,
        )
        for page in took[0]:
            first, now = (told(spent[page]) for spent in took)
            ratios = [new / old for old, new in zip(first, now, strict=True)]
            lines.setdefault(page, [page, str(counts[1][page])]).append(f"{ratios[0]:.2f}")
            if step == steps[-1]:
                lines[page] += [f"{ratio:.2f}" for ratio in ratios[1:]]
                lines[page] += [" / ".join(f"{value:.1f}" for value in values) for values in (first, now)]
                if min(ratios[:2]) > GOAL:
                    missed.append(page)
    head = ["page", "statements", *(f"{step:,}" for step in steps), "by p25", "of the processor"]
    head += ["alone: median / p25 / processor ms", "at the end"]
    print(f"\n| {' | '.join(head)} |\n|---|{'---:|' * (len(head) - 1)}")
    print(*(f"| {' | '.join(cells)} |" for cells in lines.values()), sep="\n")
    print(f"\nMiss the goal of {GOAL}: {', '.join(missed) or 'none'}", flush=True)
    every_page(alone, growing)
    return answers


def every_page(alone: Flask, growing: Flask) -> None:
    """Name the pages of every role that cost clearly more than alone, by their quickest run."""
    with growing.app_context():  # SQLite works in this process; what a server does, only the clock sees
        parts = 1 if db.engine.dialect.name == "postgresql" else 2
    count = 0
    for username in pages.USERNAMES:
        for first, now in zip(*(pages.measured(app, username, 5) for app in (alone, growing)), strict=True):
            count += 1
            quickest = (min(first.took), min(now.took)), (min(first.processor), min(now.processor))
            dearer = all(new > GOAL * old and new > old + 1 for old, new in quickest[:parts])
            if dearer or first.statements != now.statements:
                told_of = ", ".join(f"{old:.1f} → {new:.1f} ms" for old, new in quickest)
                print(
                    f"{username} {now.page}: {told_of} of the processor, {first.statements} → {now.statements} statements"
                )
    print(f"Every page of every role looked at: {count}\n", flush=True)


def main(steps: tuple[int, ...] = AROUND, runs: int = RUNS) -> None:
    """One commune of the same size while others come."""
    answers = []
    with postgres.cluster() as server:
        for name in ("SQLite", "PostgreSQL"):
            with ExitStack() as stack:
                apps = [stack.enter_context(commune.made_up(CHILDREN, **_address(stack, name, server))) for _ in "ab"]
                answers.append(around(name, *apps, steps, runs))
    print(f"SQLite and PostgreSQL answer alike but for: {differing(*answers)}")


def itself(sizes: tuple[int, ...] = SIZES, runs: int = RUNS) -> None:
    """Communes of several sizes, each alone."""
    with postgres.cluster() as server:
        for name in ("SQLite", "PostgreSQL"):
            lines: dict[str, list[str]] = {}
            for children in sizes:
                with ExitStack() as stack:
                    app = stack.enter_context(commune.made_up(children, **_address(stack, name, server)))
                    for page, spent in measured([Office(app)], runs)[0].items():
                        lines.setdefault(page, [page]).append(" / ".join(f"{value:.1f}" for value in told(spent)))
            print(f"\n| {name} | {' | '.join(f'{children:,}' for children in sizes)} |\n|---|{'---:|' * len(sizes)}")
            print(*(f"| {' | '.join(cells)} |" for cells in lines.values()), sep="\n", flush=True)


def _address(stack: ExitStack, name: str, server: str) -> dict[str, str]:
    if name == "SQLite":
        return {}
    return commune.of_the_server(stack.enter_context(postgres.empty_database(server)))


if __name__ == "__main__":
    numbers = tuple(int(argument) for argument in sys.argv[1:] if argument.isdigit())
    if "commune" in sys.argv:
        itself(numbers or SIZES)
    else:
        main((0, *numbers) if numbers else AROUND)
