"""May this child be given to this carer, and when is the next visit? Pure functions of values; each cites its article."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app import clock, deadlines
from app.calendar import WorkingCalendar
from app.deadlines import Deadline
from models import CareForm, Condition, PartialDate, Precision

#: Luật Trẻ em Đ63.2: a carer who is no relative is at least so many years older than the child.
YEARS_OLDER = 20
ADULT_YEARS = 18
#: Luật Trẻ em Đ63: from this age the child is asked.
ASKED_FROM_YEARS = 7
#: A visit, or an evaluation, up to so many days before its day counts as that one (our reading: the law names months,
#: no margin).
VISIT_EARLY_DAYS = 7


@dataclass(frozen=True)
class CarerFacts:
    """What is known of somebody ready to take a child."""

    birth: PartialDate | None
    #: (what the law asks, whether it was found), in the order of Luật Trẻ em Đ63.2.
    conditions: tuple[tuple[str, Condition | None], ...] = ()
    is_registered: bool = False


@dataclass(frozen=True)
class PlacementFacts:
    """What is known of a placement before it is decided."""

    form: CareForm
    child_birth: PartialDate | None
    carer: CarerFacts | None = None
    has_facility: bool = False
    is_assessed: bool = False
    was_asked: bool = False
    meetings: int = 0
    says_why_not_nearer: bool = False


def unmet(facts: PlacementFacts, day: date) -> list[tuple[str, str]]:
    """What still stands against a placement on this day, as (sentence, article); empty: it may be decided.

    Source: Luật Trẻ em 102/2016/QH13 Đ63; NĐ 56/2017/NĐ-CP Đ38, Đ42.2; TT 14/2020/TT-BLĐTBXH.
    """
    found = _of_child(facts, day)
    if facts.form is not CareForm.RELATIVE and not facts.says_why_not_nearer:
        found.append((_("Chưa ghi vì sao không giao được cho người gần hơn"), "NĐ 56/2017 Đ42.2"))
    if facts.form is CareForm.FACILITY:
        if not facts.has_facility:
            found.append((_("Chưa chọn cơ sở nhận chăm sóc"), "NĐ 56/2017 Đ42"))
        return found
    if facts.carer is None:
        return [*found, (_("Chưa chọn người nhận chăm sóc"), "NĐ 56/2017 Đ42")]
    return [*found, *_of_carer(facts, facts.carer, day)]


def _of_child(facts: PlacementFacts, day: date) -> list[tuple[str, str]]:
    found = []
    if not facts.is_assessed:
        found.append((_("Chưa đánh giá hoàn cảnh, nhu cầu của trẻ em (Mẫu 10)"), "NĐ 56/2017 Đ38.3"))
    latest = facts.child_birth
    is_asked = latest is None or clock.age(_earliest(latest) or latest.day, day) >= ASKED_FROM_YEARS
    if is_asked and not facts.was_asked:
        found.append((_("Chưa ghi ý kiến của trẻ em; trẻ từ đủ 7 tuổi phải được hỏi"), "Luật Trẻ em Đ63"))
    return found


def _of_carer(facts: PlacementFacts, carer: CarerFacts, day: date) -> list[tuple[str, str]]:
    article = "Luật Trẻ em Đ63.2"
    found = []
    if facts.form is CareForm.RELATIVE:
        if not _is_adult(carer.birth, day):
            found.append((_("Người thân thích nhận chăm sóc phải là người thành niên, chưa rõ đã đủ 18 tuổi"), article))
    elif (sentence := _too_near_in_age(carer.birth, facts.child_birth)) is not None:
        found.append((sentence, article))
    for words, answer in carer.conditions:
        if answer is None:
            found.append((_("Chưa xác minh: %(condition)s", condition=words), article))
        elif answer is Condition.NOT_MET:
            found.append((_("Không đạt: %(condition)s", condition=words), article))
    if facts.form is CareForm.FAMILY:
        if not carer.is_registered:
            found.append((_("Người nhận chăm sóc chưa đăng ký (Mẫu 08)"), "NĐ 56/2017 Đ40"))
        if facts.meetings < 2:
            found.append((_("Trẻ em và người nhận chưa gặp nhau đủ 2 lần"), "TT 14/2020"))
    return found


def _is_adult(birth: PartialDate | None, day: date) -> bool:
    if birth is None or birth.precision is Precision.ESTIMATED:
        return False
    return clock.age(birth.day, day) >= ADULT_YEARS


def _too_near_in_age(carer: PartialDate | None, child: PartialDate | None) -> str | None:
    """Why 20 years between them are not shown, or None. A date known in part must suffice even at its worst."""
    earliest = _earliest(child)
    if carer is None or carer.precision is Precision.ESTIMATED or earliest is None:
        return _("Ngày sinh chưa đủ rõ để biết người nhận hơn trẻ từ 20 tuổi")
    years = clock.age(carer.day, earliest)
    if years >= YEARS_OLDER:
        return None
    if carer.precision is Precision.DAY and child is not None and child.precision is Precision.DAY:
        return _("Người nhận chăm sóc chỉ hơn trẻ %(years)d tuổi; phải hơn từ 20 tuổi", years=max(years, 0))
    return _("Ngày sinh chưa đủ rõ để biết người nhận hơn trẻ từ 20 tuổi")


def _earliest(birth: PartialDate | None) -> date | None:
    """The first day somebody may have been born on (`PartialDate.day` is the last); None when only guessed."""
    if birth is None or birth.precision is Precision.ESTIMATED:
        return None
    if birth.precision is Precision.YEAR:
        return date(birth.day.year, 1, 1)
    return birth.day.replace(day=1) if birth.precision is Precision.MONTH else birth.day


def next_visit(placed_on: date, visits: Iterable[date], calendar: WorkingCalendar) -> Deadline:
    """The first visit of the schedule that the latest visit does not answer. An early extra visit moves nothing.

    Source: NĐ 56/2017/NĐ-CP Đ43.2.
    """
    return _first_open(deadlines.care_visit_due, placed_on, visits, calendar)


def next_evaluation(placed_on: date, evaluations: Iterable[date], calendar: WorkingCalendar) -> Deadline:
    """The first six-monthly evaluation that the latest one reported upward does not answer.

    Source: Luật Trẻ em 102/2016/QH13 Đ68.2.
    """
    return _first_open(deadlines.care_evaluation_due, placed_on, evaluations, calendar)


def _first_open(
    due_after: Callable[[date, int, WorkingCalendar], Deadline],
    placed_on: date,
    days: Iterable[date],
    calendar: WorkingCalendar,
) -> Deadline:
    latest = max(days, default=None)
    made = 0
    while latest is not None:
        due = due_after(placed_on, made, calendar)
        if latest < due.due_on - timedelta(days=VISIT_EARLY_DAYS):
            break
        made += 1
    return due_after(placed_on, made, calendar)


def due_of(
    decided_on: date | None,
    handed_over_on: date | None,
    ended_on: date | None,
    visits: Iterable[date],
    evaluations: Iterable[date],
    child_birth: PartialDate | None,
    calendar: WorkingCalendar,
) -> list[Deadline]:
    """What is due in a placement, first things first; nothing after its end.

    `evaluations` are those reported upward. NĐ 56/2017 Đ42.7, Đ43.2; Luật Trẻ em Đ68.2; TT 14/2020 Đ13.4.
    """
    if decided_on is None or ended_on is not None:
        return []
    if handed_over_on is None:
        return [deadlines.handover_due(decided_on, calendar)]
    found = [
        next_visit(handed_over_on, visits, calendar),
        next_evaluation(handed_over_on, evaluations, calendar),
    ]
    if child_birth is not None:
        found.append(deadlines.care_at_sixteen(deadlines.add_months(child_birth.day, 16 * 12)))
    return sorted(found, key=lambda one: one.due_at)
