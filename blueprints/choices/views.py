"""What somebody chose for the main lists: filters kept under a name, and columns."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, list_choices
from app.saving import answered_before, saved
from blueprints.choices.forms import ColumnsForm, FilterForm
from models import SavedFilter, db

bp = Blueprint("choices", __name__, url_prefix="/my-lists")


def _list_code() -> str:
    """The list the address names; the children's where it names none."""
    code = request.args.get("list", list_choices.CHILDREN)
    if code not in list_choices.LISTS:
        abort(404)
    return code


def _address(list_code: str, filters: dict[str, Any]) -> str:
    return url_for(list_choices.LISTS[list_code][1], **filters)


@bp.route("/filters/new", methods=["GET", "POST"])
@access.requires("child.list")
def keep_filter() -> ResponseReturnValue:
    """Give the filter of the address a name and keep it."""
    user, code = access.signed_in_user(), _list_code()
    kept = SavedFilter(commune_id=user.commune_id, user_id=user.id, list_code=code)
    kept.filters = list_choices.read(code, request.args)
    return _edit(kept)


@bp.route("/filters/<int:filter_id>/edit", methods=["GET", "POST"])
@access.requires("child.list")
def rename_filter(filter_id: int) -> ResponseReturnValue:
    """Call a filter something else."""
    return _edit(_own_filter(filter_id))


def _own_filter(filter_id: int) -> SavedFilter:
    return list_choices.find_filter(access.signed_in_user(), filter_id) or abort(404)


def _edit(kept: SavedFilter) -> ResponseReturnValue:
    form = FilterForm(obj=kept)
    address = _address(kept.list_code, kept.filters)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        kept.name = form.name.data
        db.session.add(kept)
        return saved(address, _("Đã lưu bộ lọc “%(name)s”.", name=kept.name))
    facts = {"form": form, "kept": kept, "address": address, "list_name": list_choices.LISTS[kept.list_code][0]}
    return render_template("choices/rename_filter.html", **facts), 422 if form.errors else 200


@bp.post("/filters/<int:filter_id>/delete")
@access.requires("child.list")
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Forget a filter; no question asked, one button takes it back."""
    kept = _own_filter(filter_id)
    again = answered_before()
    if again is not None:
        return again
    list_choices.remove_filter(access.signed_in_user(), kept)
    back = url_for(".restore_filter", filter_id=kept.id)
    return saved(_address(kept.list_code, kept.filters), _("Đã xóa bộ lọc; hồ sơ vẫn còn."), undo=back)


@bp.post("/filters/<int:filter_id>/restore")
@access.requires("child.list")
def restore_filter(filter_id: int) -> ResponseReturnValue:
    """Take back a filter that was deleted."""
    kept = list_choices.find_filter(access.signed_in_user(), filter_id, removed=True) or abort(404)
    again = answered_before()
    if again is not None:
        return again
    kept.removed_at = None
    return saved(_address(kept.list_code, kept.filters), _("Đã lấy lại bộ lọc “%(name)s”.", name=kept.name))


@bp.route("/columns", methods=["GET", "POST"])
@access.requires("child_list.use")
def columns() -> ResponseReturnValue:
    """Tick the columns a list shows."""
    user, code = access.signed_in_user(), _list_code()
    form = ColumnsForm()
    form.fill(user, code)
    address = _address(code, list_choices.read(code, request.args))
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        known = list_choices.offered(user, code)
        list_choices.choose(user, code, [one for one in known if one in form.columns.data])
        return saved(address, _("Đã lưu các cột."))
    facts = {"form": form, "address": address, "list_name": list_choices.LISTS[code][0]}
    return render_template("choices/columns.html", **facts), 422 if form.errors else 200
