"""Figures by village: every number opens exactly its list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, audit, clock, flows, indicators, pages, rates, reference, standby
from app.child_filters import ChildFilters, SpecialFilter
from app.indicators import Line
from app.periods import Period
from blueprints.figures.forms import FiguresForm
from models import Sensitivity, User

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("/")
@access.requires("figures.show")
@standby.reads
def index() -> ResponseReturnValue:
    """The matrix of indicators by village, on a day; flows since the first of that day's year."""
    user = access.signed_in_user()
    form = FiguresForm(request.args)
    today = clock.today()
    on = form.on.data if form.validate() and form.on.data else today
    period = Period(f"{on.year}-01-01..{on}", on.replace(month=1, day=1), on)
    lines = indicators.figures(user.commune, period, on)
    villages = indicators.villages(user.commune, on, lines)
    asked = _Asked(user, period, None if on == today else on)
    rows = [_row(asked, line, [village.id for village in villages]) for line in lines]
    status = 422 if form.errors else 200
    shares = [_share(asked, line) for line in rates.lines(user.commune, on, lines)]
    totals = {row["indicator"].code: (row["indicator"].label, row["total"]) for row in rows}
    totals |= {share["rate"].code: (share["rate"].label, (share["told"], None)) for share in shares}
    sets = [
        (document, item, wording, [(code, *totals[code]) for code in codes if code in totals])
        for document, item, wording, codes in reference.indicator_sets()
    ]
    facts = {"rows": rows, "villages": villages, "on": on, "sets": sets, "shares": shares}
    return render_template("figures/index.html", form=form, **facts), status


@dataclass(frozen=True)
class _Asked:
    """Who looks at which figures; `on` is None for today's."""

    user: User
    period: Period
    on: date | None


def _share(asked: _Asked, line: rates.Line) -> dict[str, Any]:
    """A rate for the page: (number, address or None) of both its parts, and what it comes to."""
    (part, whole), rate = line.lists(asked.on), line.rate
    return {
        "rate": rate,
        "part": (line.part, _part_address(asked, part, rate.part)),
        "whole": (line.whole, _part_address(asked, whole, rate.whole)),
        "told": line.told,
    }


def _part_address(asked: _Asked, filters: ChildFilters | None, part: ChildFilters | str) -> str | None:
    user = asked.user
    if isinstance(part, str):
        known = next(one for one in indicators.INDICATORS if one.tally == part)
        return flows.address(user, known, asked.period)
    knows = access.may_read(user, Sensitivity.HIV)
    if filters is None or not access.may(user, "child.list") or (not knows and part.group == SpecialFilter.SPECIAL):
        return None
    return url_for("children.index", **filters.address())


def _row(asked: _Asked, line: Line, village_ids: list[int]) -> dict[str, Any]:
    """A line for the page: (number or None, address or None) of each village, of the rest, and of the commune."""
    is_whole = line.indicator.spread is indicators.Spread.COMMUNE
    addresses = [None] * len(village_ids) if is_whole else _addresses(asked, line, village_ids)
    return {
        "indicator": line.indicator,
        "by_village": [
            (None if is_whole else line.by_village.get(village_id, 0), address)
            for village_id, address in zip(village_ids, addresses, strict=True)
        ],
        "undivided": line.undivided,
        "total": (line.total, _address(asked, line)),
    }


def _addresses(asked: _Asked, line: Line, village_ids: list[int]) -> list[str | None]:
    """The lists behind a line's numbers: one address is put together, for the page has thousands, and told of each village."""
    address = _address(asked, line, village_ids[0]) if village_ids else None
    if address is None:
        return [None] * len(village_ids)
    before, after = address.split(f"village={village_ids[0]}")
    return [f"{before}village={village_id}{after}" for village_id in village_ids]


def _address(asked: _Asked, line: Line, village_id: int | None = None) -> str | None:
    """The list behind a number, for those who may see lists."""
    filters = line.filters(asked.on, village_id)
    if line.undivided_is_secret(village_id) and not access.may_read(asked.user, Sensitivity.HIV):
        return None
    if filters is not None:
        return url_for("children.index", **filters.address()) if access.may(asked.user, "child.list") else None
    return flows.address(asked.user, line.indicator, asked.period, village_id)


@bp.get("/list")
@access.requires("figures.list")
@standby.reads
def behind() -> ResponseReturnValue:
    """The records behind a figure of what happened, as far as the person may know of each."""
    user = access.signed_in_user()
    asked = flows.read(user, request.args)
    if asked is None:
        return redirect(url_for(".index"), code=303)
    rows = asked.rows(user)
    known = flows.listed(user, asked, rows)
    shown = pages.of(known)
    audit.record_read(
        "children_listed", user, filters={"code": asked.indicator.code, "period": asked.period.code},
        count=len(rows), children=[one.child_id for one in shown.rows if one.child_id],
    )  # fmt: skip
    return render_template(
        "figures/behind.html", asked=asked, count=len(rows), hidden=len(rows) - len(known), page=shown
    )
