"""Consents: asked of the child from seven years and of its representative, and taken back. Luật Trẻ em Đ6.11."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, consents, whole_numbers
from app.saving import answered_before, saved
from blueprints.consents.forms import ConsentForm
from models import Child, Consent, ConsentAnswer, ConsentPurpose, User, db

bp = Blueprint("consents", __name__)


@bp.get("/children/<int:child_id>/consents")
@access.requires("consent.list")
def index(child_id: int) -> ResponseReturnValue:
    """What was agreed to for a child, by whom, and what was taken back."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    audit.record_read("child_read", user, child)
    return render_template("consents/index.html", child=child, consents=consents.of_child(user, child))


@bp.route("/children/<int:child_id>/consents/new", methods=["GET", "POST"])
@access.requires("consent.edit")
def new(child_id: int) -> ResponseReturnValue:
    """Record an answer: of a case (`case=ID`), about a placement (`placement=ID`), or for the child as such."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    record = Consent(commune_id=child.commune_id, child_id=child.id, recorded_by_id=user.id)
    first = {"asked_on": clock.today(), "answer": ConsentAnswer.AGREED}
    back = _place(user, record, request.args.get("case", type=whole_numbers.key))
    placement_id = request.args.get("placement", type=whole_numbers.key)
    placement = access.get_known_placement(user, placement_id) if placement_id else None
    if placement is not None and placement.child_id == child.id:
        record.case_id = placement.case_id
        first["purpose"] = ConsentPurpose.CARE
        back = url_for("care.show", placement_id=placement.id)
    return _save(child, record, ConsentForm(data=first), back)


def _place(user: User, record: Consent, case_id: int | None) -> str:
    """Give the answer to its case, if it is one of this child; where to go back to."""
    case = access.get_known_case(user, case_id) if case_id else None
    if case is None or case.child_id != record.child_id:
        return url_for(".index", child_id=record.child_id)
    record.case_id = case.id
    return url_for("cases.show", case_id=case.id)


@bp.route("/consents/<int:consent_id>/edit", methods=["GET", "POST"])
@access.requires("consent.edit")
def edit(consent_id: int) -> ResponseReturnValue:
    """Correct an answer, or record that it was taken back."""
    user = access.signed_in_user()
    record = access.get_consent(user, consent_id)
    child = access.get_child(user, record.child_id)
    return _save(child, record, ConsentForm(obj=record), url_for(".index", child_id=child.id))


def _save(child: Child, record: Consent, form: Any, back: str) -> ResponseReturnValue:
    if form.validate_on_submit() and form.check(child):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        db.session.add(record)
        return saved(back, _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    effects = consents.consequences(access.signed_in_user(), record) if record.id else []
    page = {"form": form, "child": child, "back": back, "record": record, "effects": effects}
    return render_template("consents/edit.html", **page), status
