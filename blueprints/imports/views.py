"""Lists in: a file is read, its plan shown, then written as a whole; a written list can be undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.imports import batches, pages, reader, words
from app.imports.undo import undo as undo_batch
from app.paging import page
from app.saving import answered_before, saved
from blueprints.imports.forms import PlanForm, UploadForm
from models import BatchState, ImportBatch

bp = Blueprint("imports", __name__, url_prefix="/imports")


@bp.get("/")
@access.requires("import.run")
def index() -> ResponseReturnValue:
    """Choose a file; the lists read before."""
    form = UploadForm(formdata=None)
    return _index(form, 200)


def _index(form: UploadForm, status: int) -> ResponseReturnValue:
    user = access.signed_in_user()
    form.fill(user)
    listed = page(access.visible_batches(user), ImportBatch, -ImportBatch.id)
    return render_template("imports/index.html", form=form, page=listed, names=words.action_names()), status


@bp.post("/")
@access.requires("import.run")
def upload() -> ResponseReturnValue:
    """Read a file and show what it would do; nothing is written to the register."""
    user = access.signed_in_user()
    form = UploadForm()
    form.fill(user)
    if not form.validate():
        return _index(form, 422)
    content = form.file.data.stream.read()
    try:
        found = batches.look_at(user, content, form.file.data.filename or "?", form.village_name.data)
    except reader.Unreadable as unreadable:
        form.add_error("file", str(unreadable))
        return _index(form, 422)
    again = answered_before()
    if again is not None:
        return again
    batch = batches.keep(user, content, found)
    return saved(url_for(".show", batch_id=batch.id))


@bp.get("/<int:batch_id>")
@access.requires("import.run")
def show(batch_id: int) -> ResponseReturnValue:
    """What a list would do, or did, row by row."""
    user = access.signed_in_user()
    batch = access.get_batch(user, batch_id)
    return render_template("imports/show.html", **_parts(batch))


def _parts(batch: ImportBatch) -> dict[str, Any]:
    user = access.signed_in_user()
    earlier = batches.applied_before(user, batch.sha256) if batch.state is BatchState.READ else None
    return {
        "batch": batch,
        "is_plan": batch.state is BatchState.READ,
        "earlier": batches.told_before(earlier) if earlier else None,
        "names": words.action_names(),
        "field_name": words.field_name,
        "form": PlanForm(formdata=None),
        **pages.rows_shown(user, batch, request.args.get("show"), request.args.get("after", type=int)),
    }


@bp.post("/<int:batch_id>/apply")
@access.requires("import.run")
def apply(batch_id: int) -> ResponseReturnValue:
    """Write the whole list, without the proposals that were not accepted."""
    user = access.signed_in_user()
    batch = access.get_batch(user, batch_id)
    if batch.state is not BatchState.READ or not batch.content:
        return redirect(url_for(".show", batch_id=batch_id), code=303)
    rejected = batches.rejected_in(batch, request.form)
    prepared = batches.prepare(user, batch, rejected)
    again = answered_before()
    if again is not None:
        return again
    batch = access.get_batch(user, batch_id)
    if not batches.write(user, batch, prepared, rejected):
        flash(_("Sổ đã thay đổi từ lúc đọc danh sách. Hãy xem lại rồi ghi."), "warning")
        return saved(url_for(".show", batch_id=batch_id))
    return saved(url_for(".show", batch_id=batch_id), _("Đã ghi danh sách vào sổ."))


@bp.post("/<int:batch_id>/discard")
@access.requires("import.run")
def discard(batch_id: int) -> ResponseReturnValue:
    """Throw away a list that was read and not written."""
    batch = access.get_batch(access.signed_in_user(), batch_id)
    if batch.state is BatchState.READ:
        batches.forget(batch)
        return saved(url_for(".index"), _("Đã bỏ tệp. Sổ không thay đổi."))
    return redirect(url_for(".show", batch_id=batch_id), code=303)


@bp.post("/<int:batch_id>/undo")
@access.requires("import.undo")
def undo(batch_id: int) -> ResponseReturnValue:
    """Take a written list back, but for the rows edited since."""
    user = access.signed_in_user()
    batch = access.get_batch(user, batch_id)
    again = answered_before()
    if again is not None:
        return again
    if batch.state is not BatchState.APPLIED:
        return redirect(url_for(".show", batch_id=batch_id), code=303)
    done, refused = undo_batch(user, batch)
    for one in refused[:20]:
        place = {"sheet": one.row.sheet, "row": one.row.row, "why": one.why}
        flash(_("Trang “%(sheet)s”, dòng %(row)s giữ nguyên: %(why)s", **place), "warning")
    return saved(url_for(".show", batch_id=batch_id), _("Đã hoàn tác %(count)s dòng.", count=done))
