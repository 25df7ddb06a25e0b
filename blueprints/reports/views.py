"""Reports: prepared by the officer, decided by the leader, sent, and compared with what was corrected since."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from app import access, audit, documents
from app.errors import too_late
from app.paging import page
from app.periods import Period
from app.reports import addressees, charts, differences, lifecycle
from app.saving import answered_before, saved
from app.trends import Asked
from blueprints.reports import bp, duty_views, row_views
from blueprints.reports.forms import DecideForm, PrepareForm, SendForm
from models import PeriodReport, PeriodReportState, ReportFile, ReportKind, User, db

__all__ = ["bp", "duty_views", "row_views"]

_PEOPLE = (
    joinedload(PeriodReport.submitted_by),
    joinedload(PeriodReport.decided_by),
    joinedload(PeriodReport.sent_by),
)


@bp.get("/")
@access.requires("period_report.list")
def index() -> ResponseReturnValue:
    """The commune's reports, the latest first, with where each stands."""
    user = access.signed_in_user()
    query = access.visible_period_reports(user).order_by(None)
    state = request.args.get("state", "")
    if state in {known.value for known in PeriodReportState}:
        query = query.where(PeriodReport.state == state)
    shown = page(query, PeriodReport, -PeriodReport.id, size=30)
    return render_template("reports/index.html", page=shown, period_of=lambda report: Period.read(report.period).label)


@bp.route("/new", methods=["GET", "POST"])
@access.requires("period_report.prepare")
def new() -> ResponseReturnValue:
    """Take a report's content and show it to the leader."""
    user = access.signed_in_user()
    form = PrepareForm(kind=ReportKind.of_code(request.args.get("kind")), period=request.args.get("period"))
    form.prepare(_period(form.period.data))
    if form.validate_on_submit():
        made = _made(form.asked_period(), form.kind.data, user, form.asked_trend())
        if made is None:
            return redirect(url_for(".new"), code=303)
        again = answered_before()
        if again is not None:
            return again
        report = lifecycle.submit(user.commune, made, user)
        return saved(url_for(".show", report_id=report.id), _("Đã lập và trình lãnh đạo duyệt."))
    return render_template("reports/new.html", form=form), 422 if form.errors else 200


def _period(code: str | None) -> Period | None:
    try:
        return Period.read(code or "")
    except ValueError:
        return None


def _made(period: Period, kind: Any, user: User, trend: Asked | None = None) -> lifecycle.Prepared | None:
    """The content, taken without holding the write lock; None, and a word to the officer, when it cannot be."""
    db.session.commit()
    try:
        with audit.reading():
            made = lifecycle.prepare(user.commune, period, kind, user.full_name, trend)
            db.session.commit()
    except (lifecycle.Refused, documents.BrokenTemplate) as problem:
        flash(str(problem), "warning")
        return None
    return made


@bp.get("/<int:report_id>")
@access.requires("period_report.list")
def show(report_id: int) -> ResponseReturnValue:
    """One report: where it stands, its files, its figures as they were taken."""
    user = access.signed_in_user()
    report = access.get_period_report(
        user, report_id, *_PEOPLE, undefer(PeriodReport.figures), undefer(PeriodReport.beside)
    )
    villages = next((list(figure["by_village"]) for figure in report.figures if figure["by_village"]), [])
    return render_template(
        "reports/show.html",
        report=report,
        villages=villages,
        charts=charts.of_report(report),
        address=lambda _opens: None,
        period=Period.read(report.period),
        states=PeriodReportState,
        decide_form=DecideForm(formdata=None, obj=report),
    )


@bp.post("/<int:report_id>/again")
@access.requires("period_report.prepare")
def again(report_id: int) -> ResponseReturnValue:
    """Show a report that was sent back anew, its content taken anew."""
    user = access.signed_in_user()
    report = access.get_period_report(user, report_id)
    if report.state is not PeriodReportState.SENT_BACK:
        abort(409)
    made = _made(Period.read(report.period), report.kind, user)
    if made is None:
        return redirect(url_for(".show", report_id=report_id), code=303)
    before = answered_before()
    if before is not None:
        return before
    lifecycle.submit(user.commune, made, user, access.get_period_report(user, report_id))
    return saved(url_for(".show", report_id=report_id), _("Đã lập lại và trình lãnh đạo duyệt."))


@bp.post("/<int:report_id>/decision")
@access.requires("period_report.decide")
def decide(report_id: int) -> ResponseReturnValue:
    """Approve, or send back with a word."""
    user = access.signed_in_user()
    report = access.get_period_report(user, report_id)
    form = DecideForm()
    approved = request.form.get("decision") == "approve"
    if not form.validate() or (not approved and not form.decision_note.data):
        flash(_("Trả lại thì ghi một lời để công chức biết cần sửa gì."), "warning")
        db.session.commit()
        return redirect(url_for(".show", report_id=report_id), code=303)
    before = answered_before()
    if before is not None:
        return before
    if not lifecycle.awaits(report, approved=approved):
        abort(409)
    lifecycle.decide(report, user, approved=approved, note=form.decision_note.data)
    return saved(url_for(".show", report_id=report_id), _("Đã duyệt.") if approved else _("Đã trả lại."))


@bp.route("/<int:report_id>/sending", methods=["GET", "POST"])
@access.requires("period_report.prepare")
def send(report_id: int) -> ResponseReturnValue:
    """Note to whom it went; from then on it stays as it is."""
    user = access.signed_in_user()
    report = access.get_period_report(user, report_id)
    if report.state is not PeriodReportState.APPROVED:
        return too_late(url_for(".show", report_id=report_id), _("Báo cáo này không chờ gửi."))
    form = SendForm(obj=report)
    if request.method == "GET" and not form.sent_to.data:
        form.sent_to.data = addressees.of_today(user.commune, report.kind, Period.read(report.period))
    if form.validate_on_submit():
        before = answered_before()
        if before is not None:
            return before
        lifecycle.send(report, user, form.sent_to.data)
        return saved(url_for(".show", report_id=report_id), _("Đã ghi nhận gửi. Báo cáo này không thay đổi nữa."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("reports/send.html", form=form, report=report), status


@bp.get("/<int:report_id>/differences")
@access.requires("period_report.compare")
def compare(report_id: int) -> ResponseReturnValue:
    """What was corrected since, figure by figure, each with its reason."""
    user = access.signed_in_user()
    loading = undefer(PeriodReport.figures), undefer(PeriodReport.rows)
    report = access.get_period_report(user, report_id, *loading)
    found = differences.compare(report)
    label = Period.read(report.period).label
    return render_template("reports/compare.html", report=report, found=found, period=label)


@bp.get("/<int:report_id>/files/<int:number>")
@access.requires("period_report.list")
def download(report_id: int, number: int) -> ResponseReturnValue:
    """A file, byte for byte as it was taken. Its reading is an audit event."""
    user = access.signed_in_user()
    report = access.get_period_report(user, report_id)
    query = select(ReportFile).where(ReportFile.report_id == report.id).order_by(ReportFile.id)
    file = db.session.scalars(query.offset(number).limit(1).options(undefer(ReportFile.content))).one_or_none()
    if file is None:
        abort(404)
    audit.record_read(
        "period_report_downloaded", user, report,
        kind=report.kind.value, period=report.period, sha256=file.sha256,
        children=[int(key) for key in report.rows.get("children", {})],
    )  # fmt: skip
    response = Response(file.content, mimetype=file.mime_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
