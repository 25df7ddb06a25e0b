"""What the commune must report and by when: periods that fall due, until a report on them is sent.

The rules are rows people edit (models/report_duty.py), because letters change the dates every year; `fill` only adds the
usual ones. A report sent from the program meets its duty by itself; what is sent otherwise is noted by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select

from app import access, casework, clock, deadlines
from app.deadlines import Deadline
from app.periods import Period
from app.reports import addressees
from models import (
    Commune,
    DutyDone,
    PeriodReport,
    PeriodReportState,
    PeriodRule,
    ReportDuty,
    ReportKind,
    User,
    db,
)

#: Told this long before.
SOON = timedelta(days=15)
#: Days by which the two calendars of a half or a year differ (30/6 and 14/6): a report by either meets the duty.
_CALENDARS_APART = 31

#: {rule: the codes of its periods in a year}.
_CODES = {
    PeriodRule.MONTH: tuple(f"{{}}-{month:02d}" for month in range(1, 13)),
    PeriodRule.QUARTER: tuple(f"{{}}-Q{quarter}" for quarter in range(1, 5)),
    PeriodRule.HALF: ("{}-H1", "{}-H2"),
    PeriodRule.FIRST_HALF: ("{}-H1",),
    PeriodRule.STATISTICAL_HALF: ("{}-TK-H1",),
    PeriodRule.NINE_MONTHS: ("{}-9M",),
    PeriodRule.YEAR: ("{}",),
    PeriodRule.STATISTICAL_YEAR: ("{}-TK",),
    PeriodRule.JUNE: ("{}-06",),
}


class Which(StrEnum):
    """Which lines of the list."""

    ALL = "all"
    OVERDUE = "overdue"
    SOON = "soon"


@dataclass(frozen=True)
class Line:
    """A report on one period that is owed."""

    duty: ReportDuty
    period: Period
    deadline: Deadline
    left: str
    is_overdue: bool
    #: One that is being prepared, shown or approved.
    report: PeriodReport | None = None


def lines(
    user: User,
    which: Which = Which.ALL,
    now: datetime | None = None,
    reports: Sequence[PeriodReport] | None = None,
) -> list[Line]:
    """What is overdue or due within SOON and not sent yet, the most pressing first. The one question of list and counts.

    `reports` are all the person may see, where they were read already.
    """
    now = now or clock.now()
    duties: dict[ReportDuty, set[str | None]] = {}
    query = all_duties(user).outerjoin(DutyDone, DutyDone.duty_id == ReportDuty.id)
    for duty, noted in db.session.execute(query.add_columns(DutyDone.period)):
        duties.setdefault(duty, set()).add(noted)
    owed = [
        (duty, period, deadline)
        for duty, done in duties.items()
        for period, deadline in _falling_due(duty, clock.local_date(now))
        if period.code not in done
    ]
    if reports is None and owed:
        reports = db.session.scalars(access.visible_period_reports(user)).all()
    calendar = casework.calendar_of(user.commune_id)
    found = []
    for duty, period, deadline in owed:
        ours = [report for report in reports or () if report.kind is duty.kind and _is_on(report, period)]
        if not any(report.state is PeriodReportState.SENT for report in ours):
            left = deadlines.left(deadline, now, calendar)
            found.append(Line(duty, period, deadline, left, deadline.is_overdue(now), next(iter(ours), None)))
    wanted = [line for line in found if which is Which.ALL or line.is_overdue is (which is Which.OVERDUE)]
    return sorted(wanted, key=lambda line: (line.deadline.due_at, line.duty.id))


def _falling_due(duty: ReportDuty, today: date) -> Iterable[tuple[Period, Deadline]]:
    """The periods of a duty whose last day to report lies in its dates and not beyond SOON."""
    for year in range(duty.valid_from.year - 1, today.year + 2):
        for code in _CODES[duty.rule]:
            period = Period.read(code.format(year))
            deadline = deadlines.report_due(period.last, duty.months_after, duty.due_day, duty.name, duty.source)
            in_force = duty.valid_from <= deadline.due_on and (
                duty.valid_to is None or deadline.due_on <= duty.valid_to
            )
            if in_force and deadline.due_on <= today + SOON:
                yield period, deadline


def _is_on(report: PeriodReport, period: Period) -> bool:
    """Whether a report is about this period, by whichever of the two calendars."""
    if report.period == period.code:
        return True
    told = Period.read(report.period)
    is_long = min(told.last - told.first, period.last - period.first) > timedelta(days=2 * _CALENDARS_APART)
    apart = max(abs((told.first - period.first).days), abs((told.last - period.last).days))
    return is_long and apart <= _CALENDARS_APART


def all_duties(user: User) -> Select[ReportDuty]:
    """The rules of the person's commune, in force or not."""
    return select(ReportDuty).where(ReportDuty.commune_id == user.commune_id).order_by(ReportDuty.id)


def done_by_hand(user: User) -> Select[DutyDone]:
    """What was noted as sent outside the program, the latest first."""
    return (
        select(DutyDone)
        .where(DutyDone.commune_id == user.commune_id)
        .order_by(DutyDone.sent_on.desc(), DutyDone.id.desc())
    )


def find_line(user: User, duty: ReportDuty, code: str) -> Line | None:
    """What is owed on one period, if it still is."""
    return next((line for line in lines(user) if line.duty.id == duty.id and line.period.code == code), None)


def fill(commune: Commune, since: date) -> int:
    """Add the usual duties that the commune has not. Returns how many."""
    known = set(db.session.scalars(select(ReportDuty.name).where(ReportDuty.commune_id == commune.id)))
    missing = [duty for duty in _usual(commune, since) if duty.name not in known]
    db.session.add_all(missing)
    db.session.flush()
    return len(missing)


def _usual(commune: Commune, since: date) -> list[ReportDuty]:
    """What communes are usually asked for. Dates that no law gives are the last day that can be in time; letters say more.

    The list of carers and the evaluations of alternative care are told with it (app/care.py).

    Rows to be edited, so they are Vietnamese whatever language the page is read in.
    """
    letter = "Công văn hướng dẫn hằng năm (sửa ngày theo văn bản của năm)"
    month = "Báo cáo Tháng hành động vì trẻ em"
    half, year = "Báo cáo công tác trẻ em 6 tháng đầu năm", "Báo cáo công tác trẻ em năm"
    rights = "Báo cáo HĐND xã về thực hiện quyền trẻ em"
    plan = "Báo cáo thực hiện Kế hoạch về Chỉ thị 28-CT/TW"
    rows = [
        (month, ReportKind.ACTION_MONTH, PeriodRule.JUNE, 1, 9, "TT 28/2019/TT-BLĐTBXH Đ5"),
        (half, ReportKind.WORK, PeriodRule.STATISTICAL_HALF, 0, 10, letter),
        (year, ReportKind.WORK, PeriodRule.STATISTICAL_YEAR, 0, 10, letter),
        (rights, ReportKind.COUNCIL, PeriodRule.YEAR, 0, 31, "Luật Trẻ em Đ90.3"),
        (plan, ReportKind.DIRECTIVE, PeriodRule.YEAR, 0, 31, commune.plan_reference or letter),
    ]
    return [
        ReportDuty(
            commune_id=commune.id, name=name, kind=kind, rule=rule, months_after=after, due_day=day,
            addressee="; ".join(addressees.usual(commune, kind or ReportKind.FIGURES).splitlines()) or None,
            source=source, valid_from=since,
        )
        for name, kind, rule, after, day, source in rows
    ]  # fmt: skip
