"""NĐ 20/2021/NĐ-CP as tables: the rights, their coefficients by age with dates, the eleven cases of Đ5.1, base amounts.

The wording is the law's. Coefficients change with the law, so they stand here beside their article;
base amounts are data (models/entitlement.py), because a province may set its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from models import DisabilitySeverity, RelativeState, Right

#: NĐ 20/2021/NĐ-CP is in force from this day.
IN_FORCE = date(2021, 7, 1)

ARTICLES: dict[Right, str] = {
    Right.K1: "NĐ 20/2021/NĐ-CP Đ5.1",
    Right.K2: "NĐ 20/2021/NĐ-CP Đ5.2",
    Right.K3: "NĐ 20/2021/NĐ-CP Đ5.3",
    Right.K4: "NĐ 20/2021/NĐ-CP Đ5.4",
    Right.K6: "NĐ 20/2021/NĐ-CP Đ5.6",
    Right.K7: "NĐ 20/2021/NĐ-CP Đ5.7",
    Right.OTHER: "NĐ 20/2021/NĐ-CP Đ4.3",
    Right.CARER: "NĐ 20/2021/NĐ-CP Đ20",
    Right.CARD: "Luật Bảo hiểm y tế Đ16.3",
    Right.CERTIFICATE: "TT 01/2019/TT-BLĐTBXH Đ8.2",
}

#: Of these only one is paid, the one with the highest coefficient. K4 is paid to the parent, CARER to the carer.
OWN = (Right.K1, Right.K2, Right.K3, Right.K6, Right.K7)

#: Paid every month by the decree itself; a person may answer yes to them though no fact in the register speaks for them.
IN_MONEY = (*OWN, Right.K4, Right.CARER)

#: A child until this birthday (Luật Trẻ em Đ1); khoản 2, and khoản 4 for one who learns, go on until the other.
ADULT_FROM = 16
LEARNING_UNTIL = 22


@dataclass(frozen=True)
class Rate:
    """A coefficient of a right: for which ages (from, under) and severity, and while which law is in force."""

    right: Right
    coefficient: Decimal
    from_age: int = 0
    under_age: int = 16
    severity: DisabilitySeverity | None = None
    since: date = IN_FORCE
    until: date | None = None

    def holds(self, age: int | None, severity: DisabilitySeverity | None, day: date) -> bool:
        """Whether it is the one for this age and severity on that day. At an unknown age only what no age changes."""
        in_force = self.since <= day and (self.until is None or day < self.until)
        any_age = (self.from_age, self.under_age) == (0, 16)
        fits = any_age if age is None else self.from_age <= age < self.under_age
        return in_force and fits and self.severity is severity


_EXTREME, _SEVERE = DisabilitySeverity.EXTREME, DisabilitySeverity.SEVERE

RATES = (
    Rate(Right.K1, Decimal("2.5"), under_age=4),
    Rate(Right.K1, Decimal("1.5"), from_age=4),
    Rate(Right.K2, Decimal("1.5"), from_age=ADULT_FROM, under_age=LEARNING_UNTIL),
    Rate(Right.K3, Decimal("2.5"), under_age=4),
    Rate(Right.K3, Decimal("2.0"), from_age=4),
    Rate(Right.K4, Decimal("1.0")),
    Rate(Right.K4, Decimal("1.0"), from_age=ADULT_FROM, under_age=LEARNING_UNTIL),
    Rate(Right.K6, Decimal("2.5"), severity=_EXTREME),
    Rate(Right.K6, Decimal("2.0"), severity=_SEVERE),
    # From 60 another rate begins, that of elderly people with a disability.
    Rate(Right.K6, Decimal("2.0"), from_age=ADULT_FROM, under_age=60, severity=_EXTREME),
    Rate(Right.K6, Decimal("1.5"), from_age=ADULT_FROM, under_age=60, severity=_SEVERE),
    Rate(Right.K7, Decimal("1.5"), under_age=3),
    Rate(Right.CARER, Decimal("2.5"), under_age=4),
    Rate(Right.CARER, Decimal("1.5"), from_age=4),
)

#: Đ20: who takes care of a child with an extremely severe disability; the household that raises its own member.
CARER_OF_EXTREME = Decimal("2.5")
HOUSEHOLD_OF_EXTREME = Decimal("1.0")


def coefficient(right: Right, age: int | None, day: date, severity: DisabilitySeverity | None = None) -> Decimal | None:
    """The coefficient of a right at an age on a day; None where none is granted or the age that settles it is unknown.

    Source: NĐ 20/2021/NĐ-CP Đ5, Đ6.1 and Đ20.
    """
    return next((rate.coefficient for rate in RATES if rate.right is right and rate.holds(age, severity, day)), None)


# ── The eleven cases of Đ5.1 ───────────────────────────────────────────────

_DEAD, _MISSING = RelativeState.DEAD, RelativeState.MISSING
_PRISON, _FACILITY = RelativeState.IN_PRISON, RelativeState.IN_FACILITY

#: {letter of Đ5.1: wording}. Letters run a b c d đ e g h i k l.
CASES: dict[str, Any] = {
    "a": _l("Bị bỏ rơi chưa có người nhận làm con nuôi"),
    "b": _l("Mồ côi cả cha và mẹ"),
    "c": _l("Mồ côi cha hoặc mẹ và người còn lại mất tích theo quy định của pháp luật"),
    "d": _l("Mồ côi cha hoặc mẹ và người còn lại đang hưởng chế độ chăm sóc, nuôi dưỡng tại cơ sở trợ giúp xã hội"),
    "đ": _l(
        "Mồ côi cha hoặc mẹ và người còn lại đang trong thời gian chấp hành án phạt tù tại trại giam hoặc đang chấp hành "
        "quyết định đưa vào cơ sở giáo dục bắt buộc, cơ sở cai nghiện bắt buộc"
    ),
    "e": _l("Cả cha và mẹ mất tích theo quy định của pháp luật"),
    "g": _l("Cả cha và mẹ đang hưởng chế độ chăm sóc, nuôi dưỡng tại cơ sở trợ giúp xã hội"),
    "h": _l(
        "Cả cha và mẹ đang trong thời gian chấp hành án phạt tù tại trại giam hoặc đang chấp hành quyết định đưa vào "
        "cơ sở giáo dục bắt buộc, cơ sở cai nghiện bắt buộc"
    ),
    "i": _l(
        "Cha hoặc mẹ mất tích theo quy định của pháp luật và người còn lại đang hưởng chế độ chăm sóc, nuôi dưỡng tại "
        "cơ sở trợ giúp xã hội"
    ),
    "k": _l(
        "Cha hoặc mẹ mất tích theo quy định của pháp luật và người còn lại đang trong thời gian chấp hành án phạt tù tại "
        "trại giam hoặc đang chấp hành quyết định đưa vào cơ sở giáo dục bắt buộc, cơ sở cai nghiện bắt buộc"
    ),
    "l": _l(
        "Cha hoặc mẹ đang hưởng chế độ chăm sóc, nuôi dưỡng tại cơ sở trợ giúp xã hội và người còn lại đang trong thời "
        "gian chấp hành án phạt tù tại trại giam hoặc đang chấp hành quyết định đưa vào cơ sở giáo dục bắt buộc, cơ sở "
        "cai nghiện bắt buộc"
    ),
}

#: {states of the parents, whichever is whose: letter}. "Unable to care" is in none of them.
CASE_OF_PARENTS: dict[frozenset[RelativeState], str] = {
    frozenset({_DEAD}): "b",
    frozenset({_DEAD, _MISSING}): "c",
    frozenset({_DEAD, _FACILITY}): "d",
    frozenset({_DEAD, _PRISON}): "đ",
    frozenset({_MISSING}): "e",
    frozenset({_FACILITY}): "g",
    frozenset({_PRISON}): "h",
    frozenset({_MISSING, _FACILITY}): "i",
    frozenset({_MISSING, _PRISON}): "k",
    frozenset({_FACILITY, _PRISON}): "l",
}

#: {code of NĐ 56/2017: letter of Đ5.1}. c.7, c.11 and c.12 are special circumstances without this allowance.
CASE_OF_CIRCUMSTANCE: dict[str, str] = {
    "a": "b",
    "a.1": "b",
    "a.2": "b",
    "a.3": "b",
    "a.4": "b",
    "b.1": "a",
    "c.1": "c",
    "c.3": "đ",
    "c.4": "e",
    "c.5": "i",
    "c.6": "k",
    "c.8": "g",
    "c.9": "h",
    "c.10": "l",
}

#: Circumstances that are one of the cases only under a condition the register does not know: {code: (letter, condition)}.
CASE_IF: dict[str, tuple[str, Any]] = {
    "b": ("a", _l("Chỉ khi chưa có người nhận làm con nuôi.")),
    "b.2": ("a", _l("Chỉ khi người chăm sóc thay thế không nhận làm con nuôi.")),
    "c.2": (
        "d",
        _l("Chỉ khi người còn lại đang ở cơ sở trợ giúp xã hội; không còn khả năng chăm sóc thì không thuộc."),
    ),
}


# ── Base amounts ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Base:
    """A base amount from a day on; `is_own`: set by the commune's province, not by the government."""

    starts_on: date
    amount: int
    is_own: bool = False


def base_in_force(bases: Iterable[Base], day: date) -> int | None:
    """The base amount of a day: the government's latest, or the province's latest where that is higher.

    A province's row of the same day stands in place of the government's (to correct it). None before the first.
    Source: NĐ 20/2021/NĐ-CP Đ4.2 (government), Đ4.3 (a province may set a higher one).
    """
    begun = [base for base in bases if base.starts_on <= day]
    replaced = {base.starts_on for base in begun if base.is_own}
    own = [base for base in begun if base.is_own]
    general = [base for base in begun if not base.is_own and base.starts_on not in replaced]
    latest = [max(side, key=lambda base: base.starts_on) for side in (own, general) if side]
    return max((base.amount for base in latest), default=None)


def amount(base: int | None, times: Decimal | None) -> int | None:
    """Base × coefficient, in whole đồng; None while either is unknown. NĐ 20/2021/NĐ-CP Đ6.1."""
    return None if base is None or times is None else int(base * times)
