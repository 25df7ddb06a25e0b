"""The full register of 20,000 children as a styled workbook, against django-import-export on the same database in the same run.

    python -m benchmarks.exports PEER_PYTHON [CHILDREN] [RUNS]

PEER_PYTHON has Django and django-import-export. Both read every child here with village, household, relatives, circumstances,
disabilities; ours also works out parents' states, standing and what may be told, and styles every cell.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from sqlalchemy import select

from app import clock
from app.child_filters import CHILD_UNTIL
from app.periods import Period
from app.workbooks import Variant, making
from benchmarks import commune
from models import Commune, db

THEIRS = Path(__file__).with_name("django_export.py")


def ours() -> tuple[float, int]:
    """Seconds and rows of one export of ours."""
    home = db.session.scalars(select(Commune)).one()
    started = time.perf_counter()
    asked = making.brief(home, Period.of_year(clock.today().year), Variant.NAMED, made_by="đo", reason="đo")
    made = making.make("register", asked)
    took = time.perf_counter() - started
    db.session.remove()
    return took, made.row_count


def main() -> None:
    """Take turns, then tell the medians."""
    python, children, runs = sys.argv[1], *(int(one) for one in [*sys.argv[2:], *("20000", "3")[len(sys.argv) - 2 :]])
    found: dict[str, list[float]] = {"ours": [], "django-import-export": []}
    rows = {}
    born_after = clock.years_before(clock.today(), CHILD_UNTIL).isoformat()
    with commune.made_up(children) as app, app.test_request_context("/"):
        database = Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"
        for _run in range(runs):
            took, rows["ours"] = ours()
            found["ours"].append(took)
            command = [python, str(THEIRS), str(database), born_after]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, count = done.stdout.split()
            found["django-import-export"].append(float(seconds))
            rows["django-import-export"] = int(count)
    for name, seconds_of in found.items():
        print(f"| {name} | {median(seconds_of):.2f} s | {rows[name]} rows |")
    print(f"ratio {median(found['django-import-export']) / median(found['ours']):.1f} ×")


if __name__ == "__main__":
    main()
