"""Working days over weekends, holidays and exchanged days; the holidays are a fixed set, as a commune would keep it."""

from datetime import date, timedelta

from app.calendar import WorkingCalendar

#: Tết Bính Ngọ 2026 as announced: 16–20 February; worked in exchange on Saturday 28 February (invented).
TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = WorkingCalendar(holidays=TET, working=frozenset({date(2026, 2, 28)}))


def test_monday_to_friday_are_working_days():
    week = [CALENDAR.is_working_day(date(2026, 3, 2) + timedelta(days=number)) for number in range(7)]

    assert week == [True] * 5 + [False] * 2


def test_holidays_are_not_working_days():
    assert not any(CALENDAR.is_working_day(day) for day in TET)


def test_a_weekend_day_worked_in_exchange_is_a_working_day():
    assert CALENDAR.is_working_day(date(2026, 2, 28))


def test_the_day_itself_is_not_counted():
    assert WorkingCalendar().add_working_days(date(2026, 3, 2), 5) == date(2026, 3, 9)


def test_counting_from_a_weekend_begins_with_monday():
    assert WorkingCalendar().add_working_days(date(2026, 3, 7), 1) == date(2026, 3, 9)


def test_tet_is_jumped_over():
    assert CALENDAR.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_no_working_days_lead_to_the_day_itself():
    assert CALENDAR.add_working_days(date(2026, 2, 14), 0) == date(2026, 2, 14)


def test_working_days_between_are_the_inverse_of_adding():
    for count in range(12):
        last = CALENDAR.add_working_days(date(2026, 2, 12), count)
        assert CALENDAR.working_days_between(date(2026, 2, 12), last) == count


def test_there_are_no_working_days_up_to_an_earlier_day():
    assert CALENDAR.working_days_between(date(2026, 3, 5), date(2026, 3, 2)) == 0


def test_the_next_working_day_after_a_holiday_weekend():
    assert CALENDAR.next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert CALENDAR.next_working_day(date(2026, 2, 23)) == date(2026, 2, 23)
