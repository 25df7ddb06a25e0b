"""A made-up commune to try things out with: everybody in it is invented. Only ever put into an empty database."""

import os
import secrets
from datetime import date
from pathlib import Path
from random import Random

from flask import current_app
from sqlalchemy import exists, select, text

from app import audit, clock, identity
from app.demo import care, cases, place, reports, reviews
from app.demo.enrolling import Enrolling
from app.demo.population import Maker
from app.demo.statuses import Statuses
from app.demo.store import Store
from app.demo.support import Support
from models import Child, Commune, Household, User, db

#: Fewer children than this cannot show every one of the 48 sub-groups.
FEWEST = 300


class Refused(Exception):
    """The database is not empty, or the numbers asked for make no sense; the message says which, in one sentence."""


def fill(children: int = 2000, communes: int = 1, seed: int = 2024) -> None:
    """Put made-up communes, each with so many children, into an empty database. The caller commits.

    The same seed on the same day makes the same people. Raises Refused.
    """
    if children < FEWEST or communes < 1:
        raise Refused(f"Mỗi xã để thử cần ít nhất {FEWEST} trẻ em, và ít nhất một xã.")
    if not is_empty():
        raise Refused("Cơ sở dữ liệu này đã có dữ liệu; chỉ tạo xã để thử trong cơ sở dữ liệu trống.")
    if db.engine.dialect.name == "postgresql":
        # Its planner knows nothing yet of what this transaction writes, and would take thousands of rows for one.
        db.session.execute(text("SET LOCAL enable_nestloop = off"))
    password_hash = identity.hash_password(_new_password())
    for number in range(communes):
        _fill_commune(Random(f"{seed}-{number}"), number, children, password_hash, clock.today())  # noqa: S311 – invented people, no secrets


def is_empty() -> bool:
    """Whether the database holds no commune and no user."""
    return not any(db.session.scalar(select(exists().where(model.id.is_not(None)))) for model in (Commune, User))


def _fill_commune(chance: Random, number: int, children: int, password_hash: str, today: date) -> None:
    commune = place.make_commune(number)
    db.session.info["commune_id"] = commune.id
    villages = place.make_villages(commune)
    staff = place.make_people(chance, commune, villages, password_hash, number)
    store = Store(commune.id)
    maker = Maker(
        chance,
        today,
        [village.id for village in villages],
        store.next_id(Household),
        store.next_id(Child),
        commune.name.removeprefix("xã "),
    )
    homes = maker.homes(children)
    Statuses(chance, today, homes, staff, store).give()
    Enrolling(chance, today, staff, store).enrol(homes)
    support = Support(chance, today, staff, store)
    providers = support.add_providers()
    support.give(homes)
    store.write()
    reviews.make(chance, today, homes, staff)
    cases.make(chance, today, homes, staff, providers)
    reports.make(chance, commune, staff, today)
    care.make(chance, today, homes, staff)
    audit.record("installation_set_up", None, commune_id=commune.id)
    db.session.info.pop("commune_id", None)
    db.session.flush()


# ── Signing in ─────────────────────────────────────────────────────────────


def _password_path() -> Path:
    return Path(current_app.config["MANGNON_INSTANCE"]) / "demo-password"


def _new_password() -> str:
    """A random password for all made-up people, kept beside the database for its owner's eyes only."""
    password = f"thu-{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    path = _password_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password)
    return password


def sign_ins() -> list[str]:
    """One line per role: "Công chức …: canbo / password". Empty when the password is not kept here."""
    path = _password_path()
    if not path.exists():
        return []
    password = path.read_text(encoding="utf-8")
    return [f"{role.label}: {username} / {password}" for role, username in place.ACCOUNTS]
