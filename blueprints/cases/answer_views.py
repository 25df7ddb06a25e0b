"""The officer and a report: the whole of Mẫu 01, the child it is about, an answer, or a case."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, concerns
from app.saving import answered_before, saved
from blueprints.cases.concern_views import concern_page, find_children, refuse_outsider, told_informant
from blueprints.cases.forms import AnswerForm, ChildSearchForm, WholeInformantForm, WholeReportForm
from blueprints.cases.views import bp
from models import Case, IntakeReport, ReportState, User, db


def _sent_report(user: User, report_id: int) -> IntakeReport:
    report = access.get_report(user, report_id)
    if report.state is ReportState.DRAFT:
        abort(404)
    return report


@bp.post("/concerns/<int:report_id>/answer")
@access.requires("concern.answer")
def answer_concern(report_id: int) -> ResponseReturnValue:
    """A word to the reporter; without a case the report ends here."""
    user = access.signed_in_user()
    report = _sent_report(user, report_id)
    form = AnswerForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        concerns.answer(user, report, form.answer.data)
        return saved(url_for(".concern", report_id=report.id), _("Đã gửi trả lời."))
    return concern_page(user, report, form)


@bp.post("/concerns/<int:report_id>/open-case")
@access.requires("concern.answer")
def open_case(report_id: int) -> ResponseReturnValue:
    """A case from this report; a report has one case at most."""
    user = access.signed_in_user()
    report = _sent_report(user, report_id)
    known = db.session.scalars(access.visible_cases(user).where(Case.report_id == report.id)).unique().one_or_none()
    if known is not None:
        return redirect(url_for(".show", case_id=known.id), code=303)
    again = answered_before()
    if again is not None:
        return again
    case = concerns.open_case(user, report)
    return saved(url_for(".show", case_id=case.id), _("Đã lập hồ sơ vụ việc %(number)s.", number=case.number))


@bp.route("/concerns/<int:report_id>/edit", methods=["GET", "POST"])
@access.requires("concern.answer")
def edit_concern(report_id: int) -> ResponseReturnValue:
    """The whole of Mẫu 01, completed by the officer."""
    user = access.signed_in_user()
    report = _sent_report(user, report_id)
    refuse_outsider(user, report)
    form = WholeReportForm(obj=report)
    form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(report)
        return saved(url_for(".concern", report_id=report.id), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    back = url_for(".concern", report_id=report.id)
    title = _("Báo cáo tiếp nhận thông tin (Mẫu 01)")
    return render_template("cases/record.html", form=form, title=title, about=None, back=back, parts=()), status


@bp.route("/concerns/<int:report_id>/informant-details", methods=["GET", "POST"])
@access.requires("informant.show")
def informant_details(report_id: int) -> ResponseReturnValue:
    """Who reported, apart from what was reported; each reading is an audit event (NĐ 56/2017 Đ24.1)."""
    user = access.signed_in_user()
    report = _sent_report(user, report_id)
    refuse_outsider(user, report)
    form = WholeInformantForm(obj=report)
    if access.may(user, "concern.answer") and form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(report)
        return saved(url_for(".concern", report_id=report.id), _("Đã lưu."))
    audit.record_read("informant_read", user, report)
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template(
        "cases/informant_details.html", form=form, report=report, told=told_informant(user, report)
    ), status


@bp.route("/concerns/<int:report_id>/child", methods=["GET", "POST"])
@access.requires("concern.answer")
def link_concern_child(report_id: int) -> ResponseReturnValue:
    """Say which child of the register the report is about."""
    user = access.signed_in_user()
    report = _sent_report(user, report_id)
    refuse_outsider(user, report)
    back = url_for(".concern", report_id=report.id)
    return link_child(user, report, back, str(report.child_name or ""))


def link_child(user: User, record: Any, back: str, known_as: str) -> ResponseReturnValue:
    """Search the register and link the child chosen to a report or a case."""
    search = ChildSearchForm()
    children = None
    if search.validate_on_submit():
        child_id = search.number("child_id")
        if child_id is not None:
            child = access.get_child(user, child_id)
            again = answered_before()
            if again is not None:
                return again
            record.child = child
            return saved(back, _("Đã gắn với hồ sơ trẻ em trong sổ."))
        children = find_children(user, search.words.data)
        audit.record("children_searched", user, count=len(children), children=[child.id for child in children])
        db.session.commit()
    words = search.words.data or ""
    return render_template("cases/link_child.html", words=words, children=children, back=back, known_as=known_as)
