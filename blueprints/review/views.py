"""What collaborators sent, waiting for the officer's word."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app import access, audit, history, review
from app.paging import page
from app.saving import answered_before, saved
from blueprints.review.forms import SendBackForm
from models import Child, ReviewItem, ReviewState, db

_CHANGED = _l("Chưa ghi gì: cộng tác viên vừa gửi thêm về trẻ này. Xem lại mục chờ duyệt rồi hãy quyết định.")

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/")
@access.requires("review.decide")
def index() -> ResponseReturnValue:
    """The queue, oldest first: what changed, beside what was, one click per decision."""
    user = access.signed_in_user()
    child = joinedload(ReviewItem.child).joinedload(Child.village)
    query = review.waiting(user).options(child, joinedload(ReviewItem.submitted_by))
    shown = page(query, ReviewItem, size=20)
    told = history.told_apart(review.changes(user, shown.rows), user)
    keys = [item.child_id for item in shown.rows]
    audit.record_read("children_listed", user, filters={"list": "review"}, count=len(keys), children=keys)
    return render_template("review/index.html", page=shown, told=told)


@bp.post("/<int:item_id>/accept")
@access.requires("review.decide")
def accept(item_id: int) -> ResponseReturnValue:
    """Take the change as it is."""
    user = access.signed_in_user()
    item = access.get_review_item(user, item_id)
    again = answered_before()
    if again is not None:
        return again
    _still_waiting(item)
    if _was_changed(item):
        db.session.rollback()
        flash(_CHANGED, "warning")
        return redirect(url_for(".index"), code=303)
    review.decide(user, item, ReviewState.ACCEPTED, None)
    return saved(url_for(".index"), _("Đã nhận."))


@bp.route("/<int:item_id>/send-back", methods=["GET", "POST"])
@access.requires("review.decide")
def send_back(item_id: int) -> ResponseReturnValue:
    """Send it back with a word."""
    user = access.signed_in_user()
    item = access.get_review_item(user, item_id)
    form = SendBackForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        _still_waiting(item)
        if not _was_changed(item):
            review.decide(user, item, ReviewState.SENT_BACK, form.answer.data)
            return saved(url_for(".index"), _("Đã trả lại cho cộng tác viên."))
        db.session.rollback()
        form.add_error("answer", _CHANGED)
    return render_template("review/send_back.html", form=form, item=item), 422 if form.errors else 200


def _was_changed(item: ReviewItem) -> bool:
    """Whether the collaborator has sent something more since the page was drawn that the officer decides on."""
    return request.values.get("version", str(item.version)) != str(item.version)


def _still_waiting(item: ReviewItem) -> None:
    if item.state is not ReviewState.WAITING:
        abort(409)


@bp.get("/answers")
@access.requires("review.answers")
def answers() -> ResponseReturnValue:
    """What the officer answered, for the collaborator who asked."""
    user = access.signed_in_user()
    query = access.visible_review_items(user).where(
        ReviewItem.submitted_by_id == user.id, ReviewItem.state != ReviewState.WAITING
    )
    items = db.session.scalars(query.order_by(ReviewItem.decided_at.desc()).limit(100)).unique().all()
    return render_template("review/answers.html", items=items)


@bp.post("/<int:item_id>/seen")
@access.requires("review.answers")
def seen(item_id: int) -> ResponseReturnValue:
    """The collaborator has read the answer: it leaves her work list."""
    user = access.signed_in_user()
    item = access.get_review_item(user, item_id)
    if item.submitted_by_id != user.id:
        abort(404)
    review.note_seen(item)
    back = "home.index" if request.form.get("back") == "home" else ".answers"
    return saved(url_for(back))


from blueprints.review import many_views  # noqa: E402, F401 - hangs its page on the same blueprint
