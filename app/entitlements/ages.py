"""Which change of age is coming, and what it changes. Values in, values out."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.entitlements.facts import ChildFacts
from app.entitlements.grounds import grounds
from app.entitlements.law import ARTICLES
from models import AllowanceBasis, Choice, PartialDate, Precision, Right, Schooling


class Turning(Choice):
    """An age at which something changes."""

    THREE = "3", _l("Đủ 3 tuổi")
    FOUR = "4", _l("Đủ 4 tuổi")
    CARD = "72m", _l("Thẻ bảo hiểm y tế dưới 6 tuổi hết giá trị")
    SIX = "6", _l("Đủ 6 tuổi")
    SEVEN = "7", _l("Đủ 7 tuổi")
    SIXTEEN = "16", _l("Đủ 16 tuổi")
    TWENTY_TWO = "22", _l("Đủ 22 tuổi")


@dataclass(frozen=True)
class Change:
    """A change of age, the day it comes, what it means and what is to be done. `is_near`: the birth date is not known
    to the day. `is_secret`: it tells of HIV, so it is never on paper (NĐ 20/2021/NĐ-CP Đ8).
    """

    turning: Turning
    on: date
    article: str
    meaning: Any
    is_near: bool = False
    is_secret: bool = False


#: At six these are not yet on the way into the first form, as far as the register shows.
_NOT_AT_SCHOOL = frozenset({Schooling.UNKNOWN, Schooling.TOO_YOUNG, Schooling.NURSERY, Schooling.NEVER})


def birthday(born_on: date, years: int) -> date:
    """The day on which an age is reached. Born on 29 February: 1 March where there is none."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def card_ends(birth: PartialDate) -> date:
    """The first day on which the card of a child under 6 is no longer valid.

    72 months after birth; where these are full before the new school year, the card is valid up to and including
    30/9 of that year. Source: Luật Bảo hiểm y tế Đ16.3 (to be checked by a lawyer).
    """
    full = birthday(birth.day, 6)
    return date(full.year, 10, 1) if full <= date(full.year, 9, 30) else full


def births_that_turn(day: date, until: date) -> list[tuple[date, date]]:
    """Birth dates (first, last) of whom a change of age may come from a day on, up to and including another.

    Wider than `coming` by a day at either end, for 29 February; it saves reading everybody else, and decides nothing.
    """
    slack = timedelta(days=1)
    found = [
        (clock.years_before(day, years) - slack, clock.years_before(until, years) + slack)
        for years in sorted({int(turning.value) for turning in Turning if turning is not Turning.CARD})
    ]
    ends = (date(year, 10, 1) for year in range(day.year, until.year + 1))
    cards = [(date(end.year - 6, 1, 1), date(end.year - 6, 9, 30)) for end in ends if day <= end <= until]
    return found + cards


def coming(facts: ChildFacts, day: date, until: date) -> list[Change]:
    """The changes of age from a day on, up to and including another, the nearest first. None without a birth date."""
    if facts.birth is None:
        return []
    changes = (change for change in _changes(facts, facts.birth, day) if day <= change.on <= until)
    return sorted(changes, key=lambda change: change.on)


def _changes(facts: ChildFacts, birth: PartialDate, day: date) -> Iterator[Change]:
    is_near = birth.precision is not Precision.DAY
    held = {Right(one.basis.value) for one in facts.received}
    rights = {ground.right for ground in grounds(facts, day)} | held

    def change(turning: Turning, years: int, article: str, meaning: Any, *, is_secret: bool = False) -> Change:
        return Change(turning, birthday(birth.day, years), article, meaning, is_near, is_secret)

    if Right.K7 in rights:
        yield change(Turning.THREE, 3, ARTICLES[Right.K7], _l("Thôi trợ cấp khoản 7: lập danh sách thôi hưởng."))
    if Right.K3 in rights:
        meaning = _l("Hệ số trợ cấp khoản 3 đổi từ 2,5 thành 2,0: lập danh sách điều chỉnh mức.")
        yield change(Turning.FOUR, 4, ARTICLES[Right.K3], meaning, is_secret=True)
    elif Right.K1 in rights:
        meaning = _l("Hệ số trợ cấp khoản 1 đổi từ 2,5 thành 1,5, của người nhận chăm sóc cũng vậy: điều chỉnh mức.")
        yield change(Turning.FOUR, 4, ARTICLES[Right.K1], meaning)
    meaning = _l("Thẻ trẻ em dưới 6 tuổi hết giá trị: chuyển nhóm tham gia bảo hiểm y tế.")
    yield Change(Turning.CARD, card_ends(birth), ARTICLES[Right.CARD], meaning, is_near)
    yield from (change(Turning.SIX, 6, *told) for told in _at_six(facts, birth))
    if facts.is_special:
        meaning = _l("Từ nay công bố thông tin riêng về trẻ phải được chính trẻ đồng ý.")
        yield change(Turning.SEVEN, 7, "Luật Trẻ em Đ6.11", meaning)
    if rights - {Right.CARER} or facts.is_special:
        of_hiv = Right.K3 in rights and not rights & {Right.K1, Right.K6, Right.K4}
        yield change(Turning.SIXTEEN, 16, *_at_sixteen(facts, rights), is_secret=of_hiv)
    if Right.K2 in rights:
        yield change(Turning.TWENTY_TWO, 22, ARTICLES[Right.K2], _l("Thôi trợ cấp khoản 2: lập danh sách thôi hưởng."))
    if Right.K4 in rights:
        meaning = _l("Con đủ 22 tuổi: thôi trợ cấp cha hoặc mẹ đơn thân nuôi người con này.")
        yield change(Turning.TWENTY_TWO, 22, ARTICLES[Right.K4], meaning)


def _at_six(facts: ChildFacts, birth: PartialDate) -> Iterator[tuple[str, Any]]:
    """A certificate from before is issued anew; a child that is at no school should enter the first form.

    Source: TT 01/2019/TT-BLĐTBXH Đ8.2; Luật Giáo dục 43/2019/QH14 Đ28.1 (six years, counted by calendar years).
    """
    if any(held.number and (held.on is None or held.on < birthday(birth.day, 6)) for held in facts.disabilities):
        yield ARTICLES[Right.CERTIFICATE], _l("Cấp lại giấy xác nhận khuyết tật: hẹn Hội đồng xác định lại.")
    if facts.schooling in _NOT_AT_SCHOOL:
        yield "Luật Giáo dục Đ28.1", _l("Vào lớp một trong năm đủ 6 tuổi: sổ chưa ghi trẻ học ở đâu, hỏi gia đình.")


def _at_sixteen(facts: ChildFacts, rights: set[Right]) -> tuple[str, Any]:
    """The article and the meaning of the 16th birthday for a child with these rights."""
    if any(held.basis is AllowanceBasis.K1 for held in facts.received):
        if facts.schooling in (Schooling.DROPPED_OUT, Schooling.NEVER):
            return ARTICLES[Right.K2], _l(
                "Thôi trợ cấp khoản 1: sổ ghi không đi học nên không hưởng tiếp theo khoản 2."
            )
        return ARTICLES[Right.K2], _l(
            "Hỏi còn đi học không: còn thì chuyển sang khoản 2, hệ số 1,5, đến khi học xong, không quá 22 tuổi; "
            "không thì thôi hưởng."
        )
    if Right.K6 in rights:
        return ARTICLES[Right.K6], _l("Điều chỉnh theo hệ số của người lớn: đặc biệt nặng 2,0; nặng 1,5.")
    if Right.K4 in rights:
        return ARTICLES[Right.K4], _l("Hỏi còn đi học không: chỉ hưởng tiếp khi con đang đi học, không quá 22 tuổi.")
    if rights & {Right.K1, Right.K3}:
        return ARTICLES[Right.K1], _l("Hết quyền hưởng trợ cấp dành cho trẻ em: nộp hồ sơ trước ngày này.")
    return "Luật Trẻ em Đ1", _l("Không còn là trẻ em: xem lại chăm sóc thay thế và các chế độ.")
