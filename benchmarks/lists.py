"""The list of children (50 rows, count, signed in) against Django's ListView and admin and a bare WSGI function.

    python -m benchmarks.lists PYTHON_WITH_DJANGO [CHILDREN] [ROUNDS] [REQUESTS]

All in one process each, on the same SQLite file, in turn; requests per second of CPU, for the machine may be busy.
Ours also writes the line of the audit trail that says who looked at the list.
"""

import html
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

from werkzeug.test import Client

from benchmarks import commune

ROWS = """SELECT c.id, c.full_name, c.sex, c.born_on, v.name FROM children c JOIN villages v ON v.id = c.village_id
WHERE c.commune_id = 1 AND c.removed_at IS NULL AND c.left_on IS NULL ORDER BY c.sort_key, c.id LIMIT 51"""
COUNT = "SELECT count(*) FROM children WHERE commune_id = 1 AND removed_at IS NULL AND left_on IS NULL"


def bare(database: Path) -> Callable[..., Iterable[bytes]]:
    """A WSGI function with nothing around it: no sign-in, no scope, no forms, no trace."""
    connection = sqlite3.connect(database)

    def answer(_environ: Any, start_response: Any) -> Iterable[bytes]:
        count = connection.execute(COUNT).fetchone()[0]
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in connection.execute(ROWS)
        )
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [f"<!doctype html><title>Trẻ em</title><p>{count}</p><table>{rows}</table>".encode()]

    return answer


def rate(client: Any, address: str, requests: int) -> float:
    """Requests per second of CPU."""
    started = time.process_time()
    for _request in range(requests):
        if client.get(address).status_code != 200:
            raise RuntimeError(address)
    return requests / (time.process_time() - started)


def has_django(python: str) -> bool:
    """Whether this Python can import Django."""
    return not subprocess.run([python, "-c", "import django"], capture_output=True, check=False).returncode


def main() -> None:
    if len(sys.argv) < 2 or not has_django(sys.argv[1]):
        print("Django is needed in a Python of its own: `make bench` makes one.", file=sys.stderr)
        raise SystemExit(1)
    given = [int(argument) for argument in sys.argv[2:]]
    children, rounds, requests = (*given, *(10_000, 5, 60)[len(given) :])
    rates: dict[str, list[float]] = {}
    with commune.made_up(children) as app, tempfile.TemporaryDirectory() as folder:
        database = Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = shutil.copy(database, Path(folder) / "copy.sqlite3")  # Django adds tables of its own
        command = [sys.argv[1], str(Path(__file__).with_name("django_list.py")), str(copy), str(requests)]
        ours, without = commune.officer(app), Client(bare(database))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as django:
            for number in range(rounds + 1):
                django.stdin.write("\n")  # type: ignore[union-attr]
                django.stdin.flush()  # type: ignore[union-attr]
                found = json.loads(django.stdout.readline())  # type: ignore[union-attr]
                found |= {"ours": rate(ours, "/children/", requests), "bare": rate(without, "/", requests)}
                if number:  # the first round warms up
                    for name, value in found.items():
                        rates.setdefault(name, []).append(value)
            django.stdin.close()  # type: ignore[union-attr]
    print("| list | requests per CPU second | ours : this |\n|---|---:|---:|")
    for name, values in rates.items():
        ratio = median(mine / other for mine, other in zip(rates["ours"], values, strict=True))
        print(f"| {name} | {median(values):.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
