"""Settings: what there is to set, the commune itself, the audit trail, the state of the installation."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, audit_checks, audit_log, backup_schedule, health, whole_numbers
from app.saving import answered_before, saved
from blueprints.admin import age_band_views, bp, duty_views, people_views, place_views, wording_views
from blueprints.admin.forms import CommuneForm

__all__ = ["age_band_views", "bp", "duty_views", "people_views", "place_views", "wording_views"]


@bp.get("/")
@access.requires("setting.edit")
def index() -> ResponseReturnValue:
    """What can be set."""
    return render_template("admin/index.html")


@bp.route("/commune", methods=["GET", "POST"])
@access.requires("setting.edit")
def commune() -> ResponseReturnValue:
    """The commune's names and who signs."""
    user = access.signed_in_user()
    form = CommuneForm(obj=user.commune)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(user.commune)
        audit.record("setting_changed", user, user.commune, what="commune")
        return saved(url_for(".index"), _("Đã lưu"))
    return render_template("admin/commune.html", form=form), 409 if form.conflicts else 422 if form.errors else 200


@bp.get("/audit")
@access.requires("audit.show")
def audit_trail() -> ResponseReturnValue:
    """Who did what and when."""
    words = audit_log.event_words()
    event = request.args.get("event", "")
    page = audit_log.page(
        access.signed_in_user(),
        event if event in words else None,
        before=request.args.get("before", type=whole_numbers.key),
        after=request.args.get("after", type=whole_numbers.key),
    )
    return render_template(
        "admin/audit.html",
        page=page,
        words=words,
        event=event,
        subject=audit_log.subject_words,
        details=audit_log.details_words,
        audit_warning=audit_checks.warning(),
        check=audit_checks.latest(),
    )


@bp.get("/health")
@access.requires("setting.edit")
def state() -> ResponseReturnValue:
    """The database's size, version and last backup."""
    return render_template(
        "admin/health.html",
        state=health.check(),
        backup_at=backup_schedule.last_good_at(),
        runs=backup_schedule.recent(),
        is_too_old=backup_schedule.is_too_old(),
    )
