"""Two records side by side: made one, told apart, taken apart again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, merging, templating
from app.forms import BaseForm
from app.saving import answered_before, saved
from blueprints.duplicates.views import bp
from models import Child, Choice, db

#: Fields that hold a key, and what stands for it in words.
_NAMES = {"village_id": lambda child: child.village.name}


def _shown(name: str, child: Child) -> str:
    """A field of a child in words."""
    if name == "born_on":
        return templating.birth(child.birth)
    if name == "household_id":
        return child.household.head_name if child.household else "–"
    value = _NAMES[name](child) if name in _NAMES else getattr(child, name)
    return str(value.label if isinstance(value, Choice) else value) if value not in (None, "") else "–"


def _pair(child_id: int, other_id: int) -> tuple[Child, Child]:
    """(kept, gone), both in scope."""
    user = access.signed_in_user()
    return merging.ordered(access.get_child(user, child_id), access.get_child(user, other_id))


@bp.route("/<int:child_id>/with/<int:other_id>", methods=["GET", "POST"])
@access.requires("child.merge")
def compare(child_id: int, other_id: int) -> ResponseReturnValue:
    """Two records side by side; choose field by field and make them one."""
    user = access.signed_in_user()
    kept, gone = _pair(child_id, other_id)
    if kept.id == gone.id:
        return redirect(url_for("children.show", child_id=kept.id), code=303)
    choices = merging.choices(kept, gone, _shown)
    form = BaseForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        refusal = merging.refusal(kept, gone)
        if refusal is None and request.form.get("versions") == _versions(kept, gone):
            taken = {one.name: request.form.get(one.name) == "gone" for one in choices}
            done = merging.merge(user, kept, gone, taken)
            audit.record("children_merged", user, kept, count=len(done.effects["moved"]))
            return saved(url_for("children.show", child_id=kept.id), _("Đã gộp hai hồ sơ thành một."))
        flash(refusal or _("Một trong hai hồ sơ vừa được sửa. Xem lại rồi gộp."), "warning")
    return _compare_page(kept, gone, choices, form)


def _versions(kept: Child, gone: Child) -> str:
    return f"{kept.version}-{gone.version}"


def _compare_page(kept: Child, gone: Child, choices: list[merging.Choice], form: Any) -> ResponseReturnValue:
    audit.record_read("child_read", access.signed_in_user(), kept)
    audit.record_read("child_read", access.signed_in_user(), gone)
    stale = request.method == "POST"
    return render_template(
        "duplicates/compare.html", kept=kept, gone=gone, choices=choices, form=form, versions=_versions(kept, gone)
    ), 409 if stale else 200


@bp.post("/<int:child_id>/with/<int:other_id>/apart")
@access.requires("child.merge")
def tell_apart(child_id: int, other_id: int) -> ResponseReturnValue:
    """Say that two children are not the same; the pair is not shown again."""
    user = access.signed_in_user()
    kept, gone = _pair(child_id, other_id)
    again = answered_before()
    if again is not None:
        return again
    if kept.id != gone.id:
        merging.tell_apart(user, kept, gone)
    return saved(url_for(".index"), _("Đã nhớ: đây là hai trẻ khác nhau."))


@bp.get("/merges")
@access.requires("child.merge")
def merges() -> ResponseReturnValue:
    """The merges of the commune, latest first."""
    return render_template("duplicates/merges.html", merges=merging.list_merges(access.signed_in_user()))


@bp.post("/merges/<int:merge_id>/undo")
@access.requires("child.merge")
def undo(merge_id: int) -> ResponseReturnValue:
    """Take a merge back; what was edited since stays, and is told."""
    user = access.signed_in_user()
    done = access.get_merge(user, merge_id)
    again = answered_before()
    if again is not None:
        return again
    if done.undone_at is not None:
        return saved(url_for(".merges"), _("Lần gộp này đã được tách ra rồi."))
    refused = merging.undo(user, done)
    audit.record("children_unmerged", user, done.kept, count=len(refused))
    for sentence in refused:
        flash(sentence, "warning")
    db.session.flush()
    return saved(url_for(".merges"), _("Đã tách lại thành hai hồ sơ."))
