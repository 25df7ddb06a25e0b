"""Answers are packed for who takes it, and are the same when unpacked."""

import gzip

import pytest

from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_packed_for_a_browser_that_takes_it(client: Client, make: Make) -> None:
    client.sign_in(make.user("officer"))

    packed = client.get("/help/", headers=PACKED)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Trợ giúp" in gzip.decompress(packed.data).decode()
    assert len(packed.data) == int(packed.headers["Content-Length"])


def test_who_does_not_take_it_gets_it_as_it_is(client: Client, make: Make) -> None:
    client.sign_in(make.user("officer"))

    for headers in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}):
        plain = client.get("/help/", headers=headers)
        assert "Content-Encoding" not in plain.headers
        assert "Trợ giúp" in plain.get_data(as_text=True)


def test_a_static_file_is_packed_and_stays_what_it_was(client: Client) -> None:
    with (
        client.get("/static/css/mangnon.css") as plain,
        client.get("/static/css/mangnon.css", headers=PACKED) as packed,
    ):
        assert gzip.decompress(packed.data) == plain.data
        tag = packed.headers["ETag"]

    with client.get("/static/css/mangnon.css", headers={**PACKED, "If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_workbook_is_packed_already(client: Client, make: Make) -> None:
    make.village("Thôn Đông")
    client.sign_in(make.user("officer"))
    form = client.page("/workbooks/district").form()

    answer = client.post("/workbooks/district", data=form, headers=PACKED)

    assert answer.data[:2] == b"PK"
    assert "Content-Encoding" not in answer.headers
