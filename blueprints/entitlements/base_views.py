"""The base amounts by date: the government's to read, one's province's to add and correct."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock
from app.entitlements import bases
from app.saving import answered_before, saved, saved_setting
from blueprints.entitlements.forms import BaseAmountForm
from blueprints.entitlements.views import bp
from models import AllowanceBase, db


@bp.get("/bases")
@access.requires("setting.edit")
def base_amounts() -> ResponseReturnValue:
    """All that hold in the commune, and the one in force today."""
    user = access.signed_in_user()
    known = db.session.scalars(bases.known(user)).all()
    in_force = bases.in_force(user, clock.today())
    return render_template("entitlements/bases.html", bases=known, in_force=in_force)


@bp.route("/bases/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_base() -> ResponseReturnValue:
    """Add an amount of one's province, or a new one of the government."""
    user = access.signed_in_user()
    return _save(AllowanceBase(commune_id=user.commune_id))


@bp.route("/bases/<int:base_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def base_amount(base_id: int) -> ResponseReturnValue:
    """Correct an amount of one's own."""
    return _save(bases.get(access.signed_in_user(), base_id))


def _save(record: AllowanceBase) -> ResponseReturnValue:
    user = access.signed_in_user()
    form = BaseAmountForm(obj=record)
    form.user = user
    answer = saved_setting(record, form, "allowance_bases", url_for(".base_amounts"))
    if answer is not None:
        return answer
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("entitlements/base.html", form=form, record=record), status


@bp.post("/bases/<int:base_id>/remove")
@access.requires("setting.edit")
def remove_base(base_id: int) -> ResponseReturnValue:
    """Take away an amount typed by mistake; what was paid under it stays as recorded."""
    user = access.signed_in_user()
    record = bases.get(user, base_id)
    again = answered_before()
    if again is not None:
        return again
    audit.record("setting_changed", user, record, what="allowance_bases")
    db.session.delete(record)
    return saved(url_for(".base_amounts"), _("Đã bỏ mức chuẩn ghi nhầm."))
