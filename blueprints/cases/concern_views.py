"""Concerns: three short screens on a phone, and the list of what was reported."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app import access, attachments, audit, clock, concerns, deadlines, photos, register, whole_numbers
from app.casework import calendar_of
from app.child_filters import ChildFilters
from app.concerns import ReportList
from app.paging import page
from app.saving import answered_before, saved
from blueprints.cases.forms import (
    AnswerForm,
    ChildSearchForm,
    InformantForm,
    OfficerInformantForm,
    WhatForm,
    WhoForm,
)
from blueprints.cases.steps import told
from blueprints.cases.views import bp
from models import Case, Child, IntakeReport, ReportState, Sensitivity, Sex, User, db

#: Children shown for one search; more words find fewer.
MOST_FOUND = 20


def find_children(user: User, words: str | None) -> list[Child]:
    """Children in scope found by these words, in name order."""
    if not words:
        return []
    query = register.in_name_order(register.children(user, ChildFilters(), words)).options(
        selectinload(Child.relatives)
    )
    return list(db.session.scalars(query.limit(MOST_FOUND)).unique())


def _own_draft(user: User, report_id: int) -> IntakeReport:
    """One's own report that is not sent yet, or 404."""
    report = access.get_report(user, report_id)
    if report.state is not ReportState.DRAFT or report.reported_by_id != user.id:
        abort(404)
    return report


# ── Reporting ──────────────────────────────────────────────────────────────


@bp.route("/concerns/new", methods=["GET", "POST"])
@access.requires("concern.report")
def new_concern() -> ResponseReturnValue:
    """Screen 1: who. A child of the register, or whatever is known of an unknown one."""
    user = access.signed_in_user()
    child_id = request.args.get("child", type=whole_numbers.key)
    child = access.get_child(user, child_id) if child_id else None
    form = WhoForm(data={"child_sex": Sex.UNKNOWN})
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        report = concerns.draft(user)
        form.apply_to(report)
        return saved(url_for(".concern_what", report_id=report.id))
    return _who_page(form, child=child)


@bp.route("/concerns/<int:report_id>/who", methods=["GET", "POST"])
@access.requires("concern.report")
def concern_who(report_id: int) -> ResponseReturnValue:
    """Screen 1 again, for a draft."""
    report = _own_draft(access.signed_in_user(), report_id)
    form = WhoForm(obj=report)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(report)
        report.child_id = None
        return saved(url_for(".concern_what", report_id=report.id))
    return _who_page(form, report=report, child=report.child)


def _who_page(
    form: Any, *, report: IntakeReport | None = None, child: Child | None = None, **found: Any
) -> ResponseReturnValue:
    status = 409 if form.conflicts else 422 if form.errors else 200
    shown = {"words": "", "children": None, **found}
    return render_template("cases/who.html", form=form, report=report, child=child, **shown), status


@bp.post("/concerns/find")
@access.requires("concern.report")
def find_concern_child() -> ResponseReturnValue:
    """Look for the child in the register, or take the one chosen; names stand in no address."""
    user = access.signed_in_user()
    search = ChildSearchForm()
    search.validate()
    report_id, child_id = search.number("report_id"), search.number("child_id")
    report = _own_draft(user, report_id) if report_id else None
    if child_id is None:
        children = find_children(user, search.words.data)
        audit.record("children_searched", user, count=len(children), children=[child.id for child in children])
        db.session.commit()
        form = WhoForm(formdata=None, obj=report, data={"child_sex": Sex.UNKNOWN})
        return _who_page(form, report=report, words=search.words.data or "", children=children)
    child = access.get_child(user, child_id)
    again = answered_before()
    if again is not None:
        return again
    if report is None:
        report = concerns.draft(user, child)
    else:
        concerns.choose_child(report, child)
    return saved(url_for(".concern_what", report_id=report.id))


@bp.route("/concerns/<int:report_id>/what", methods=["GET", "POST"])
@access.requires("concern.report")
def concern_what(report_id: int) -> ResponseReturnValue:
    """Screen 2: what happened, and where; a photo of a paper at hand."""
    photo = photos.sent()
    user = access.signed_in_user()
    report = _own_draft(user, report_id)
    form = WhatForm(obj=report)
    form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(report)
        db.session.flush()
        again_photo = None if photos.keep(user, report, photo) else 1
        return saved(url_for(".concern_informant", report_id=report.id, photo=again_photo))
    status = 409 if form.conflicts else 422 if form.errors else 200
    papers = attachments.of_report(user, report)
    return render_template("cases/what.html", form=form, report=report, papers=papers), status


@bp.route("/concerns/<int:report_id>/informant", methods=["GET", "POST"])
@access.requires("concern.report")
def concern_informant(report_id: int) -> ResponseReturnValue:
    """Screen 3: who told it, if they agree to be named; then it is sent. A photo refused before may come now."""
    photo = photos.sent()
    user = access.signed_in_user()
    report = _own_draft(user, report_id)
    form = (OfficerInformantForm if access.may(user, "concern.answer") else InformantForm)(obj=report)
    if not report.happened:
        return redirect(url_for(".concern_what", report_id=report.id), code=303)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(report)
        concerns.send(report)
        db.session.flush()
        page_of = ".concern" if photos.keep(user, report, photo) else "attachments.add_to_report"
        return saved(url_for(page_of, report_id=report.id), _("Đã gửi tin báo cho công chức phụ trách trẻ em."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("cases/informant.html", form=form, report=report), status


# ── What was reported ──────────────────────────────────────────────────────


@bp.get("/concerns", endpoint="concerns")
@access.requires("concern.list")
def concerns_list() -> ResponseReturnValue:
    """Reports sent and drafts of one's own: what waits first, by urgency, then the newest."""
    user = access.signed_in_user()
    which = ReportList.of_code(request.args.get("state"))
    query = concerns.reports(user, which).options(joinedload(IntakeReport.child), joinedload(IntakeReport.reported_by))
    order = concerns.by_urgency(clock.now(), calendar_of(user.commune_id))
    listed = page(query, IntakeReport, *order)
    return render_template(
        "cases/concerns.html",
        page=listed,
        which=which,
        lists=ReportList,
        user=user,
        names={report.id: _child_name(user, report) for report in listed.rows},
        limit=_limits(user, listed.rows),
    )


def _limits(user: User, reports: Any) -> dict[int, tuple[str, bool]]:
    """{report id: (what is left of the 12 hours, overdue)} of those that wait."""
    calendar, now = calendar_of(user.commune_id), clock.now()
    found = {}
    for report in reports:
        if report.state is ReportState.SENT:
            due = deadlines.initial_due(report.received_at, calendar)
            found[report.id] = (deadlines.left(due, now, calendar), due.is_overdue(now))
    return found


@bp.get("/concerns/<int:report_id>")
@access.requires("concern.list")
def concern(report_id: int) -> ResponseReturnValue:
    """One report, with its answer."""
    user = access.signed_in_user()
    report = access.get_report(user, report_id)
    if report.state is ReportState.DRAFT:
        return redirect(url_for(".concern_who", report_id=report.id), code=303)
    audit.record_read("report_read", user, report)
    return concern_page(user, report, AnswerForm(formdata=None))


def concern_page(user: User, report: IntakeReport, form: AnswerForm) -> ResponseReturnValue:
    """A report with its answer, or the form for one."""
    case = case_of(user, report)
    outside = case is not None and access.may_read(user, Sensitivity.CASE) and not access.knows_case(user, case)
    return render_template(
        "cases/concern.html",
        report=report,
        child=report.child if report.child and _sees(user, report.child) else None,
        case=case,
        form=form,
        facts_told=[] if outside else told(user, report, but=Sensitivity.INFORMANT),
        is_outside=outside,
        papers=[] if outside else attachments.of_case(user, case) if case else attachments.of_report(user, report),
        sent_papers=0 if access.reads_report(user, report) else attachments.sent_with(report),
        limit=_limits(user, [report]).get(report.id),
        is_own=report.reported_by_id == user.id,
    ), 422 if form.errors else 200


def case_of(user: User, report: IntakeReport) -> Case | None:
    """The case opened for a report, in scope."""
    return db.session.scalars(access.visible_cases(user).where(Case.report_id == report.id)).unique().one_or_none()


def refuse_outsider(user: User, report: IntakeReport) -> None:
    """Raise OutsideTeam when the report belongs to a case of another team."""
    case = case_of(user, report)
    if case is not None and not access.knows_case(user, case):
        raise access.OutsideTeam(case)


def told_informant(user: User, report: IntakeReport) -> list[tuple[str, str]]:
    """(label, value) of who reported, as far as known."""
    return told(user, report, only=Sensitivity.INFORMANT)


def _child_name(user: User, report: IntakeReport) -> str | None:
    child = report.child
    return child.full_name if child is not None and _sees(user, child) else report.child_name


def _sees(user: User, child: Child) -> bool:
    return child.removed_at is None and _is_in_scope(user, child)


def _is_in_scope(user: User, child: Child) -> bool:
    return access.sees_whole_commune(user) or child.village_id in user.village_ids


@bp.post("/concerns/<int:report_id>/seen")
@access.requires("concern.report")
def concern_seen(report_id: int) -> ResponseReturnValue:
    """The reporter has read the answer."""
    user = access.signed_in_user()
    report = access.get_report(user, report_id)
    if report.reported_by_id != user.id:
        abort(404)
    again = answered_before()
    if again is not None:
        return again
    report.answer_seen_at = clock.now()
    return saved(url_for(".concern", report_id=report.id))
