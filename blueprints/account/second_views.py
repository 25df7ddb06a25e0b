"""The second factor: asked for after the password, set up and taken away by its owner."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, identity, second_factor
from app.saving import saved
from blueprints.account import bp
from blueprints.account.arriving import come_in, confirm_password, note_failure, refuse_guessing
from blueprints.account.forms import AppForm, CodeForm, ConfirmForm
from models import db


@bp.route("/sign-in/code", methods=["GET", "POST"])
@access.public
def second_step() -> ResponseReturnValue:
    """The code of the authenticator app, or a recovery code."""
    user = identity.waiting_for_second_factor()
    if user is None:
        return redirect(url_for(".sign_in"), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        refuse_guessing(user.username)
        if second_factor.accepts(user, form.code.data):
            identity.end_waiting()
            target = come_in(user)
            db.session.commit()
            return redirect(target, code=303)
        note_failure(user.username, "code")
        form.add_error("code", _("Mã không đúng hoặc đã dùng rồi. Chờ mã mới trên ứng dụng."))
    return render_template("account/second_step.html", form=form), 422 if form.errors else 200


@bp.route("/account/second-factor", methods=["GET", "POST"])
@access.requires("account.use")
def set_up_second_factor() -> ResponseReturnValue:
    """Scan the picture, type the code, keep the recovery codes."""
    user = access.signed_in_user()
    form = AppForm()
    secret = second_factor.offered(user, form.offer.data or "") if request.method == "POST" else None
    if form.validate_on_submit() and confirm_password(form, user):
        codes = second_factor.set_up(user, secret, form.code.data) if secret else None
        if codes is not None:
            identity.end_sessions(user, but=user.session_key)
            saved(url_for(".show"))
            return render_template("account/recovery_codes.html", codes=codes)
        form.add_error("code", _("Mã không đúng. Kiểm tra giờ của điện thoại, quét lại rồi gõ mã mới."))
    if secret is None:
        form.offer.data = second_factor.offer(user)
        secret = second_factor.offered(user, form.offer.data)
    picture = second_factor.picture(user, str(secret))
    return render_template(
        "account/second_factor.html",
        form=form,
        picture=picture,
        secret=secret,
        has_app=second_factor.is_asked_of(user),
        days_left=second_factor.days_left(user),
        codes_left=second_factor.codes_left(user),
    ), 422 if form.errors else 200


@bp.route("/account/second-factor/codes", methods=["GET", "POST"])
@access.requires("account.use")
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes, after the password once more."""
    user = access.signed_in_user()
    if not second_factor.is_asked_of(user):
        return redirect(url_for(".set_up_second_factor"))
    form = ConfirmForm()
    if form.validate_on_submit() and confirm_password(form, user):
        codes = second_factor.new_recovery_codes(user)
        saved(url_for(".show"))
        return render_template("account/recovery_codes.html", codes=codes)
    return render_template("account/renew_codes.html", form=form), 422 if form.errors else 200


@bp.route("/account/second-factor/remove", methods=["GET", "POST"])
@access.requires("account.use")
def remove_second_factor() -> ResponseReturnValue:
    """Take it away, after the password once more; whoever must have one is asked for a new one at once."""
    user = access.signed_in_user()
    form = ConfirmForm()
    if form.validate_on_submit() and confirm_password(form, user):
        second_factor.remove(user, user)
        identity.end_sessions(user, but=user.session_key)
        return saved(url_for(".show"), _("Đã bỏ ứng dụng xác thực"))
    return render_template("account/remove_factor.html", form=form), 422 if form.errors else 200
