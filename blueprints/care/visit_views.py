"""Visits to children in alternative care (Mẫu 13), and a photo of a paper met there."""

from flask import abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, clock, photos
from app.forms import RecordForm
from app.saving import answered_before, saved
from blueprints.care.forms import VisitForm
from blueprints.care.views import bp, form_page, show_of
from models import CarePlacement, CareVisit, Case, Child, User, db


def _back(user: User, placement: CarePlacement) -> str:
    return show_of(placement) if access.may(user, "care.show") else url_for(".index")


def _find_owner(user: User, placement: CarePlacement) -> Child | Case | None:
    """Whose a photo is: the case's, for its team to read, or the child's; None in a case one has no part in."""
    if placement.case_id is None:
        return placement.child
    return db.session.scalars(access.visible_cases(user).where(Case.id == placement.case_id)).unique().one_or_none()


@bp.route("/placements/<int:placement_id>/visits/new", methods=["GET", "POST"])
@access.requires("care.visit")
def new_visit(placement_id: int) -> ResponseReturnValue:
    """Record a visit (Mẫu 13): the officer, or the collaborator it was given to."""
    photo = photos.sent()
    user = access.signed_in_user()
    placement = access.get_placement(user, placement_id)
    if not placement.runs:
        abort(404)
    owner = _find_owner(user, placement)
    form = VisitForm(data={"visited_on": clock.today()})
    if form.validate_on_submit() and form.check(placement):
        again = answered_before()
        if again is not None:
            return again
        visit = CareVisit(commune_id=placement.commune_id, placement_id=placement.id, recorded_by_id=user.id)
        form.apply_to(visit)
        db.session.add(visit)
        db.session.flush()
        if owner is not None and not photos.keep(user, owner, photo):
            return saved(url_for(".visit_photo", placement_id=placement.id))
        return saved(_back(user, placement), _("Đã lưu."))
    title = _("Thăm trẻ em được chăm sóc thay thế (Mẫu 13)")
    return form_page(form, title, _back(user, placement), placement=placement, photo=owner is not None)


@bp.route("/placements/<int:placement_id>/visits/photo", methods=["GET", "POST"])
@access.requires("care.visit")
def visit_photo(placement_id: int) -> ResponseReturnValue:
    """Send the photo of a visit again that was refused; the visit itself stands."""
    photo = photos.sent()
    user = access.signed_in_user()
    placement = access.get_placement(user, placement_id)
    owner = _find_owner(user, placement)
    if owner is None:
        abort(404)
    form = RecordForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        is_kept = photos.keep(user, owner, photo)
        where = _back(user, placement) if is_kept else url_for(".visit_photo", placement_id=placement.id)
        return saved(where, _("Đã lưu.") if is_kept and photo is not None else None)
    return form_page(form, _("Gửi lại ảnh"), _back(user, placement), placement=placement, photo=True)
