"""Who opened a child's record: the events of the audit trail about one child, for the officer who answers for it."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app import access, attachments
from models import AuditEvent, Case, Child, IntakeReport, User, db

#: More than this is asked of `flask audit`, not of a page.
MOST = 500


def of_child(user: User, child: Child) -> list[AuditEvent]:
    """What was opened of this child, the latest first: the record itself, its household, its cases and reports."""
    cases = access.visible_cases(user).with_only_columns(Case.id).where(Case.child_id == child.id)
    reports = access.visible_reports(user).with_only_columns(IntakeReport.id).where(IntakeReport.child_id == child.id)
    about = [
        _about("children", AuditEvent.record_id == child.id),
        _about("cases", AuditEvent.record_id.in_(cases.order_by(None).scalar_subquery())),
        _about("intake_reports", AuditEvent.record_id.in_(reports.order_by(None).scalar_subquery())),
    ]
    papers = [paper.id for paper in attachments.of_child(user, child)]
    about.append(_about("attachments", AuditEvent.record_id.in_(papers)))
    if child.household_id is not None:
        about.append(_about("households", AuditEvent.record_id == child.household_id))
    query = (
        select(AuditEvent)
        .where(AuditEvent.commune_id == user.commune_id, or_(*about))
        .options(joinedload(AuditEvent.user))
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(query))


def _about(table: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(AuditEvent.record_table == table, condition)
