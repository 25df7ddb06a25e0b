"""Who works on a case and who may know it: the team, a look from outside for a reason, handing over. NĐ 56/2017 Đ24."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app import access, audit, casework, clock, teamwork
from app.casework import CaseFilters, CaseLine
from app.errors import too_late
from app.saving import answered_before, saved
from blueprints.cases.forms import HandOverAllForm, HandOverForm, LookForm, MemberForm
from blueprints.cases.views import bp
from models import Case, User


@bp.app_errorhandler(access.OutsideTeam)
def outside_team(refused: access.OutsideTeam) -> ResponseReturnValue:
    """Lead to what of the case may be known, where one can ask by a reason."""
    where = url_for("cases.show", case_id=refused.case.id)
    if request.method != "POST":
        return redirect(where, code=303)
    return too_late(where, _("Bạn không còn trong nhóm phụ trách vụ việc này."))


def show_outside(user: User, case: Case, form: Any = None) -> ResponseReturnValue:
    """A case of another team: number, step, what is due; and the form to look into it for a reason."""
    calendar, now = casework.calendar_of(user.commune_id), clock.now()
    form = form or LookForm(formdata=None)
    return render_template(
        "cases/outside.html", case=case, line=casework.line_of(user, case, calendar, now), form=form
    ), 422 if form.errors else 200


@bp.post("/<int:case_id>/look")
@access.requires("case.look")
def look(case_id: int) -> ResponseReturnValue:
    """Look into a case of another team for three hours; its team is told."""
    user = access.signed_in_user()
    case = access.get_case(user, case_id)
    if access.knows_case(user, case):
        return redirect(url_for(".show", case_id=case.id), code=303)
    form = LookForm()
    if not form.validate_on_submit():
        return show_outside(user, case, form)
    again = answered_before()
    if again is not None:
        return again
    teamwork.look(user, case, form["reason"].data)
    audit.record("case_looked_into", user, case, hours=teamwork.LOOK_HOURS)
    return saved(url_for(".show", case_id=case.id), _("Bạn xem được vụ việc này trong 3 giờ. Nhóm phụ trách được báo."))


@bp.route("/<int:case_id>/team", methods=["GET", "POST"])
@access.requires("case.edit")
def team(case_id: int) -> ResponseReturnValue:
    """Who is in the team, who looked in from outside, who handed over to whom; add somebody."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    form = MemberForm()
    form.fill(teamwork.candidates(user, case))
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        teamwork.join(case, access.get_user(user, form.user_id.data))
        audit.record("case_team_changed", user, case, what="joined")
        return saved(url_for(".team", case_id=case.id), _("Đã thêm vào nhóm phụ trách."))
    looks = teamwork.looks_of(user, case)
    return render_template("cases/team.html", case=case, form=form, looks=looks), 422 if form.errors else 200


@bp.post("/<int:case_id>/team/<int:user_id>/leave")
@access.requires("case.edit")
def leave_team(case_id: int, user_id: int) -> ResponseReturnValue:
    """Take somebody out of the team; the last one and the one who runs the case stay."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    member = access.get_user(user, user_id)
    again = answered_before()
    if again is not None:
        return again
    if member.id == case.assigned_to_id:
        return saved(url_for(".team", case_id=case.id), _("Người phụ trách luôn ở trong nhóm; bàn giao trước đã."))
    teamwork.leave(case, member.id)
    audit.record("case_team_changed", user, case, what="left")
    return saved(url_for(".team", case_id=case.id), _("Đã đưa ra khỏi nhóm phụ trách."))


@bp.post("/<int:case_id>/looks/read")
@access.requires("case.show")
def read_looks(case_id: int) -> ResponseReturnValue:
    """Somebody of the team has read who looked in."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    again = answered_before()
    if again is not None:
        return again
    teamwork.read_looks(user, case)
    return saved(url_for(".show", case_id=case.id), _("Đã ghi là nhóm đã biết."))


@bp.get("/looks")
@access.requires("case.list")
def looks() -> ResponseReturnValue:
    """Who looked from outside into the cases of one's own team, not read of yet."""
    user = access.signed_in_user()
    return render_template("cases/looks.html", looks=teamwork.list_looks_untold(user))


# ── Handing over ───────────────────────────────────────────────────────────


@bp.route("/<int:case_id>/hand-over", methods=["GET", "POST"])
@access.requires("case.edit")
def hand_over(case_id: int) -> ResponseReturnValue:
    """Pass a case to another worker with a note; the page shows what is due."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    form = HandOverForm()
    form.fill(user, case.assigned_to_id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        teamwork.hand_over(user, case, access.get_user(user, form["to_user_id"].data), form["note"].data)
        audit.record("case_handed_over", user, case)
        return saved(url_for(".show", case_id=case.id), _("Đã bàn giao."))
    line = casework.line_of(user, case, casework.calendar_of(user.commune_id), clock.now())
    return _hand_over_page([line], form, url_for(".show", case_id=case.id))


@bp.route("/hand-over", methods=["GET", "POST"])
@access.requires("case.edit")
def hand_over_all() -> ResponseReturnValue:
    """Pass every open case one runs to another worker: when the officer changes."""
    user = access.signed_in_user()
    cases = teamwork.open_cases_of(user, user.id)
    form = HandOverAllForm()
    form.fill(user, user.id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        count = teamwork.hand_over_all(user, cases, access.get_user(user, form["to_user_id"].data), form["note"].data)
        for case in cases:
            audit.record("case_handed_over", user, case)
        told = ngettext("Đã bàn giao %(num)d vụ việc.", "Đã bàn giao %(num)d vụ việc.", count)
        return saved(url_for(".index"), told)
    if not cases:
        flash(_("Bạn không phụ trách vụ việc nào đang mở."), "warning")
        return redirect(url_for(".index"), code=303)
    return _hand_over_page(casework.case_lines(user, CaseFilters(worker=user.id)), form, url_for(".index"))


def _hand_over_page(lines: list[CaseLine], form: Any, back: str) -> ResponseReturnValue:
    return render_template("cases/hand_over.html", lines=lines, form=form, back=back), 422 if form.errors else 200
