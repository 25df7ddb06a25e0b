"""Lists of one's own: built from conditions and columns, kept, opened, printed, downloaded."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, child_lists, clock, standby
from app.child_filters import ChildFilters
from app.saving import answered_before, saved
from app.workbooks import Variant, making
from blueprints.workbooks.list_forms import ListExportForm, ListForm
from blueprints.workbooks.views import MIME_TYPE, bp
from models import ChildList, User, db


@bp.get("/lists")
@access.requires("child_list.use")
def lists() -> ResponseReturnValue:
    """One's own lists."""
    user = access.signed_in_user()
    found = db.session.scalars(access.visible_child_lists(user)).all()
    return render_template(
        "workbooks/list_index.html", lists=found, told=lambda one: child_lists.told_filters(user, one)
    )


@bp.route("/lists/new", methods=["GET", "POST"])
@access.requires("child_list.use")
def new_list() -> ResponseReturnValue:
    """Build a list."""
    user = access.signed_in_user()
    child_list = ChildList(commune_id=user.commune_id, user_id=user.id)
    child_list.filters = ChildFilters.read(request.args).address()
    return _edit(user, child_list, ListForm())


@bp.route("/lists/<int:list_id>/edit", methods=["GET", "POST"])
@access.requires("child_list.use")
def edit_list(list_id: int) -> ResponseReturnValue:
    """Change a list."""
    user = access.signed_in_user()
    child_list = access.get_child_list(user, list_id)
    return _edit(user, child_list, ListForm(obj=child_list))


def _edit(user: User, child_list: ChildList, form: Any) -> ResponseReturnValue:
    form.fill(user, child_list)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(child_list)
        form.keep_in(child_list)
        db.session.add(child_list)
        db.session.flush()
        return saved(url_for(".show_list", list_id=child_list.id), _("Đã lưu danh sách."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("workbooks/list_edit.html", form=form, child_list=child_list), status


@bp.get("/lists/<int:list_id>")
@access.requires("child_list.use")
@standby.reads
def show_list(list_id: int) -> ResponseReturnValue:
    """The children of a list, its count, and the way to its workbook."""
    user = access.signed_in_user()
    child_list = access.get_child_list(user, list_id)
    columns = child_lists.chosen(user, child_list)
    count = child_lists.count(user, child_list)
    rows = [
        (line.child.id, [child_lists.shown(column.read(line)) for column in columns])
        for line in child_lists.lines(user, child_list)
    ]
    audit.record_read(
        "children_listed",
        user,
        filters=child_lists.filters_of(child_list).address(),
        count=count,
        children=[key for key, _cells in rows],
    )
    told = child_lists.told_filters(user, child_list)
    facts = {"columns": columns, "rows": rows, "count": count, "told": told, "printed_at": clock.now()}
    return render_template("workbooks/list_show.html", child_list=child_list, most=child_lists.SHOWN, **facts)


@bp.route("/lists/<int:list_id>/delete", methods=["POST"])
@access.requires("child_list.use")
def delete_list(list_id: int) -> ResponseReturnValue:
    """Forget a list; the children stay."""
    child_list = access.get_child_list(access.signed_in_user(), list_id)
    again = answered_before()
    if again is not None:
        return again
    db.session.delete(child_list)
    return saved(url_for(".lists"), _("Đã xóa danh sách; hồ sơ trẻ em vẫn còn."))


@bp.route("/lists/<int:list_id>/workbook", methods=["GET", "POST"])
@access.requires("child_list.use")
def download_list(list_id: int) -> ResponseReturnValue:
    """The workbook of a list, by the rules of every other. Sent twice it is made twice and logged twice."""
    user = access.signed_in_user()
    child_list = access.get_child_list(user, list_id)
    form = ListExportForm()
    form.offer_to(user)
    if form.validate_on_submit() and form.is_allowed(user):
        return _file(user, child_list, form)
    db.session.commit()  # a wrong password is remembered
    facts = {"title": child_list.name, "count": child_lists.count(user, child_list)}
    return render_template(
        "workbooks/list_download.html", form=form, child_list=child_list, **facts
    ), 422 if form.errors else 200


def _file(user: User, child_list: ChildList, form: ListExportForm) -> Response:
    is_named = form.variant.data is Variant.NAMED
    asked = child_lists.brief(
        user, child_list, form.variant.data, form.reason.data if is_named else None, form.asked("protocol")
    )
    filters = child_lists.filters_of(child_list).address()
    columns = list(child_list.columns)
    db.session.commit()
    with audit.reading():
        made = standby.ask(lambda: child_lists.make(user, child_list, asked))
        db.session.commit()
    making.note(child_lists.WORKBOOK, asked, made, user, conditions=filters, columns=columns)
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, mimetype=MIME_TYPE, headers=headers)
