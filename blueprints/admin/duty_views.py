"""What the commune must report, by when and to whom: rules with their dates."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, places, report_duties
from app.saving import answered_before, saved
from blueprints.admin import bp
from blueprints.admin.forms import DutyForm
from blueprints.admin.place_views import save_setting
from models import ReportDuty, db


@bp.get("/report-duties")
@access.requires("setting.edit")
def report_duties_list() -> ResponseReturnValue:
    """Every rule, in force or not."""
    found = db.session.scalars(report_duties.all_duties(access.signed_in_user())).all()
    return render_template("admin/report_duties.html", duties=found, today=clock.today())


@bp.route("/report-duties/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_report_duty() -> ResponseReturnValue:
    """Add a rule."""
    return _duty(ReportDuty(commune_id=access.signed_in_user().commune_id))


@bp.route("/report-duties/<int:duty_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def report_duty(duty_id: int) -> ResponseReturnValue:
    """Change a rule, or end it."""
    return _duty(places.get_setting(access.signed_in_user(), ReportDuty, duty_id))


def _duty(record: ReportDuty) -> ResponseReturnValue:
    return save_setting(
        record, DutyForm(obj=record), "report_duties", "admin/report_duty.html", page=".report_duties_list"
    )


@bp.post("/report-duties/fill")
@access.requires("setting.edit")
def fill_report_duties() -> ResponseReturnValue:
    """Add the usual rules that are not there, in force from today."""
    user = access.signed_in_user()
    again = answered_before()
    if again is not None:
        return again
    count = report_duties.fill(user.commune, clock.today())
    audit.record("setting_changed", user, what="report_duties")
    return saved(url_for(".report_duties_list"), _("Đã thêm %(count)d hạn. So lại với văn bản của năm.", count=count))
