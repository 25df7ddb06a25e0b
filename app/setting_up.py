"""The first run: a commune, its villages, its receiving office, its holidays and its first two people, all at once."""

import hmac
import re
from dataclasses import dataclass

from sqlalchemy import exists, select

from app import audit, clock, identity, people, places, public_holidays, report_duties
from models import Commune, OfficeLevel, ReceivingOffice, Role, User, db, reach


@dataclass(frozen=True)
class FirstPerson:
    """Somebody to be added at the first run."""

    username: str
    full_name: str
    password: str


def is_needed() -> bool:
    """Whether nobody can sign in yet."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def code_is_right(typed: str | None) -> bool:
    """Whether this is the one-time code printed on the console; spaces, dashes and capitals do not matter."""
    bare = re.sub(r"[^0-9A-Z]", "", (typed or "").upper())
    return hmac.compare_digest(bare.encode(), identity.setup_code().encode())


def set_up(
    commune: Commune,
    villages: list[str],
    office_name: str,
    office_level: OfficeLevel,
    administrator: FirstPerson,
    officer: FirstPerson,
) -> None:
    """Store all of it; the caller commits once, so that a half-made installation cannot be."""
    reach.declare(reach.INSTALLATION)
    db.session.add(commune)
    db.session.flush()
    db.session.info["commune_id"] = commune.id
    places.add_villages(commune, villages)
    db.session.add(ReceivingOffice(commune_id=commune.id, name=office_name, level=office_level))
    for year in (clock.today().year - 1, clock.today().year, clock.today().year + 1):
        public_holidays.fill_year(commune.id, year)
    db.session.flush()
    report_duties.fill(commune, clock.today())
    for role, person in ((Role.ADMINISTRATOR, administrator), (Role.OFFICER, officer)):
        people.add(None, commune, person.username, person.full_name, {role}, password=person.password)
    audit.record("installation_set_up", None, commune_id=commune.id)
