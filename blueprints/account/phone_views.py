"""A collaborator's phone: enrolled with the officer's code, opened with its PIN."""

from flask import abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, phones
from blueprints.account import bp
from blueprints.account.arriving import asked_for, note_failure, refuse_guessing
from blueprints.account.forms import EnrolForm, PinForm
from models import db

#: Under this name wrong codes are counted, as wrong passwords are under a user's.
_ATTEMPTS = "phone code"


@bp.route("/phone", methods=["GET", "POST"])
@access.public
def enrol_phone() -> ResponseReturnValue:
    """The officer's code and a PIN of one's own choice."""
    form = EnrolForm()
    if form.validate_on_submit():
        refuse_guessing(_ATTEMPTS)
        if phones.pin_is_weak(form.pin.data):
            form.add_error("pin", _("Chọn 6 chữ số khó đoán, không phải dãy liền nhau hay lặp lại"))
        elif phones.enrol(form.code.data, form.pin.data) is None:
            note_failure(_ATTEMPTS, "phone_code")
            form.add_error("code", _("Mã không đúng hoặc đã hết hạn. Nhờ công chức tạo mã khác."))
        else:
            db.session.commit()
            return redirect(url_for("home.index"), code=303)
    return render_template("account/enrol_phone.html", form=form), 422 if form.errors else 200


@bp.route("/sign-in/pin", methods=["GET", "POST"])
@access.public
def pin() -> ResponseReturnValue:
    """Open an enrolled phone."""
    phone = phones.this_phone()
    if phone is None:
        return redirect(url_for(".sign_in", password=1), code=303)
    form = PinForm()
    if form.validate_on_submit():
        target = asked_for()
        is_right = phones.open_with(phone, form.pin.data)
        db.session.commit()
        if is_right:
            session.pop("after_sign_in", None)
            return redirect(target, code=303)
        if phone.ended_at is not None:
            abort(429)
        form.add_error("pin", _("Mã PIN không đúng. Sai 5 lần liền thì phải đăng ký lại điện thoại."))
    return render_template("account/pin.html", form=form), 422 if form.errors else 200
