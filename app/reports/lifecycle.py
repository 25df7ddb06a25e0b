"""The way of a report: shown to the leader, approved or sent back with a word, sent, and never changed after that.

Its content is taken when it is shown, so that the leader approves exactly what is sent. Callers commit.
See docs/decisions/0056-frozen-reports.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import force_locale, gettext as _

from app import access, audit, clock, trends
from app.periods import Period
from app.reports import content
from models import Commune, PeriodReport, PeriodReportState, ReportFile, ReportKind, User, db


class Refused(Exception):
    """A step that cannot be taken now; the text says why."""


@dataclass(frozen=True)
class Prepared:
    """A report's content, taken while nobody waits; `submit` stores it."""

    period: Period
    kind: ReportKind
    said: content.Content
    files: Sequence[ReportFile] = field(default_factory=tuple)


def prepare(
    commune: Commune, period: Period, kind: ReportKind, made_by: str | None, asked: trends.Asked | None = None
) -> Prepared:
    """Take the content as of now. Only reads; official papers are Vietnamese. Raises Refused."""
    if period.first > clock.today():
        raise Refused(_("Kỳ này chưa bắt đầu."))
    with force_locale("vi"):
        on = period.counted_on(clock.today())
        said = content.take(commune, period, on)
        said = replace(said, beside=content.beside(commune, on, asked or trends.Asked(trends.step_of(period))))
        files = [content.workbook_file(commune, period, made_by)]
        files += content.written_files(commune, period, kind, said)
    return Prepared(period, kind, said, files)


def submit(commune: Commune, made: Prepared, user: User | None, report: PeriodReport | None = None) -> PeriodReport:
    """Show a report to the leader; one that was sent back is shown anew with its content taken anew."""
    if report is None:
        report = PeriodReport(commune_id=commune.id, period=made.period.code, kind=made.kind)
        db.session.add(report)
    elif report.state is not PeriodReportState.SENT_BACK:
        raise Refused(_("Chỉ báo cáo bị trả lại mới trình lại được."))
    report.counted_on = made.period.counted_on(clock.today())
    report.frozen_at = clock.now()
    report.state = PeriodReportState.SUBMITTED
    report.submitted_by_id = user.id if user else None
    report.figures, report.rows, report.beside = made.said.figures, made.said.rows, made.said.beside
    report.files = list(made.files)
    db.session.flush()
    audit.record("period_report_submitted", user, report, commune_id=commune.id, **_facts(report))
    return report


def decide(report: PeriodReport, user: User | None, *, approved: bool, note: str | None = None) -> None:
    """The leader's word; what was approved may be taken back until it is sent. Raises Refused when the report does not wait."""
    if not awaits(report, approved=approved):
        raise Refused(_("Báo cáo này không chờ duyệt."))
    report.state = PeriodReportState.APPROVED if approved else PeriodReportState.SENT_BACK
    report.decision_note = note
    report.decided_by_id = user.id if user else None
    report.decided_at = clock.now()
    audit.record(
        "period_report_decided", user, report, commune_id=report.commune_id,
        kind=report.kind.value, period=report.period, approved=approved,
    )  # fmt: skip


def awaits(report: PeriodReport, *, approved: bool) -> bool:
    """Whether the leader may now approve a report, or send it back."""
    if report.state is PeriodReportState.APPROVED:
        return not approved
    return report.state is PeriodReportState.SUBMITTED


def send(report: PeriodReport, user: User | None, sent_to: str) -> None:
    """Note that it went out, and to whom; from now on nothing of it changes. Raises Refused unless it is approved."""
    if report.state is not PeriodReportState.APPROVED:
        raise Refused(_("Lãnh đạo chưa duyệt báo cáo này."))
    report.state = PeriodReportState.SENT
    report.sent_to = sent_to
    report.sent_by_id = user.id if user else None
    report.sent_at = clock.now()
    audit.record("period_report_sent", user, report, commune_id=report.commune_id, **_facts(report))


def _facts(report: PeriodReport) -> dict[str, Any]:
    return {
        "kind": report.kind.value,
        "period": report.period,
        "sha256": report.files[0].sha256 if report.files else "",
    }


def find_sent(commune: Commune, period: Period, kind: ReportKind = ReportKind.FIGURES) -> PeriodReport | None:
    """The report of a period and kind that was sent last."""
    return _last(commune, period, kind, PeriodReportState.SENT)


def find_approved(commune: Commune, period: Period, kind: ReportKind = ReportKind.FIGURES) -> PeriodReport | None:
    """The report of a period and kind that was approved and waits to be sent."""
    return _last(commune, period, kind, PeriodReportState.APPROVED)


def _last(commune: Commune, period: Period, kind: ReportKind, state: PeriodReportState) -> PeriodReport | None:
    query = access.visible_period_reports(access.commune_reader(commune.id)).where(
        PeriodReport.period == period.code, PeriodReport.kind == kind, PeriodReport.state == state
    )
    return db.session.scalars(query).first()
