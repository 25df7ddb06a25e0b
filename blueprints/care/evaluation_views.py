"""The commune's evaluation of a placement every six months, reported upward. Luật Trẻ em Đ68.2."""

from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, clock
from app.saving import answered_before, saved
from blueprints.care.forms import EvaluationForm
from blueprints.care.views import bp, form_page, not_now, show_of
from models import CareEvaluation, CarePlacement, db


@bp.route("/placements/<int:placement_id>/evaluations/new", methods=["GET", "POST"])
@access.requires("care.edit")
def new_evaluation(placement_id: int) -> ResponseReturnValue:
    """Evaluate how the child is cared for."""
    user = access.signed_in_user()
    placement = access.get_known_placement(user, placement_id)
    if not placement.runs:
        return not_now(placement)
    evaluation = CareEvaluation(commune_id=placement.commune_id, placement_id=placement.id, recorded_by_id=user.id)
    return _save(placement, evaluation, EvaluationForm(data={"evaluated_on": clock.today()}))


@bp.route("/placements/<int:placement_id>/evaluations/<int:record_id>/edit", methods=["GET", "POST"])
@access.requires("care.edit")
def edit_evaluation(placement_id: int, record_id: int) -> ResponseReturnValue:
    """Correct an evaluation, or record when it was reported upward."""
    placement = access.get_known_placement(access.signed_in_user(), placement_id)
    found = next((one for one in placement.evaluations if one.id == record_id), None)
    evaluation: CareEvaluation = found if found is not None else abort(404)
    return _save(placement, evaluation, EvaluationForm(obj=evaluation))


def _save(placement: CarePlacement, evaluation: CareEvaluation, form: Any) -> ResponseReturnValue:
    if form.validate_on_submit() and form.check(placement):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(evaluation)
        db.session.add(evaluation)
        return saved(show_of(placement), _("Đã lưu."))
    title = _("Đánh giá 6 tháng việc chăm sóc thay thế")
    return form_page(form, title, show_of(placement), placement=placement)
