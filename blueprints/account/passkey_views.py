"""Passkeys: added on one's account, used on the sign-in page. The browser's part is app/static/js/modules/passkey.js."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, passkeys, whole_numbers
from app.saving import saved
from blueprints.account import bp
from blueprints.account.arriving import come_in, confirm_password, note_failure, refuse_guessing
from blueprints.account.forms import ConfirmForm
from models import db

#: Under this name refused answers are counted, as wrong passwords are under a user's.
_ATTEMPTS = "passkey"


@bp.post("/sign-in/passkey/offer")
@access.public
def passkey_offer() -> ResponseReturnValue:
    """A challenge for whatever passkey the browser holds."""
    return passkeys.offer_to_sign_in(), 200, {"Content-Type": "application/json"}


@bp.post("/sign-in/passkey")
@access.public
def passkey_sign_in() -> ResponseReturnValue:
    """The signed challenge opens the account of the passkey's owner; no second factor is asked beside it."""
    refuse_guessing(_ATTEMPTS)
    user = passkeys.owner(request.form.get("answer", ""))
    if user is None:
        note_failure(_ATTEMPTS, "passkey")
        flash(_("Khóa thiết bị không được nhận. Đăng nhập bằng mật khẩu."), "warning")
        return redirect(url_for(".sign_in", password=1), code=303)
    target = come_in(user)
    db.session.commit()
    return redirect(target, code=303)


@bp.route("/account/passkeys", methods=["GET", "POST"])
@access.requires("account.use")
def own_passkeys() -> ResponseReturnValue:
    """One's passkeys; a new one after the password once more. A POST gives the browser what it needs to make it."""
    user = access.signed_in_user()
    form = ConfirmForm()
    if form.validate_on_submit() and confirm_password(form, user):
        offer = passkeys.offer_to_add(user)
        return render_template("account/add_passkey.html", offer=offer)
    found = db.session.scalars(passkeys.of(user)).unique().all()
    return render_template("account/passkeys.html", form=form, passkeys=found), 422 if form.errors else 200


@bp.post("/account/passkeys/add")
@access.requires("account.use")
def add_passkey() -> ResponseReturnValue:
    """The public half of a new passkey."""
    if passkeys.add(access.signed_in_user(), request.form.get("answer", "")):
        return saved(url_for(".own_passkeys"), _("Đã thêm khóa thiết bị"))
    flash(_("Chưa thêm được khóa thiết bị. Thử lại, hoặc dùng ứng dụng xác thực."), "warning")
    return redirect(url_for(".own_passkeys"), code=303)


@bp.post("/account/passkeys/remove")
@access.requires("account.use")
def remove_passkey() -> ResponseReturnValue:
    """Take one of one's own passkeys away."""
    passkeys.remove(access.signed_in_user(), request.form.get("passkey", type=whole_numbers.key))
    return saved(url_for(".own_passkeys"), _("Đã bỏ khóa thiết bị"))
