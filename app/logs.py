"""What the program writes about itself: one line of JSON per request and event, and figures for a watching program.

Never personal data: a request is told by its page's name, method, status and time; no address with its query, no form, no
name, no IP. Errors come without values (app/errors.py).
"""

import json
import logging
import sys
import threading
import time
from collections import Counter
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import func, select

from app import backup_schedule, clock, health
from models import Job, JobState, db

requests_log = logging.getLogger("mangnon.requests")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """At, level, where from, what; an error with its traceback, whose message has no values."""
        told: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Count every request, and write a line about it when the log is to be read by programs."""
    app.extensions["mangnon-figures"] = Figures()
    app.before_request(_begin)
    app.after_request(_end)
    # A line for each request that waits for a thread, when many ask at once: how long they took is told anyway.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def be_one_of_many(app: Flask, number: int) -> None:
    """Several processes answer: the figures name the one that counted them, or they would seem to jump."""
    app.extensions["mangnon-figures"] = Figures(f',process="{number}"')


def write_json() -> None:
    """Everything this process says from now on is JSON on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)


class Figures:
    """Requests since the start, by page and status; seconds by page. `mark`: what every line says of who counted."""

    def __init__(self, mark: str = "") -> None:
        self.mark = mark
        self.lock = threading.Lock()
        self.count: Counter[tuple[str, int]] = Counter()
        self.seconds: Counter[str] = Counter()

    def add(self, page: str, status: int, seconds: float) -> None:
        """One more."""
        with self.lock:
            self.count[page, status] += 1
            self.seconds[page] += seconds  # type: ignore[assignment]


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("begun", time.perf_counter())
    page = request.endpoint or "-"
    current_app.extensions["mangnon-figures"].add(page, response.status_code, seconds)
    if current_app.config["MANGNON_LOG"] == "json" and page != "static":
        told = {"page": page, "method": request.method, "status": response.status_code, "ms": round(1000 * seconds, 1)}
        requests_log.info("request", extra={"told": told})
    return response


def metrics() -> str:
    """The figures in the text form that Prometheus reads."""
    figures: Figures = current_app.extensions["mangnon-figures"]
    with figures.lock:
        count, seconds = dict(figures.count), dict(figures.seconds)
    lines = ["# TYPE mangnon_requests_total counter"]
    lines += [
        f'mangnon_requests_total{{page="{page}",status="{status}"{figures.mark}}} {n}'
        for (page, status), n in sorted(count.items())
    ]
    lines.append("# TYPE mangnon_request_seconds_total counter")
    lines += [
        f'mangnon_request_seconds_total{{page="{page}"{figures.mark}}} {took:.3f}'
        for page, took in sorted(seconds.items())
    ]
    lines += _gauges()
    return "\n".join(lines) + "\n"


def _gauges() -> list[str]:
    state = health.check()
    waiting = select(func.count(Job.id)).where(Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    told = {"mangnon_up": int(state.is_well), "mangnon_database_bytes": state.size}
    if state.is_well:
        last = backup_schedule.last_good_at()
        told["mangnon_jobs_unfinished"] = db.session.scalar(waiting)
        told["mangnon_last_backup_age_seconds"] = int((clock.now() - last).total_seconds()) if last else None
    return [line for name, n in told.items() if n is not None for line in (f"# TYPE {name} gauge", f"{name} {n}")]
