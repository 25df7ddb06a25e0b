"""What a report says, taken once: every figure, the rows behind them, and the workbook as a file.

Rows are kept as keys and codes, never names. They let a later correction be named (app/reports/differences.py) and are
shown to nobody as they are: they also tell of groups that are counted for the commune only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app import access, age_bands, completeness, documents, flows, indicators, periods, register, tallies, trends
from app.entitlements import paid
from app.indicators import Line
from app.periods import Period
from app.reports import written
from app.workbooks import Variant, making
from models import Commune, ReportFile, ReportKind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = dict[str, dict[str, list[Any]]]


@dataclass(frozen=True)
class Content:
    """A report's figures and rows on a day."""

    figures: list[dict[str, Any]]
    rows: Rows
    #: What charts show beside the figures (models/report.py).
    beside: dict[str, Any] = field(default_factory=dict)


def take(commune: Commune, period: Period, on: date) -> Content:
    """The content as the records say it now."""
    return Content(figures_of(commune, period, on), rows(commune, period, on))


def beside(commune: Commune, on: date, asked: trends.Asked) -> dict[str, Any]:
    """The trend up to the day, and how complete the records are."""
    days = trends.days(asked, on)
    counts = zip(days, trends.counts(commune.id, days), strict=True)
    *_villages, whole = completeness.rows(commune, on, completeness.MEASURES)
    labels = [str(measure.label) for measure in completeness.MEASURES]
    return {
        "trend": [{"on": day.isoformat(), "special": special, "risk": risk} for day, (special, risk) in counts],
        "complete": {
            "children": whole.children,
            "having": [list(pair) for pair in zip(labels, whole.having, strict=True)],
        },
    }


def figures_of(commune: Commune, period: Period, on: date) -> list[dict[str, Any]]:
    """Every figure of a period, as it is kept and printed."""
    lines = indicators.figures(commune, period, on)
    names = {village.id: village.name for village in indicators.villages(commune, on, lines)}
    return [told(line, names) for line in lines]


def told(line: Line, names: dict[int, str]) -> dict[str, Any]:
    """A line as it is kept and as `flask report show` prints it; nothing by village of what is told of none."""
    by_village = (
        None
        if line.indicator.spread is indicators.Spread.COMMUNE
        else {names[key]: line.by_village.get(key, 0) for key in names}
    )
    return {
        "code": line.indicator.code,
        "label": str(line.indicator.label),
        "total": line.total,
        "undivided": line.undivided,
        "by_village": by_village,
    }


def rows(commune: Commune, period: Period, on: date) -> Rows:
    """{"children" …: {id: [code, village id, [codes of the indicators it is in]]}}."""
    reader = access.commune_reader(commune.id)
    bands = age_bands.in_force(commune.id, on)
    known = indicators.table(bands)
    asked = [(indicator.code, indicator.filters) for indicator in known if indicator.filters is not None]
    by_tally = {indicator.tally: indicator.code for indicator in known if indicator.tally is not None}
    children = register.memberships(reader, [filters for _code, filters in asked], on)
    entitled = {one.person.id: one for one in paid.entitled(reader, on)}

    def coded(found: Mapping[int, tuple[str, int | None, list[str]]]) -> dict[str, list[Any]]:
        return {
            str(key): [code, village_id, [by_tally[name] for name in names if name in by_tally]]
            for key, (code, village_id, names) in found.items()
        }

    def also(key: int) -> list[str]:
        someone = entitled.get(key)
        return [by_tally[name] for name in someone.names] if someone and not someone.person.is_grown else []

    return {
        "children": {
            str(key): [code, village_id, [*(asked[number][0] for number in numbers), *also(key)]]
            for key, code, village_id, numbers in children
        },
        "cases": coded(tallies.rows_of_cases(reader, period, on, bands.abused)),
        "services": coded(tallies.rows_of_services(reader, period)),
        "movements": coded(tallies.rows_of_movements(reader, period)),
        "incidents": coded(tallies.rows_of_incidents(reader, period)),
        "plans": coded(
            {one.plan_id: (one.number, one.village_id, list(one.names)) for one in tallies.plans_of(reader, period)}
        ),
        "grown": coded(
            {
                key: (one.person.code, one.person.village_id, list(one.names))
                for key, one in entitled.items()
                if one.person.is_grown
            }
        ),
        "payments": coded(
            {
                flows.payment_key(one.allowance.id, month): (one.child.code, one.village_id, ["paid"])
                for one in paid.paid(reader, period, on)
                for month in one.months
            }
        ),
    }


def workbook_file(commune: Commune, period: Period, made_by: str | None) -> ReportFile:
    """The coded workbook of the period as a file of the report."""
    made = making.make(making.FOR_VIEWERS, making.brief(commune, period, Variant.CODED, made_by=made_by))
    return as_file(made.name, XLSX, made.content, made.row_count)


def as_file(name: str, mime_type: str, content: bytes, row_count: int = 0) -> ReportFile:
    """A file with its hash."""
    return ReportFile(
        name=name,
        mime_type=mime_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        row_count=row_count,
    )


def written_files(commune: Commune, period: Period, kind: ReportKind, said: Content) -> list[ReportFile]:
    """The report in words as a .docx, for the kinds that have one. Raises documents.BrokenTemplate."""
    if kind not in written.TEMPLATES:
        return []
    earlier = periods.before(period)
    figures = figures_of(commune, earlier, earlier.last) if earlier else []
    made = written.build(commune, period, kind, said.figures, figures)
    name = written.TEMPLATES[kind].removeprefix("documents/").removesuffix(".docx")
    return [as_file(f"{name}-{period.code}.docx", documents.MIME_TYPE, made)]
