"""The people of the commune: add, change, disable, give a new password."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, identity, people, phones, second_factor
from app.saving import answered_before, saved
from blueprints.admin import bp
from blueprints.admin.forms import NewPersonForm, PersonForm
from models import User, clean, db


@bp.get("/people")
@access.requires("user.edit")
def users() -> ResponseReturnValue:
    """Everybody of the commune who signs in."""
    user = access.signed_in_user()
    found = sorted(
        db.session.scalars(access.visible_users(user)).unique(),
        key=lambda person: clean.name_sort_key(person.full_name),
    )
    return render_template("admin/people.html", people=found, may_change=people.may_change, giver=user)


@bp.route("/people/new", methods=["GET", "POST"])
@access.requires("user.edit")
def new_user() -> ResponseReturnValue:
    """Add somebody; a one-time password is shown once."""
    giver = access.signed_in_user()
    form = NewPersonForm()
    form.fill(giver, None)
    if form.validate_on_submit() and form.check(giver, None):
        again = answered_before()
        if again is not None:
            return again
        held = [
            village
            for village in db.session.scalars(access.visible_villages(giver))
            if village.id in form.villages.data
        ]
        user = people.add(
            giver, giver.commune, form.username.data, form.full_name.data, form.roles.data, held, phone=form.phone.data
        )
        return _show_password(user, people.reset_password(giver, user))
    return render_template("admin/person.html", form=form, user=None, may_disable=False), 422 if form.errors else 200


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@access.requires("user.edit")
def user(user_id: int) -> ResponseReturnValue:
    """Change somebody's name, roles or villages; other roles end her sessions."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    form = PersonForm(obj=record)
    form.fill(giver, record)
    if form.validate_on_submit() and form.check(giver, record):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        people.change(giver, record, form.roles.data, form.villages.data)
        return saved(url_for(".users"), _("Đã lưu"))
    may_disable = record.id != giver.id and not people.is_last_administrator(record)
    return render_template(
        "admin/person.html",
        form=form,
        user=record,
        may_disable=may_disable,
        may_enrol=phones.may_enrol(record),
        phones=db.session.scalars(phones.of(record)).all(),
        has_app=second_factor.is_asked_of(record),
    ), (409 if form.conflicts else 422 if form.errors else 200)


@bp.post("/people/<int:user_id>/password")
@access.requires("user.edit")
def reset_password(user_id: int) -> ResponseReturnValue:
    """A new one-time password, shown once."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    return _show_password(record, people.reset_password(giver, record))


@bp.post("/people/<int:user_id>/disable")
@access.requires("user.edit")
def disable(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in no longer."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    if record.id == giver.id or people.is_last_administrator(record):
        flash(
            _("Không khóa được tài khoản của chính mình, hay người quản trị cuối cùng không kiêm công chức"), "warning"
        )
        return redirect(url_for(".user", user_id=record.id), code=303)
    people.set_enabled(giver, record, enabled=False)
    return saved(url_for(".users"), _("Đã khóa tài khoản. Mọi thiết bị của người này đã được đăng xuất."))


@bp.post("/people/<int:user_id>/enable")
@access.requires("user.edit")
def enable(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    people.set_enabled(giver, record, enabled=True)
    return saved(url_for(".users"), _("Đã mở lại tài khoản"))


@bp.post("/people/<int:user_id>/phone-code")
@access.requires("user.edit")
def phone_code(user_id: int) -> ResponseReturnValue:
    """A code to enrol a collaborator's phone with, shown once."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    if not phones.may_enrol(record):
        flash(_("Chỉ đăng ký điện thoại cho cộng tác viên đang hoạt động"), "warning")
        return redirect(url_for(".user", user_id=record.id), code=303)
    code = phones.new_code(giver, record)
    saved(url_for(".user", user_id=record.id))
    address = url_for("account.enrol_phone", _external=True)
    return render_template(
        "admin/phone_code.html", user=record, code=code, address=address, minutes=phones.CODE_MINUTES
    )


@bp.post("/people/<int:user_id>/phones/end")
@access.requires("user.edit")
def end_phones(user_id: int) -> ResponseReturnValue:
    """A phone was lost: no PIN opens it any more."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    phones.end_all(giver, record)
    return saved(url_for(".user", user_id=record.id), _("Đã thu hồi điện thoại; mã PIN không mở được nữa"))


@bp.post("/people/<int:user_id>/second-factor/remove")
@access.requires("user.edit")
def remove_second_factor(user_id: int) -> ResponseReturnValue:
    """For somebody who lost both app and recovery codes: signed out everywhere, she sets up a new one."""
    giver = access.signed_in_user()
    record = _changeable(giver, user_id)
    again = answered_before()
    if again is not None:
        return again
    second_factor.remove(giver, record)
    identity.end_sessions(record)
    return saved(url_for(".user", user_id=record.id), _("Đã bỏ ứng dụng xác thực của người này"))


def _changeable(giver: User, user_id: int) -> User:
    """Somebody of the commune; an administrator only for administrators."""
    record = access.get_user(giver, user_id)
    if not people.may_change(giver, record):
        abort(403)
    return record


def _show_password(user: User, password: str) -> ResponseReturnValue:
    """Commit, and show the password on this answer only: it stands in no address, cookie or log."""
    saved(url_for(".users"))
    return render_template("admin/password.html", user=user, password=password)
