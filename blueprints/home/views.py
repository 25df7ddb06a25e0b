"""The work that waits for the person signed in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access, audit_checks, backup_schedule, worklist

bp = Blueprint("home", __name__)


@bp.get("/")
@access.requires("home.show")
def index() -> ResponseReturnValue:
    """Overdue, due soon, new, sent back, unsent: each number opens its list."""
    user = access.signed_in_user()
    return render_template(
        "home/index.html",
        tasks=worklist.tasks(user),
        figures=worklist.register_figures(user),
        user=user,
        lacks_backup=access.may(user, "setting.edit") and backup_schedule.is_too_old(),
        audit_warning=audit_checks.warning() if access.may(user, "audit.show") else "",
    )
