"""The records of a case's steps: one page to add and one to change them all; plans, their actions and the decision."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, clock, photos, teamwork
from app.errors import too_late
from app.saving import answered_before, saved
from app.teamwork import Turn
from blueprints.cases.forms import DecisionForm, MeasureRules
from blueprints.cases.steps import ACTION, BY_CODE, CODES, FOLLOW_UP, StepForm
from blueprints.cases.views import bp
from models import Case, CasePlan, FollowUp, PlanAction, PlanDecision, User, db


def _find(records: list[Any], record_id: int) -> Any:
    """One of a case's own records, or 404."""
    found = next((record for record in records if record.id == record_id), None)
    return found if found is not None else abort(404)


def save_record(
    case: Case, record: Any, form: Any, step: StepForm, plan: CasePlan | None = None, photo: Any = None
) -> ResponseReturnValue:
    """Show and save the form of a record of a case, new or known. Deadlines never stop anybody from saving."""
    if form.validate_on_submit() and step.is_past(form) and _is_lawful(case, record, form):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        if record.id is None:
            record.commune_id = case.commune_id
            if plan is not None:
                record.plan = plan
            db.session.add(record)
        return saved(_after(case, record, photo), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    back = url_for(".show", case_id=case.id)
    facts = {"title": step.title, "about": case, "back": back, "parts": step.parts, "with_photo": step is FOLLOW_UP}
    return render_template("cases/record.html", form=form, **facts), status


def _after(case: Case, record: Any, photo: Any) -> str:
    """To the case, or back to the visit whose photo was refused. The photo is the case's, for its team to read."""
    db.session.flush()
    if photos.keep(access.signed_in_user(), case, photo):
        return url_for(".show", case_id=case.id)
    return url_for(".edit_follow_up", case_id=case.id, record_id=record.id)


def _is_lawful(case: Case, record: Any, form: Any) -> bool:
    """A deadline that was missed stops nobody; a separation decided for too long does (NĐ 56/2017 Đ32.3)."""
    return not isinstance(form, MeasureRules) or form.check_limit(case, record)


def _add(user: User, case: Case, step: StepForm, photo: Any = None) -> ResponseReturnValue:
    record = step.model(case_id=case.id, recorded_by_id=user.id)
    return save_record(case, record, step.form(data=step.first_values()), step, photo=photo)


@bp.route(f"/<int:case_id>/<any({CODES}):step>/new", methods=["GET", "POST"])
@access.requires("case.edit")
def new_record(case_id: int, step: str) -> ResponseReturnValue:
    """Record a step: an assessment, a measure, a meeting, a plan, a review."""
    user = access.signed_in_user()
    return _add(user, access.get_known_case(user, case_id), BY_CODE[step])


@bp.route(f"/<int:case_id>/<any({CODES}):step>/<int:record_id>/edit", methods=["GET", "POST"])
@access.requires("case.edit")
def edit_record(case_id: int, step: str, record_id: int) -> ResponseReturnValue:
    """Correct a step's record. A plan that was submitted is changed by a new plan only."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    kind = BY_CODE[step]
    record = _find(kind.records(case), record_id)
    if isinstance(record, CasePlan) and not _is_open(record):
        return _locked(case)
    return save_record(case, record, kind.form(obj=record), kind)


@bp.route("/<int:case_id>/follow-up/new", methods=["GET", "POST"])
@access.requires("case.follow_up")
def new_follow_up(case_id: int) -> ResponseReturnValue:
    """Record a visit; the collaborator may, in cases of hers."""
    photo = photos.sent()
    user = access.signed_in_user()
    return _add(user, access.get_known_case(user, case_id), FOLLOW_UP, photo)


@bp.route("/<int:case_id>/follow-up/<int:record_id>/edit", methods=["GET", "POST"])
@access.requires("case.follow_up")
def edit_follow_up(case_id: int, record_id: int) -> ResponseReturnValue:
    """Correct a visit: the officer any, a collaborator her own."""
    photo = photos.sent()
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    visit: FollowUp = _find(case.follow_ups, record_id)
    if not access.may(user, "case.edit") and visit.recorded_by_id != user.id:
        abort(404)
    return save_record(case, visit, FOLLOW_UP.form(obj=visit), FOLLOW_UP, photo=photo)


# ── Plans ──────────────────────────────────────────────────────────────────


def _is_open(plan: CasePlan) -> bool:
    """Still the officer's to write: not submitted, or refused."""
    return plan.submitted_at is None or plan.decision is PlanDecision.REFUSED


def _locked(case: Case) -> ResponseReturnValue:
    told = _("Kế hoạch đã trình thì không sửa được nữa. Cần điều chỉnh thì lập kế hoạch mới.")
    return too_late(url_for(".show", case_id=case.id), told)


@bp.route("/<int:case_id>/plan/<int:plan_id>/actions/new", methods=["GET", "POST"])
@access.requires("case.edit")
def new_action(case_id: int, plan_id: int) -> ResponseReturnValue:
    """Add an action to a plan that is still being drawn up."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    plan: CasePlan = _find(case.plans, plan_id)
    if not _is_open(plan):
        return _locked(case)
    return save_record(case, PlanAction(), ACTION.form(), ACTION, plan)


@bp.route("/<int:case_id>/plan/<int:plan_id>/actions/<int:action_id>/edit", methods=["GET", "POST"])
@access.requires("case.edit")
def edit_action(case_id: int, plan_id: int, action_id: int) -> ResponseReturnValue:
    """Correct an action; once its plan was submitted, only say that it is done."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    plan: CasePlan = _find(case.plans, plan_id)
    action: PlanAction = _find(plan.actions, action_id)
    form = ACTION.form(obj=action)
    if not _is_open(plan):
        for name in ("description", "responsible", "starts_on", "ends_on", "budget"):
            del form[name]
    return save_record(case, action, form, ACTION)


@bp.post("/<int:case_id>/plan/<int:plan_id>/submit")
@access.requires("case.edit")
def submit_plan(case_id: int, plan_id: int) -> ResponseReturnValue:
    """Submit a plan to the chair (Mẫu 04; NĐ 56/2017 Đ28.1)."""
    case = access.get_known_case(access.signed_in_user(), case_id)
    plan: CasePlan = _find(case.plans, plan_id)
    again = answered_before()
    if again is not None:
        return again
    if not _is_open(plan):
        return _locked(case)
    plan.submitted_at, plan.decision, plan.decided_at = clock.now(), PlanDecision.WAITING, None
    return saved(url_for(".show", case_id=case.id), _("Đã trình kế hoạch. Lãnh đạo có 2 ngày làm việc để phê duyệt."))


@bp.route("/<int:case_id>/plan/<int:plan_id>/decision", methods=["GET", "POST"])
@access.requires("case.decide")
def decide(case_id: int, plan_id: int) -> ResponseReturnValue:
    """Approve a plan, or refuse it with a reason (Mẫu 05; NĐ 56/2017 Đ28.4)."""
    user = access.signed_in_user()
    case = teamwork.get_case_to_decide(user, case_id, Turn.PLAN)
    plan: CasePlan = _find(case.plans, plan_id)
    if user.id in (plan.recorded_by_id, case.assigned_to_id):
        flash(_("Người lập kế hoạch hoặc phụ trách vụ việc không tự phê duyệt; nhờ lãnh đạo khác."), "warning")
        return redirect(url_for(".show", case_id=case.id), code=303)
    form = DecisionForm(obj=plan)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        if plan.submitted_at is None or plan.decision is not PlanDecision.WAITING:
            return too_late(url_for(".show", case_id=case.id), _("Kế hoạch này không chờ phê duyệt."))
        form.apply_to(plan)
        plan.decision, plan.decided_at, plan.decided_by_id = form.decision.data, clock.now(), user.id
        return saved(url_for(".show", case_id=case.id), _("Đã ghi quyết định."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("cases/decide.html", form=form, case=case, plan=plan), status
