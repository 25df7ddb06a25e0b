"""The officer's word on many proposals at once."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, bulk
from app.bulk import Choosing
from app.forms import BaseForm
from app.saving import answered_before, saved
from blueprints.review.forms import SendBackForm
from blueprints.review.views import bp
from models import ReviewState, db


@bp.post("/many")
@access.requires("review.decide")
def decide_many() -> ResponseReturnValue:
    """Look over who was ticked, then decide: those that changed meanwhile or need a look of their own are left out and told."""
    user = access.signed_in_user()
    state = ReviewState.of_code(request.form.get("state"))
    if state not in (ReviewState.ACCEPTED, ReviewState.SENT_BACK):
        abort(400)
    form = _form(state)
    is_sent = request.form.get("step") == "save" and form.validate_on_submit()
    again = answered_before() if is_sent else None
    if again is not None:
        return again
    codes = bulk.read_codes(request.form.getlist("chosen"))
    choosing = bulk.review_candidates(user, codes, state)
    if not choosing.candidates or (is_sent and not choosing.chosen):
        return _nothing(choosing)
    if is_sent:
        act = bulk.decide(user, choosing, state, form.answer.data if "answer" in form else None)
        return saved(url_for("bulk.show", act_id=act.id))
    keys = [one.child.id for one in choosing.candidates]
    audit.record_read("children_listed", user, filters={"list": "review"}, count=len(keys), children=keys)
    db.session.commit()  # who was shown is remembered
    facts = {"form": form, "choosing": choosing, "state": state, "codes": bulk.codes_of(codes)}
    return render_template("review/many.html", **facts), 422 if form.errors else 200


def _form(state: ReviewState) -> Any:
    """One reason for all that go back; nothing to say to what is accepted. Empty until it is looked over."""
    kind = SendBackForm if state is ReviewState.SENT_BACK else BaseForm
    return kind() if request.form.get("step") == "save" else kind(formdata=None)


def _nothing(choosing: Choosing) -> ResponseReturnValue:
    db.session.rollback()
    told = _("Chưa chọn mục nào. Đánh dấu ở đầu mục rồi bấm nút ở cuối trang.")
    if choosing.candidates:
        told = _("Chưa làm gì: các mục đã chọn vừa được sửa hoặc quyết định.")
    flash(told, "warning")
    return redirect(url_for(".index"), code=303)
