"""Lists in: a file is read, its plan shown, then written as a whole; a written list can be undone."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, jobs, whole_numbers
from app.imports import background, batches, mapping, pages, problems, reader, words
from app.imports.decisions import Decisions
from app.imports.undo import undo as undo_batch
from app.paging import page
from app.saving import answered_before, saved
from blueprints.imports.forms import PlanForm, UploadForm
from models import BatchState, ImportBatch, db

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
        decisions = Decisions(village=form.village_name.data, source=form.source.data)
        found = batches.look_at(user, content, form.file.data.filename or "?", decisions)
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
        **pages.rows_shown(user, batch, request.args.get("show"), request.args.get("after", type=whole_numbers.key)),
    }


@bp.post("/<int:batch_id>/apply")
@access.requires("import.run")
def apply(batch_id: int) -> ResponseReturnValue:
    """Write the whole list, without the proposals that were not accepted; a big one in the background."""
    user = access.signed_in_user()
    batch = access.get_batch(user, batch_id)
    if batch.state is not BatchState.READ or not batch.content:
        return redirect(url_for(".show", batch_id=batch_id), code=303)
    before = batches.decisions_of(batch)
    decisions = before.with_form(request.form)
    if decisions.chosen != before.chosen:
        return _look_again(batch_id, decisions, _("Đã ghi nhận lựa chọn của bạn. Hãy xem lại rồi ghi."))
    prepared = None if background.is_big(batch) else batches.look_again(user, batch, decisions)
    again = answered_before()
    if again is not None:
        return again
    batch = access.get_batch(user, batch_id)
    if prepared is None:
        batches.keep_decisions(batch, decisions)
        return saved(jobs.address(jobs.enqueue(user, background.KIND, batch, batch=batch.id)))
    if not batches.write(user, batch, prepared):
        flash(_("Sổ đã thay đổi từ lúc đọc danh sách. Hãy xem lại rồi ghi."), "warning")
        return saved(url_for(".show", batch_id=batch_id))
    return saved(url_for(".show", batch_id=batch_id), _("Đã ghi danh sách vào sổ."))


def _look_again(
    batch_id: int, decisions: Decisions, message: str, headings: dict[str, str] | None = None
) -> ResponseReturnValue:
    """Make the plan anew after what a person decided, keep it and show it."""
    user = access.signed_in_user()
    found = batches.look_again(user, access.get_batch(user, batch_id), decisions)
    again = answered_before()
    if again is not None:
        return again
    batches.keep_plan(access.get_batch(user, batch_id), found.plan, decisions)
    mapping.remember(user, headings or {})
    return saved(url_for(".show", batch_id=batch_id), message)


@bp.get("/<int:batch_id>/columns")
@access.requires("import.run")
def columns(batch_id: int) -> ResponseReturnValue:
    """What each column of a list was taken for, to be corrected."""
    return _columns(access.get_batch(access.signed_in_user(), batch_id), None)


def _columns(batch: ImportBatch, problem: str | None) -> ResponseReturnValue:
    if batch.state is not BatchState.READ:
        return redirect(url_for(".show", batch_id=batch.id), code=303)
    names = [village.name for village in db.session.scalars(access.visible_villages(access.signed_in_user())).unique()]
    facts = {"sheets": mapping.shown(batch), "meanings": mapping.meanings(), "villages": names}
    erases = batches.decisions_of(batch).erases
    page = render_template(
        "imports/columns.html", batch=batch, form=PlanForm(formdata=None), erases=erases, problem=problem, **facts
    )
    return page, 422 if problem else 200


@bp.post("/<int:batch_id>/columns")
@access.requires("import.run")
def correct_columns(batch_id: int) -> ResponseReturnValue:
    """Read the list again with the columns as a person says; headings she corrected are remembered for the commune."""
    batch = access.get_batch(access.signed_in_user(), batch_id)
    if batch.state is not BatchState.READ or not batch.content:
        return redirect(url_for(".show", batch_id=batch_id), code=303)
    decisions, changed = mapping.corrected(batch, batches.decisions_of(batch), request.form)
    try:
        return _look_again(batch_id, decisions, _("Đã đọc lại danh sách theo các cột bạn chọn."), changed)
    except reader.Unreadable:
        problem = _("Phải có một cột là họ và tên của trẻ.")
        return _columns(access.get_batch(access.signed_in_user(), batch_id), problem)


@bp.get("/<int:batch_id>/problem-rows")
@access.requires("import.run")
def problem_rows(batch_id: int) -> ResponseReturnValue:
    """The rows that cannot be written as a workbook, each with the reason; to be mended and sent again."""
    user = access.signed_in_user()
    batch = access.get_batch(user, batch_id)
    rows = problems.problem_rows(batch)
    if not rows:
        abort(404)
    audit.record_read("import_problems_taken", user, batch, count=len(rows))
    headers = {"Content-Disposition": 'attachment; filename="dong-can-sua.xlsx"'}
    return Response(problems.workbook(rows), mimetype=problems.MIME_TYPE, headers=headers)


@bp.post("/<int:batch_id>/discard")
@access.requires("import.run")
def discard(batch_id: int) -> ResponseReturnValue:
    """Throw away a list that was read and not written."""
    batch = access.get_batch(access.signed_in_user(), batch_id)
    if batch.state is BatchState.READ:
        again = answered_before()
        if again is not None:
            return again
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
