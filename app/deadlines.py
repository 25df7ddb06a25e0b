"""Due times by law. Pure: values in, value out; each function cites its article, its unit and when counting starts.

Counting (Bộ luật Dân sự 2015 Đ147–148, to be checked by a lawyer): hours run from the
moment, nights and holidays included; a period in days begins the day after the event
and ends at 24:00 of its last day; where an act must be done and the last day is a
weekend or a holiday, it ends with the next working day. A deadline is worked out when it
is shown, never stored, and never stops anybody from saving. docs/law.md maps every
function here to its article and its test.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from app import clock
from app.calendar import WorkingCalendar

EMERGENCY_HOURS = 12
BREACH_HOURS = 72
PLAN_WORKING_DAYS = 5
APPROVAL_WORKING_DAYS = 2
SEPARATION_DAYS = 15
HANDOVER_WORKING_DAYS = 15
FIRST_CARE_VISITS_MONTHS = (1, 3)
CARE_VISITS_EVERY_MONTHS = 6
CARE_EVALUATION_EVERY_MONTHS = 6

#: What the law allows; a locality may shorten these, never lengthen them (models.LimitKind).
LAWFUL = {
    "emergency_hours": EMERGENCY_HOURS,
    "plan_days": PLAN_WORKING_DAYS,
    "approval_days": APPROVAL_WORKING_DAYS,
    "breach_hours": BREACH_HOURS,
}
NO_CALENDAR = WorkingCalendar()

#: A deadline this near is "soon".
SOON = timedelta(hours=24)
SOON_WORKING_DAYS = 2
#: Hours overdue from which they are told in days.
_HOURS_TOLD = 48


class Unit(StrEnum):
    """In what the law counts."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"


class What(StrEnum):
    """What is due; the code by which lists and tests know it."""

    INITIAL = "initial"
    EMERGENCY = "emergency"
    PLAN = "plan"
    APPROVAL = "approval"
    SEPARATION_END = "separation_end"
    SEPARATION_LIMIT = "separation_limit"
    ACTION = "action"
    VISIT = "visit"
    REVIEW = "review"
    HANDOVER = "handover"
    CARE_VISIT = "care_visit"
    CARE_EVALUATION = "care_evaluation"
    CARE_AT_SIXTEEN = "care_at_sixteen"
    CARER_LIST = "carer_list"
    REFERRAL = "referral"
    REQUEST_ANSWER = "request_answer"
    REQUEST_DONE = "request_done"
    BREACH = "breach"
    REPORT = "report"


@dataclass(frozen=True)
class Deadline:
    """Something due at an instant (aware; the end of the last day for periods in days), by which article."""

    what: What
    label: Any
    due_at: datetime
    article: str
    unit: Unit

    @property
    def due_on(self) -> date:
        """The Viet Nam date on which it is due; 24:00 still belongs to the day that ends."""
        return clock.local_date(self.due_at - timedelta(microseconds=1))

    def is_overdue(self, now: datetime) -> bool:
        """Whether the time has run out."""
        return now > self.due_at

    def is_soon(self, now: datetime, calendar: WorkingCalendar) -> bool:
        """Still open, and due within 24 hours (hours) or 2 working days (days)."""
        if self.is_overdue(now):
            return False
        if self.unit is Unit.HOURS:
            return self.due_at - now <= SOON
        return calendar.working_days_between(clock.local_date(now), self.due_on) <= SOON_WORKING_DAYS

    def was_met(self, done_at: datetime) -> bool:
        """Whether something done at that instant was in time."""
        return done_at <= self.due_at


def end_of(day: date) -> datetime:
    """24:00 of a day by the Viet Nam clock."""
    return clock.start_of(day + timedelta(days=1))


# ── The procedure of NĐ 56/2017/NĐ-CP, Chương III ──────────────────────────


def initial_due(received_at: datetime, calendar: WorkingCalendar = NO_CALENDAR) -> Deadline:
    """The initial risk assessment.

    The article sets no hours of its own, but whether emergency measures are needed must be
    known within the 12 clock hours of Đ26.3, counted from receipt; a locality may ask for fewer.
    Source: NĐ 56/2017/NĐ-CP Đ26.2, Đ26.3.
    """
    due, article = _hours_after(received_at, "NĐ 56/2017 Đ26.2, 26.3", calendar)
    return Deadline(What.INITIAL, _l("Đánh giá nguy cơ ban đầu"), due, article, Unit.HOURS)


def emergency_due(received_at: datetime, calendar: WorkingCalendar = NO_CALENDAR) -> Deadline:
    """Emergency measures, temporary separation.

    12 clock hours from the moment the information was received, nights and holidays included;
    a locality may ask for fewer.
    Source: NĐ 56/2017/NĐ-CP Đ26.3 ("trong vòng 12 giờ từ khi nhận thông tin").
    """
    due, article = _hours_after(received_at, "NĐ 56/2017 Đ26.3", calendar)
    return Deadline(What.EMERGENCY, _l("Can thiệp khẩn cấp"), due, article, Unit.HOURS)


def _hours_after(received_at: datetime, article: str, calendar: WorkingCalendar) -> tuple[datetime, str]:
    day = clock.local_date(received_at)
    hours, source = calendar.shorter_limit("emergency_hours", day, EMERGENCY_HOURS)
    return received_at + timedelta(hours=hours), _cited(article, source)


def _cited(article: str, source: str) -> str:
    """The article, with the locality's paper when it set a shorter limit."""
    return f"{article}; {source}" if source else article


def plan_due(received_at: datetime, calendar: WorkingCalendar) -> Deadline:
    """Drawing up the plan and submitting it.

    5 working days; the day of receipt is not counted. The article does not say when counting
    starts; we count from intake, the strictest reading.
    Source: NĐ 56/2017/NĐ-CP Đ28.1.
    """
    day = clock.local_date(received_at)
    count, source = calendar.shorter_limit("plan_days", day, PLAN_WORKING_DAYS)
    last = calendar.add_working_days(day, count)
    article = _cited("NĐ 56/2017 Đ28.1", source)
    return Deadline(What.PLAN, _l("Lập kế hoạch, trình phê duyệt"), end_of(last), article, Unit.WORKING_DAYS)


def approval_due(submitted_at: datetime, calendar: WorkingCalendar) -> Deadline:
    """The chair's decision on a plan.

    2 working days; the day of submission is not counted.
    Source: NĐ 56/2017/NĐ-CP Đ28.4.
    """
    day = clock.local_date(submitted_at)
    count, source = calendar.shorter_limit("approval_days", day, APPROVAL_WORKING_DAYS)
    last = calendar.add_working_days(day, count)
    article = _cited("NĐ 56/2017 Đ28.4", source)
    return Deadline(What.APPROVAL, _l("Phê duyệt kế hoạch"), end_of(last), article, Unit.WORKING_DAYS)


def separation_limit(started_on: date, earlier: Iterable[tuple[date, date]] = ()) -> Deadline:
    """The last day on which a child may be kept separated, all separations of the event together.

    15 calendar days; the day separation began is not counted. `earlier` are separations already
    ended (from, to): their days are used up. The limit ends a measure against a family's rights
    rather than allowing time for an act, so it is not moved past a weekend or holiday.
    Source: NĐ 56/2017/NĐ-CP Đ32.3; afterwards TT 14/2020/TT-BLĐTBXH Đ14.3.
    """
    used = {day for start, end in earlier for day in _days(start, min(end, started_on))}
    last = started_on + timedelta(days=max(SEPARATION_DAYS - len(used), 0))
    return Deadline(
        What.SEPARATION_LIMIT,
        _l("Cách ly tối đa 15 ngày: đánh giá lại, chấm dứt"),
        end_of(last),
        "NĐ 56/2017 Đ32.3",
        Unit.DAYS,
    )


def _days(start: date, end: date) -> Iterator[date]:
    """The days after `start` up to `end`."""
    return (start + timedelta(days=number) for number in range(1, (end - start).days + 1))


def separation_end(until: date) -> Deadline:
    """The end of a separation as its own decision sets it.

    A date, at the end of the day; not moved past a weekend or holiday.
    Source: NĐ 56/2017/NĐ-CP Đ32.
    """
    return Deadline(
        What.SEPARATION_END, _l("Hết thời gian tạm thời cách ly"), end_of(until), "NĐ 56/2017 Đ32", Unit.DAYS
    )


def action_due(ends_on: date) -> Deadline:
    """The end of one action of an approved plan.

    A date set by the plan, at the end of the day.
    Source: NĐ 56/2017/NĐ-CP Đ28.3 a, Đ29.
    """
    return Deadline(What.ACTION, _l("Công việc trong kế hoạch"), end_of(ends_on), "NĐ 56/2017 Đ29", Unit.DAYS)


def visit_due(next_visit_on: date) -> Deadline:
    """The next visit, as agreed at the one before.

    A date, at the end of the day.
    Source: NĐ 56/2017/NĐ-CP Đ29.
    """
    return Deadline(What.VISIT, _l("Lần thăm tiếp theo"), end_of(next_visit_on), "NĐ 56/2017 Đ29", Unit.DAYS)


def referral_due(reply_due_on: date) -> Deadline:
    """The reply to a referral, as the letter asked for it.

    A date, at the end of the day.
    Source: NĐ 56/2017/NĐ-CP Đ29.
    """
    return Deadline(What.REFERRAL, _l("Trả lời giấy chuyển"), end_of(reply_due_on), "NĐ 56/2017 Đ29", Unit.DAYS)


def review_due(plan_ends_on: date, calendar: WorkingCalendar) -> Deadline:
    """The review after a plan has been carried out.

    The article sets no number: due on the plan's last day, moved to a working day.
    Source: NĐ 56/2017/NĐ-CP Đ30.1.
    """
    last = calendar.next_working_day(plan_ends_on)
    return Deadline(What.REVIEW, _l("Rà soát, đánh giá khi hết kế hoạch"), end_of(last), "NĐ 56/2017 Đ30.1", Unit.DAYS)


# ── Alternative care ───────────────────────────────────────────────────────


def handover_due(decided_on: date, calendar: WorkingCalendar) -> Deadline:
    """Handing a child over to the carer.

    15 working days; the day of the decision (Mẫu 12) is not counted.
    Source: NĐ 56/2017/NĐ-CP Đ42.7.
    """
    last = calendar.add_working_days(decided_on, HANDOVER_WORKING_DAYS)
    return Deadline(What.HANDOVER, _l("Giao, nhận trẻ em"), end_of(last), "NĐ 56/2017 Đ42.7", Unit.WORKING_DAYS)


def care_visit_due(placed_on: date, visits_made: int, calendar: WorkingCalendar) -> Deadline:
    """The next visit to a child in alternative care.

    1 month after the placement, 3 months after it, then every 6 months; months by the calendar,
    moved to a working day.
    Source: NĐ 56/2017/NĐ-CP Đ43.2.
    """
    first = len(FIRST_CARE_VISITS_MONTHS)
    if visits_made < first:
        months = FIRST_CARE_VISITS_MONTHS[visits_made]
    else:
        months = FIRST_CARE_VISITS_MONTHS[-1] + CARE_VISITS_EVERY_MONTHS * (visits_made - first + 1)
    last = calendar.next_working_day(add_months(placed_on, months))
    return Deadline(
        What.CARE_VISIT, _l("Theo dõi chăm sóc thay thế (Mẫu 13)"), end_of(last), "NĐ 56/2017 Đ43.2", Unit.DAYS
    )


def care_evaluation_due(placed_on: date, evaluations_made: int, calendar: WorkingCalendar) -> Deadline:
    """The commune's next evaluation of a child in alternative care, reported upward.

    Every 6 months from the placement; months by the calendar, moved to a working day.
    Source: Luật Trẻ em 102/2016/QH13 Đ68.2.
    """
    months = CARE_EVALUATION_EVERY_MONTHS * (evaluations_made + 1)
    last = calendar.next_working_day(add_months(placed_on, months))
    return Deadline(
        What.CARE_EVALUATION,
        _l("Đánh giá việc chăm sóc thay thế, báo cáo cấp trên"),
        end_of(last),
        "Luật Trẻ em Đ68.2",
        Unit.DAYS,
    )


def care_at_sixteen(turns_16_on: date) -> Deadline:
    """Assessing and referring a child in alternative care who turns 16.

    The birthday itself, at the end of the day. It is the day the child stops being one, so it is
    not moved past a weekend or holiday.
    Source: TT 14/2020/TT-BLĐTBXH Đ13.4; Luật Trẻ em Đ1.
    """
    return Deadline(
        What.CARE_AT_SIXTEEN,
        _l("Đủ 16 tuổi: đánh giá, chuyển tiếp"),
        end_of(turns_16_on),
        "TT 14/2020 Đ13.4",
        Unit.DAYS,
    )


def carer_list_due(day: date, calendar: WorkingCalendar) -> Deadline:
    """Sending the list of those ready to take a child (Mẫu 09) for the quarter in which `day` lies.

    Quarterly; the article names no day: due on the quarter's last day, moved to a working day.
    Source: NĐ 56/2017/NĐ-CP Đ40.
    """
    first_month = (day.month - 1) // 3 * 3 + 1
    last = add_months(date(day.year, first_month, 1), 3) - timedelta(days=1)
    return Deadline(
        What.CARER_LIST,
        _l("Gửi danh sách nhận chăm sóc thay thế (Mẫu 09)"),
        end_of(calendar.next_working_day(last)),
        "NĐ 56/2017 Đ40",
        Unit.DAYS,
    )


# ── Requests about personal data ───────────────────────────────────────────


def request_answer_due(received_on: date, working_days: int, article: str, calendar: WorkingCalendar) -> Deadline:
    """Telling who asked about personal data how the request is handled.

    Working days; the day of receipt is not counted. How many is data (RequestLimit), as is the article shown.
    Source: NĐ 356/2025/NĐ-CP Đ5.
    """
    last = calendar.add_working_days(received_on, working_days)
    return Deadline(What.REQUEST_ANSWER, _l("Phản hồi người yêu cầu"), end_of(last), article, Unit.WORKING_DAYS)


def breach_notice_due(detected_at: datetime, calendar: WorkingCalendar = NO_CALENDAR) -> Deadline:
    """Notifying the authority of a breach of personal data.

    72 clock hours from the moment it was found, nights and holidays included; a locality may ask for fewer.
    Source: Luật 91/2025/QH15 Đ23.1.
    """
    hours, source = calendar.shorter_limit("breach_hours", clock.local_date(detected_at), BREACH_HOURS)
    article = _cited("Luật 91/2025/QH15 Đ23.1", source)
    due = detected_at + timedelta(hours=hours)
    return Deadline(What.BREACH, _l("Thông báo vi phạm"), due, article, Unit.HOURS)


def request_done_due(received_on: date, days: int, article: str, calendar: WorkingCalendar) -> Deadline:
    """Carrying out a request about personal data; `days` already hold the one extension, if there was one.

    Days by the calendar, the day of receipt not counted, moved to a working day. How many is data (RequestLimit).
    Source: NĐ 356/2025/NĐ-CP Đ5; BLDS 2015 Đ147, Đ148.
    """
    last = calendar.next_working_day(received_on + timedelta(days=days))
    return Deadline(What.REQUEST_DONE, _l("Thực hiện yêu cầu"), end_of(last), article, Unit.DAYS)


def report_due(period_last: date, months_after: int, due_day: int, name: str, article: str) -> Deadline:
    """Sending a report on a period: a day of the month in which the period ends, or of one after it.

    The day is the one written in the paper that asks for the report (data of the commune), never moved: "trước ngày 10/7"
    is over on 10 July, whatever day of the week it is. A month without that day ends earlier.
    Source: Luật Trẻ em Đ90.3; TT 28/2019/TT-BLĐTBXH Đ5; the letters of each year.
    """
    first = add_months(period_last.replace(day=1), months_after)
    month_end = add_months(first, 1) - timedelta(days=1)
    due = min(first + timedelta(days=due_day - 1), month_end)
    return Deadline(What.REPORT, name, end_of(due), article, Unit.DAYS)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day: 31/1 plus one month is 28/2 (BLDS 2015 Đ148.3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


# ── In words ───────────────────────────────────────────────────────────────


def left(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> str:
    """How much time is left or overdue, in the unit of the law: "còn 3 giờ", "quá hạn 2 ngày làm việc"."""
    if deadline.unit is Unit.HOURS:
        return _hours_left(deadline.due_at - now)
    today = clock.local_date(now)
    if deadline.is_overdue(now):
        return _overdue(deadline, today, calendar)
    if today >= deadline.due_on:
        return _("hạn hôm nay")
    if deadline.unit is Unit.WORKING_DAYS:
        count = calendar.working_days_between(today, deadline.due_on)
        return ngettext("còn %(num)d ngày làm việc", "còn %(num)d ngày làm việc", count)
    count = (deadline.due_on - today).days
    return ngettext("còn %(num)d ngày", "còn %(num)d ngày", count)


def _overdue(deadline: Deadline, today: date, calendar: WorkingCalendar) -> str:
    if deadline.unit is Unit.DAYS:
        count = (today - deadline.due_on).days
        return ngettext("quá hạn %(num)d ngày", "quá hạn %(num)d ngày", count)
    count = calendar.working_days_between(deadline.due_on, today)
    if count == 0:
        return _("đã quá hạn")
    return ngettext("quá hạn %(num)d ngày làm việc", "quá hạn %(num)d ngày làm việc", count)


def _hours_left(remaining: timedelta) -> str:
    minutes = int(abs(remaining).total_seconds()) // 60
    hours = minutes // 60
    if remaining >= timedelta(0):
        if hours:
            return ngettext("còn %(num)d giờ", "còn %(num)d giờ", hours)
        return ngettext("còn %(num)d phút", "còn %(num)d phút", minutes)
    if not hours:
        return ngettext("quá hạn %(num)d phút", "quá hạn %(num)d phút", minutes)
    if hours < _HOURS_TOLD:
        return ngettext("quá hạn %(num)d giờ", "quá hạn %(num)d giờ", hours)
    return ngettext("quá hạn %(num)d ngày", "quá hạn %(num)d ngày", hours // 24)
