"""One entry for many children: choose, enter, confirm, write; the batches written, and taking one back."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from sqlalchemy import Select

from app import access, drafts, register, search, service_batches
from app.child_filters import ChildFilters
from app.forms import shown
from app.paging import page
from app.saving import answered_before, saved
from app.service_batches import MOST, MOST_TICKED, Candidate, Choosing
from blueprints.services.forms import BatchForm, ShortBatchForm
from blueprints.services.views import bp
from models import Child, Service, ServiceBatch, ServiceKind, ServiceOutcome, User, db

#: Names shown of those who are left out, and of those who get it.
MOST_NAMES = 40


@bp.route("/batches/new", methods=["GET", "POST"])
@access.requires("service.add")
def new_batch() -> ResponseReturnValue:
    """The same service for the children of a list: entered, confirmed with who is left out, and written as a whole."""
    user = access.signed_in_user()
    listed = service_batches.listed(user, _children(user))
    if not listed or len(listed) > MOST:
        return _refused(len(listed))
    form = _form(user)
    form.fill(user)
    step = request.form.get("step", "check")
    if step == "edit" or not form.validate_on_submit():
        return _show_form(form, listed), 422 if form.errors else 200
    choosing = _choosing(user, form)
    if step != "save" or request.form.get("fingerprint") != choosing.fingerprint or not choosing.chosen:
        return _confirm(user, form, choosing, is_stale=step == "save")
    again = answered_before()
    if again is not None:
        return again
    batch = service_batches.write(user, form.apply_to, choosing.chosen)
    told = ngettext("Đã ghi dịch vụ cho %(num)d trẻ em.", "Đã ghi dịch vụ cho %(num)d trẻ em.", batch.count)
    return saved(url_for(".batches"), told)


def _children(user: User) -> Select[Child]:
    """The children that the list of children shows at the same address."""
    words = search.kept_search(user, request.args.get("search"))
    return register.children(user, ChildFilters.read(request.args), words)


def _refused(count: int) -> ResponseReturnValue:
    told = _("Không có trẻ em nào trong danh sách.")
    if count:
        told = _("Danh sách có hơn %(most)d trẻ em. Lọc bớt (ví dụ từng thôn) rồi ghi.", most=MOST)
    flash(told, "warning")
    return redirect(url_for("children.index", **ChildFilters.read(request.args).address()), code=303)


def _form(user: User) -> Any:
    """As for one child: the whole form for the officer, the short one for a collaborator."""
    if access.may(user, "case.edit"):
        return BatchForm(data={"kind": ServiceKind.GIFT, "outcome": ServiceOutcome.OPEN})
    return ShortBatchForm(data={"kind": ServiceKind.GIFT})


def _unticked(listed: list[Candidate] | None = None) -> frozenset[int]:
    """Children whose tick was taken away; on the page of confirmation they stand in one field."""
    if "left_out" in request.form:
        found = request.form["left_out"].split(",")
        return frozenset(int(key) for key in found if key.isascii() and key.isdigit() and len(key) < 10)
    if "offered" not in request.form:
        return frozenset()
    ticked = set(request.form.getlist("ticked"))
    return frozenset(one.id for one in listed or [] if str(one.id) not in ticked)


def _choosing(user: User, form: Any) -> Choosing:
    entered = Service()
    form.apply_to(entered)
    children = _children(user)
    unticked = _unticked(service_batches.listed(user, children))
    return service_batches.choosing(user, children, entered, unticked)


def _show_form(form: Any, listed: list[Candidate]) -> str:
    return render_template(
        "services/batch.html",
        form=form,
        listed=listed,
        unticked=_unticked(listed),
        may_tick=len(listed) <= MOST_TICKED,
        most_ticked=MOST_TICKED,
        back=url_for("children.index", search=request.args.get("search"), **ChildFilters.read(request.args).address()),
    )


def _confirm(user: User, form: Any, choosing: Choosing, *, is_stale: bool) -> ResponseReturnValue:
    entered = [(field.name, value) for field in form for value in request.form.getlist(field.name)]
    names = {village.id: village.name for village in db.session.scalars(access.visible_villages(user))}
    service = Service()
    form.apply_to(service)
    return render_template(
        "services/confirm_batch.html",
        form=form,
        service=service,
        provider=shown(form["provider_id"], service.provider_id) if "provider_id" in form else None,
        choosing=choosing,
        entered=[pair for pair in entered if pair[0] not in drafts.NOT_TYPED],
        unticked=",".join(str(key) for key in sorted(_unticked(service_batches.listed(user, _children(user))))),
        villages=[(names.get(key, ""), count) for key, count in choosing.by_village.most_common()],
        is_stale=is_stale,
        most_names=MOST_NAMES,
    )


@bp.get("/batches")
@access.requires("service.add")
def batches() -> ResponseReturnValue:
    """What was given to many at once, the latest first."""
    user = access.signed_in_user()
    return render_template(
        "services/batches.html",
        page=page(access.visible_service_batches(user), ServiceBatch, -ServiceBatch.id),
        may_undo=lambda batch: service_batches.may_undo(user, batch),
    )


@bp.post("/batches/<int:service_batch_id>/undo")
@access.requires("service.add")
def undo_batch(service_batch_id: int) -> ResponseReturnValue:
    """Take back what a batch wrote, but for services that somebody has changed since."""
    user = access.signed_in_user()
    batch = access.get_service_batch(user, service_batch_id)
    if not access.may(user, "case.edit") and batch.made_by_id != user.id:
        abort(404)
    again = answered_before()
    if again is not None:
        return again
    if batch.undone_at is not None:
        flash(_("Đợt này đã hoàn tác rồi."), "warning")
        return redirect(url_for(".batches"), code=303)
    gone, kept = service_batches.undo(user, batch)
    told = ngettext("Đã xóa %(num)d dịch vụ của đợt.", "Đã xóa %(num)d dịch vụ của đợt.", gone)
    if kept:
        told += " " + ngettext(
            "Giữ lại %(num)d dịch vụ vì đã được sửa sau khi ghi.",
            "Giữ lại %(num)d dịch vụ vì đã được sửa sau khi ghi.",
            kept,
        )
    return saved(url_for(".batches"), told)
