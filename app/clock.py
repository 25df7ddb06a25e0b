"""The only place that reads the clock. "Today" is Viet Nam's; instants are UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Viet Nam."""
    return local_date(now())


def local(instant: datetime) -> datetime:
    """An instant as a clock on a wall in Viet Nam shows it."""
    return instant.astimezone(LOCAL)


def local_date(instant: datetime) -> date:
    """The Viet Nam date of an instant: 02:00 in Hanoi is still yesterday in UTC."""
    return local(instant).date()


def start_of(day: date) -> datetime:
    """The first instant of a day in Viet Nam."""
    return datetime.combine(day, time(), LOCAL)


def years_before(day: date, years: int) -> date:
    """The latest birth date of somebody who has reached `years` on `day`. 29 February counts as reached on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def age(born_on: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def days_ago(days: int) -> datetime:
    """The instant so many days ago."""
    return now() - timedelta(days=days)
