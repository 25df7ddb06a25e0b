"""The periods of reports: a year, half, quarter, month, or from a day to a day. Pure; no clock."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from flask_babel import gettext as _

from app import clock

#: Months in a half-year, quarter or month.
_LENGTHS = {"H": 6, "Q": 3, "": 1}
_CODED = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<kind>[HQ]?)(?P<number>\d{1,2}))?")
_SPAN = re.compile(r"(?P<first>\d{4}-\d{2}-\d{2})\.\.(?P<last>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Period:
    """Some days in a row, both ends included, with the code it was asked by."""

    code: str
    first: date
    last: date

    @classmethod
    def of_year(cls, year: int) -> Self:
        """A calendar year."""
        return cls(f"{year:04d}", date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def read(cls, code: str) -> Self:
        """`2026`, `2026-H1`, `2026-Q3`, `2026-09` or `2026-01-15..2026-03-31`. Raises ValueError for anything else."""
        try:
            return cls._read(code.strip().upper())
        except ValueError:
            raise ValueError(f"no period: {code!r}") from None

    @classmethod
    def _read(cls, code: str) -> Self:
        if span := _SPAN.fullmatch(code):
            first, last = date.fromisoformat(span["first"]), date.fromisoformat(span["last"])
            if first > last:
                raise ValueError(code)
            return cls(code, first, last)
        coded = _CODED.fullmatch(code)
        if coded is None:
            raise ValueError(code)
        if coded["number"] is None:
            return cls.of_year(int(coded["year"]))
        months = _LENGTHS[coded["kind"]]
        if not 1 <= int(coded["number"]) <= 12 // months:
            raise ValueError(code)
        start = int(coded["year"]) * 12 + (int(coded["number"]) - 1) * months
        return cls(code, _first_of(start), _first_of(start + months) - timedelta(days=1))

    def counted_on(self, today: date) -> date:
        """The day as on which children are counted: the last of the period, or today while it runs."""
        return min(self.last, today)

    @property
    def began_at(self) -> datetime:
        """The first instant, by the Viet Nam clock."""
        return datetime.combine(self.first, time(), clock.LOCAL)

    @property
    def ended_at(self) -> datetime:
        """The first instant after it, by the Viet Nam clock."""
        return datetime.combine(self.last + timedelta(days=1), time(), clock.LOCAL)

    @property
    def label(self) -> str:
        """In words: năm 2026, 6 tháng đầu năm 2026, quý III năm 2026, tháng 9 năm 2026, từ … đến …"""
        coded = _CODED.fullmatch(self.code)
        year = self.first.year
        if coded is None:
            return _("từ %(first)s đến %(last)s", first=f"{self.first:%d/%m/%Y}", last=f"{self.last:%d/%m/%Y}")
        if coded["number"] is None:
            return _("năm %(year)s", year=year)
        number = int(coded["number"])
        if coded["kind"] == "H":
            return (
                _("6 tháng đầu năm %(year)s", year=year) if number == 1 else _("6 tháng cuối năm %(year)s", year=year)
            )
        if coded["kind"] == "Q":
            roman = ("I", "II", "III", "IV")[number - 1]
            return _("quý %(quarter)s năm %(year)s", quarter=roman, year=year)
        return _("tháng %(month)s năm %(year)s", month=number, year=year)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def offered(today: date) -> list[Period]:
    """What a page offers: this year and its parts as far as they have begun, and last year."""
    year = today.year
    codes = [f"{year}", *(f"{year}-H{half}" for half in (2, 1)), *(f"{year}-Q{quarter}" for quarter in (4, 3, 2, 1))]
    codes += [f"{year}-{month:02d}" for month in range(12, 0, -1)] + [f"{year - 1}"]
    return [period for code in codes if (period := Period.read(code)).first <= today]
