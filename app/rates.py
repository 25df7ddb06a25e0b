"""Rates: of how many, how many. Numerator and denominator are questions, each of which opens its list.

What papers ask for as a share: TT 13/2021, the criteria of QĐ 06/2019, the eight programmes of the commune's plan
(app/reference/indicator_sets.csv maps them). Always of the whole commune, so no village's small number stands beside another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app import access, indicators, register
from app.child_filters import (
    Ages,
    ChildFilters,
    Insured,
    Learning,
    Missing,
    Orphanhood,
    SeverityFilter,
    SpecialFilter,
)
from models import BirthRegistration, Commune, PopulationCheck, Schooling, Sex

_EVERY_CHILD = ChildFilters()


@dataclass(frozen=True)
class Rate:
    """Both parts are either a list's filters or the name of a tally that an indicator counts."""

    code: str
    label: Any
    source: str
    part: ChildFilters | str
    whole: ChildFilters | str = _EVERY_CHILD
    #: Out of so many.
    out_of: int = 100
    #: One thing beside another, not a part of it.
    is_ratio: bool = False

    @property
    def unit(self) -> str:
        """In what it is told."""
        if self.is_ratio:
            return _("bé trai trên 100 bé gái")
        return "%" if self.out_of == 100 else _("trên 100.000 trẻ em")


@dataclass(frozen=True)
class Line:
    """A rate's two numbers."""

    rate: Rate
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, rounded to one decimal; nothing of nothing."""
        return round(self.rate.out_of * self.part / self.whole, 1) if self.whole else None

    @property
    def told(self) -> str:
        """As it is read: 95,2%; per 100,000: 512,8; a dash where there is nobody."""
        if self.value is None:
            return "–"
        return f"{self.value:.1f}".replace(".", ",") + ("%" if self.rate.unit == "%" else "")

    def lists(self, on: date | None) -> tuple[ChildFilters | None, ChildFilters | None]:
        """The lists behind both numbers; None where a part is no list of children."""
        part, whole = self.rate.part, self.rate.whole
        return (
            part.but(on=on) if isinstance(part, ChildFilters) else None,
            whole.but(on=on) if isinstance(whole, ChildFilters) else None,
        )


def _special(**asked: Any) -> ChildFilters:
    return ChildFilters(group=SpecialFilter.SPECIAL.value, **asked)


def _at_risk(**asked: Any) -> ChildFilters:
    return ChildFilters(group=SpecialFilter.AT_RISK.value, **asked)


def _learning(code: str, label: Any, source: str, age: Ages) -> Rate:
    return Rate(code, label, source, ChildFilters(age=age, learning=Learning.YES), ChildFilters(age=age))


_CRITERION = "QĐ 06/QĐ-TTg, tiêu chí"
RATES: tuple[Rate, ...] = (
    Rate(
        "T1", _l("Trẻ em đã đăng ký khai sinh"), f"{_CRITERION} 2", ChildFilters(registration=BirthRegistration.REGISTERED)
    ),
    Rate(
        "T2", _l("Trẻ em chưa có số định danh cá nhân"), "CV 2513/LĐTBXH-TTTT",
        ChildFilters(missing=Missing.PERSONAL_ID),
    ),
    Rate(
        "T3", _l("Trẻ em khớp CSDL quốc gia về dân cư"), "CV 2513/LĐTBXH-TTTT",
        ChildFilters(check=PopulationCheck.MATCHED),
    ),
    Rate("T4", _l("Trẻ em có thẻ bảo hiểm y tế"), "Luật Bảo hiểm y tế Đ16.3", ChildFilters(insured=Insured.YES)),
    Rate(
        "T5", _l("Trẻ em dưới 6 tuổi (72 tháng) có thẻ bảo hiểm y tế"), "Luật Bảo hiểm y tế Đ16.3",
        ChildFilters(age=Ages.UNDER_6, insured=Insured.YES), ChildFilters(age=Ages.UNDER_6),
    ),
    _learning("T6", _l("Trẻ em dưới 3 tuổi đi nhà trẻ"), "TT 13/2021/TT-BLĐTBXH, IV", Ages.UNDER_3),
    _learning("T7", _l("Trẻ em từ 3 đến dưới 6 tuổi đi học mầm non"), f"{_CRITERION} 10", Ages.FROM_3),
    _learning("T8", _l("Trẻ em 5 tuổi đi học mầm non"), "QĐ 23/QĐ-TTg", Ages.FIVE),
    _learning("T9", _l("Trẻ em từ 6 đến dưới 11 tuổi đi học"), f"{_CRITERION} 10", Ages.FROM_6),
    _learning("T10", _l("Trẻ em từ 11 đến dưới 16 tuổi đi học"), f"{_CRITERION} 10", Ages.FROM_11),
    Rate(
        "T11", _l("Trẻ em từ 6 đến dưới 16 tuổi đã bỏ học"), f"{_CRITERION} 10",
        ChildFilters(age=Ages.SCHOOL, school=Schooling.DROPPED_OUT), ChildFilters(age=Ages.SCHOOL),
    ),
    Rate("T12", _l("Trẻ em có hoàn cảnh đặc biệt"), "TT 13/2021/TT-BLĐTBXH, III", _special()),
    Rate(
        "T13", _l("Trẻ em có hoàn cảnh đặc biệt được trợ giúp từ đầu năm"), f"{_CRITERION} 6", _special(helped="1"),
        _special(),
    ),
    Rate("T14", _l("Trẻ em có nguy cơ được trợ giúp từ đầu năm"), "Luật Trẻ em Đ49", _at_risk(helped="1"), _at_risk()),
    Rate(
        "T15", _l("Trẻ em khuyết tật được cung cấp dịch vụ từ đầu năm"), "QĐ 1438/QĐ-TTg",
        ChildFilters(disability=SeverityFilter.ANY, helped="1"), ChildFilters(disability=SeverityFilter.ANY),
    ),
    Rate(
        "T16", _l("Trẻ em mồ côi được trợ giúp từ đầu năm"), "QĐ 1591/QĐ-TTg",
        ChildFilters(orphan=Orphanhood.ANY, helped="1"), ChildFilters(orphan=Orphanhood.ANY),
    ),
    Rate("T17", _l("Trẻ em bị xâm hại trong kỳ"), "QĐ 23/QĐ-TTg", "abused"),
    Rate("T18", _l("Kế hoạch trình đúng hạn"), "NĐ 56/2017/NĐ-CP Đ28.1", "plans_submitted_in_time", "plans"),
    Rate("T19", _l("Kế hoạch quyết định đúng hạn"), "NĐ 56/2017/NĐ-CP Đ28.4", "plans_decided_in_time", "plans"),
    Rate("T20", _l("Kế hoạch được phê duyệt kịp thời"), f"{_CRITERION} 6", "plans_approved_in_time", "plans"),
    Rate(
        "T21", _l("Lượt tai nạn, thương tích trong kỳ trên 100.000 trẻ em"), "QĐ 1248/QĐ-TTg", "incidents",
        out_of=100_000,
    ),
    Rate(
        "T22", _l("Trẻ em tử vong do tai nạn, thương tích trong kỳ trên 100.000 trẻ em"), "QĐ 1248/QĐ-TTg",
        "incident_deaths", out_of=100_000,
    ),
    Rate(
        "T23", _l("Tỷ số giới tính khi sinh: trẻ sinh trong kỳ, bé trai trên 100 bé gái"), "TT 13/2021/TT-BLĐTBXH, I",
        f"born_{Sex.MALE}", f"born_{Sex.FEMALE}", is_ratio=True,
    ),
)  # fmt: skip


def lines(commune: Commune, on: date, figures: Sequence[indicators.Line]) -> list[Line]:
    """Every rate, children as on that day. What the figures count already is taken from them, the rest asked at once."""
    found = {line.indicator.filters or line.indicator.tally: line.total for line in figures}
    parts = dict.fromkeys(part for rate in RATES for part in (rate.part, rate.whole))
    asked = [part for part in parts if isinstance(part, ChildFilters) and part not in found]
    counts = register.count_many(access.commune_reader(commune.id), asked, on)
    found |= {part: sum(by_village.values()) for part, by_village in zip(asked, counts, strict=True)}
    return [Line(rate, found[rate.part], found[rate.whole]) for rate in RATES]
