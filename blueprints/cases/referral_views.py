"""Referring a child to a service or an authority, and its reply. NĐ 56/2017/NĐ-CP Đ29; Luật Trẻ em Đ53."""

from flask import abort
from flask.typing import ResponseReturnValue

from app import access
from blueprints.cases.step_views import save_record
from blueprints.cases.steps import REFERRAL
from blueprints.cases.views import bp
from models import Referral


@bp.route("/<int:case_id>/referrals/new", methods=["GET", "POST"])
@access.requires("case.edit")
def new_referral(case_id: int) -> ResponseReturnValue:
    """Refer the child; the letter is among the forms to print."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    record = Referral(case_id=case.id, recorded_by_id=user.id)
    return save_record(case, record, REFERRAL.form(data=REFERRAL.first_values()), REFERRAL)


@bp.route("/<int:case_id>/referrals/<int:referral_id>/edit", methods=["GET", "POST"])
@access.requires("case.edit")
def edit_referral(case_id: int, referral_id: int) -> ResponseReturnValue:
    """Correct a referral, or record its reply."""
    case = access.get_known_case(access.signed_in_user(), case_id)
    record = next((one for one in case.referrals if one.id == referral_id), None) or abort(404)
    return save_record(case, record, REFERRAL.form(obj=record), REFERRAL)
