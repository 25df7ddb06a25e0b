"""The benchmarks run on a small commune, and what they compare is the same; nothing here is timed."""

import os
from pathlib import Path

import lxml.html
import pytest
from werkzeug.test import Client

from benchmarks import commune, lists, memory, pages

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


def test_lists_that_are_compared_show_the_same_children_and_every_page_of_a_role_is_measured() -> None:
    with commune.made_up(300) as app:
        ours = lists.names(commune.officer(app).get("/children/").text)
        database = Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"
        bare = lxml.html.fromstring(Client(lists.bare(database)).get("/").text).xpath("//tr/td[2]")
        measured = {one.page: one for one in pages.measured(app, "captren", 1)}

    assert len(ours) == 50
    assert [cell.text_content() for cell in bare] == ours
    assert "/figures/" in measured
    assert all(one.statements and one.took and one.kilobytes for one in measured.values())


def test_a_page_misses_its_goal_by_its_time_or_by_its_statements() -> None:
    quick = pages.Measured("/children/", [100.0, 140.0], [90.0, 120.0], 14, 45)

    assert quick.reached
    assert not quick._replace(took=[100.0, 400.0]).reached
    assert not quick._replace(statements=26).reached
    assert quick._replace(page="/dashboard/", took=[300.0, 390.0]).reached


def test_memory_is_read_of_a_running_process() -> None:
    assert 10 < memory.resident(os.getpid()) < 10_000
