"""The leader's dashboard in a commune of 10,000 children on SQLite: time, statements, and the counts against a raw scan.

    python -m benchmarks.dashboard [CHILDREN] [RUNS]

Through the app's WSGI interface, without a network. "Counts" are all figures of children on the page, kept in memory until
a record changes (app/remembered.py); "changed" measures the page right after one.
"""

import sys

from sqlalchemy import select

from app import clock, dashboard, remembered
from benchmarks import commune
from benchmarks.pages import statements
from models import Role, User, UserRole, db


def main() -> None:
    """One table."""
    children, runs = (int(one) for one in [*sys.argv[1:], *("10000", "30")[len(sys.argv) - 1 :]])
    with commune.made_up(children) as app:
        client = commune.officer(app)
        page = commune.times(lambda: client.get("/dashboard/"), runs)
        with app.app_context():
            engine = db.engine
        with statements(engine) as sent:
            client.get("/dashboard/")
        cold = commune.times(lambda: (remembered.forget(), client.get("/dashboard/")), max(runs // 3, 3))
        with app.test_request_context("/"):
            user = db.session.scalars(select(User).join(User.roles_held).where(UserRole.role == Role.LEADER)).first()
            if user is None:
                raise RuntimeError("no leader")
            kept = commune.times(lambda: dashboard.counts(user), runs)
            scan = commune.times(lambda: dashboard.recount(user, clock.today()), runs)
            if dashboard.counts(user) != dashboard.recount(user, clock.today()):
                raise RuntimeError("the counts differ from a recount")
    print(f"| page, nothing changed | {commune.told(page)} |")
    print(f"| page, everything counted anew | {commune.told(cold)} |")
    print(f"| statements | {len(sent)} | |")
    print(f"| counts kept in memory | {commune.told(kept)} |")
    print(f"| counts anew | {commune.told(scan)} |")


if __name__ == "__main__":
    main()
