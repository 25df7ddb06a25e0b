"""What narrows a list of children: closed lists and codes, no names, so they may stand in an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from app import reference, whole_numbers
from models import (
    BirthRegistration,
    Choice,
    CircumstanceKind,
    KindLevel,
    PopulationCheck,
    Poverty,
    Schooling,
    Sensitivity,
    Sex,
)

#: Kinds that stand in no list and are counted for the whole commune only (design.md §6; NĐ 20/2021 Đ8).
SECRET = (Sensitivity.HIV, Sensitivity.SEXUAL_ABUSE)

#: A person is a child until this birthday. Luật Trẻ em 102/2016/QH13 Đ1.
CHILD_UNTIL = 16


class Presence(Choice):
    """Which records of the register."""

    HERE = "here", _l("Trẻ em đang ở xã")
    LEFT = "left", _l("Đã chuyển đi")
    DIED = "died", _l("Đã mất")
    GROWN = "grown", _l("Đã đủ 16 tuổi")
    ALL = "all", _l("Tất cả hồ sơ")


@dataclass(frozen=True)
class Ages:
    """A span of ages: from so many full years (included) to so many (excluded), or unknown. "3-6" in an address."""

    low: int | None = None
    high: int | None = None

    UNDER_3: ClassVar["Ages"]
    FROM_3: ClassVar["Ages"]
    FROM_6: ClassVar["Ages"]
    FROM_11: ClassVar["Ages"]
    UNDER_6: ClassVar["Ages"]
    FIVE: ClassVar["Ages"]
    SCHOOL: ClassVar["Ages"]
    UNKNOWN: ClassVar["Ages"]

    def __str__(self) -> str:
        """The code."""
        return "unknown" if self.low is None else f"{self.low}-{self.high}"

    @property
    def label(self) -> Any:
        """In words."""
        if self.low is None:
            return _l("Chưa rõ tuổi")
        if not self.low:
            return _l("Dưới %(high)s tuổi", high=self.high)
        return _l("Từ %(low)s đến dưới %(high)s tuổi", low=self.low, high=self.high)

    @classmethod
    def read(cls, code: str) -> "Ages | None":
        """From a code; None for what is none."""
        if code == "unknown":
            return cls()
        low, _dash, high = code.partition("-")
        if not (low.isascii() and low.isdigit() and high.isascii() and high.isdigit() and len(code) <= 5):
            return None
        return cls(int(low), int(high)) if int(low) < int(high) else None


#: Spans that laws and sets of indicators name; the bands of figures are data (app/age_bands.py).
Ages.UNDER_3, Ages.FROM_3, Ages.FROM_6, Ages.FROM_11 = Ages(0, 3), Ages(3, 6), Ages(6, 11), Ages(11, CHILD_UNTIL)
Ages.UNDER_6, Ages.FIVE, Ages.SCHOOL, Ages.UNKNOWN = Ages(0, 6), Ages(5, 6), Ages(6, CHILD_UNTIL), Ages()


#: As many children are chosen one by one at once.
MOST_CHOSEN = 300


@dataclass(frozen=True)
class Keys:
    """Children chosen one by one. "3,17" in an address."""

    keys: tuple[int, ...]

    def __str__(self) -> str:
        """The code."""
        return ",".join(map(str, self.keys))

    @classmethod
    def read(cls, code: str) -> "Keys | None":
        """From a code; what is no key is left out, None when nothing is left."""
        found = [key for part in code.split(",") if (key := whole_numbers.read(part)) is not None]
        return cls(tuple(dict.fromkeys(found))[:MOST_CHOSEN]) if found else None


class Insured(Choice):
    """Whether a health insurance card is recorded. Luật Bảo hiểm y tế."""

    YES = "1", _l("Có thẻ BHYT")
    NO = "0", _l("Chưa có thẻ BHYT, hoặc chưa ghi")


class Learning(Choice):
    """At a school of any level, or not."""

    YES = "1", _l("Đang đi học")
    NO = "0", _l("Không đi học, hoặc chưa rõ")


class Ethnicity(Choice):
    """Minority ("DTTS") in reports is everybody but Kinh; 55 is a foreigner, 56 unknown (app/reference/ethnic_groups.csv)."""

    KINH = "kinh", _l("Kinh")
    MINORITY = "minority", _l("Dân tộc thiểu số")
    UNKNOWN = "unknown", _l("Chưa rõ dân tộc")


class Orphanhood(Choice):
    """Derived from the parents' states, never typed. QĐ 1591/QĐ-TTg 8/12/2023."""

    BOTH = "both", _l("Mồ côi cả cha và mẹ")
    FATHER = "father", _l("Mồ côi cha")
    MOTHER = "mother", _l("Mồ côi mẹ")
    ANY = "any", _l("Mồ côi (tất cả)")


class Missing(Choice):
    """What a record lacks, or has wrong."""

    NAME = "name", _l("Chưa có họ và tên")
    BIRTH = "birth", _l("Chưa rõ ngày sinh")
    SEX = "sex", _l("Chưa rõ giới tính")
    PERSONAL_ID = "id", _l("Chưa có số định danh")
    WRONG_ID = "wrong_id", _l("Số định danh không hợp với giới tính, năm sinh")
    RIGHT_ID = "right_id", _l("Chưa có số định danh đúng cấu trúc")
    PARENTS = "parents", _l("Chưa ghi cha, mẹ, người chăm sóc")
    HOUSEHOLD = "household", _l("Chưa gắn với hộ")
    REGISTRATION = "registration", _l("Chưa đăng ký khai sinh hoặc chưa rõ")
    CONFIRMATION = "confirmation", _l("Có hoàn cảnh chưa xác nhận")
    DUPLICATE = "duplicate", _l("Nghi trùng với hồ sơ khác")


class SpecialFilter(Choice):
    """Any special circumstance, or any risk, beside the single groups."""

    SPECIAL = "special", _l("Có hoàn cảnh đặc biệt (tất cả các nhóm)")
    AT_RISK = "risk", _l("Có nguy cơ rơi vào hoàn cảnh đặc biệt")


class SeverityFilter(Choice):
    """Any disability, or one severity."""

    ANY = "any", _l("Khuyết tật (tất cả)")
    EXTREME = "extreme", _l("Đặc biệt nặng")
    SEVERE = "severe", _l("Nặng")
    MILD = "mild", _l("Nhẹ")
    UNKNOWN = "unknown", _l("Chưa xác định mức độ")


class CareFilter(Choice):
    """In alternative care on the day, in any form or one (NĐ 56/2017 Đ42.2)."""

    ANY = "any", _l("Đang được chăm sóc thay thế (tất cả)")
    RELATIVE = "relative", _l("Người thân thích chăm sóc")
    FAMILY = "family", _l("Cá nhân, gia đình không thân thích chăm sóc")
    FACILITY = "facility", _l("Ở cơ sở trợ giúp xã hội")


@dataclass(frozen=True)
class ChildFilters:
    """What narrows a list of children. All codes, no names, so they may stand in an address."""

    village: int | None = None
    age: Ages | None = None
    sex: Sex | None = None
    ethnicity: Ethnicity | None = None
    #: A group letter of Đ10.1, a sub-group or risk code, or a SpecialFilter.
    group: str | None = None
    disability: SeverityFilter | None = None
    orphan: Orphanhood | None = None
    care: CareFilter | None = None
    poverty: Poverty | None = None
    school: Schooling | None = None
    learning: Learning | None = None
    insured: Insured | None = None
    registration: BirthRegistration | None = None
    check: PopulationCheck | None = None
    missing: Missing | None = None
    #: "1": receives an allowance; "0": does not.
    allowance: str | None = None
    #: "1": was given a service this year.
    helped: str | None = None
    #: "waiting": a collaborator's change waits for review.
    review: str | None = None
    #: Children ticked in a list.
    only: Keys | None = None
    #: "1": groups kept secret in lists (HIV/AIDS, sexual abuse) do not count, so nothing is told by village.
    shared: str | None = None
    presence: Presence = Presence.HERE
    #: As on this day; today when empty.
    on: date | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "ChildFilters":
        """From an address; what is not on a list is left out."""
        found: dict[str, Any] = {}
        for facts in fields(cls):
            raw = values.get(facts.name, "").strip()
            if raw:
                found[facts.name] = _read(facts.name, raw)
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})

    def address(self) -> dict[str, Any]:
        """For an address: the codes of what narrows, and nothing else."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)}
        if self.presence is Presence.HERE:
            del told["presence"]
        return {name: str(value) for name, value in told.items() if value is not None}

    def but(self, **changes: Any) -> "ChildFilters":
        """The same with some filters changed."""
        return replace(self, **changes)


#: The closed lists among the filters; ages are offered by app/age_bands.py.
CHOICES: dict[str, type[Choice]] = {
    "sex": Sex,
    "ethnicity": Ethnicity,
    "disability": SeverityFilter,
    "orphan": Orphanhood,
    "care": CareFilter,
    "poverty": Poverty,
    "school": Schooling,
    "learning": Learning,
    "insured": Insured,
    "registration": BirthRegistration,
    "check": PopulationCheck,
    "missing": Missing,
    "presence": Presence,
}


@cache
def offered(language: str) -> dict[str, list[tuple[str, str]]]:
    """(value, words) of each closed list. `language` is the reader's: the words are found once for all who speak it."""
    return {name: kind.pairs() for name, kind in CHOICES.items()}


def _read(name: str, raw: str) -> Any:
    if name == "village":
        return whole_numbers.read(raw)
    if name == "age":
        return Ages.read(raw)
    if name == "only":
        return Keys.read(raw)
    if name == "on":
        return _read_day(raw)
    if name in CHOICES:
        try:
            return CHOICES[name](raw)
        except ValueError:
            return None
    return raw[:40]


def _read_day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


#: What `group_choices` asks of a kind.
OF_KIND = (CircumstanceKind.code, CircumstanceKind.group_code, CircumstanceKind.level, CircumstanceKind.wording)


def group_choices(kinds: Iterable[Any]) -> list[tuple[str, str]]:
    """(code, words) for the filter of circumstances: all special, all at risk, then each group and sub-group."""
    found = SpecialFilter.pairs()
    wording = dict(reference.groups())
    seen: set[str] = set()
    for kind in kinds:
        if kind.level is KindLevel.RISK:
            found.append((kind.code, kind.wording))
            continue
        if kind.group_code not in seen:
            seen.add(kind.group_code)
            found.append((kind.group_code, f"{kind.group_code}. {wording.get(kind.group_code, kind.wording)}"))
        if kind.level is KindLevel.SUBGROUP and kind.code != kind.group_code:
            found.append((kind.code, f"{kind.code} {kind.wording}"))
    return found
