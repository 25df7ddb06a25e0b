"""What communes sent to the superior office, side by side. Figures only: no child is read or shown."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, superior, whole_numbers
from app.imports import reader
from app.saving import answered_before, saved
from blueprints.superior.forms import SentForm

bp = Blueprint("superior", __name__, url_prefix="/superior")


@bp.get("/")
@access.requires("sent_figures.show")
def index() -> ResponseReturnValue:
    """The communes of one period side by side; by its place in the list of periods, so no words stand in the address."""
    return _index(SentForm(formdata=None), 200)


def _index(form: SentForm, status: int) -> ResponseReturnValue:
    user = access.signed_in_user()
    periods = superior.periods(user)
    asked = request.args.get("period", type=whole_numbers.key) or 0
    number = asked if 0 <= asked < len(periods) else 0
    board = superior.board(user, periods[number]) if periods else None
    return render_template("superior/index.html", form=form, periods=periods, number=number, board=board), status


@bp.post("/")
@access.requires("sent_figures.show")
def receive() -> ResponseReturnValue:
    """Read one commune's workbook in; the same file twice is kept once."""
    user = access.signed_in_user()
    form = SentForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    content = form.file.data.stream.read()
    try:
        summary = superior.read(content, form.file.data.filename or "?")
    except (reader.Unreadable, superior.NotOurs) as problem:
        form.add_error("file", str(problem))
        return _index(form, 422)
    again = answered_before()
    if again is not None:
        return again
    kept = superior.keep(user, content, summary)
    audit.record("sent_figures_read", user, kept, count=len(summary.figures))
    return saved(url_for(".index"), _("Đã nhận biểu của %(sender)s.", sender=kept.sender))
