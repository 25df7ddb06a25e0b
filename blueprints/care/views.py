"""Alternative care: carers, and placements from the assessment to the end. NĐ 56/2017/NĐ-CP Chương III, mục 3."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, care, clock, documents, whole_numbers
from app.care import Which
from app.errors import too_late
from app.saving import answered_before, done_alone, saved
from blueprints.care.forms import CarerForm, DecideForm, EndForm, HandOverForm, PlacementForm
from models import CareDecision, CarePlacement, FosterCarer, db

bp = Blueprint("care", __name__, url_prefix="/care")


@bp.get("/")
@access.requires("care.list")
def index() -> ResponseReturnValue:
    """The children in alternative care, what is due first on top; a collaborator's own visits to make."""
    which = Which.of_code(request.args.get("which")) or Which.RUNNING
    user = access.signed_in_user()
    lines = care.lines(user, which)
    keys = [line.placement.child_id for line in lines]
    audit.record_read("children_listed", user, filters={"list": "care"}, count=len(lines), children=keys)
    return render_template("care/index.html", lines=lines, which=which, choices=list(Which), state_of=care.state_of)


@bp.get("/carers")
@access.requires("care.show")
def carers() -> ResponseReturnValue:
    """Those ready to take a child."""
    user = access.signed_in_user()
    return render_template("care/carers.html", carers=care.carers(user), lists=care.lists_due(user))


@bp.route("/carers/new", methods=["GET", "POST"])
@access.requires("care.edit")
def new_carer() -> ResponseReturnValue:
    """Register somebody who is ready to take a child (Mẫu 08)."""
    user = access.signed_in_user()
    form = CarerForm(data={"is_active": True}).fill(user)
    return _save_carer(FosterCarer(commune_id=user.commune_id), form)


@bp.route("/carers/<int:carer_id>/edit", methods=["GET", "POST"])
@access.requires("care.edit")
def edit_carer(carer_id: int) -> ResponseReturnValue:
    """Correct, or write down what was verified (Mẫu 11)."""
    user = access.signed_in_user()
    carer = access.get_carer(user, carer_id)
    audit.record_read("carer_read", user, carer)
    return _save_carer(carer, CarerForm(obj=carer).fill(user))


def _save_carer(carer: FosterCarer, form: Any) -> ResponseReturnValue:
    if form.validate_on_submit() and form.refuse_future("registered_on", "notified_on", "verified_on"):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(carer)
        db.session.add(carer)
        return saved(url_for(".carers"), _("Đã lưu."))
    return form_page(form, _("Người nhận chăm sóc thay thế"), url_for(".carers"))


def form_page(
    form: Any, title: str, back: str, *, placement: CarePlacement | None = None, answers: str = "", photo: bool = False
) -> ResponseReturnValue:
    """A form of alternative care, with the status its errors ask for."""
    status = 409 if form.conflicts else 422 if form.errors or answers == "missing" else 200
    page = {"form": form, "title": title, "back": back, "placement": placement, "answers": answers, "photo": photo}
    return render_template("care/edit.html", **page), status


def show_of(placement: CarePlacement) -> str:
    """The address of a placement."""
    return url_for(".show", placement_id=placement.id)


@bp.route("/of-child/<int:child_id>/new", methods=["GET", "POST"])
@access.requires("care.edit")
def new(child_id: int) -> ResponseReturnValue:
    """Assess a child who needs alternative care (Mẫu 10) and propose with whom; of a case (`case=ID`) or without."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    case_id = request.args.get("case", type=whole_numbers.key)
    case = access.get_known_case(user, case_id) if case_id else None
    placement = CarePlacement(commune_id=child.commune_id, child_id=child.id)
    if case is None or case.child_id != child.id:
        return _save_placement(placement, PlacementForm().fill(user), url_for("children.show", child_id=child.id))
    placement.case_id = case.id
    form = PlacementForm(data=care.proposed_from(case)).fill(user)
    return _save_placement(placement, form, url_for("cases.show", case_id=case.id))


@bp.route("/placements/<int:placement_id>/edit", methods=["GET", "POST"])
@access.requires("care.edit")
def edit(placement_id: int) -> ResponseReturnValue:
    """Go on with the assessment and the proposal, until it is submitted."""
    user = access.signed_in_user()
    placement = access.get_known_placement(user, placement_id)
    if not placement.is_draft:
        return not_now(placement)
    return _save_placement(placement, PlacementForm(obj=placement).fill(user), show_of(placement))


def _save_placement(placement: CarePlacement, form: Any, back: str) -> ResponseReturnValue:
    days = ("assessed_on", "asked_on", "first_meeting_on", "second_meeting_on")
    if form.validate_on_submit() and form.refuse_future(*days):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(placement)
        db.session.add(placement)
        db.session.flush()
        return saved(show_of(placement), _("Đã lưu."))
    return form_page(form, _("Đánh giá trẻ em cần chăm sóc thay thế (Mẫu 10)"), back)


def not_now(placement: CarePlacement) -> ResponseReturnValue:
    """Back to the placement: its step is past that."""
    return too_late(show_of(placement), _("Việc này không còn làm được ở bước hiện tại."))


@bp.get("/placements/<int:placement_id>")
@access.requires("care.show")
def show(placement_id: int) -> ResponseReturnValue:
    """One placement: what is known, what stands against it, what is next."""
    user = access.signed_in_user()
    placement = access.get_known_placement(user, placement_id)
    audit.record_read("child_read", user, placement.child)
    line = next(one for one in care.lines(user, Which.ALL) if one.placement.id == placement.id)
    unmet = care.unmet(placement) if placement.decided_on is None else []
    papers = [form for form in documents.CARE_FORMS.values() if form.records(placement)]
    return render_template(
        "care/show.html",
        placement=placement,
        line=line,
        unmet=unmet,
        answers=care.answers_about(placement),
        state=care.state_of(placement),
        papers=papers,
    )


@bp.post("/placements/<int:placement_id>/submit")
@access.requires("care.edit")
def submit(placement_id: int) -> ResponseReturnValue:
    """Ask the leader to decide. What is missing is shown there and here, and does not stop it."""
    placement = access.get_known_placement(access.signed_in_user(), placement_id)
    if not placement.is_draft:
        return not_now(placement)
    again = answered_before()
    if again is not None:
        return again
    placement.submitted_at, placement.decision = clock.now(), CareDecision.WAITING
    return saved(show_of(placement), _("Đã trình lãnh đạo."))


@bp.route("/placements/<int:placement_id>/decide", methods=["GET", "POST"])
@access.requires("care.decide")
def decide(placement_id: int) -> ResponseReturnValue:
    """Decide on giving the child to the carer (Mẫu 12), or send the proposal back with a reason."""
    placement = access.get_known_placement(access.signed_in_user(), placement_id)
    if not placement.waits:
        return not_now(placement)
    form = DecideForm(obj=placement)
    if not form.is_submitted():
        form.decided_on.data = clock.today()
    raw = request.form.get("answer", "")
    answer = CareDecision(raw) if raw in ("approved", "refused") else None
    if form.validate_on_submit() and answer is not None and form.check(placement, answer):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(placement)
        placement.decision = answer
        if answer is CareDecision.REFUSED:
            placement.decided_on = placement.decision_number = None
        return saved(show_of(placement), _("Đã ghi quyết định."))
    return form_page(form, _("Quyết định giao, nhận trẻ em (Mẫu 12)"), show_of(placement), answers=_answered(form, raw))


def _answered(form: Any, raw: str) -> str:
    """What the page ticks: nothing is chosen for the person; "missing" when she sent the form without choosing."""
    return raw or ("missing" if form.is_submitted() else "open")


@bp.route("/placements/<int:placement_id>/hand-over", methods=["GET", "POST"])
@access.requires("care.edit")
def hand_over(placement_id: int) -> ResponseReturnValue:
    """The child came to the carer; somebody follows it. A child is with one carer at a time."""
    user = access.signed_in_user()
    placement = access.get_known_placement(user, placement_id)
    if placement.decision is not CareDecision.APPROVED or placement.ended_on is not None:
        return not_now(placement)
    form = HandOverForm(obj=placement).fill(user, placement)
    if form.validate_on_submit() and form.check(placement):
        again = answered_before()
        if again is not None:
            return again
        if done_alone(lambda: form.apply_to(placement)):
            return saved(show_of(placement), _("Đã lưu."))
        form.refuse_second(placement)
    return form_page(form, _("Giao, nhận trẻ em"), show_of(placement))


@bp.route("/placements/<int:placement_id>/end", methods=["GET", "POST"])
@access.requires("care.end")
def end(placement_id: int) -> ResponseReturnValue:
    """The placement ends (Mẫu 16); at once when the carer harms the child, whatever papers follow."""
    user = access.signed_in_user()
    placement = access.get_placement(user, placement_id)
    if not placement.runs:
        return not_now(placement)
    form = EndForm(obj=placement)
    if not form.is_submitted():
        form.ended_on.data = clock.today()
    if form.validate_on_submit() and form.check(user, placement):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(placement)
        return saved(show_of(placement), _("Đã lưu."))
    return form_page(form, _("Chấm dứt chăm sóc thay thế (Mẫu 16)"), show_of(placement))


from blueprints.care import evaluation_views, list_views, paper_views, visit_views  # noqa: E402, F401 – their views hang on the same blueprint
