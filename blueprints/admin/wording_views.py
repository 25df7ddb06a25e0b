"""The words of reports and covers around the figures: the usual ones and the commune's own, with dates."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, clock
from app.periods import Period
from app.reports import wording
from app.saving import saved_setting
from app.workbooks import cover
from blueprints.admin import bp
from blueprints.admin.forms import WordingForm
from models import ReportWording, User


def _places(user: User) -> dict[str, str]:
    """What the places would be in a paper of this year made today."""
    today = clock.today()
    office = cover.receiving_office(user.commune, today)
    return wording.values(user.commune, Period.of_year(today.year), today, office)


@bp.get("/wording")
@access.requires("setting.edit")
def wording_list() -> ResponseReturnValue:
    """Every part of every paper as it would read today."""
    user = access.signed_in_user()
    own = wording.in_force(user.commune, clock.today())
    known = _places(user)
    return render_template(
        "admin/wording.html",
        papers=wording.PAPERS,
        label_of=wording.label_of,
        own=own,
        text=lambda code, part: wording.filled(own.get(code, part.usual), known),
        coming=wording.coming(user.commune_id, clock.today()),
    )


@bp.route("/wording/part", methods=["GET", "POST"])
@access.requires("setting.edit")
def wording_part() -> ResponseReturnValue:
    """Write a part anew from a day on, seeing first how it would read. Which part stands in the query."""
    user = access.signed_in_user()
    code = request.args.get("part", "")
    part = wording.PARTS.get(code)
    if part is None:
        return redirect(url_for(".wording_list"), code=303)
    form = WordingForm(
        valid_from=clock.today(), text=wording.in_force(user.commune, clock.today()).get(code, part.usual)
    )
    form.part = code
    is_preview = "preview" in request.form and form.validate()
    if not is_preview:
        record = wording.find(user.commune_id, code, form.valid_from.data)
        record = record or ReportWording(commune_id=user.commune_id, part=code)
        answer = saved_setting(record, form, "wording", url_for(".wording_list"))
        if answer is not None:
            return answer
    shown = wording.filled(form.text.data or part.usual, _places(user)) if is_preview else None
    paper = wording.label_of(code.partition(".")[0])
    return render_template(
        "admin/wording_part.html", form=form, part=part, code=code, paper=paper, places=wording.PLACES, shown=shown
    ), 422 if form.errors else 200
