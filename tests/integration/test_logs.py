"""What the program tells a watching program of itself (its log: tests/faults/test_log.py)."""

import json
import logging
import sys

import pytest
from flask import Flask

from app import logs
from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


def test_figures_are_for_this_machine_and_the_administrator(app: Flask, client: Client, make: Make) -> None:
    client.get("/sign-in")
    told = client.get("/metrics")
    assert told.status_code == 200
    assert 'mangnon_requests_total{page="account.sign_in"' in told.get_data(as_text=True)
    assert "mangnon_up 1" in told.get_data(as_text=True)

    through_a_proxy = {"headers": {"X-Forwarded-For": "203.0.113.7"}}
    assert client.get("/metrics", **through_a_proxy).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    client.sign_in(make.user("officer"))
    assert client.get("/metrics", **through_a_proxy).status_code == 404
    client.sign_in(make.user("administrator"))
    assert client.get("/metrics", **through_a_proxy).status_code == 200


def test_an_error_is_one_line_with_its_traceback() -> None:
    try:
        raise RuntimeError("x")
    except RuntimeError:
        record = logging.LogRecord("app", logging.ERROR, "", 0, "unexpected", (), sys.exc_info())

    line = logs.JsonLines().format(record)

    assert "\n" not in line
    assert "RuntimeError" in json.loads(line)["traceback"]


def test_a_full_house_does_not_fill_the_log(app: Flask) -> None:
    assert not logging.getLogger("waitress.queue").isEnabledFor(logging.WARNING)
