"""The rows a report kept behind a figure, shown as far as somebody may know of each."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import undefer

from app import access, audit, flows, indicators, pages
from app.periods import Period
from blueprints.reports import bp
from models import PeriodReport


@bp.get("/<int:report_id>/rows")
@access.requires("figures.list")
def rows(report_id: int) -> ResponseReturnValue:
    """The list behind a figure of a report, as it was when the report was taken. Which figure stands in the query."""
    user = access.signed_in_user()
    report = access.get_period_report(user, report_id, undefer(PeriodReport.figures), undefer(PeriodReport.rows))
    code = request.args.get("code", "")
    figure = next((one for one in report.figures if one["code"] == code), None)
    known = {one.code: one for one in indicators.in_force(report.commune_id, report.counted_on)}
    if figure is None or code not in known:
        return redirect(url_for(".show", report_id=report_id), code=303)
    found, count = flows.listed_of_report(user, report, known[code])
    shown = pages.of(found)
    audit.record_read(
        "children_listed", user, filters={"code": code, "report": report.id},
        count=count, children=[one.child_id for one in shown.rows if one.child_id],
    )  # fmt: skip
    label = Period.read(report.period).label
    facts = {"figure": figure, "period": label, "count": count, "hidden": count - len(found), "page": shown}
    return render_template("reports/rows.html", report=report, **facts)
