"""The reports the commune owes: due soon and overdue, until they are sent."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, places, report_duties
from app.periods import Period
from app.report_duties import Which
from app.saving import answered_before, saved
from blueprints.reports import bp
from blueprints.reports.forms import DoneForm
from models import DutyDone, ReportDuty, db

#: Notes of sendings shown, to be taken back when wrong.
_NOTES = 20


@bp.get("/deadlines")
@access.requires("report_duty.list")
def duties() -> ResponseReturnValue:
    """What is owed, the most pressing first, and what was lately noted as sent."""
    user = access.signed_in_user()
    which = Which(request.args["which"]) if request.args.get("which") in set(Which) else Which.ALL
    done = db.session.scalars(report_duties.done_by_hand(user).limit(_NOTES)).all()
    return render_template(
        "reports/duties.html",
        lines=report_duties.lines(user, which),
        which=which,
        done=done,
        period_of=lambda one: Period.read(one.period).label,
    )


@bp.route("/deadlines/<int:duty_id>/done", methods=["GET", "POST"])
@access.requires("report_duty.list")
def duty_done(duty_id: int) -> ResponseReturnValue:
    """Note that a report was sent outside the program. The period stands in the query."""
    user = access.signed_in_user()
    duty = places.get_setting(user, ReportDuty, duty_id)
    line = report_duties.find_line(user, duty, request.args.get("period", ""))
    form = DoneForm(sent_on=clock.today())
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        if line is None:
            abort(409)
        record = DutyDone(commune_id=user.commune_id, duty_id=duty.id, period=line.period.code, noted_by_id=user.id)
        form.apply_to(record)
        db.session.add(record)
        db.session.flush()
        audit.record("report_duty_noted", user, record, period=record.period, done=True)
        return saved(url_for(".duties"), _("Đã ghi nhận."))
    return render_template("reports/duty_done.html", form=form, duty=duty, line=line), 422 if form.errors else 200


@bp.post("/deadlines/done/<int:done_id>/delete")
@access.requires("report_duty.list")
def delete_duty_done(done_id: int) -> ResponseReturnValue:
    """Take back a note; the report is owed again."""
    user = access.signed_in_user()
    record = places.get_setting(user, DutyDone, done_id)
    again = answered_before()
    if again is not None:
        return again
    audit.record("report_duty_noted", user, record, period=record.period, done=False)
    db.session.delete(record)
    return saved(url_for(".duties"), _("Đã bỏ ghi nhận."))
