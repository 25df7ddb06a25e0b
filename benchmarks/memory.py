"""Memory of the running server over minutes of the mixed load of benchmarks/load.py.

    python -m benchmarks.memory [MINUTES] [PEOPLE] [CHILDREN]

One process of `run.py` on SQLite; its resident memory before anybody came, after each minute, and when all had gone.
"""

import sys
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks import commune, load
from models import Child, db


def resident(process: int) -> float:
    """The memory a process holds now, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(minutes: float, crowd: int, children: int) -> tuple[list[tuple[str, float, int]], list[str]]:
    """What it held when, with the requests answered by then; and what went wrong."""
    with commune.made_up(children) as app, load.served(app, 1) as (port, process):
        found = [("start", resident(process), 0)]
        with app.app_context():
            ids = db.session.scalars(select(Child.id).where(Child.note.is_(None)).limit(crowd)).all()
        secret = commune.password(app)
        ends = time.monotonic() + 60 * minutes
        people = [load.Person(at, port, secret, child, ends) for at, child in enumerate(ids)]
        for one in people:
            one.start()
        minute = 0
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(60, left))
            minute += 1
            answered = sum(len(one.reads) + len(one.writes) for one in people)
            found.append((f"minute {minute}", resident(process), answered))
        for one in people:
            one.join()
        answered = sum(len(one.reads) + len(one.writes) for one in people)
        found.append(("end", resident(process), answered))
    return found, sorted({error for one in people for error in one.errors})


def main() -> None:
    given = sys.argv[1:]
    minutes, crowd, children = (*(float(one) for one in given), *(30, 8, 10_000)[len(given) :])
    found, errors = measure(minutes, int(crowd), int(children))
    print("| when | memory MB | requests answered |\n|---|---:|---:|")
    for when, held, answered in found:
        print(f"| {when} | {held:.0f} | {answered:,} |")
    print(*errors[:10], sep="\n")


if __name__ == "__main__":
    main()
