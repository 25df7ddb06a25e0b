"""What every way of signing in shares: slowing guesses down, and going on to the page that was asked for."""

from typing import Any

from flask import abort, session, url_for
from flask_babel import gettext as _

from app import audit, identity
from models import User, db


def refuse_guessing(username: str) -> None:
    """Answer 429 to an account or address that failed too often; the refusal itself is told to the administrator."""
    if identity.must_wait(username):
        audit.record("sign_in_failed", None, reason="waiting")
        db.session.commit()
        abort(429)


def note_failure(username: str, reason: str) -> None:
    """Count a failure and tell the administrator of it, without the name that was tried."""
    identity.note_failure(username)
    audit.record("sign_in_failed", None, reason=reason)
    db.session.commit()


def confirm_password(form: Any, user: User) -> bool:
    """The password once more: an unattended screen must not change how its owner signs in."""
    refuse_guessing(user.username)
    if identity.check_password(user.username, form.current.data) is None:
        note_failure(user.username, "wrong")
        form.add_error("current", _("Mật khẩu đang dùng không đúng"))
    return not form.errors


def come_in(user: User, *, phone_id: int | None = None) -> str:
    """Begin the session; the address to go on to."""
    target = asked_for()
    identity.sign_in(user, phone_id=phone_id)
    session.pop("after_sign_in", None)
    return url_for("account.password") if user.must_change_password else target


def asked_for() -> str:
    """The page that was asked for before signing in; home when there was none."""
    return inward(session.get("after_sign_in"))


def inward(address: str | None) -> str:
    """An address of ours to go on to; anything else leads home."""
    if address and address.startswith("/") and address.isprintable() and not address.startswith(("//", "/\\")):
        return address
    return url_for("home.index")
