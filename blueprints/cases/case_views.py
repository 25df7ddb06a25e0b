"""One case: its page, its particulars, its end."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app import (
    access,
    audit,
    care,
    casework,
    clock,
    consents,
    deadlines,
    guide,
    history,
    procedure,
    teamwork,
    visible_history,
)
from app.errors import too_late
from app.saving import answered_before, saved
from app.teamwork import Turn
from blueprints.cases.answer_views import link_child
from blueprints.cases.deciding import show_to_decide
from blueprints.cases.forms import CaseForm, CloseForm, ReopenForm
from blueprints.cases.steps import FOLLOW_UP, FORMS, level_counts, told
from blueprints.cases.team_views import show_outside
from blueprints.cases.views import bp
from models import Case, Sensitivity, Service, User, db

#: Changes shown at the foot of a case.
MOST_CHANGES = 80


@bp.get("/<int:case_id>")
@access.requires("case.show")
def show(case_id: int) -> ResponseReturnValue:
    """A case: its steps as a task list for officer and leader, the little a collaborator may know for her."""
    user = access.signed_in_user()
    case = access.get_case(user, case_id, *casework.beside())
    audit.record_read("case_read", user, case)
    if not access.may_read(user, Sensitivity.CASE):
        return _show_own(user, case)
    if not access.knows_case(user, case):
        return show_to_decide(user, case) if teamwork.leaders_turns(user, case) else show_outside(user, case)
    changes = db.session.scalars(visible_history.visible_changes(user, "cases", case.id).limit(MOST_CHANGES)).all()
    facts = casework.facts_of(case)
    return render_template(
        "cases/show.html",
        case=case,
        line=_line(user, case),
        child_name=casework.child_name(user, case),
        due=_due(user, case),
        progress=procedure.progress(facts),
        in_time=procedure.approved_in_time(facts, casework.calendar_of(user.commune_id)),
        about=guide.ABOUT,
        forms={form.step: form for form in (*FORMS, FOLLOW_UP)},
        told=lambda record: told(user, record),
        level_counts=level_counts,
        particulars=told(user, case),
        services=_services(user, case),
        placements=care.of_case(user, case),
        looks=[glass for glass in teamwork.looks_of(user, case) if glass.seen_at is None and glass.user_id != user.id],
        consents=consents.of_case(case),
        entries=history.told(changes, user),
    )


def _line(user: User, case: Case) -> casework.CaseLine:
    return casework.line_of(user, case, casework.calendar_of(user.commune_id), clock.now())


def _due(user: User, case: Case) -> list[tuple[deadlines.Deadline, str, bool]]:
    """(deadline, what is left, overdue) of everything due, as far as the person may know."""
    calendar, now = casework.calendar_of(user.commune_id), clock.now()
    found = casework.due_in(user, casework.facts_of(case), calendar)
    return [(one, deadlines.left(one, now, calendar), one.is_overdue(now)) for one in found]


def _services(user: User, case: Case) -> list[Service]:
    query = access.known_services(user).where(Service.case_id == case.id).order_by(Service.id.desc())
    return list(db.session.scalars(query.options(joinedload(Service.child))).unique())


def _show_own(user: User, case: Case) -> ResponseReturnValue:
    visits = [visit for visit in case.follow_ups if visit.recorded_by_id == user.id]
    is_reporter = case.report is not None and case.report.reported_by_id == user.id
    return render_template(
        "cases/show_own.html",
        case=case,
        step=procedure.step_of(casework.facts_of(case)),
        child_name=casework.child_name(user, case),
        due=_due(user, case),
        visits=list(reversed(visits)),
        answer=case.report.answer if case.report is not None and is_reporter else None,
    )


@bp.route("/<int:case_id>/edit", methods=["GET", "POST"])
@access.requires("case.edit")
def edit(case_id: int) -> ResponseReturnValue:
    """Change a case's particulars."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    form = CaseForm(obj=case)
    form.fill(user)
    return _save(case, form, _("Thông tin vụ việc"), lambda: _join_worker(user, case))


def _join_worker(user: User, case: Case) -> None:
    """Whoever is given a case is of its team."""
    if case.assigned_to_id is not None and case.members:
        teamwork.join(case, access.get_user(user, case.assigned_to_id))


@bp.route("/<int:case_id>/child", methods=["GET", "POST"])
@access.requires("case.edit")
def link_case_child(case_id: int) -> ResponseReturnValue:
    """Say which child of the register the case is about."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    return link_child(user, case, url_for(".show", case_id=case.id), casework.child_name(user, case) or "")


@bp.route("/<int:case_id>/close", methods=["GET", "POST"])
@access.requires("case.close")
def close(case_id: int) -> ResponseReturnValue:
    """Close a case for a reason (NĐ 56/2017 Đ30)."""
    user = access.signed_in_user()
    case = teamwork.get_case_to_decide(user, case_id, Turn.CLOSURE)
    if case.closed_at is not None:
        return _told_already(case, _("Vụ việc này đã kết thúc rồi."))

    def closing() -> None:
        case.closed_at, case.closed_by_id = clock.now(), user.id

    return _save(case, CloseForm(obj=case), _("Kết thúc vụ việc"), closing)


@bp.route("/<int:case_id>/reopen", methods=["GET", "POST"])
@access.requires("case.close")
def reopen(case_id: int) -> ResponseReturnValue:
    """Open a closed case again; its periods count from now."""
    case = access.get_known_case(access.signed_in_user(), case_id)
    if case.closed_at is None:
        return _told_already(case, _("Vụ việc này đang mở."))

    def reopening() -> None:
        case.reopened_at, case.closed_at, case.closed_by_id = clock.now(), None, None

    return _save(case, ReopenForm(obj=case), _("Mở lại vụ việc"), reopening)


def _told_already(case: Case, message: str) -> ResponseReturnValue:
    return too_late(url_for(".show", case_id=case.id), message)


def _save(case: Case, form: Any, title: str, also: Any = None) -> ResponseReturnValue:
    """Show a form of a case and save it, with whatever else belongs to it."""
    back = url_for(".show", case_id=case.id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(case)
        if also is not None:
            also()
        return saved(back, _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("cases/record.html", form=form, title=title, about=case, back=back, parts=()), status
