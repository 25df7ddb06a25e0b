"""Papers of a child, a case or a concern: listed, added on a page of their own, looked at, put aside and back."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from app import access, attachments, audit
from app.attachments import Owner
from app.saving import answered_before, saved
from app.uploads import Refused
from blueprints.attachments.forms import AttachmentForm
from models import Attachment, AttachmentSlot, Case, Child, ReportState, User

bp = Blueprint("attachments", __name__)

#: Whatever a file holds, a browser that is led to it runs and loads nothing.
_HARMLESS = "default-src 'none'; sandbox"


@bp.get("/children/<int:child_id>/attachments")
@access.requires("attachment.show")
def of_child(child_id: int) -> ResponseReturnValue:
    """The papers kept with a child."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    return _index(user, child, attachments.of_child(user, child))


@bp.get("/cases/<int:case_id>/attachments")
@access.requires("case_attachment.show")
def of_case(case_id: int) -> ResponseReturnValue:
    """The papers kept with a case, for its team."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    return _index(user, case, attachments.of_case(user, case))


def _index(user: User, owner: Owner, kept: list[Attachment]) -> ResponseReturnValue:
    audit.record_read("attachments_listed", user, owner, count=len(kept))
    return render_template(
        "attachments/index.html",
        shown=[one for one in kept if one.removed_at is None],
        put_aside=[one for one in kept if one.removed_at is not None],
        may_add=access.may(user, "attachment.add" if isinstance(owner, Child) else "case_attachment.add"),
        **_around(owner),
    )


def _around(owner: Owner) -> dict[str, Any]:
    """Whose papers they are, and the addresses around."""
    key: dict[str, Any]
    if isinstance(owner, Child):
        name = owner.full_name or _("(chưa đặt tên)")
        key, back, sort = {"child_id": owner.id}, "children.show", "child"
    elif isinstance(owner, Case):
        name = _("Vụ việc %(number)s", number=owner.number)
        key, back, sort = {"case_id": owner.id}, "cases.show", "case"
    else:
        shown = url_for(
            "cases.concern_what" if owner.state is ReportState.DRAFT else "cases.concern", report_id=owner.id
        )
        add = url_for(".add_to_report", report_id=owner.id)
        return {"owner_name": _("Tin báo về trẻ em"), "back": shown, "index": shown, "add": add}
    return {
        "owner_name": name,
        "back": url_for(back, **key),
        "index": url_for(f".of_{sort}", **key),
        "add": url_for(f".add_to_{sort}", **key),
    }


@bp.route("/children/<int:child_id>/attachments/new", methods=["GET", "POST"])
@access.requires("attachment.add")
def add_to_child(child_id: int) -> ResponseReturnValue:
    """Add a paper to a child."""
    user = access.signed_in_user()
    return _add(user, access.get_child(user, child_id))


@bp.route("/cases/<int:case_id>/attachments/new", methods=["GET", "POST"])
@access.requires("case_attachment.add")
def add_to_case(case_id: int) -> ResponseReturnValue:
    """Add a paper to a case."""
    user = access.signed_in_user()
    return _add(user, access.get_known_case(user, case_id))


@bp.route("/cases/concerns/<int:report_id>/attachments/new", methods=["GET", "POST"])
@access.requires("concern.report")
def add_to_report(report_id: int) -> ResponseReturnValue:
    """Add a paper to a concern: its reporter, and the officer who may read what happened."""
    user = access.signed_in_user()
    report = access.get_report(user, report_id)
    case_id = access.find_case_id(report)
    if report.reported_by_id != user.id and case_id is not None:
        access.get_known_case(user, case_id)
    return _add(user, report)


def _add(user: User, owner: Owner) -> ResponseReturnValue:
    form = AttachmentForm()
    form.fill(user, request.args.get("slot"))
    if form.validate_on_submit() and (cleaned := form.cleaned()) is not None:
        again = answered_before()
        if again is not None:
            return again
        try:
            attachments.add(user, owner, form.slot.data, form.note.data, cleaned)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return saved(_list_of(owner, form.slot.data), _("Đã lưu giấy tờ."))
    status = 422 if form.errors else 200
    return render_template("attachments/add.html", form=form, **_around(owner)), status


def _list_of(owner: Owner, slot: AttachmentSlot) -> str:
    """The list on which a paper stands."""
    if isinstance(owner, Child) and slot in attachments.APART_SLOTS:
        return url_for("children.read_apart", child_id=owner.id)
    index: str = _around(owner)["index"]
    return index


@bp.get("/attachments/<int:attachment_id>")
@access.requires("attachment.show")
def show(attachment_id: int) -> ResponseReturnValue:
    """One paper, to look at, print or take along."""
    user = access.signed_in_user()
    attachment = access.get_attachment(user, attachment_id)
    return render_template(
        "attachments/show.html",
        attachment=attachment,
        may_remove=access.may(user, "attachment.add") and attachments.may_remove(user, attachment),
        **_around(_owner(user, attachment)),
    )


def _owner(user: User, attachment: Attachment) -> Owner:
    """Whose it is; of a concern that has a case: the case."""
    if attachment.child_id is not None:
        return access.get_child(user, attachment.child_id)
    case_id = attachment.case_id
    if attachment.report_id is not None:
        report = access.get_report(user, attachment.report_id)
        case_id = access.find_case_id(report)
        if case_id is None:
            return report
    return access.get_case(user, case_id or 0)


@bp.get("/attachments/<int:attachment_id>/content")
@access.requires("attachment.show")
def content(attachment_id: int) -> ResponseReturnValue:
    """The picture itself, or the PDF, which only ever is taken along."""
    user = access.signed_in_user()
    attachment = access.get_attachment(user, attachment_id, undefer(Attachment.content))
    try:
        opened = attachments.opened(attachment)
    except attachments.Unreadable:
        flash(_("Không mở được giấy tờ này: khóa của máy đã đổi. Báo người quản trị."), "warning")
        return redirect(url_for(".show", attachment_id=attachment_id), code=303)
    audit.record_read("attachment_read", user, attachment)
    inline = attachment.is_picture and "download" not in request.args
    name = f"giay-to-{attachment.id}.{'jpg' if attachment.is_picture else 'pdf'}"
    headers = {
        "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
        "Content-Security-Policy": _HARMLESS,
    }
    return Response(opened, mimetype=attachment.content_type, headers=headers)


@bp.post("/attachments/<int:attachment_id>/remove")
@access.requires("attachment.add")
def remove(attachment_id: int) -> ResponseReturnValue:
    """Put a paper aside: the officer any, a collaborator what she added."""
    user = access.signed_in_user()
    attachment = access.get_attachment(user, attachment_id)
    if not attachments.may_remove(user, attachment):
        abort(403)
    again = answered_before()
    if again is not None:
        return again
    attachments.remove(user, attachment)
    return saved(_list_of(_owner(user, attachment), attachment.slot), _("Đã bỏ giấy tờ."))


@bp.post("/attachments/<int:attachment_id>/restore")
@access.requires("attachment.remove")
def restore(attachment_id: int) -> ResponseReturnValue:
    """Put a paper back."""
    user = access.signed_in_user()
    attachment = access.get_attachment(user, attachment_id)
    again = answered_before()
    if again is not None:
        return again
    attachments.restore(user, attachment)
    return saved(_list_of(_owner(user, attachment), attachment.slot), _("Đã lấy lại giấy tờ."))
