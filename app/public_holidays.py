"""Public holidays of a year, from the `holidays` library, to begin with: the officer corrects them on a page.

Lunar holidays and days swapped by the government cannot be worked out by a rule; what the
library does not know yet is typed in by hand.
"""

from datetime import date

import holidays
from sqlalchemy import extract, select

from models import CalendarDay, DayKind, db


def list_days(year: int) -> list[tuple[date, DayKind, str]]:
    """(day, kind, name) of every holiday and of every weekend day worked in exchange, as far as the library knows."""
    known = holidays.country_holidays("VN", years=year, language="vi")
    free = [(day, DayKind.HOLIDAY, name) for day, name in known.items()]
    worked = [
        (day, DayKind.WORKING, "Làm bù ngày nghỉ hoán đổi")
        for day in known.weekend_workdays
        if day.year == year and day not in known
    ]
    return sorted(free + worked)


def fill_year(commune_id: int, year: int) -> int:
    """Add what a commune's calendar lacks of a year; days already there stay as they are. Returns how many were added."""
    known = set(
        db.session.scalars(
            select(CalendarDay.day).where(
                CalendarDay.commune_id == commune_id, extract("year", CalendarDay.day) == year
            )
        )
    )
    added = [
        CalendarDay(commune_id=commune_id, day=day, kind=kind, name=name)
        for day, kind, name in list_days(year)
        if day not in known
    ]
    db.session.add_all(added)
    db.session.flush()
    return len(added)
