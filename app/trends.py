"""Over several periods: special circumstances and risk at the ends of the last months, quarters, halves or years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from app import access, periods, register, whole_numbers
from app.child_filters import ChildFilters, SpecialFilter
from app.periods import Period
from models import Choice

#: What is counted at each day.
ASKED = (ChildFilters(group=SpecialFilter.SPECIAL.value), ChildFilters(group=SpecialFilter.AT_RISK.value))
MOST = 12
#: How many periods pages offer.
COUNTS = (3, 4, 6, 8, MOST)


class Step(Choice):
    """From the end of which period to the next."""

    MONTH = "month", _l("Theo tháng")
    QUARTER = "quarter", _l("Theo quý")
    HALF = "half", _l("Theo 6 tháng")
    YEAR = "year", _l("Theo năm")
    STATISTICAL_YEAR = "statistical", _l("Theo năm thống kê (đến 14/12)")


@dataclass(frozen=True)
class Asked:
    """By which step, and how many periods back."""

    step: Step = Step.QUARTER
    count: int = 4

    @classmethod
    def read(cls, step: str | None, count: str | None) -> "Asked":
        """From an address; what is none is the usual."""
        known = Step.of_code(step) or cls.step
        number = whole_numbers.read(count, digits=2)
        return cls(known, cls.count if number is None else min(max(number, 1), MOST))


USUAL = Asked()


def step_of(period: Period) -> Step:
    """The step a report of this period would tell its trend by."""
    days = (period.last - period.first).days
    if "-TK" in period.code:
        return Step.STATISTICAL_YEAR
    return Step.MONTH if days < 45 else Step.QUARTER if days < 120 else Step.HALF if days < 300 else Step.YEAR


def days(asked: Asked, until: date) -> list[date]:
    """The last days of so many periods that ended before a day, the first first, and that day."""
    found = [until]
    period: Period | None = periods.before(_containing(asked.step, until + timedelta(days=1)))
    while period is not None and len(found) <= asked.count:
        if period.last < until:
            found.insert(0, period.last)
        period = periods.before(period)
    return found


def _containing(step: Step, day: date) -> Period:
    codes = {
        Step.MONTH: f"{day:%Y-%m}",
        Step.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        Step.HALF: f"{day.year}-H{1 if day.month <= 6 else 2}",
        Step.YEAR: f"{day.year}",
        Step.STATISTICAL_YEAR: f"{day.year + (day >= date(day.year, 12, 15))}-TK",
    }
    return Period.read(codes[step])


def counts(commune_id: int, on: Sequence[date]) -> list[tuple[int, ...]]:
    """(special circumstances, risk) as on each of these days."""
    return register.count_over(access.commune_reader(commune_id), ASKED, on)
