"""A report that was sent a while ago, and what was corrected since: so that the differences page has something to tell."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from app import access, clock, enrolment, periods
from app.demo.acting import acting
from app.demo.statuses import Staff
from app.periods import Period
from app.reports import addressees, lifecycle
from models import Child, Circumstance, Commune, Disability, MovementKind, ReportKind, Sex, User, db


def make(chance: Random, commune: Commune, staff: Staff, today: date) -> None:
    """The figures of last quarter, sent three weeks ago; then a late registration, a late move, a corrected birth date."""
    this_quarter = Period.read(f"{today.year}-Q{(today.month + 2) // 3}")
    period = periods.before(this_quarter)
    if period is None:
        return
    officer = db.session.scalars(select(User).where(User.id == staff.officer_id)).one()
    report = lifecycle.submit(
        commune, lifecycle.prepare(commune, period, ReportKind.FIGURES, officer.full_name), officer
    )
    lifecycle.decide(report, db.session.get_one(User, staff.leader_id), approved=True, note="Đồng ý, gửi đúng hạn.")
    lifecycle.send(report, officer, addressees.usual(commune, ReportKind.FIGURES))
    report.frozen_at = clock.days_ago(21)
    report.decided_at, report.sent_at = clock.days_ago(20), clock.days_ago(19)
    db.session.flush()
    with acting(officer.id, clock.days_ago(5)):
        _correct(chance, officer, period)


def _correct(chance: Random, officer: User, period: Period) -> None:
    query = access.visible_children(officer).where(Child.left_on.is_(None), Child.born_on < period.first)
    query = query.where(Child.id.not_in(select(Circumstance.child_id)), Child.id.not_in(select(Disability.child_id)))
    moved, older, *_rest = chance.sample(list(db.session.scalars(query.order_by(Child.id).limit(60)).unique()), 3)
    late = Child(village_id=moved.village_id, sex=Sex.FEMALE, full_name=None)
    late.born_on = period.last - timedelta(days=20)
    enrolment.enrol(officer, late)
    enrolment.move(officer, moved, MovementKind.MOVED_OUT, period.last - timedelta(days=10), place="tỉnh khác")
    if older.born_on is not None:
        older.born_on = older.born_on.replace(day=1 if older.born_on.day != 1 else 2)
    db.session.flush()
