"""PgBouncer between the app and PostgreSQL: connections go from hand to hand, and nobody sees through another's eyes."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app, migrating, reaching
from models import Child, User, db, reach
from tests import postgres
from tests.conftest import SECRET
from tests.make import PASSWORD, Make
from tests.page import Client

SERVER = os.environ.get("TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="about PostgreSQL")

COMMUNES, TURNS = 4, 3
#: Each serves everybody in turns. One more than people at work: a page that reads a sensitive record has two transactions open.
CONNECTIONS = 2 * COMMUNES + 1


@pytest.fixture
def between(tmp_path: Path) -> Iterator[tuple[Flask, postgres.Bouncer]]:
    """The app behind PgBouncer, with communes of two people each: an officer, and a collaborator of one of two villages."""
    with postgres.empty_database(SERVER) as url:
        settings = {"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(tmp_path), "TESTING": True, "WTF_CSRF_ENABLED": False}
        with (
            create_app(
                {**settings, "DATABASE_URL": postgres.for_the_app(url), "MIGRATION_DATABASE_URL": url}
            ).app_context(),
            reach.declared(reach.INSTALLATION),
        ):
            migrating.upgrade()
            fill()
            db.session.remove()
            db.engine.dispose()
        with postgres.Bouncer(postgres.for_the_app(url), CONNECTIONS) as bouncer:
            app = create_app({**settings, "DATABASE_URL": bouncer.url, "MANGNON_PREPARED": 0})
            app.test_client_class = Client
            yield app, bouncer
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def fill() -> None:
    """Children whose names say who may see them."""
    make = Make()
    for number in range(COMMUNES):
        commune = make.commune(f"Xã {number}")
        near, far = (make.village(f"Thôn {where} {number}", commune) for where in ("Gần", "Xa"))
        make.child(f"Trần Thị Gần {number}", near)
        make.child(f"Trần Thị Xa {number}", far)
        make.user("officer", village=near, username=f"canbo{number}")
        make.user("collaborator", village=near, username=f"ctv{number}")
    db.session.commit()


def seen(client: Client) -> set[str]:
    """Whose children of all communes somebody is shown."""
    text = "".join(client.page(address).text for address in ("/children/", "/children/?q=Trần", "/"))
    return {
        f"{where} {other}" for where in ("Gần", "Xa") for other in range(COMMUNES) if f"Thị {where} {other}" in text
    }


def at_work(app: Flask, number: int, is_officer: bool) -> set[str]:
    """Sign in and look, save and look again; everything seen on the way."""
    client = app.test_client()
    name = f"{'canbo' if is_officer else 'ctv'}{number}"
    assert client.post("/sign-in", data={"username": name, "password": PASSWORD}).status_code == 303
    found = set()
    for turn in range(TURNS):
        found |= seen(client)
        found |= {" ".join(one.split()[:2]) for one in forgetting(app, name)}
        if is_officer:
            saved(client, number, turn)
    return found


def forgetting(app: Flask, name: str) -> set[str]:
    """What a query shows that forgets to ask whose children they are, and one asked on nobody's behalf."""
    with app.app_context():
        with reach.declared(reach.SIGN_IN):
            user = db.session.scalars(select(User).where(User.username == name)).unique().one()
            whose = reaching.reach_of(user)
            db.session.rollback()
        with reach.declared(whose):
            found = {str(one).removeprefix("Trần Thị ") for one in db.session.scalars(select(Child.full_name))}
            db.session.commit()  # what is rolled back would take its settings along in any case
        with reach.declared(reach.NOTHING):  # what the tests around this one declared does not count
            assert db.session.scalars(select(Child.full_name)).all() == []
            db.session.remove()
    return found


def saved(client: Client, number: int, turn: int) -> None:
    """Add a child to one's own village; its name says whose it is."""
    page = client.page("/children/add")
    village = next(one["value"] for one in page.soup.select("select[name=village_id] option") if "Gần" in one.text)
    form = {"full_name": f"Trần Thị Gần {number} lần {turn}", "sex": "female", "born_on": "5/6/2019", "confirmed": "1"}
    form |= {"form_key": page.soup.select_one("input[name=form_key]")["value"], "village_id": village}
    answer = client.post("/children/add", data={**form, "birth_registration": "registered"})
    assert answer.status_code == 303, answer.text


def test_people_who_share_connections_see_their_own_alone(between: tuple[Flask, postgres.Bouncer]) -> None:
    app, bouncer = between
    people = [(number, is_officer) for number in range(COMMUNES) for is_officer in (True, False)]
    for round_ in range(1, 3):
        with ThreadPoolExecutor(len(people)) as pool:
            found = list(pool.map(lambda who: at_work(app, *who), people))
        for (number, is_officer), names in zip(people, found, strict=True):
            assert names == ({f"Gần {number}", f"Xa {number}"} if is_officer else {f"Gần {number}"})
        with app.app_context(), reach.declared(reach.INSTALLATION):
            count = db.session.scalar(select(func.count(Child.id)))
            db.session.remove()
        assert count == COMMUNES * (2 + TURNS * round_)
        bouncer.kill()
        bouncer.start()


def test_nothing_said_for_one_stays_with_a_connection(between: tuple[Flask, postgres.Bouncer]) -> None:
    """Somebody who asks PostgreSQL through the same connections, saying nothing, is shown nothing."""
    app, bouncer = between
    for number in range(COMMUNES):
        assert forgetting(app, f"canbo{number}") == {f"Gần {number}", f"Xa {number}"}

    for _turn in range(CONNECTIONS):
        with psycopg.connect(bouncer.url) as raw:
            settings = raw.execute("SELECT current_setting('mangnon.reach', true), current_setting('jit')").fetchone()
            assert settings in ((None, "on"), ("", "on"))
            assert raw.execute("SELECT count(*) FROM children").fetchone() == (0,)
