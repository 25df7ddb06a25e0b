"""Going on with a separation: each decision a record of its own. NĐ 56/2017/NĐ-CP Đ32.3."""

from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, casework, clock
from app.errors import too_late
from app.saving import answered_before, saved
from blueprints.cases.forms import ExtensionForm
from blueprints.cases.views import bp
from models import Case, EmergencyMeasure, SeparationExtension, db


def _measure(case: Case, measure_id: int) -> EmergencyMeasure:
    return next((one for one in case.emergency_measures if one.id == measure_id), None) or abort(404)


@bp.route("/<int:case_id>/emergency-measure/<int:measure_id>/extensions/new", methods=["GET", "POST"])
@access.requires("case.edit")
def new_extension(case_id: int, measure_id: int) -> ResponseReturnValue:
    """Record a decision to go on with a separation that runs."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    measure = _measure(case, measure_id)
    if not measure.is_separation or measure.ended_on is not None:
        told = _("Việc cách ly này không còn, nên không gia hạn được.")
        return too_late(url_for(".show", case_id=case.id), told)
    record = SeparationExtension(
        commune_id=case.commune_id, case_id=case.id, measure_id=measure.id, recorded_by_id=user.id
    )
    return _save(case, measure, record, ExtensionForm(data={"decided_on": clock.today()}))


@bp.route("/<int:case_id>/emergency-measure/<int:measure_id>/extensions/<int:record_id>", methods=["GET", "POST"])
@access.requires("case.edit")
def edit_extension(case_id: int, measure_id: int, record_id: int) -> ResponseReturnValue:
    """Correct a decision to go on."""
    case = access.get_known_case(access.signed_in_user(), case_id)
    measure = _measure(case, measure_id)
    record: Any = next((one for one in measure.extensions if one.id == record_id), None) or abort(404)
    return _save(case, measure, record, ExtensionForm(obj=record))


def _save(case: Case, measure: EmergencyMeasure, record: SeparationExtension, form: Any) -> ResponseReturnValue:
    back = url_for(".show", case_id=case.id)
    if form.validate_on_submit() and form.check(case, measure):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        db.session.add(record)
        return saved(back, _("Đã lưu."))
    limit = casework.separation_limit_of(case, measure)
    title = _("Gia hạn tạm thời cách ly (tổng cộng đến %(day)s)", day=f"{limit.due_on:%d/%m/%Y}")
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("cases/record.html", form=form, title=title, about=case, back=back, parts=()), status
