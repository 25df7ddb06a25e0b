"""The list of children (50 rows, count, signed in) against Django's ListView and admin, Datasette and a bare WSGI function.

    python -m benchmarks.lists PEER_PYTHON [CHILDREN] [ROUNDS] [REQUESTS]

All in one process each, on the same SQLite file, in turn; requests per second of CPU, for the machine may be busy.
The same children with the same columns; strangers are turned away first. Ours also writes the line of the audit trail
that says who looked at the list, and offers its filters.
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
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import lxml.html
from werkzeug.test import Client

from app import clock
from app.child_filters import CHILD_UNTIL
from benchmarks import commune

ROWS = """SELECT c.id, c.full_name, c.sex, c.born_on, v.name,
  (SELECT group_concat(r.full_name, ', ') FROM relatives r WHERE r.child_id = c.id),
  (SELECT group_concat(s.kind_code, ', ') FROM circumstances s WHERE s.child_id = c.id)
FROM children c JOIN villages v ON v.id = c.village_id
WHERE c.commune_id = 1 AND c.removed_at IS NULL AND c.left_on IS NULL AND (c.born_on IS NULL OR c.born_on > :born)
ORDER BY c.sort_key, c.id LIMIT 50"""
COUNT = """SELECT count(*) FROM children WHERE commune_id = 1 AND removed_at IS NULL AND left_on IS NULL
AND (born_on IS NULL OR born_on > :born)"""
GOALS = {"admin": "≥ 7 ×", "ListView": "≥ 2 ×", "bare WSGI + sqlite3": "≥ 0.15 ×"}


def born_after() -> str:
    """The birthday of those who are no longer children today; the list leaves them out."""
    return clock.years_before(clock.today(), CHILD_UNTIL).isoformat()


def bare(database: Path) -> Callable[..., Iterable[bytes]]:
    """A WSGI function with nothing around it: no sign-in, no scope, no forms, no trace."""
    connection, born = sqlite3.connect(database), {"born": born_after()}

    def answer(_environ: Any, start_response: Any) -> Iterable[bytes]:
        count = connection.execute(COUNT, born).fetchone()[0]
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in connection.execute(ROWS, born)
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


class Peer:
    """A program of its own that measures another list, one round at a time."""

    def __init__(self, stack: ExitStack, python: str, program: str, database: Path, requests: int) -> None:
        command = [python, str(Path(__file__).with_name(program)), str(database), str(requests), born_after()]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.running = stack.enter_context(subprocess.Popen(command, **pipes))  # type: ignore[call-overload]
        stack.callback(self.running.stdin.close)
        self.names: list[str] = self.heard()

    def heard(self) -> Any:
        """What it says next."""
        line = self.running.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.running.args[1]} said nothing")
        return json.loads(line)

    def round(self) -> dict[str, float]:
        """The rates of one round."""
        self.running.stdin.write("\n")
        self.running.stdin.flush()
        rates: dict[str, float] = self.heard()
        return rates


def names(page: str) -> list[str]:
    """Who stands in a list of ours, in its order."""
    rows = lxml.html.fromstring(page).xpath("//tbody/tr/th/a")
    return [row.text_content().strip() for row in rows]


def has_peers(python: str) -> bool:
    """Whether this Python can import Django and Datasette."""
    return not subprocess.run([python, "-c", "import django, datasette"], capture_output=True, check=False).returncode


def measure(python: str, children: int, rounds: int, requests: int) -> dict[str, list[float]]:
    """{list: requests per second of CPU in each round}."""
    rates: dict[str, list[float]] = {}
    with commune.made_up(children) as app, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        peers = []
        for program in ("django_list.py", "datasette_list.py"):
            copy = shutil.copy(
                database, Path(folder) / f"{program.partition('_')[0]}.sqlite3"
            )  # they add tables and views
            peers.append(Peer(stack, python, program, copy, requests))
        ours, without = commune.officer(app), Client(bare(database))
        if app.test_client().get("/children/").status_code != 303:
            raise RuntimeError("open to strangers")
        shown = names(ours.get("/children/").text)
        for peer in peers:
            if peer.names != shown:
                print(f"{peer.running.args[1]} lists others than ours does", file=sys.stderr)  # type: ignore[index]
        for number in range(rounds + 1):
            found = {"ours": rate(ours, "/children/", requests), "bare WSGI + sqlite3": rate(without, "/", requests)}
            for peer in peers:
                found |= peer.round()
            if number:  # the first round warms up
                for name, value in found.items():
                    rates.setdefault(name, []).append(value)
    return rates


def main() -> None:
    if len(sys.argv) < 2 or not has_peers(sys.argv[1]):
        print("Django and Datasette are needed in a Python of their own: `make bench` makes one.", file=sys.stderr)
        raise SystemExit(1)
    given = [int(argument) for argument in sys.argv[2:]]
    rates = measure(sys.argv[1], *(*given, *(10_000, 5, 60)[len(given) :]))
    print("| list | requests per CPU second | ours : this | goal |\n|---|---:|---:|---:|")
    for name, values in rates.items():
        ratio = median(mine / other for mine, other in zip(rates["ours"], values, strict=True))
        print(f"| {name} | {median(values):.1f} | {ratio:.2f} × | {GOALS.get(name, '')} |")


if __name__ == "__main__":
    main()
