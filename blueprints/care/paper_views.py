"""The forms of alternative care as Word files. Each making is an audit event."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import access, audit, care, clock, documents, whole_numbers
from app.documents.care_forms import Register
from blueprints.care.views import bp


@bp.get(f"/placements/<int:placement_id>/documents/<any({documents.CARE_CODES}):care_form>")
@access.requires("document.make")
def placement_paper(placement_id: int, care_form: str) -> ResponseReturnValue:
    """A form of a placement: of the visit named in the address, else of the latest."""
    user = access.signed_in_user()
    placement = access.get_known_placement(user, placement_id)
    form = documents.CARE_FORMS[care_form]
    record = documents.find_record(form, placement, request.args.get("record", type=whole_numbers.key)) or abort(404)
    return _paper(form, placement, record, url_for(".show", placement_id=placement.id))


@bp.get(f"/carers/<int:carer_id>/documents/<any({documents.CARER_CODES}):carer_form>")
@access.requires("document.make")
def carer_paper(carer_id: int, carer_form: str) -> ResponseReturnValue:
    """The application or the verification of somebody ready to take a child."""
    carer = access.get_carer(access.signed_in_user(), carer_id)
    return _paper(documents.CARER_FORMS[carer_form], carer, carer, url_for(".carers"))


@bp.get("/carers/document")
@access.requires("document.make")
def carer_list() -> ResponseReturnValue:
    """The quarterly list (Mẫu 09): those still ready."""
    register = Register(care.ready(access.signed_in_user()), clock.today())
    return _paper(documents.CARER_LIST, register, register, url_for(".carers"))


def _paper(form: documents.Form, subject: Any, record: Any, back: str) -> ResponseReturnValue:
    user = access.signed_in_user()
    try:
        content = documents.build(form, subject, record, user.commune)
    except documents.BrokenTemplate as problem:
        flash(str(problem), "warning")
        return redirect(back, code=303)
    of = subject if hasattr(subject, "id") else user.commune
    audit.record_read("document_made", user, of, form=form.code, scope=documents.Circulation.FORM)
    name = documents.file_name(form, subject)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=documents.MIME_TYPE, headers=headers)
