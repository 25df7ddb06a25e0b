"""By what a commune counts: its working days (Monday to Friday, less public holidays, plus weekend days worked in
exchange), and the limits its locality has shortened. Values in, values out."""

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShorterLimit:
    """A limit that the locality shortened: which, to how much, for what is received from one day to another."""

    kind: str
    amount: int
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class WorkingCalendar:
    """A commune's holidays and exchanged days; which days those are is data of the commune, never code."""

    holidays: frozenset[date] = frozenset()
    #: Weekend days worked in exchange for another day off (hoán đổi ngày làm việc).
    working: frozenset[date] = frozenset()
    #: Limits shorter than the law's.
    shorter: tuple[ShorterLimit, ...] = ()

    def shorter_limit(self, kind: str, day: date, lawful: int) -> tuple[int, str]:
        """(amount, its source) for what began on `day`; the law's amount and "" when no shorter limit was in force."""
        found = [
            (one.amount, one.source)
            for one in self.shorter
            if one.kind == kind and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
        ]
        return min([*found, (lawful, "")])

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day. A day worked in exchange counts even when it is also listed as a holiday."""
        if day in self.working:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """That day, or the first working day after it."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself is not counted (Bộ luật Dân sự 2015 Đ147)."""
        for _ in range(count):
            day = self.next_working_day(day + _ONE_DAY)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 when `end` is not later."""
        return sum(self.is_working_day(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))
