"""The first page of an empty installation, and the page that says whether the installation works."""

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import access, health, identity, logs, setting_up
from app.saving import saved
from blueprints.setup.forms import SetupForm
from models import Commune, db

bp = Blueprint("setup", __name__)

#: Under this name wrong codes are counted, as wrong passwords are under a user's.
_ATTEMPTS = "first run"


@bp.route("/setup", methods=["GET", "POST"])
@access.public
def index() -> ResponseReturnValue:
    """Commune, villages, receiving office, first administrator and officer; only while nobody can sign in."""
    if not setting_up.is_needed():
        abort(404)
    form = SetupForm()
    if form.is_submitted() and identity.must_wait(_ATTEMPTS):
        abort(429)
    valid = form.validate_on_submit()
    if form.is_submitted() and _knows_code(form) and valid:
        commune = Commune(
            name=form.name.data, district_name=form.district_name.data, province_name=form.province_name.data
        )
        setting_up.set_up(
            commune,
            form.village_names,
            form.office_name.data,
            form.office_level.data,
            form.person("administrator"),
            form.person("officer"),
        )
        return saved(url_for("account.sign_in"), _("Đã thiết lập xong. Đăng nhập bằng tài khoản vừa tạo."))
    return render_template("setup/index.html", form=form), 422 if form.errors else 200


def _knows_code(form: SetupForm) -> bool:
    """Check the code even when other fields are wrong, so that nobody types the passwords twice for it."""
    if not form.code.data:
        return False
    if setting_up.code_is_right(form.code.data):
        return True
    identity.note_failure(_ATTEMPTS)
    db.session.commit()
    form.add_error("code", _("Mã không đúng. Xem lại màn hình nơi chạy chương trình."))
    return False


@bp.get("/metrics")
@access.public
def metrics() -> ResponseReturnValue:
    """Figures about the program for a watching program on this machine, or the administrator; no personal data."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    is_here = request.remote_addr in ("127.0.0.1", "::1") and not forwarded
    if not is_here and not (current_user.is_authenticated and access.may(access.signed_in_user(), "audit.show")):
        abort(404)
    return Response(logs.metrics(), mimetype="text/plain")


@bp.get("/healthz")
@access.public
def healthz() -> ResponseReturnValue:
    """For a watching program: 200 when the database answers at this code's migration, 503 and the reason otherwise."""
    state = health.check()
    answer = {
        "status": "ok" if state.is_well else "error",
        "database": state.database,
        "migration": state.migration,
        state.database: state.version,
    }
    if state.reason:
        answer |= {"reason": state.reason, "wanted_migration": state.wanted_migration}
    if state.note:
        answer["note"] = state.note
    return jsonify(answer), 200 if state.is_well else 503
