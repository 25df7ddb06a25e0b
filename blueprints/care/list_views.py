"""That the quarterly list of those ready to take a child (Mẫu 09) went upward. NĐ 56/2017/NĐ-CP Đ40."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, care, clock
from app.errors import too_late
from app.saving import answered_before, done_alone, saved
from app.workbooks import cover
from blueprints.care.forms import ListSentForm
from blueprints.care.views import bp, form_page
from models import CarerListSent, db


@bp.route("/carers/lists/sent", methods=["GET", "POST"])
@access.requires("care.edit")
def list_sent() -> ResponseReturnValue:
    """Record that the earliest list still due was sent."""
    user = access.signed_in_user()
    due = next((one for one in care.lists_due(user) if one.sent is None), None)
    if due is None:
        return too_late(url_for(".carers"), _("Danh sách quý này đã được ghi là đã gửi."))
    office = cover.receiving_office(user.commune, clock.today())
    form = ListSentForm(data={"sent_on": clock.today(), "sent_to": office.name if office else None})
    if form.validate_on_submit() and form.check(due.period):
        again = answered_before()
        if again is not None:
            return again
        count = len(care.ready(user))
        paper = CarerListSent(commune_id=user.commune_id, period=due.period.code, recorded_by_id=user.id, count=count)
        form.apply_to(paper)
        if done_alone(lambda: db.session.add(paper)):
            return saved(url_for(".carers"), _("Đã ghi là đã gửi."))
        return too_late(url_for(".carers"), _("Danh sách quý này đã được ghi là đã gửi."))
    return form_page(form, _("Gửi danh sách Mẫu 09, %(period)s", period=due.period.label), url_for(".carers"))
