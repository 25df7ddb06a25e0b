"""Every legal period with its article: hours through the night and over Tết, working days, calendar days."""

import inspect
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app import deadlines
from app.calendar import WorkingCalendar
from app.clock import LOCAL
from app.deadlines import Unit

PLAIN = WorkingCalendar()
TET = WorkingCalendar(holidays=frozenset(date(2026, 2, day) for day in range(16, 21)))
#: Thursday 30 April and Friday 1 May 2026.
MAY = WorkingCalendar(holidays=frozenset({date(2026, 4, 30), date(2026, 5, 1)}))


def at(day: int, month: int, hour: int = 9, minute: int = 0, year: int = 2026) -> datetime:
    """An instant by the Viet Nam clock."""
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


class TestEmergency:
    """NĐ 56/2017 Đ26.3: 12 clock hours from receipt."""

    @pytest.mark.parametrize(
        ("received", "due"),
        [
            (at(2, 3, 8), at(2, 3, 20)),
            (at(2, 3, 23, 40), at(3, 3, 11, 40)),
            (at(7, 3, 15), at(8, 3, 3)),
            (at(16, 2, 23, 40), at(17, 2, 11, 40)),
            (at(31, 12, 20), at(1, 1, 8, year=2027)),
        ],
        ids=["by day", "through the night", "over a weekend", "23:40 on the eve of Tết", "over new year"],
    )
    def test_hours_run_from_receipt_nights_and_holidays_included(self, received, due):
        deadline = deadlines.emergency_due(received)

        assert (deadline.due_at, deadline.unit, deadline.article) == (due, Unit.HOURS, "NĐ 56/2017 Đ26.3")

    def test_the_initial_assessment_must_leave_room_for_it(self):
        assert deadlines.initial_due(at(2, 3, 8)).due_at == at(2, 3, 20)

    def test_the_last_minute_is_in_time_and_the_next_is_not(self):
        deadline = deadlines.emergency_due(at(2, 3, 8))

        assert not deadline.is_overdue(at(2, 3, 20))
        assert deadline.is_overdue(at(2, 3, 20, 1))


class TestPlan:
    """NĐ 56/2017 Đ28.1: 5 working days from intake."""

    @pytest.mark.parametrize(
        ("received", "calendar", "last"),
        [
            (at(2, 3), PLAIN, date(2026, 3, 9)),
            (at(6, 3), PLAIN, date(2026, 3, 13)),
            (at(7, 3), PLAIN, date(2026, 3, 13)),
            (at(2, 3, 23, 59), PLAIN, date(2026, 3, 9)),
            (at(15, 2, 23, 40), TET, date(2026, 2, 27)),
            (at(13, 2), TET, date(2026, 2, 27)),
            (at(28, 4), MAY, date(2026, 5, 7)),
        ],
        ids=["monday", "friday", "saturday", "before midnight", "23:40 on the eve of Tết", "over Tết", "over 30/4–1/5"],
    )
    def test_five_working_days_after_the_day_of_receipt(self, received, calendar, last):
        deadline = deadlines.plan_due(received, calendar)

        assert (deadline.due_on, deadline.unit, deadline.article) == (last, Unit.WORKING_DAYS, "NĐ 56/2017 Đ28.1")

    def test_it_ends_at_midnight_by_the_viet_nam_clock(self):
        assert deadlines.plan_due(at(2, 3), PLAIN).due_at == at(10, 3, 0)

    def test_the_day_of_receipt_is_the_viet_nam_day(self):
        received = datetime.fromisoformat("2026-03-02T18:30:00+00:00")

        assert deadlines.plan_due(received, PLAIN).due_on == date(2026, 3, 10)


class TestApproval:
    """NĐ 56/2017 Đ28.4: 2 working days from submission."""

    @pytest.mark.parametrize(
        ("submitted", "last"),
        [(at(2, 3), date(2026, 3, 4)), (at(5, 3), date(2026, 3, 9)), (at(7, 3), date(2026, 3, 10))],
    )
    def test_two_working_days_after_the_day_of_submission(self, submitted, last):
        deadline = deadlines.approval_due(submitted, PLAIN)

        assert (deadline.due_on, deadline.article) == (last, "NĐ 56/2017 Đ28.4")

    def test_a_plan_decided_on_the_last_evening_is_in_time(self):
        deadline = deadlines.approval_due(at(2, 3), PLAIN)

        assert deadline.was_met(at(4, 3, 23, 59))
        assert not deadline.was_met(at(5, 3, 0, 1))


class TestSeparation:
    """NĐ 56/2017 Đ32.3: at most 15 calendar days in all."""

    def test_fifteen_days_after_the_day_it_began(self):
        deadline = deadlines.separation_limit(date(2026, 3, 2))

        assert (deadline.due_on, deadline.unit, deadline.article) == (date(2026, 3, 17), Unit.DAYS, "NĐ 56/2017 Đ32.3")

    def test_an_upper_limit_is_not_moved_past_a_weekend(self):
        assert deadlines.separation_limit(date(2026, 3, 6)).due_on == date(2026, 3, 21)

    def test_days_of_separations_already_ended_are_used_up(self):
        earlier = [(date(2026, 3, 2), date(2026, 3, 8))]

        assert deadlines.separation_limit(date(2026, 3, 8), earlier).due_on == date(2026, 3, 17)
        assert deadlines.separation_limit(date(2026, 3, 20), earlier).due_on == date(2026, 3, 29)

    def test_days_covered_twice_are_used_once(self):
        earlier = [(date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 3, 4), date(2026, 3, 8))]

        assert deadlines.separation_limit(date(2026, 3, 8), earlier).due_on == date(2026, 3, 17)

    def test_nothing_is_left_when_all_days_are_used_up(self):
        earlier = [(date(2026, 3, 2), date(2026, 3, 30))]

        assert deadlines.separation_limit(date(2026, 4, 1), earlier).due_on == date(2026, 4, 1)

    def test_its_own_end_is_the_day_decided(self):
        assert deadlines.separation_end(date(2026, 3, 8)).due_at == at(9, 3, 0)


class TestPlanDates:
    """NĐ 56/2017 Đ29, Đ30: dates set by the plan and by the visits."""

    def test_an_action_is_due_on_its_own_day(self):
        assert (deadlines.action_due(date(2026, 3, 8)).due_on, deadlines.action_due(date(2026, 3, 8)).article) == (
            date(2026, 3, 8),
            "NĐ 56/2017 Đ29",
        )

    def test_a_visit_is_due_on_the_day_agreed(self):
        assert deadlines.visit_due(date(2026, 3, 8)).due_on == date(2026, 3, 8)

    def test_a_review_is_due_when_the_plan_ends_on_a_working_day(self):
        assert deadlines.review_due(date(2026, 3, 8), PLAIN).due_on == date(2026, 3, 9)
        assert deadlines.review_due(date(2026, 3, 9), PLAIN).article == "NĐ 56/2017 Đ30.1"


class TestAlternativeCare:
    """NĐ 56/2017 Đ42.7, Đ43.2."""

    def test_the_child_is_handed_over_within_fifteen_working_days(self):
        assert deadlines.handover_due(date(2026, 3, 2), PLAIN).due_on == date(2026, 3, 23)

    def test_visits_come_after_one_month_three_months_then_every_six(self):
        placed = date(2026, 1, 12)

        due = [deadlines.care_visit_due(placed, made, PLAIN).due_on for made in range(5)]

        assert due == [
            date(2026, 2, 12),
            date(2026, 4, 13),
            date(2026, 10, 12),
            date(2027, 4, 12),
            date(2027, 10, 12),
        ]

    def test_a_month_after_the_31st_ends_with_the_month(self):
        assert deadlines.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
        assert deadlines.add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)
        assert deadlines.add_months(date(2026, 11, 30), 1) == date(2026, 12, 30)


class TestWords:
    @pytest.mark.parametrize(
        ("now", "words"),
        [
            (at(2, 3, 8), "còn 12 giờ"),
            (at(2, 3, 16, 30), "còn 3 giờ"),
            (at(2, 3, 19, 35), "còn 25 phút"),
            (at(2, 3, 20, 10), "quá hạn 10 phút"),
            (at(3, 3, 7), "quá hạn 11 giờ"),
            (at(5, 3, 21), "quá hạn 3 ngày"),
        ],
    )
    def test_hours_are_told_in_hours(self, now, words):
        assert deadlines.left(deadlines.emergency_due(at(2, 3, 8)), now, PLAIN) == words

    @pytest.mark.parametrize(
        ("now", "words"),
        [
            (at(2, 3, 9), "còn 5 ngày làm việc"),
            (at(6, 3, 9), "còn 1 ngày làm việc"),
            (at(8, 3, 9), "còn 1 ngày làm việc"),
            (at(9, 3, 23, 59), "hạn hôm nay"),
            (at(10, 3, 0, 1), "quá hạn 1 ngày làm việc"),
            (at(16, 3, 9), "quá hạn 5 ngày làm việc"),
        ],
    )
    def test_working_days_are_told_in_working_days(self, now, words):
        assert deadlines.left(deadlines.plan_due(at(2, 3), PLAIN), now, PLAIN) == words

    def test_on_the_weekend_after_a_friday_it_is_simply_overdue(self):
        assert deadlines.left(deadlines.plan_due(at(6, 3), PLAIN), at(14, 3), PLAIN) == "đã quá hạn"

    @pytest.mark.parametrize(
        ("now", "words"), [(at(6, 3), "còn 2 ngày"), (at(8, 3), "hạn hôm nay"), (at(10, 3), "quá hạn 2 ngày")]
    )
    def test_calendar_days_are_told_in_days(self, now, words):
        assert deadlines.left(deadlines.visit_due(date(2026, 3, 8)), now, PLAIN) == words


class TestSoon:
    def test_hours_are_soon_within_a_day_and_never_once_overdue(self):
        deadline = deadlines.emergency_due(at(2, 3, 8))

        assert deadline.is_soon(at(2, 3, 9), PLAIN)
        assert not deadline.is_soon(at(2, 3, 21), PLAIN)

    def test_days_are_soon_within_two_working_days(self):
        deadline = deadlines.plan_due(at(2, 3), PLAIN)

        assert not deadline.is_soon(at(4, 3), PLAIN)
        assert deadline.is_soon(at(5, 3), PLAIN)

    def test_tet_brings_a_deadline_near_in_working_days(self):
        deadline = deadlines.visit_due(date(2026, 2, 24))

        assert deadline.is_soon(at(13, 2), TET)
        assert deadline.due_at - at(13, 2) > timedelta(days=10)


class TestTheTableOfTheLaw:
    def test_every_period_cites_its_source_and_stands_in_the_table(self):
        table = (Path(__file__).parents[2] / "docs/law.md").read_text(encoding="utf-8")
        periods = {
            name: function
            for name, function in vars(deadlines).items()
            if inspect.isfunction(function) and inspect.signature(function).return_annotation is deadlines.Deadline
        }

        assert len(periods) == 19
        assert [name for name in periods if f"`{name}`" not in table and f"deadlines.{name}" not in table] == []
        laws = ("NĐ 56/2017", "Luật Trẻ em", "TT 14/2020", "NĐ 356/2025", "Luật 91/2025")
        assert [
            name
            for name, function in periods.items()
            if not any(f"Source: {law}" in (function.__doc__ or "") for law in laws)
        ] == []


class TestFollowingCare:
    """Luật Trẻ em Đ68.2, TT 14/2020 Đ13.4, NĐ 56/2017 Đ40: periods worked out by hand."""

    @pytest.mark.parametrize(
        ("placed", "made", "last"),
        [
            (date(2026, 3, 2), 0, date(2026, 9, 2)),
            (date(2026, 3, 2), 1, date(2027, 3, 2)),
            (date(2026, 8, 31), 0, date(2027, 3, 1)),
            (date(2025, 10, 30), 0, date(2026, 5, 4)),
        ],
        ids=["after six months", "after a year", "28/2/2027 is a Sunday", "30 April and 1 May are free"],
    )
    def test_evaluated_every_six_months(self, placed, made, last):
        deadline = deadlines.care_evaluation_due(placed, made, MAY)

        assert (deadline.due_on, deadline.article) == (last, "Luật Trẻ em Đ68.2")

    def test_the_sixteenth_birthday_is_never_moved(self):
        saturday = date(2026, 3, 7)

        assert deadlines.care_at_sixteen(saturday).due_on == saturday

    @pytest.mark.parametrize(
        ("day", "last"),
        [
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 6, 30), date(2026, 6, 30)),
            (date(2026, 11, 25), date(2026, 12, 31)),
            (date(2027, 2, 1), date(2027, 3, 31)),
            (date(2028, 10, 1), date(2029, 1, 1)),
        ],
        ids=["first day of a quarter", "last day of a quarter", "inside", "next year", "31/12/2028 is a Sunday"],
    )
    def test_the_list_of_carers_is_due_at_the_end_of_the_quarter(self, day, last):
        assert deadlines.carer_list_due(day, PLAIN).due_on == last


class TestReports:
    """TT 28/2019 Đ5 and the letters of each year: the day that is written, worked out by hand."""

    @pytest.mark.parametrize(
        ("period_last", "months_after", "due_day", "last"),
        [
            (date(2026, 6, 30), 1, 9, date(2026, 7, 9)),
            (date(2026, 6, 14), 0, 10, date(2026, 6, 10)),
            (date(2026, 12, 14), 0, 10, date(2026, 12, 10)),
            (date(2026, 12, 31), 1, 31, date(2027, 1, 31)),
            (date(2026, 1, 31), 1, 31, date(2026, 2, 28)),
            (date(2026, 9, 30), 0, 31, date(2026, 9, 30)),
        ],
        ids=["before 10 July", "before the half ends", "before the year ends", "a Sunday", "short month", "month end"],
    )
    def test_the_day_of_the_letter_is_never_moved(self, period_last, months_after, due_day, last):
        deadline = deadlines.report_due(period_last, months_after, due_day, "Báo cáo", "TT 28/2019/TT-BLĐTBXH Đ5")

        assert (deadline.due_on, deadline.article) == (last, "TT 28/2019/TT-BLĐTBXH Đ5")
