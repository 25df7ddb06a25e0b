"""The periods of reports: a year, half, quarter, month, or from a day to a day. Pure; no clock."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from flask_babel import gettext as _

from app import clock

#: Months in a half-year, quarter or month.
_LENGTHS = {"H": 6, "Q": 3, "": 1}
_CODED = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<kind>[HQ]?)(?P<number>\d{1,2}))?")
_NINE_MONTHS = re.compile(r"(?P<year>[12]\d{3})-9M")
#: The statistical calendar of NĐ 09/2019/NĐ-CP: a year from 15 December to 14 December, its halves cut at 14 June.
_STATISTICAL = re.compile(r"(?P<year>[12]\d{3})-TK(?:-(?P<part>H1|H2|9M))?")
_STATISTICAL_ENDS = {
    "H1": ((-1, 12, 15), (0, 6, 14)),
    "H2": ((0, 6, 15), (0, 12, 14)),
    "9M": ((-1, 12, 15), (0, 9, 14)),
}
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
        """Read a code. Raises ValueError for anything that is none.

        `2026`, `2026-H1`, `2026-9M`, `2026-Q3`, `2026-09`; by the statistical calendar `2026-TK`, `2026-TK-H1`,
        `2026-TK-H2`, `2026-TK-9M`; from a day to a day `2026-01-15..2026-03-31`.
        """
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
        if nine := _NINE_MONTHS.fullmatch(code):
            year = int(nine["year"])
            return cls(code, date(year, 1, 1), date(year, 9, 30))
        if statistical := _STATISTICAL.fullmatch(code):
            return cls(code, *_statistical_days(int(statistical["year"]), statistical["part"]))
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
        return clock.start_of(self.first)

    @property
    def ended_at(self) -> datetime:
        """The first instant after it, by the Viet Nam clock."""
        return clock.start_of(self.last + timedelta(days=1))

    @property
    def label(self) -> str:
        """In words: năm 2026, 6 tháng đầu năm 2026, quý III năm 2026, tháng 9 năm 2026, từ … đến …"""
        if nine := _NINE_MONTHS.fullmatch(self.code):
            return _("9 tháng đầu năm %(year)s", year=nine["year"])
        if statistical := _STATISTICAL.fullmatch(self.code):
            return _statistical_label(statistical["year"], statistical["part"], self)
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


def _statistical_days(year: int, part: str | None) -> tuple[date, date]:
    (first, *first_day), (last, *last_day) = _STATISTICAL_ENDS.get(part or "", ((-1, 12, 15), (0, 12, 14)))
    return date(year + first, *first_day), date(year + last, *last_day)


def _statistical_label(year: str, part: str | None, period: Period) -> str:
    days = {"year": year, "first": f"{period.first:%d/%m/%Y}", "last": f"{period.last:%d/%m/%Y}"}
    match part:
        case "H1":
            return _("6 tháng đầu năm %(year)s (%(first)s–%(last)s)", **days)
        case "H2":
            return _("6 tháng cuối năm %(year)s (%(first)s–%(last)s)", **days)
        case "9M":
            return _("9 tháng đầu năm %(year)s (%(first)s–%(last)s)", **days)
    return _("năm %(year)s (%(first)s–%(last)s)", **days)


def before(period: Period) -> Period | None:
    """The period of the same kind just before a coded one: last month, quarter, half or year; None for a free span."""
    coded = _CODED.fullmatch(period.code)
    if coded is None:
        year = re.match(r"(\d{4})(-9M|-TK.*)", period.code)
        return Period.read(f"{int(year[1]) - 1}{year[2]}") if year else None
    if coded["number"] is None:
        return Period.of_year(int(coded["year"]) - 1)
    count = 12 // _LENGTHS[coded["kind"]]
    place = int(coded["year"]) * count + int(coded["number"]) - 2
    number = f"{place % count + 1:02d}" if not coded["kind"] else f"{coded['kind']}{place % count + 1}"
    return Period.read(f"{place // count}-{number}")


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def offered(today: date) -> list[Period]:
    """What a page offers: this year and its parts as far as they have begun, and last year."""
    year = today.year
    codes = [f"{year}", *(f"{year}-H{half}" for half in (2, 1)), f"{year}-9M"]
    codes += [f"{year}-Q{quarter}" for quarter in (4, 3, 2, 1)] + [f"{year}-{month:02d}" for month in range(12, 0, -1)]
    codes += [f"{year + 1}-TK", f"{year + 1}-TK-H1", *(f"{year}-TK{part}" for part in ("", "-H2", "-9M", "-H1"))]
    codes += [f"{year - 1}", f"{year - 1}-H2", f"{year - 1}-H1", f"{year - 1}-TK"]
    return [period for code in codes if (period := Period.read(code)).first <= today]
