"""Likely duplicates in the register: how many planted ones are found, how high they stand, and how long it takes.

    python -m benchmarks.duplicates [CHILDREN] [PLANTED OF EACH KIND]

Each planted record copies a child with one slip; half of them stand in another village, none bears the same number.
"""

import random
import sys
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from app import likely_pairs
from benchmarks import commune, search
from models import Child, Commune, Role, User, UserRole, clean, db

Values = dict[str, Any]


def _typo(values: Values, chance: random.Random) -> None:
    name = values["full_name"]
    at = chance.randrange(1, len(name) - 1)
    values["full_name"] = name[:at] + chance.choice("aeginhrtu") + name[at + chance.randrange(2) :]


def _no_accents(values: Values, _chance: random.Random) -> None:
    values["full_name"] = clean.fold(values["full_name"]).title()


def _swapped(values: Values, _chance: random.Random) -> None:
    born: date = values["born_on"]
    values["born_on"] = date(born.year, born.day, born.month)


def _year_off(values: Values, chance: random.Random) -> None:
    born: date = values["born_on"]
    values["born_on"] = born.replace(year=born.year + chance.choice((-1, 1)))


def _wrong_number(values: Values, chance: random.Random) -> None:
    at = chance.randrange(3, 12)
    number = values["personal_id"]
    values["personal_id"] = number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]


SLIPS: dict[str, Callable[[Values, random.Random], None]] = {
    "one wrong letter": _typo,
    "no accents": _no_accents,
    "day and month swapped": _swapped,
    "year off by one": _year_off,
    "number typed wrong": _wrong_number,
}


def plant(home: Commune, each: int) -> dict[frozenset[int], str]:
    """{pair of ids: which slip} of the copies put beside their originals."""
    chance = random.Random(11)
    columns = [column for column in Child.__table__.columns if column.name not in {"id", "code"}]
    rows = db.session.execute(select(Child.id, *columns).where(Child.commune_id == home.id)).mappings().all()
    villages = sorted({row["village_id"] for row in rows})
    numbers = {row["personal_id"] for row in rows}
    planted = {}
    fit = [row for row in rows if row["born_on"].day <= 12 and row["born_on"].day != row["born_on"].month]
    for number, row in enumerate(chance.sample(fit, each * len(SLIPS))):
        kind = list(SLIPS)[number % len(SLIPS)]
        values = {name: value for name, value in row.items() if name != "id"}
        SLIPS[kind](values, chance)
        if values["personal_id"] == row["personal_id"] or values["personal_id"] in numbers:
            values["personal_id"] = None
        values.update(code=f"TE-9{number:05d}", name_key=clean.fold(values["full_name"]))
        if number % 2:
            values["village_id"] = chance.choice(villages)
        copy = db.session.execute(insert(Child).values(values).returning(Child.id)).scalar_one()
        planted[frozenset((row["id"], copy))] = kind
    db.session.commit()
    return planted


def main(children: int, each: int) -> None:
    """Print recall by kind, the number of pairs shown and the time."""
    with commune.empty() as app, app.app_context():
        search.fill(children, 1)
        home = db.session.scalars(select(Commune)).one()
        planted = plant(home, each)
        officer = User(commune_id=home.id, roles_held=[UserRole(role=Role.OFFICER)])
        began = perf_counter()
        pairs = likely_pairs.pairs(officer)
        took = perf_counter() - began
        found = {frozenset((pair.first_id, pair.second_id)) for pair in pairs}
        for kind in SLIPS:
            of_kind = [pair for pair, slip in planted.items() if slip == kind]
            print(f"{kind:24} {sum(pair in found for pair in of_kind) / len(of_kind):.3f}")
        print(f"{'all':24} {len(found & planted.keys()) / len(planted):.3f}")
        print(f"{len(pairs)} pairs shown for {len(planted)} planted among {children} children, {took:.2f} s")


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["50000", "100"][len(sys.argv) - 1 :])))
