"""A made-up commune to measure on, an officer signed in to it, and what is told of the times measured."""

import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import lxml.html
from flask import Flask
from flask.testing import FlaskClient

from app import audit, create_app, demo, memory, migrating
from models import db, reach
from tests import postgres


@contextmanager
def empty(**addresses: str) -> Iterator[Flask]:
    """The app on an empty database: a SQLite file of its own, unless an address is given (of_the_server).

    Not in its context, for requests made in one share their person.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = {"MANGNON_INSTANCE": folder, "DATABASE_URL": "", "SECRET_KEY": secrets.token_urlsafe(48)}
        app = create_app(settings | addresses)
        with app.app_context():
            migrating.upgrade()
            db.session.remove()
        memory.leave_out_what_is_here()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def made_up(children: int, **addresses: str) -> Iterator[Flask]:
    """The app with one made-up commune."""
    with empty(**addresses) as app:
        with app.app_context(), reach.declared(reach.INSTALLATION):
            with audit.writing():
                demo.fill(children)
                db.session.commit()
            migrating.analyse()
            db.session.remove()
        yield app


def grow_old(rows: dict[str, int]) -> None:
    """Give tables so many more rows like their first; the chain of audit events does not hold then, which no page looks at."""
    with audit.writing(), migrating.owners_engine() as engine, engine.begin() as connection:
        for table, count in rows.items():
            names = ", ".join(column.name for column in db.metadata.tables[table].columns if column.name != "id")
            connection.exec_driver_sql(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO {table} "
                f"({names}) SELECT {names} FROM n CROSS JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) AS first"
            )
    migrating.analyse()
    db.session.remove()


def of_the_server(url: str) -> dict[str, str]:
    """The addresses of a database on a PostgreSQL server: the app's role is bound by row security, the owner's is not."""
    return {"DATABASE_URL": postgres.for_the_app(url), "MIGRATION_DATABASE_URL": url}


def password(app: Flask) -> str:
    """The password of everybody in the made-up commune."""
    return (Path(app.config["MANGNON_INSTANCE"]) / "demo-password").read_text()


def token(page: str) -> str:
    """The forgery token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("no form on the page")
    return found[1]


def officer(app: Flask) -> FlaskClient:
    """A client of the app with the officer signed in."""
    return signed_in(app, "canbo")


def signed_in(app: Flask, username: str, secret: str | None = None) -> FlaskClient:
    """A client of the app with somebody signed in: by the password of the made-up commune's people, unless told."""
    client = app.test_client()
    form = {
        "username": username,
        "password": secret or password(app),
        "csrf_token": token(client.get("/sign-in").text),
    }
    response = client.post("/sign-in", data=form)
    if response.status_code != 303:
        raise RuntimeError(f"{username} could not sign in: {response.status_code}")
    return client


def filled(page: str) -> dict[str, str]:
    """What a browser would send with the page's last form that has a version."""
    form = next(form for form in lxml.html.fromstring(page).forms if "version" in form.fields)
    return {str(name): str(value) for name, value in form.form_values()}


def path_of(address: str) -> str:
    """An address without its host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def times(work: Callable[[], Any], runs: int, warm_up: int = 2) -> list[float]:
    """Milliseconds each run took, after some runs that do not count."""
    found = []
    for number in range(warm_up + runs):
        started = time.perf_counter()
        work()
        if number >= warm_up:
            found.append(1000 * (time.perf_counter() - started))
    return found


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def told(values: list[float]) -> str:
    """Median and p95, as two cells of a table."""
    return f"{median(values):.1f} | {p95(values):.1f}"


def peak_memory() -> float:
    """The most memory this process has held, in MB; unlike getrusage, not what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
