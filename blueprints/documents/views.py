"""The forms of a case: which there are, and each as a Word file."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, audit, documents
from app.documents import BY_CODE, CODES

bp = Blueprint("documents", __name__, url_prefix="/cases/<int:case_id>/documents")


@bp.get("/")
@access.requires("document.make")
def index(case_id: int) -> ResponseReturnValue:
    """The forms this case has records for."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    audit.record_read("case_read", user, case)
    return render_template(
        "cases_documents/index.html",
        case=case,
        papers=documents.papers(case),
        circulations=documents.Circulation,
        circulation=_circulation(),
    )


def _circulation() -> documents.Circulation:
    """Whom the paper is for, as chosen on the page; what is not on the list counts as the form's own recipients."""
    return documents.Circulation.of_code(request.args.get("scope")) or documents.Circulation.FORM


@bp.get(f"/<any({CODES}):form>")
@access.requires("document.make")
def download(case_id: int, form: str) -> ResponseReturnValue:
    """One form, filled in: of the record named in the address, else of the latest. Its making is an audit event."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    chosen = BY_CODE[form]
    record, circulation = _record(chosen, case), _circulation()
    try:
        content = documents.build(chosen, case, record, user.commune, circulation)
    except documents.BrokenTemplate as problem:
        flash(str(problem), "warning")
        return redirect(url_for(".index", case_id=case.id), code=303)
    audit.record_read("document_made", user, case, form=chosen.code, scope=circulation)
    name = documents.file_name(chosen, case)
    return Response(
        content,
        mimetype=documents.MIME_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _record(form: documents.Form, case: Any) -> Any:
    raw = request.args.get("record", "")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        abort(404)
    return documents.find_record(form, case, int(raw) if raw else None) or abort(404)
