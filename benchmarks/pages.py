"""Every main page for one officer in a commune of 10,000 children on SQLite: time and number of SQL statements.

    python -m benchmarks.pages [CHILDREN] [RUNS]

Through the app's WSGI interface, without a network. Statements that only begin a transaction are not counted.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from benchmarks import commune
from models import Child, Circumstance, db

GOAL, GOAL_HOME, MOST_STATEMENTS = 150, 400, 25


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


def addresses(app: Flask, client: FlaskClient) -> dict[str, str]:
    """What is measured; the child shown is one with circumstances."""
    with app.app_context():
        child = db.session.scalar(select(Circumstance.child_id).order_by(Circumstance.id).limit(1))
        household = db.session.scalar(select(Child.household_id).where(Child.id == child))
    return {
        "home": "/",
        "children": "/children/",
        "children of a group": "/children/?group=d",
        "children found by name": search_address(client),
        "child": f"/children/{child}",
        "child, form": f"/children/{child}/edit",
        "households": "/households/",
        "household": f"/households/{household}",
        "caseload": "/cases/",
        "services": "/services/",
        "review": "/review/",
        "figures": "/figures/",
        "entitlements": "/entitlements/",
        "imports": "/imports/",
        "workbooks": "/workbooks/",
    }


def main() -> None:
    children, runs = (*(int(argument) for argument in sys.argv[1:]), *(10_000, 30)[len(sys.argv) - 1 :])
    with commune.made_up(children) as app:
        client = commune.officer(app)
        with app.app_context():
            engine = db.engine
        print("| page | median ms | p95 ms | statements | kB | goal reached |\n|---|---:|---:|---:|---:|---|")
        for name, address in addresses(app, client).items():
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
            with statements(engine) as sent:
                client.get(address)
            took = commune.times(lambda address=address: client.get(address), runs)
            reached = commune.p95(took) <= (GOAL_HOME if name in ("home", "figures") else GOAL)
            verdict = "yes" if reached and len(sent) <= MOST_STATEMENTS else "no"
            size = len(response.data) / 1000
            print(f"| {name} | {commune.told(took)} | {len(sent)} | {size:.0f} | {verdict} |", flush=True)


if __name__ == "__main__":
    main()
