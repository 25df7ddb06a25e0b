"""Days and ages are Viet Nam's; instants are UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app import clock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 4, 16, 59, 59, tzinfo=UTC), date(2026, 3, 4)),
        (datetime(2026, 3, 4, 17, 0, tzinfo=UTC), date(2026, 3, 5)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_turns_at_midnight_in_viet_nam(monkeypatch: pytest.MonkeyPatch, instant: datetime, day: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)

    assert clock.today() == clock.local_date(instant) == day


def test_two_in_the_morning_in_hanoi_is_still_yesterday_in_utc() -> None:
    night = datetime(2026, 3, 5, 2, 0, tzinfo=clock.LOCAL)

    assert night.astimezone(UTC).date() == date(2026, 3, 4)
    assert clock.local_date(night) == date(2026, 3, 5)


def test_now_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("born", "last_day_a_child", "first_day_sixteen"),
    [
        (date(2010, 5, 6), date(2026, 5, 5), date(2026, 5, 6)),
        (date(2012, 2, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2010, 12, 31), date(2026, 12, 30), date(2026, 12, 31)),
    ],
)
def test_sixteen_comes_on_the_birthday(born: date, last_day_a_child: date, first_day_sixteen: date) -> None:
    assert clock.age(born, last_day_a_child) == 15
    assert clock.age(born, first_day_sixteen) == 16
    assert born > clock.years_before(last_day_a_child, 16)
    assert born <= clock.years_before(first_day_sixteen, 16)


def test_whoever_is_born_on_29_february_turns_in_other_years_on_1_march() -> None:
    born = date(2012, 2, 29)

    assert clock.age(born, date(2023, 2, 28)) == 10
    assert clock.age(born, date(2023, 3, 1)) == 11
    assert born > clock.years_before(date(2023, 2, 28), 11)
    assert born <= clock.years_before(date(2023, 3, 1), 11)


@given(
    st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 20)
)
def test_counting_by_age_and_by_birth_date_agree(born: date, day: date, years: int) -> None:
    """Pages ask `clock.age`, lists ask the database with `years_before`: never a different answer."""
    if born <= day:
        assert (clock.age(born, day) >= years) == (born <= clock.years_before(day, years))
