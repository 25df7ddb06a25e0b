"""The child of a case taken in from another commune: put on the register in one step."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from app import access, transferred_child, transfers
from app.errors import too_late
from app.forms import BaseForm, ChoiceField, Required, offer_villages, optional
from app.saving import answered_before, saved
from app.transferred_child import Described
from blueprints.cases.transfer_views import find_transfer
from blueprints.cases.views import bp
from models import Case, User


class _VillageForm(BaseForm):
    """Where the child lives here."""

    village_id = ChoiceField(_l("Thôn"), choices=[], coerce=optional(int), validators=[Required()])


@bp.route("/<int:case_id>/transfers/<int:transfer_id>/child", methods=["GET", "POST"])
@access.requires("case.edit")
def child_from_package(case_id: int, transfer_id: int) -> ResponseReturnValue:
    """Add the child as the sending commune knows it; who may be the same is shown first."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    record = find_transfer(case, transfer_id)
    if case.child is not None or record.direction != transfers.IN:
        return too_late(url_for(".show", case_id=case.id), _("Vụ việc đã gắn với một trẻ trong sổ."))
    found = transferred_child.described(record)
    form = _VillageForm(data={"village_id": case.village_id})
    offer_villages(form["village_id"], user, _("– chọn thôn –"))
    alike = transferred_child.alike(user, found)
    refused = transferred_child.refusal(user, found)
    if form.validate_on_submit() and not refused and (not alike or request.form.get("warned") == "1"):
        again = answered_before()
        if again is not None:
            return again
        transferred_child.enrol(user, case, found, form["village_id"].data)
        return saved(url_for(".show", case_id=case.id), _("Đã thêm trẻ em vào sổ và gắn với vụ việc."))
    return _page(user, case, found, form, {"alike": alike, "refused": refused, "transfer": record})


def _page(user: User, case: Case, found: Described, form: Any, shown: dict[str, Any]) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template("cases/child_from_package.html", case=case, found=found, form=form, **shown), status
