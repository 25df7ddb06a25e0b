"""Figures by village: every number opens exactly its list."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, clock, indicators, rates, reference
from app.casework import CaseFilters
from app.child_filters import SpecialFilter
from app.indicators import Line
from app.periods import Period
from blueprints.figures.forms import FiguresForm
from models import Sensitivity, User

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("/")
@access.requires("figures.show")
def index() -> ResponseReturnValue:
    """The matrix of indicators by village, on a day; flows since the first of that day's year."""
    user = access.signed_in_user()
    form = FiguresForm(request.args)
    today = clock.today()
    on = form.on.data if form.validate() and form.on.data else today
    period = Period(f"{on.year}-01-01..{on}", on.replace(month=1, day=1), on)
    lines = indicators.figures(user.commune, period, on)
    villages = indicators.villages(user.commune, on, lines)
    rows = [_row(user, line, [village.id for village in villages], None if on == today else on) for line in lines]
    status = 422 if form.errors else 200
    shares = [_share(user, line, None if on == today else on) for line in rates.lines(user.commune, on, lines)]
    totals = {row["indicator"].code: (row["indicator"].label, row["total"]) for row in rows}
    totals |= {share["rate"].code: (share["rate"].label, (share["told"], None)) for share in shares}
    sets = [
        (document, item, wording, [(code, *totals[code]) for code in codes if code in totals])
        for document, item, wording, codes in reference.indicator_sets()
    ]
    facts = {"rows": rows, "villages": villages, "on": on, "sets": sets, "shares": shares}
    return render_template("figures/index.html", form=form, **facts), status


def _share(user: User, line: rates.Line, on: Any) -> dict[str, Any]:
    """A rate for the page: (number, address or None) of both its parts, and what it comes to."""
    knows = access.may_read(user, Sensitivity.HIV)
    part, whole = (
        url_for("children.index", **asked.address())
        if asked is not None and access.may(user, "child.list") and (knows or asked.group != SpecialFilter.SPECIAL)
        else None
        for asked in line.lists(on)
    )
    return {"rate": line.rate, "part": (line.part, part), "whole": (line.whole, whole), "told": line.told}


def _row(user: User, line: Line, village_ids: list[int], on: Any) -> dict[str, Any]:
    """A line for the page: (number or None, address or None) of each village, of the rest, and of the commune."""
    by_village = [
        (None, None)
        if line.indicator.spread is indicators.Spread.COMMUNE
        else (line.by_village.get(village_id, 0), _address(user, line, on, village_id))
        for village_id in village_ids
    ]
    return {
        "indicator": line.indicator,
        "by_village": by_village,
        "undivided": line.undivided,
        "total": (line.total, _address(user, line, on)),
    }


def _address(user: User, line: Line, on: Any, village_id: int | None = None) -> str | None:
    """The list behind a number, for those who may see lists."""
    filters = line.filters(on, village_id)
    if line.undivided_is_secret(village_id) and not access.may_read(user, Sensitivity.HIV):
        return None
    if filters is not None and access.may(user, "child.list"):
        return url_for("children.index", **filters.address())
    if line.indicator.tally == "cases_open" and not (on or village_id) and access.may(user, "case.list"):
        return url_for("cases.index", **CaseFilters().address())
    return None
