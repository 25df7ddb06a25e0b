"""The dashboard: what waits for a decision, charts, villages side by side; every number opens its list."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, casework, clock, dashboard, standby, trends, worklist

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@bp.get("/")
@access.requires("dashboard.show")
@standby.reads
def index() -> ResponseReturnValue:
    """One page, one A4 sheet when printed."""
    user = access.signed_in_user()
    asked = trends.Asked.read(request.args.get("step"), request.args.get("count"))
    caseload, known = casework.case_lines(user), dashboard.counts(user)
    beside = dashboard.village_lines(user, known)
    return render_template(
        "dashboard/index.html",
        tasks=worklist.tasks(user, caseload),
        figures=worklist.register_figures(user),
        charts=dashboard.charts(user, known, caseload, beside, asked),
        asked=asked,
        steps=list(trends.Step),
        counts=sorted({*trends.COUNTS, asked.count}),
        villages=beside,
        questions=list(dashboard.VILLAGE_QUESTIONS.values()),
        address=_address,
        on=clock.today(),
    )


def _address(opens: Any) -> str | None:
    """The list behind a number."""
    if opens is None:
        return None
    where, filters = opens
    return url_for(where if "." in where else f"{where}.index", **filters.address())
