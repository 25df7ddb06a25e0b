"""Which months of a period an allowance pays: NĐ 20/2021/NĐ-CP Đ8."""

from datetime import date

import pytest

from app.entitlements.paid import is_paid, months_of
from app.periods import Period

NONE = None


@pytest.mark.parametrize(
    ("started_on", "ended_on", "months"),
    [
        (None, None, [1, 2, 3]),
        (date(2026, 1, 1), None, [1, 2, 3]),
        (date(2026, 2, 28), None, [2, 3]),  # whole from the month of the decision
        (date(2026, 3, 31), None, [3]),
        (date(2026, 4, 1), None, []),
        (None, date(2026, 1, 1), []),
        (None, date(2026, 2, 1), [1]),
        (None, date(2026, 2, 2), [1, 2]),  # it stops the month after
        (date(2026, 2, 10), date(2026, 2, 20), [2]),
        (date(2026, 2, 10), date(2026, 3, 1), [2]),
    ],
)
def test_months_of_a_quarter(started_on: date | None, ended_on: date | None, months: list[int]) -> None:
    quarter = months_of(Period.read("2026-Q1"), date(2026, 12, 31))

    assert [month.month for month in quarter if is_paid(started_on, ended_on, month)] == months


@pytest.mark.parametrize(
    ("code", "on", "first", "last", "count"),
    [
        ("2026", date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 1), 12),
        ("2026", date(2026, 3, 1), date(2026, 1, 1), date(2026, 3, 1), 3),
        ("2026-TK", date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 1), 12),
        ("2026-TK-H1", date(2026, 12, 31), date(2026, 1, 1), date(2026, 6, 1), 6),
        ("2026-TK-H2", date(2026, 12, 31), date(2026, 7, 1), date(2026, 12, 1), 6),
        ("2026-01-15..2026-03-31", date(2026, 12, 31), date(2026, 2, 1), date(2026, 3, 1), 2),
    ],
)
def test_a_month_belongs_to_one_period(code: str, on: date, first: date, last: date, count: int) -> None:
    months = months_of(Period.read(code), on)

    assert (months[0], months[-1], len(months)) == (first, last, count)


def test_a_span_without_a_first_of_a_month_has_none() -> None:
    assert months_of(Period.read("2026-01-02..2026-01-31"), date(2026, 12, 31)) == []
