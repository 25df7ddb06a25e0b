"""Concerns (Mẫu 01): from the first words of a draft to the officer's answer or a case. NĐ 56/2017/NĐ-CP Đ25–26."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, case, literal

from app import access, clock, deadlines, saving, teamwork
from app.calendar import WorkingCalendar
from models import Case, Channel, Child, Choice, IntakeReport, ReportState, Role, User, db

#: A report that got its answer: in words, or by the case opened for it.
ANSWERED = (ReportState.OPENED, ReportState.ANSWERED)


class ReportList(Choice):
    """Which reports."""

    WAITING = "waiting", _l("Chờ công chức xử lý")
    ANSWERED = "answered", _l("Đã xử lý")
    UNSEEN = "unseen", _l("Có trả lời tôi chưa đọc")
    DRAFT = "draft", _l("Đang ghi, chưa gửi")


def reports(user: User, which: ReportList | None = None) -> Select[IntakeReport]:
    """The reports somebody may see, narrowed; in no order yet."""
    query = access.visible_reports(user)
    match which:
        case ReportList.WAITING:
            return query.where(IntakeReport.state == ReportState.SENT)
        case ReportList.ANSWERED:
            return query.where(IntakeReport.state.in_(ANSWERED))
        case ReportList.DRAFT:
            return query.where(IntakeReport.state == ReportState.DRAFT)
        case ReportList.UNSEEN:
            return query.where(
                and_(
                    IntakeReport.reported_by_id == user.id,
                    IntakeReport.answered_by_id != user.id,
                    IntakeReport.state.in_(ANSWERED),
                    IntakeReport.answer_seen_at.is_(None),
                )
            )
    return query


def by_urgency(now: datetime, calendar: WorkingCalendar) -> list[Any]:
    """The order of the list: what waits, overdue first, then a child in danger, then by time received; the rest newest first."""
    waits = IntakeReport.state == ReportState.SENT
    allowed = deadlines.initial_due(now, calendar).due_at - now
    ended = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        case((waits, 0), else_=1),
        case((and_(waits, IntakeReport.received_at < now - allowed), 0), else_=1),
        case((and_(waits, IntakeReport.is_urgent), 0), else_=1),
        case((waits, IntakeReport.received_at), else_=literal(ended, IntakeReport.received_at.type)),
        -IntakeReport.id,
    ]


def draft(user: User, child: Child | None = None) -> IntakeReport:
    """A new draft, kept from the first screen on; the time of receipt is now until somebody says otherwise."""
    report = IntakeReport(
        commune_id=user.commune_id, reported_by_id=user.id, state=ReportState.DRAFT, received_at=clock.now()
    )
    if child is not None:
        choose_child(report, child)
    elif len(user.village_ids) == 1:
        report.village_id = next(iter(user.village_ids))
    db.session.add(report)
    db.session.flush()
    return report


def choose_child(report: IntakeReport, child: Child) -> None:
    """The report is about this child of the register; what was typed about an unknown child stays as it was said."""
    report.child = child
    if report.village_id is None:
        report.village_id = child.village_id


def send(report: IntakeReport) -> None:
    """Hand the report to the officer. An informant who left no name is anonymous (Mẫu 01, mục 3)."""
    report.is_anonymous = report.informant_name is None and report.channel is not Channel.OBSERVED
    report.state = ReportState.SENT
    report.sent_at = clock.now()


def answer(user: User, report: IntakeReport, words: str | None) -> None:
    """The officer's answer; a report that has a case keeps it."""
    report.answer = words
    if report.state is not ReportState.OPENED:
        report.state = ReportState.ANSWERED
    report.answered_by_id, report.answered_at = user.id, clock.now()
    report.answer_seen_at = None


def open_case(user: User, report: IntakeReport) -> Case:
    """A case from a report: received when the report was, run where it happened (NĐ 56/2017/NĐ-CP Đ26.1)."""
    reporter = report.reported_by
    case = Case(
        commune_id=report.commune_id,
        number=saving.case_number(report.commune_id),
        opened_at=clock.now(),
        opened_by_id=user.id,
        report=report,
        received_at=report.received_at,
        subject=report.subject,
        child_id=report.child_id,
        village_id=report.village_id,
        assigned_to_id=user.id,
        collaborator_id=reporter.id if Role.COLLABORATOR in reporter.roles else None,
    )
    report.state = ReportState.OPENED
    report.answered_by_id, report.answered_at = user.id, clock.now()
    report.answer_seen_at = None
    db.session.add(case)
    teamwork.join(case, user)
    db.session.flush()
    return case
