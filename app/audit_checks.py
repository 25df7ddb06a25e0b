"""The audit trail checked once a day by itself, and by hand by the same code; how each check ended is kept and told."""

import logging
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import audit, clock
from models import AuditCheck, User, db

log = logging.getLogger(__name__)

#: The administrator is told when the last check, or the first person, is older.
TOO_OLD = timedelta(days=2)


def run_if_due() -> AuditCheck | None:
    """Check when nobody has since midnight; None when there is nothing to do."""
    last = latest()
    people = db.session.scalar(select(func.count(User.id)))
    db.session.rollback()
    if not people or (last is not None and clock.local_date(last.at) == clock.today()):
        return None
    return run()


def run() -> AuditCheck:
    """Check the whole trail, keep how it ended, and note the ends of a sound one outside the database."""
    findings = audit.verify()
    check = AuditCheck(
        at=clock.now(),
        event_count=findings.count,
        broken_from=findings.broken[0] if findings.broken else None,
        broken_count=len(findings.broken),
        cut_chains=findings.cut,
        contradicted_chains=findings.contradicted,
    )
    with audit.writing():
        db.session.add(check)
        db.session.commit()
    if check.is_good:
        audit.witness()
        db.session.rollback()
    else:
        log.error("the audit trail does not hold: %s", problem(check))
    return check


def problem(check: AuditCheck) -> str:
    """What is wrong, in one sentence; empty when nothing is."""
    if check.broken_count:
        return _(
            "%(count)s sự kiện bị sửa hoặc mất, bắt đầu từ số %(first)s.",
            count=check.broken_count,
            first=check.broken_from,
        )
    if check.cut_chains:
        return _(
            "Sự kiện cuối bị cắt, hoặc SECRET_KEY đã đổi; chuỗi số %(chains)s.",
            chains=", ".join(map(str, check.cut_chains)),
        )
    if check.contradicted_chains:
        return _(
            "Cơ sở dữ liệu cũ hơn tệp audit-witness; chuỗi số %(chains)s.",
            chains=", ".join(map(str, check.contradicted_chains)),
        )
    return ""


def latest() -> AuditCheck | None:
    """The last check."""
    soon = clock.now() + timedelta(days=1)  # one from the future was made while the clock was wrong
    query = select(AuditCheck).where(AuditCheck.at < soon).order_by(AuditCheck.id.desc())
    return db.session.scalars(query.limit(1)).first()


def warning() -> str:
    """What the administrator must be told now; empty when the last check is of today or yesterday and good."""
    last = latest()
    if last is not None and not last.is_good:
        return _("Nhật ký không còn nguyên vẹn: %(problem)s", problem=problem(last))
    since = last.at if last is not None else db.session.scalar(select(func.min(User.created_at)))
    if since is not None and clock.now() - since > TOO_OLD:
        return _("Đã hơn 2 ngày nhật ký chưa được kiểm tra.")
    return ""
