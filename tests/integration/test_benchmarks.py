"""The benchmarks run on a small commune, and what they compare is the same; nothing here is timed."""

import os
from pathlib import Path

import lxml.html
import pytest
from sqlalchemy import func, select
from werkzeug.test import Client

from benchmarks import commune, growth, lists, memory, pages
from models import Child, Commune, User, db

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


def test_neighbours_have_every_row_of_the_commune_and_change_nothing_of_what_it_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growth, "CHILDREN", 300)
    with commune.made_up(300) as app:
        office = growth.Office(app)
        alone = office.answers()
        steps = list(growth.grow(app, (0, 600)))
        office.saved = 0
        among = office.answers()
        with app.app_context():
            per_commune = {
                model: set(db.session.scalars(select(func.count()).select_from(model).group_by(model.commune_id)))
                for model in (Child, User)
            }
            communes = db.session.scalar(select(func.count()).select_from(Commune))
            db.session.remove()

    assert steps == [0, 600]
    assert communes == 3
    assert all(len(counts) == 1 for counts in per_commune.values())
    assert growth.differing(alone, among) == "nothing"
    assert len(alone["list of a village"]) > 100
