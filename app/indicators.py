"""One table of indicators: what is counted, in which words, after which source, and the list behind each figure.

The figures page and the summary sheet of the district workbook walk this table. Children are counted by the same
question (app/register.py) that makes the list a figure leads to. A figure that would tell, village by village, of
HIV/AIDS or sexual abuse is counted for the whole commune only: see `Spread`.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from app import access, age_bands, reference, register, tallies
from app.age_bands import Bands
from app.child_filters import (
    Ages,
    CareFilter,
    ChildFilters,
    Ethnicity,
    Missing,
    Orphanhood,
    SeverityFilter,
    SpecialFilter,
)
from app.entitlements import paid
from app.periods import Period
from models import (
    AbuseForm,
    AgeSplit,
    BirthRegistration,
    Commune,
    IncidentKind,
    MovementKind,
    PerpetratorRelation,
    PopulationCheck,
    Poverty,
    Schooling,
    Sex,
    User,
    Village,
    db,
)


class Spread(enum.Enum):
    """How far a figure may be told apart by village."""

    #: The same question in every village.
    VILLAGES = enum.auto()
    #: By village without the secret groups; these only make up the rest of the commune's total.
    SHARED = enum.auto()
    #: The commune's total, and nothing by village.
    COMMUNE = enum.auto()


@dataclass(frozen=True)
class Indicator:
    """One line of the matrix. Either `filters` (children, as a list asks) or `tally` (a name in app/tallies.py)."""

    code: str
    label: Any
    source: str = ""
    filters: ChildFilters | None = None
    tally: str | None = None
    spread: Spread = Spread.VILLAGES

    @property
    def is_main(self) -> bool:
        """A line of its own, not a part of the one above."""
        return "." not in self.code


@dataclass(frozen=True)
class Line:
    """An indicator's figures."""

    indicator: Indicator
    by_village: dict[int, int] = field(default_factory=dict)
    #: Of the total, what is told of no single village.
    undivided: int = 0

    @property
    def total(self) -> int:
        """The whole commune."""
        return sum(self.by_village.values()) + self.undivided

    def undivided_is_secret(self, village_id: int | None = None) -> bool:
        """Whether the list behind the figure tells who is in a group, or gets an allowance, kept secret."""
        asked = self.indicator.filters
        is_whole = village_id is None and self.indicator.spread is not Spread.VILLAGES
        return is_whole and asked is not None and bool(asked.group or asked.allowance)

    def filters(self, on: date | None, village_id: int | None = None) -> ChildFilters | None:
        """The list behind the figure of a village, or of the commune; None where there is none."""
        asked = self.indicator.filters
        if asked is None or (village_id and self.indicator.spread is Spread.COMMUNE):
            return None
        shared = "1" if village_id and self.indicator.spread is Spread.SHARED else None
        return asked.but(on=on, village=village_id, shared=shared)


def _children(code: str, label: Any, source: str = "", spread: Spread = Spread.VILLAGES, **asked: Any) -> Indicator:
    return Indicator(code, label, source, ChildFilters(**asked), spread=spread)


def _of_allowances(code: str, label: Any, tally: str) -> Indicator:
    """What is told of khoản 3 (HIV/AIDS) only makes up the rest of the commune's total."""
    return Indicator(code, label, "NĐ 20/2021/NĐ-CP Đ5", tally=tally, spread=Spread.SHARED)


#: Groups of Đ10.1 of which nothing is told by village; k only in part (k.2, k.3).
GROUP_SPREADS = {"đ": Spread.COMMUNE, "l": Spread.COMMUNE, "k": Spread.SHARED}
_SUBGROUP_SPREADS = {"k.2": Spread.COMMUNE, "k.3": Spread.COMMUNE}


def _group_lines() -> Iterator[Indicator]:
    """The 14 groups, each followed by its sub-groups (NĐ 56/2017 Đ3–16)."""
    for letter, wording in reference.groups():
        spread = GROUP_SPREADS.get(letter, Spread.VILLAGES)
        yield _children(f"4.{letter}", wording, f"Đ10.1.{letter}", spread, group=letter)
        for code, group, words in reference.subgroups():
            if group == letter:
                of_group = Spread.COMMUNE if spread is Spread.COMMUNE else Spread.VILLAGES
                yield _children(f"4.{code}", words, "NĐ 56/2017", _SUBGROUP_SPREADS.get(code, of_group), group=code)


def _movement_lines() -> Iterator[Indicator]:
    """What moved in the period, births also by sex."""
    for number, kind in enumerate(MovementKind, start=17):
        yield Indicator(f"{number}", _l("Biến động trong kỳ: %(kind)s", kind=kind.label), tally=f"moved_{kind}")
        if kind is MovementKind.BORN:
            for part, sex in enumerate(Sex, start=1):
                yield Indicator(f"{number}.{part}", sex.label, tally=f"born_{sex}")


_ACT = "Luật Trẻ em"
_UP_TO_AGES: tuple[Indicator, ...] = (
    _children("1", _l("Số trẻ em dưới 16 tuổi"), f"{_ACT} Đ1"),
    _children("1.1", _l("Nam"), sex=Sex.MALE),
    _children("1.2", _l("Nữ"), sex=Sex.FEMALE),
    _children("1.3", _l("Không biết giới tính"), sex=Sex.UNKNOWN),
    _children("1.4", _l("Dân tộc thiểu số (không phải Kinh)"), ethnicity=Ethnicity.MINORITY),
)
_FROM_POVERTY: tuple[Indicator, ...] = (
    _children("2", _l("Trẻ em thuộc hộ nghèo"), "NĐ 07/2021/NĐ-CP", poverty=Poverty.POOR),
    _children("3", _l("Trẻ em thuộc hộ cận nghèo"), "NĐ 07/2021/NĐ-CP", poverty=Poverty.NEAR_POOR),
    _children(
        "4", _l("Trẻ em có hoàn cảnh đặc biệt"), f"{_ACT} Đ10.1", Spread.SHARED, group=SpecialFilter.SPECIAL.value
    ),
    *_group_lines(),
    _children(
        "5", _l("Trẻ em có nguy cơ rơi vào hoàn cảnh đặc biệt"), f"{_ACT} Đ49", group=SpecialFilter.AT_RISK.value
    ),
    _children("6", _l("Trẻ em khuyết tật"), "TT 01/2019/TT-BLĐTBXH", disability=SeverityFilter.ANY),
    *(
        _children(f"6.{number}", severity.label, disability=severity)
        for number, severity in enumerate((s for s in SeverityFilter if s is not SeverityFilter.ANY), start=1)
    ),
    _children("7", _l("Trẻ em mồ côi"), "QĐ 1591/QĐ-TTg", orphan=Orphanhood.ANY),
    *(
        _children(f"7.{number}", orphanhood.label, orphan=orphanhood)
        for number, orphanhood in enumerate((o for o in Orphanhood if o is not Orphanhood.ANY), start=1)
    ),
    _children("8", _l("Trẻ em đã đăng ký khai sinh"), registration=BirthRegistration.REGISTERED),
    _children("8.1", _l("Chưa đăng ký khai sinh"), registration=BirthRegistration.NOT_REGISTERED),
    _children("8.2", _l("Chưa rõ đã đăng ký khai sinh hay chưa"), registration=BirthRegistration.UNKNOWN),
    _children("9", _l("Trẻ em chưa có số định danh cá nhân"), "NĐ 137/2015/NĐ-CP Đ13", missing=Missing.PERSONAL_ID),
    _children("9.1", _l("Số định danh không hợp với giới tính, năm sinh"), missing=Missing.WRONG_ID),
    *(
        _children(f"9.{number}", _l("Đối chiếu CSDL dân cư: %(answer)s", answer=check.label), check=check)
        for number, check in enumerate(PopulationCheck, start=2)
    ),
    _children("10", _l("Trẻ em đã bỏ học"), school=Schooling.DROPPED_OUT),
    *(
        _children(f"10.{number}", schooling.label, school=schooling)
        for number, schooling in enumerate((s for s in Schooling if s is not Schooling.DROPPED_OUT), start=1)
    ),
    _children(
        "11", _l("Trẻ em đang hưởng trợ cấp xã hội hằng tháng"), "NĐ 20/2021/NĐ-CP", Spread.SHARED, allowance="1"
    ),
    _children("12", _l("Trẻ em được hỗ trợ, cung cấp dịch vụ từ đầu năm"), f"{_ACT} Đ49–50", Spread.SHARED, helped="1"),
    Indicator("13", _l("Vụ việc bảo vệ trẻ em tiếp nhận trong kỳ"), "NĐ 56/2017/NĐ-CP", tally="cases_received"),
    *(
        Indicator(f"13.{number}", _l("Hình thức: %(form)s", form=form.label), tally=f"abuse_{form}")
        for number, form in enumerate(AbuseForm, start=1)
    ),
    Indicator("14", _l("Vụ việc đang giải quyết đến ngày tính"), "NĐ 56/2017/NĐ-CP", tally="cases_open"),
    Indicator("15", _l("Vụ việc kết thúc trong kỳ"), "NĐ 56/2017/NĐ-CP Đ30", tally="cases_closed"),
    Indicator("16", _l("Lượt dịch vụ, hỗ trợ trong kỳ"), "TT 14/2020/TT-BLĐTBXH", tally="services_given"),
    *_movement_lines(),
    Indicator("23", _l("Trẻ em bị xâm hại, vụ việc tiếp nhận trong kỳ"), "TT 13/2021/TT-BLĐTBXH, 0101", tally="abused"),
    *(
        Indicator(f"23.{number}", label, tally=tally)
        for number, (tally, label) in enumerate(tallies.ABUSED_BY_SEX.items(), start=1)
    ),
)
_FROM_PERPETRATORS: tuple[Indicator, ...] = (
    *(
        Indicator(
            f"23.{number}",
            _l("Người gây tổn hại: %(who)s", who=relation.label),
            tally=f"by_{relation}",
            spread=Spread.COMMUNE,
        )
        for number, relation in enumerate(PerpetratorRelation, start=8)
    ),
    Indicator("24", _l("Kế hoạch hỗ trợ, can thiệp được quyết định trong kỳ"), "NĐ 56/2017/NĐ-CP Đ28", tally="plans"),
    Indicator("24.1", _l("Trình đúng hạn 5 ngày làm việc"), "NĐ 56/2017/NĐ-CP Đ28.1", tally="plans_submitted_in_time"),
    Indicator(
        "24.2", _l("Quyết định đúng hạn 2 ngày làm việc"), "NĐ 56/2017/NĐ-CP Đ28.4", tally="plans_decided_in_time"
    ),
    Indicator(
        "24.3", _l("Được phê duyệt, đúng cả hai hạn"), "QĐ 06/QĐ-TTg, tiêu chí 6", tally="plans_approved_in_time"
    ),
    Indicator("25", _l("Lượt tai nạn, thương tích trẻ em trong kỳ"), "QĐ 1248/QĐ-TTg", tally="incidents"),
    *(
        Indicator(f"25.{number}", kind.label, tally=f"incident_{kind}")
        for number, kind in enumerate(IncidentKind, start=1)
    ),
    Indicator("26", _l("Trẻ em tử vong do tai nạn, thương tích trong kỳ"), "QĐ 1248/QĐ-TTg", tally="incident_deaths"),
    Indicator("26.1", _l("Tử vong do đuối nước"), "QĐ 1248/QĐ-TTg", tally="drowned"),
    _children("27", _l("Hồ sơ nghi trùng"), missing=Missing.DUPLICATE),
    _children("28", _l("Trẻ em đang được chăm sóc thay thế"), f"{_ACT} Đ60–62", care=CareFilter.ANY),
    *(
        _children(f"28.{number}", form.label, "NĐ 56/2017/NĐ-CP Đ42.2", care=form)
        for number, form in enumerate((one for one in CareFilter if one is not CareFilter.ANY), start=1)
    ),
    _of_allowances("30", _l("Trẻ em được hưởng trợ cấp xã hội hằng tháng theo quy định"), "entitled"),
    _of_allowances("30.1", _l("Đang hưởng"), "entitled_receiving"),
    _of_allowances("30.2", _l("Chưa hưởng"), "entitled_missing"),
    _of_allowances("30.3", _l("Người từ 16 đến dưới 22 tuổi đang hưởng theo khoản 2"), "grown_receiving"),
    _of_allowances("31", _l("Lượt chi trả trợ cấp hằng tháng trong kỳ, mỗi tháng một lượt"), "paid"),
)


#: The code of the line before the ages, and of the ages' lines up to their own part.
_CHILDREN_CODE, _ABUSED_CODE = "1", "23"


@lru_cache(maxsize=16)
def table(bands: Bands) -> tuple[Indicator, ...]:
    """The whole table, split by these ages."""
    unknown = age_bands.UNKNOWN_CODES
    return (
        *_UP_TO_AGES,
        *(_children(f"{_CHILDREN_CODE}.{band.code}", band.label, age=band.ages) for band in bands.children),
        _children(f"{_CHILDREN_CODE}.{unknown[AgeSplit.CHILDREN]}", Ages.UNKNOWN.label, age=Ages.UNKNOWN),
        *_FROM_POVERTY,
        *(Indicator(f"{_ABUSED_CODE}.{band.code}", band.label, tally=band.tally) for band in bands.abused),
        Indicator(
            f"{_ABUSED_CODE}.{unknown[AgeSplit.ABUSED]}", age_bands.ABUSED_UNKNOWN, tally=tallies.ABUSED_AGE_UNKNOWN
        ),
        *_FROM_PERPETRATORS,
    )


#: The table with the usual ages; figures use the ages in force (`table`).
INDICATORS = table(age_bands.USUAL)


#: {name of a tally: the code of its indicator}, for those that do not go by age.
CODES = {one.tally: one.code for one in INDICATORS if one.tally is not None}


def in_force(commune_id: int, on: date) -> tuple[Indicator, ...]:
    """The table of a commune on a day."""
    return table(age_bands.in_force(commune_id, on))


def figures(commune: Commune, period: Period, on: date, bands: Bands | None = None) -> list[Line]:
    """The figures of every indicator, children as on that day. A handful of queries, however many indicators."""
    reader = access.commune_reader(commune.id)
    bands = bands or age_bands.in_force(commune.id, on)
    indicators = table(bands)
    found = {line.indicator.code: line for line in _of_children(reader, on, indicators)}
    happened = {
        **tallies.of_cases(reader, period, on, bands.abused),
        **tallies.of_services(reader, period),
        **tallies.of_movements(reader, period),
        **tallies.of_plans(reader, period),
        **tallies.of_incidents(reader, period),
        **paid.tallies(reader, period, on),
    }
    for indicator in indicators:
        if indicator.tally is not None:
            tally = happened[indicator.tally]
            is_whole = indicator.spread is Spread.COMMUNE
            found[indicator.code] = (
                Line(indicator, {}, tally.total)
                if is_whole
                else Line(indicator, dict(tally.by_village), tally.undivided)
            )
    return [found[indicator.code] for indicator in indicators]


def _of_children(reader: User, on: date, indicators: Sequence[Indicator]) -> Iterator[Line]:
    """The lines about children: each asked once, and once more without the secret groups where villages are told."""
    asked = [(indicator, indicator.filters) for indicator in indicators if indicator.filters is not None]
    open_ones = {
        indicator.code: filters.but(shared="1") for indicator, filters in asked if indicator.spread is Spread.SHARED
    }
    counts = register.count_many(reader, [*(filters for _indicator, filters in asked), *open_ones.values()], on)
    shared = dict(zip(open_ones, counts[len(asked) :], strict=True))
    for (indicator, _filters), everywhere in zip(asked, counts, strict=False):
        total = sum(everywhere.values())
        match indicator.spread:
            case Spread.COMMUNE:
                yield Line(indicator, {}, total)
            case Spread.SHARED:
                by_village = shared[indicator.code]
                yield Line(indicator, by_village, total - sum(by_village.values()))
            case _:
                yield Line(indicator, everywhere)


def villages(commune: Commune, on: date, lines: Sequence[Line]) -> list[Village]:
    """The columns: villages in force on that day, and any other that still has a figure."""
    used = {village_id for line in lines for village_id, count in line.by_village.items() if count}
    return [
        village
        for village in db.session.scalars(access.visible_villages(access.commune_reader(commune.id)))
        if village.id in used
        or (
            (village.active_from is None or village.active_from <= on)
            and (village.active_to is None or village.active_to > on)
        )
    ]
