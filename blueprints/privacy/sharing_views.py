"""By what recipients are given data with names: number, basis, purpose, which data, from when to when."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, clock, sharing
from app.saving import saved_setting
from blueprints.privacy.forms import SharingForm
from blueprints.privacy.views import bp, form_page
from models import SharingProtocol


@bp.get("/sharing")
@access.requires("breach.list")
def sharing_index() -> ResponseReturnValue:
    """All protocols of the commune, and what went out with names by each."""
    user = access.signed_in_user()
    found = [(one, one.is_in_force(clock.today())) for one in sharing.protocols(user)]
    return render_template("privacy/sharing.html", protocols=found, counts=sharing.counts(user))


@bp.route("/sharing/new", methods=["GET", "POST"])
@access.requires("sharing.edit")
def new_protocol() -> ResponseReturnValue:
    """Add a protocol."""
    user = access.signed_in_user()
    return _save_protocol(SharingProtocol(commune_id=user.commune_id))


@bp.route("/sharing/<int:protocol_id>", methods=["GET", "POST"])
@access.requires("sharing.edit")
def edit_protocol(protocol_id: int) -> ResponseReturnValue:
    """Correct a protocol, or end it."""
    return _save_protocol(sharing.get(access.signed_in_user(), protocol_id))


def _save_protocol(record: SharingProtocol) -> ResponseReturnValue:
    form = SharingForm(obj=record)
    answer = saved_setting(record, form, "sharing_protocols", url_for(".sharing_index"))
    return answer if answer is not None else form_page(form, _("Quy chế chuyển dữ liệu"), url_for(".sharing_index"))
