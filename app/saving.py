"""Saving once: the same form sent twice makes one record and leads to it; a view commits once, last."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Flask, Response as Answer, abort, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import audit, clock, drafts
from app.access import signed_in_user
from models import Base, Counter, SubmittedForm, db, transaction_mode

#: Characters of a key; one of ours has 22.
_LONGEST_KEY = 100


def init_app(app: Flask) -> None:
    """Begin writing requests with the write lock, and answer a form that was already sent."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    g.transaction_token = transaction_mode.set("IMMEDIATE")


def answer_again(app: Flask) -> None:
    """Lead a form that was saved before to where it led, ahead of its page: that would find the record changed by it."""
    app.before_request(_lead_there_again)
    app.after_request(_tell_other_content)


def _key() -> str:
    """The key of the form that was sent, if it has one. No form of ours bears one that cannot be written down."""
    key = request.form.get("form_key", "") if request.method == "POST" else ""
    if len(key) > _LONGEST_KEY or not key.isprintable():
        abort(400)
    return key


def _lead_there_again() -> ResponseReturnValue | None:
    """The same form of the same person with the same content. With another content the page itself tells what differs."""
    key = _key()
    if not key or not current_user.is_authenticated:
        return None
    if db.session.get_bind().dialect.name == "postgresql":  # of copies sent at once the others wait here, as on SQLite
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    found = db.session.get(SubmittedForm, key)
    if found is None:
        return None
    if found.user_id != signed_in_user().id or found.body_hash != _body_hash():
        g.has_other_content = True
        return None
    return redirect(found.location, code=303)


def _tell_other_content(response: Answer) -> Answer:
    """A page that is gone, or passed by, because of what was saved under this key would not tell that this was not."""
    if g.pop("has_other_content", False) and response.status_code in (303, 404):
        from app.errors import conflict_page

        return current_app.make_response(conflict_page())
    return response


def look_again() -> None:
    """After work during which others could save: a copy of this form may have come in. Then it is led on at once."""
    again = _lead_there_again()
    if again is not None:
        abort(again)  # type: ignore[arg-type]


def _end(_error: BaseException | None) -> None:
    token = g.pop("transaction_token", None)
    if token is not None:
        transaction_mode.reset(token)


def answered_before() -> ResponseReturnValue | None:
    """For a form with a key: where it led the first time, or None after noting the key in this transaction.

    The key is written before anything else, so of five copies sent at once four wait
    for the first and then find its answer. Same key with another content: 409.
    """
    key = _key()
    if not key:
        return None
    found = db.session.get(SubmittedForm, key)
    if found is None:
        found = _note(key)
    if found is None:
        return None
    if found.body_hash != _body_hash() or found.user_id != signed_in_user().id:
        from app.errors import conflict_page

        return conflict_page()
    return redirect(found.location, code=303)


def _note(key: str) -> SubmittedForm | None:
    form = SubmittedForm(
        key=key, user_id=signed_in_user().id, at=clock.now(), body_hash=_body_hash(), location=request.path
    )
    try:
        with db.session.begin_nested():
            db.session.add(form)
    except IntegrityError:  # PostgreSQL: the other copy committed while we waited
        db.session.rollback()
        return db.session.get(SubmittedForm, key)
    g.submitted_form = form
    return None


def _body_hash() -> str:
    digest = hashlib.sha256(request.path.encode())
    for name in sorted(set(request.form) - drafts.NOT_TYPED):
        for value in request.form.getlist(name):
            digest.update(f"\0{name}\0{value}".encode())
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            file.stream.seek(0)  # the page may have read it already
            digest.update(hashlib.sha256(file.stream.read()).digest())
            file.stream.seek(0)
    return digest.hexdigest()


def saved(location: str, message: Any = None, undo: str | None = None) -> Response:
    """Commit, say so, and lead on. Every view that writes ends here. `undo`: where a button beside the message takes it back."""
    form = g.pop("submitted_form", None)
    if form is not None:
        form.location = location
        drafts.forget(signed_in_user().id, drafts.page_of(request.full_path))
    db.session.commit()
    if message is not None and undo is not None:
        flash([str(message), undo], "undo")  # type: ignore[arg-type]
    elif message is not None:
        flash(str(message), "success")
    return redirect(location, code=303)


def saved_setting(record: Base, form: Any, what: str, location: str) -> ResponseReturnValue | None:
    """Save one line of a list of settings, new or known, whose form came in right; None while the form is to be shown.

    `what` names the list in the trail.
    """
    if not form.validate_on_submit():
        return None
    again = answered_before()
    if again is not None:
        return again
    form.apply_to(record)
    db.session.add(record)
    db.session.flush()
    audit.record("setting_changed", signed_in_user(), record, what=what)
    return saved(location, _("Đã lưu."))


def done_alone(change: Callable[[], None]) -> bool:
    """Make a change; False, with the whole transaction undone, when a unique constraint shows that another came first."""
    try:
        change()
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def next_number(commune_id: int, name: str) -> int:
    """The next number of a series of a commune, never given twice even to 16 writers at once."""
    dialect = db.engine.dialect.name
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    statement = (
        insert(Counter)
        .values(commune_id=commune_id, name=name, last=1)
        .on_conflict_do_update(index_elements=["commune_id", "name"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    number: int = db.session.execute(statement).scalar_one()
    return number


def case_number(commune_id: int) -> str:
    """A case number: VV-2026-0001, by the Viet Nam year."""
    year = clock.today().year
    return f"VV-{year}-{next_number(commune_id, f'case-{year}'):04d}"


def child_code(commune_id: int) -> str:
    """A child's code in coded lists: TE-000001. Says nothing about the child."""
    return f"TE-{next_number(commune_id, 'child'):06d}"
