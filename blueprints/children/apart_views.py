"""HIV/AIDS and sexual abuse of one child, on a page of their own; each opening is recorded."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, read_apart
from app.forms import record_form
from app.saving import answered_before, saved
from blueprints.children.forms import kind_label
from blueprints.children.views import bp
from models import Child, ChildLook, User

ReasonForm: Any = record_form(ChildLook, "reason")


@bp.get("/<int:child_id>/read-apart", endpoint="read_apart")
@access.requires("child.read_apart")
def show_apart(child_id: int) -> ResponseReturnValue:
    """What is told of no other page; a leader is asked for her reason first."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    if not read_apart.may_read(user, child):
        return _ask(child, ReasonForm())
    audit.record_read("read_apart", user, child)
    return _show(user, child)


def _show(user: User, child: Child) -> ResponseReturnValue:
    found = read_apart.of_child(user, child)
    return render_template("children/read_apart.html", child=child, found=found, kind_label=kind_label)


def _ask(child: Child, form: Any) -> ResponseReturnValue:
    return render_template("children/ask_reason.html", child=child, form=form), 422 if form.errors else 200


@bp.post("/<int:child_id>/read-apart", endpoint="look_apart")
@access.requires("child.read_apart")
def look_apart(child_id: int) -> ResponseReturnValue:
    """Give a reason, and read for three hours."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _ask(child, form)
    again = answered_before()
    if again is not None:
        return again
    read_apart.look(user, child, form["reason"].data)
    audit.record("read_apart_asked", user, child, hours=read_apart.LOOK_HOURS)
    return saved(url_for(".read_apart", child_id=child.id), _("Bạn xem được trong 3 giờ. Lý do được ghi lại."))
