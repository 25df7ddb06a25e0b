"""A commune's pages on SQLite and on PostgreSQL, with and without row security, alone and among many communes.

    python -m benchmarks.postgres [CHILDREN] [COMMUNES] [RUNS]

The same children everywhere. Pages are asked for by an officer through the whole app, in turns, so that a noisy machine
disturbs all alike. Results and their order are compared before anything is timed.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app, identity, migrating, register
from benchmarks import commune, search
from models import Child, Role, User, UserRole, Village, db, reach
from tests import postgres

KEY = "only to measure, only to measure, only to measure"
PASSWORD = "măng non mọc thẳng"
PAGES = {
    "list, first page": "/children/",
    "list, page 40": "/children/?after={after}",
    "list of a village": "/children/?village={village}",
    "dashboard": "/dashboard/",
    "my work": "/",
}


@contextmanager
def filled(children: int, communes: int, **addresses: str) -> Iterator[Flask]:
    """An app on a database of its own with so many children, and an officer in its first commune."""
    with commune.empty(**addresses) as app:
        with app.app_context(), reach.declared(reach.INSTALLATION):
            search.fill(children, communes)
            home = db.session.scalars(select(Village).order_by(Village.id)).first().commune
            officer = User(
                commune=home, username="canbo", full_name="Trần Thị Cán Bộ",
                password_hash=identity.hash_password(PASSWORD),
            )  # fmt: skip
            officer.roles_held = [UserRole(role=Role.OFFICER)]
            db.session.add(officer)
            db.session.commit()
            migrating.analyse()
            db.session.remove()
        yield app


def found(app: Flask) -> dict[str, Any]:
    """What lists and searches give, in their order; and the addresses to ask for."""
    with app.app_context(), reach.declared(reach.INSTALLATION):
        officer = db.session.scalars(select(User).where(User.username == "canbo")).unique().one()
        children = register.in_name_order(register.children(officer)).with_only_columns(Child.id, Child.code)
        rows = db.session.execute(children.limit(3000)).all()
        answers: dict[str, Any] = {"in name order": [code for _id, code in rows]}
        for words in search.ASKED:
            query = register.in_name_order(register.children(officer, None, words)).with_only_columns(Child.code)
            answers[words] = list(db.session.scalars(query))
        village = db.session.scalars(select(Village.id).where(Village.commune_id == officer.commune_id)).first()
        db.session.remove()
        return {"answers": answers, "after": rows[min(2000, len(rows) - 60)][0], "village": village}


def main(children: int = 200_000, communes: int = 40, runs: int = 30) -> None:
    """Fill, compare, time, tell."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.cluster())
        many, one = (stack.enter_context(postgres.empty_database(server)) for _ in range(2))
        apps = {
            "SQLite": stack.enter_context(filled(children, communes)),
            "PostgreSQL": stack.enter_context(filled(children, communes, **commune.of_the_server(many))),
            "alone": stack.enter_context(filled(children // communes, 1, **commune.of_the_server(one))),
        }
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        apps["no wall"] = create_app({"MANGNON_INSTANCE": folder, "SECRET_KEY": KEY, "DATABASE_URL": many})
        known = {name: found(app) for name, app in apps.items()}
        same = known["SQLite"]["answers"] == known["PostgreSQL"]["answers"] == known["no wall"]["answers"]
        print(f"{children:,} children in {communes} communes; same results and order: {'yes' if same else 'NO'}\n")
        browsers = {name: commune.signed_in(app, "canbo", PASSWORD) for name, app in apps.items()}
        print(
            "| page | SQLite ms | PostgreSQL ms | its rate | without the wall ms | the wall's cost | one commune alone ms |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|")
        for page, address in PAGES.items():
            took: dict[str, list[float]] = {name: [] for name in apps}
            for turn in range(runs + 2):
                for name, client in browsers.items():
                    here = address.format(**{key: known[name][key] for key in ("after", "village")})
                    spent = commune.times(lambda client=client, here=here: _ask(client, here), 1, warm_up=0)
                    if turn >= 2:
                        took[name] += spent
            ms = {name: median(values) for name, values in took.items()}
            print(
                f"| {page} | {ms['SQLite']:.1f} | {ms['PostgreSQL']:.1f} | {ms['SQLite'] / ms['PostgreSQL']:.2f} ×"
                f" | {ms['no wall']:.1f} | {ms['PostgreSQL'] / ms['no wall'] - 1:+.0%} | {ms['alone']:.1f} |",
                flush=True,
            )


def _ask(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
