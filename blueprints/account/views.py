"""Signing in and out, one's own password and language."""

from calendar import Calendar

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import exists, select

from app import access, audit, clock, identity, passwords, phones, second_factor
from app.messages import password_told
from app.saving import saved
from blueprints.account import bp, passkey_views, phone_views, second_views
from blueprints.account.arriving import come_in, note_failure, refuse_guessing
from blueprints.account.forms import PasswordForm, PreferencesForm, SignInForm
from models import Language, User, db

__all__ = ["bp", "passkey_views", "phone_views", "second_views"]


@bp.route("/sign-in", methods=["GET", "POST"])
@access.public
def sign_in() -> ResponseReturnValue:
    """Name and password; the answer to a wrong pair tells nothing about which accounts exist."""
    if not db.session.scalar(select(exists().where(User.id.is_not(None)))):
        return redirect(url_for("setup.index"))
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    form = SignInForm()
    if form.validate_on_submit():
        refuse_guessing(form.username.data)
        user = identity.check_password(form.username.data, form.password.data)
        if user is not None and second_factor.is_asked_of(user):
            identity.ask_second_factor(user)
            db.session.commit()
            return redirect(url_for(".second_step"), code=303)
        if user is not None:
            target = come_in(user)
            db.session.commit()
            return redirect(target, code=303)
        note_failure(form.username.data, "wrong")
        form.add_error("username", _("Tên đăng nhập hoặc mật khẩu không đúng"))
    elif request.method == "GET" and "password" not in request.args and phones.this_phone() is not None:
        return redirect(url_for(".pin"))
    return render_template("account/sign_in.html", form=form), 422 if form.errors else 200


@bp.post("/sign-out")
@access.requires("account.use")
def sign_out() -> ResponseReturnValue:
    """End this device's session."""
    identity.sign_out()
    db.session.commit()
    return redirect(url_for("account.sign_in"), code=303)


@bp.post("/leave")
@access.public
def leave() -> ResponseReturnValue:
    """Away at once: the session ends and a page that tells nothing takes its place. Works whoever is signed in or not."""
    if current_user.is_authenticated:
        identity.sign_out()
        db.session.commit()
    return redirect(url_for(".calendar"), code=303)


@bp.get("/calendar")
@access.public
def calendar() -> ResponseReturnValue:
    """The month's calendar, with no word of what this program is."""
    today = clock.today()
    return render_template(
        "account/calendar.html", today=today, weeks=Calendar().monthdatescalendar(today.year, today.month)
    )


@bp.route("/account", methods=["GET", "POST"])
@access.requires("account.use")
def show() -> ResponseReturnValue:
    """One's own account; choose the language, and light or dark."""
    user = access.signed_in_user()
    form = PreferencesForm(obj=user, data={"theme": identity.theme()})
    if form.validate_on_submit():
        user.language = form.language.data
        identity.remember_theme(form.theme.data)
        return saved(url_for(".show"), _("Đã lưu"))
    return (
        render_template(
            "account/show.html",
            form=form,
            user=user,
            sessions=identity.open_sessions(user),
            is_here=identity.is_this_session,
            has_app=second_factor.is_asked_of(user),
            days_left=second_factor.days_left(user),
        ),
        422 if form.errors else 200,
    )


@bp.post("/account/devices/end")
@access.requires("account.use")
def end_device() -> ResponseReturnValue:
    """Sign one of one's own devices out; anything else is answered alike and ends nothing."""
    identity.end_session(access.signed_in_user(), request.form.get("device", ""))
    return saved(url_for(".show"), _("Đã đăng xuất thiết bị đó"))


@bp.post("/account/devices/end-all")
@access.requires("account.use")
def end_devices() -> ResponseReturnValue:
    """Sign all other devices out."""
    user = access.signed_in_user()
    identity.end_sessions(user, but=user.session_key)
    audit.record("device_signed_out", user)
    return saved(url_for(".show"), _("Đã đăng xuất mọi thiết bị khác"))


@bp.route("/account/password", methods=["GET", "POST"])
@access.requires("account.use")
def password() -> ResponseReturnValue:
    """A new password; other devices are signed out."""
    user = access.signed_in_user()
    form = PasswordForm()
    if form.validate_on_submit() and _accepts(form, user):
        user.password_hash = identity.hash_password(form.password.data)
        user.must_change_password = False
        user.password_ends_at = None
        identity.end_sessions(user, but=user.session_key)
        audit.record("password_changed", user)
        return saved(url_for("home.index"), _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."))
    return render_template("account/password.html", form=form, user=user), 422 if form.errors else 200


def _accepts(form: PasswordForm, user: User) -> bool:
    if identity.check_password(user.username, form.current.data) is None:
        form.add_error("current", _("Mật khẩu đang dùng không đúng"))
    if form.password.data == form.current.data:
        form.add_error("password", _("Mật khẩu mới phải khác mật khẩu đang dùng"))
    problem = passwords.problem_of(form.password.data, user)
    if problem:
        form.add_error("password", password_told(problem))
    return not form.errors


@bp.post("/language")
@access.public
def language() -> ResponseReturnValue:
    """Choose the language before signing in."""
    chosen = request.form.get("language")
    if chosen in {language.value for language in Language}:
        session["language"] = chosen
    else:
        flash(_("Chọn một ngôn ngữ trong danh sách"), "warning")
    return redirect(url_for(".sign_in"), code=303)
