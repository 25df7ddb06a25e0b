"""Which days a trend is told at."""

from datetime import date

import pytest

from app import trends
from app.periods import Period
from app.trends import Asked, Step


@pytest.mark.parametrize(
    ("asked", "until", "days"),
    [
        (Asked(Step.QUARTER, 2), date(2026, 11, 26), [date(2026, 6, 30), date(2026, 9, 30), date(2026, 11, 26)]),
        (Asked(Step.QUARTER, 2), date(2026, 9, 30), [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]),
        (Asked(Step.MONTH, 1), date(2026, 3, 1), [date(2026, 2, 28), date(2026, 3, 1)]),
        (Asked(Step.HALF, 2), date(2026, 2, 1), [date(2025, 6, 30), date(2025, 12, 31), date(2026, 2, 1)]),
        (Asked(Step.YEAR, 1), date(2026, 12, 31), [date(2025, 12, 31), date(2026, 12, 31)]),
        (Asked(Step.STATISTICAL_YEAR, 1), date(2026, 12, 20), [date(2026, 12, 14), date(2026, 12, 20)]),
    ],
    ids=[
        "in a quarter",
        "at its end",
        "the first of a month",
        "over the turn of a year",
        "at the end of a year",
        "by 14/12",
    ],
)
def test_the_days_are_the_ends_of_the_periods_before_and_the_day_itself(
    asked: Asked, until: date, days: list[date]
) -> None:
    assert trends.days(asked, until) == days


@pytest.mark.parametrize(
    ("code", "step"),
    [("2026-09", "month"), ("2026-Q3", "quarter"), ("2026-H1", "half"), ("2026", "year"), ("2026-TK", "statistical")],
)
def test_a_report_tells_its_trend_by_its_own_kind_of_period(code: str, step: str) -> None:
    assert trends.step_of(Period.read(code)).value == step


@pytest.mark.parametrize(
    ("step", "count", "asked"),
    [
        ("month", "6", Asked(Step.MONTH, 6)),
        ("week", "x", Asked()),
        (None, "0", Asked(count=1)),
        ("year", "99", Asked(Step.YEAR, 12)),
    ],
)
def test_what_an_address_cannot_mean_is_the_usual(step: str | None, count: str | None, asked: Asked) -> None:
    assert Asked.read(step, count) == asked
