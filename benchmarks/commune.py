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

from flask import Flask
from flask.testing import FlaskClient

from app import audit, create_app, demo, migrating, serving
from models import db


@contextmanager
def empty() -> Iterator[Flask]:
    """The app on an empty SQLite file of its own; not in its context, for requests made in one share their person."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"MANGNON_INSTANCE": folder, "DATABASE_URL": "", "SECRET_KEY": secrets.token_urlsafe(48)})
        with app.app_context():
            migrating.upgrade()
            db.session.remove()
        serving.collect_seldom()
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def made_up(children: int) -> Iterator[Flask]:
    """The app with one made-up commune."""
    with empty() as app:
        with app.app_context():
            with audit.writing():
                demo.fill(children)
                db.session.commit()
            migrating.analyse()
            db.session.remove()
        yield app


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


def signed_in(app: Flask, username: str) -> FlaskClient:
    """A client of the app with one of the made-up commune's people signed in."""
    client = app.test_client()
    form = {"username": username, "password": password(app), "csrf_token": token(client.get("/sign-in").text)}
    response = client.post("/sign-in", data=form)
    if response.status_code != 303:
        raise RuntimeError(f"{username} could not sign in: {response.status_code}")
    return client


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
