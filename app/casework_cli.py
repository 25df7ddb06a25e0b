"""`flask deadlines`: what is overdue and due in every open case, and the reports owed, for scheduled jobs. No names of people."""

import json
from datetime import datetime, time

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import access, care, casework, clock, report_duties
from app.casework import CaseLine
from app.deadlines import Deadline, Unit
from models import Commune, clean, db


def register(app: Flask) -> None:
    """Add the command to the app."""
    app.cli.add_command(show_deadlines)


@click.command("deadlines")
@click.option("--today", help="As if it were the end of this day (5/6/2026 or 2026-06-05). Default: now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show_deadlines(today: str | None, as_json: bool) -> None:
    """What is overdue and due in the open cases and the reports of every commune, the most pressing first."""
    now = _end_of(today) if today else clock.now()
    with force_locale("vi"):
        found = [
            _told(commune, line, deadline, now)
            for commune in db.session.scalars(select(Commune).order_by(Commune.id))
            for line in casework.case_lines(access.commune_reader(commune.id), now=now)
            for deadline in line.deadlines
        ]
        found += [
            _told_care(commune, line, deadline, now)
            for commune in db.session.scalars(select(Commune).order_by(Commune.id))
            for line in care.lines(access.commune_reader(commune.id), now=now)
            for deadline in line.deadlines
        ]
        found += [
            _words(commune, line.period.code, "report", line.deadline, now)
            for commune in db.session.scalars(select(Commune).order_by(Commune.id))
            for line in report_duties.lines(access.commune_reader(commune.id), now=now)
        ]
    found.sort(key=lambda told: str(told["due_at"]))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for told in found:
        mark = "QUÁ HẠN" if told["overdue"] else "đến hạn"
        click.echo(f"{mark:8} {told['due']:17} {told['case']:13} {told['what']} ({told['article']}) {told['commune']}")


def _end_of(day: str) -> datetime:
    try:
        found = clean.partial_date(day)
    except clean.Unclean:
        found = None
    if found is None or found.precision is not clean.Precision.DAY:
        raise click.UsageError(f"Không đọc được ngày {day!r}; ví dụ: 5/6/2026 hoặc 2026-06-05.")
    return datetime.combine(found.day, time.max, tzinfo=clock.LOCAL)


def _when(deadline: Deadline) -> str:
    """Periods in hours by the clock, periods in days by their last day."""
    if deadline.unit is Unit.HOURS:
        return f"{clock.local(deadline.due_at):%H:%M %d/%m/%Y}"
    return f"{deadline.due_on:%d/%m/%Y}"


def _told_care(commune: Commune, line: care.Line, deadline: Deadline, now: datetime) -> dict[str, object]:
    return _words(commune, line.placement.child.code, "care", deadline, now)


def _told(commune: Commune, line: CaseLine, deadline: Deadline, now: datetime) -> dict[str, object]:
    return _words(commune, line.case.number, line.step.value, deadline, now)


def _words(commune: Commune, number: str, step: str, deadline: Deadline, now: datetime) -> dict[str, object]:
    return {
        "commune": commune.name,
        "case": number,
        "step": step,
        "what": str(deadline.label),
        "due_at": deadline.due_at.isoformat(),
        "due": _when(deadline),
        "overdue": deadline.is_overdue(now),
        "article": deadline.article,
        "unit": deadline.unit.value,
    }
