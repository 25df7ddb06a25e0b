"""Every page each role can open in a commune of 10,000 children on SQLite: time and number of SQL statements.

    python -m benchmarks.pages [CHILDREN] [RUNS] [ROLE …]

Pages without a record of their own, and those about one child, household or case. Through the app's WSGI interface,
without a network. Statements that only begin a transaction are not counted. Forms that need more in their address,
and files, are left out: only what answers with a page is timed. The processor's time tells more on a busy machine.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from benchmarks import commune
from models import Case, Child, db, reach

GOAL, GOAL_DASHBOARD, MOST_STATEMENTS = 150, 400, 25
DASHBOARDS = ("/dashboard/", "/figures/")
USERNAMES = ("canbo", "lanhdao", "ctv", "captren", "quantri")
MAIN = (
    "/", "/dashboard/", "/children/", "/children/?group=d", "children found by name", "/children/<child>",
    "/children/<child>/edit", "/households/", "/households/<household>", "/cases/", "/cases/<case>", "/services/",
    "/review/", "/figures/", "/entitlements/", "/imports/", "/workbooks/", "/reports/",
)  # fmt: skip


class Measured(NamedTuple):
    """A page with what it took."""

    page: str
    took: list[float]
    processor: list[float]
    statements: int
    kilobytes: float

    @property
    def reached(self) -> bool:
        """Whether both goals are."""
        return self._keeps(self.took)

    @property
    def worked_little(self) -> bool:
        """Whether both would be on a machine with nothing else to do."""
        return self._keeps(self.processor)

    def _keeps(self, times: list[float]) -> bool:
        goal = GOAL_DASHBOARD if self.page in DASHBOARDS else GOAL
        return commune.p95(times) <= goal and self.statements <= MOST_STATEMENTS

    def line(self) -> str:
        """As a line of the table."""
        verdict = "yes" if self.reached else "no"
        times = f"{commune.told(self.took)} | {commune.told(self.processor)}"
        return f"| {self.page} | {times} | {self.statements} | {self.kilobytes:.0f} | {verdict} |"


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def search_address(client: FlaskClient) -> str:
    """The list after a search for a usual name; the words are kept on the server, the address holds a key."""
    form = {"words": "nguyen van", "csrf_token": commune.token(client.get("/children/").text)}
    return commune.path_of(client.post("/children/search", data=form).headers["Location"])


def addresses(app: Flask) -> dict[str, str]:
    """{page: address} of everything that is read, with an open case, its child and household for those about one."""
    with app.app_context(), reach.declared(reach.INSTALLATION):
        query = select(Case.id, Child.id, Child.household_id).join(Child, Case.child_id == Child.id)
        query = query.where(Child.household_id.is_not(None), Case.closed_at.is_(None)).order_by(Case.id).limit(1)
        records = dict(zip(("case_id", "child_id", "household_id"), db.session.execute(query).one(), strict=True))
        db.session.remove()
    found = {"/children/?group=d": "/children/?group=d"}
    words = {key: f"<{key.removesuffix('_id')}>" for key in records}
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            asks = app.view_functions[rule.endpoint]
            if "GET" in rule.methods and getattr(asks, "permission", None) is not None and rule.arguments <= set(words):
                address = app.url_for(rule.endpoint, **{key: records[key] for key in rule.arguments})
                page = rule.rule
                for key in rule.arguments:
                    page = page.replace(f"<int:{key}>", words[key])
                found[page] = commune.path_of(address)
    return dict(sorted(found.items()))


def measured(app: Flask, username: str, runs: int) -> Iterator[Measured]:
    """Every page this person can open."""
    client = commune.signed_in(app, username)
    with app.app_context():
        engine = db.engine
    pages = addresses(app)
    if username == "canbo":
        pages["children found by name"] = search_address(client)
    for page, address in pages.items():
        response = client.get(address)
        if response.status_code != 200 or response.mimetype != "text/html":
            continue
        with statements(engine) as sent:
            client.get(address)
        took, processor = [], []
        for _run in range(runs):
            started = time.process_time()
            took += commune.times(lambda address=address: client.get(address), 1, warm_up=0)
            processor.append(1000 * (time.process_time() - started))
        yield Measured(page, took, processor, len(sent), len(response.data) / 1000)


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    children, runs = (*numbers, *(10_000, 20)[len(numbers) :])
    usernames = [argument for argument in sys.argv[1:] if not argument.isdigit()] or USERNAMES
    heads = "median ms | p95 ms | of the processor, median ms | p95 ms | statements | kB | goal reached |\n"
    slow: list[tuple[str, Measured]] = []
    with commune.made_up(children) as app:
        for username in usernames:
            found = list(measured(app, username, runs))
            missed = [one for one in found if not one.reached]
            typical = median(median(one.took) for one in found)
            print(
                f"{username}: {len(found)} pages, {len(missed)} miss a goal, "
                f"{sum(not one.worked_little for one in found)} by the processor's time, median of medians {typical:.0f} ms",
                flush=True,
            )
            slow += [(username, one) for one in missed]
            if username == "canbo":
                print(f"\n| officer's page | {heads}|---|---:|---:|---:|---:|---:|---:|---|")
                print(*(one.line() for one in found if one.page in MAIN), "", sep="\n", flush=True)
    print(f"\n| misses a goal | {heads}|---|---:|---:|---:|---:|---:|---:|---|")
    for username, one in sorted(slow, key=lambda pair: -commune.p95(pair[1].took)):
        print(one._replace(page=f"{one.page} ({username})").line().replace("| yes |", "| no |"))


if __name__ == "__main__":
    main()
