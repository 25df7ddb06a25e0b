"""How complete the children database is: of the children here, how many records carry each core field, by village."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app import access, register
from app.child_filters import ChildFilters, Missing
from models import Commune, PopulationCheck, db


@dataclass(frozen=True)
class Measure:
    """One thing a record should have: what is asked, and whether the question finds those who lack it."""

    label: Any
    asked: ChildFilters
    finds_lacking: bool = True


#: Core fields after the cleaning campaign of CV 2513/LĐTBXH-TTTT and the commune's plan, II.3.a.
MEASURES: tuple[Measure, ...] = (
    Measure(_l("Họ và tên"), ChildFilters(missing=Missing.NAME)),
    Measure(_l("Ngày sinh đủ ngày, tháng, năm"), ChildFilters(missing=Missing.BIRTH)),
    Measure(_l("Giới tính"), ChildFilters(missing=Missing.SEX)),
    Measure(_l("Số định danh cá nhân"), ChildFilters(missing=Missing.PERSONAL_ID)),
    Measure(_l("Số định danh đúng cấu trúc"), ChildFilters(missing=Missing.RIGHT_ID)),
    Measure(_l("Có tên thôn"), ChildFilters(), finds_lacking=False),
    Measure(_l("Cha, mẹ hoặc người chăm sóc"), ChildFilters(missing=Missing.PARENTS)),
    Measure(_l("Đã đăng ký khai sinh"), ChildFilters(missing=Missing.REGISTRATION)),
    Measure(_l("Hoàn cảnh đã xác nhận"), ChildFilters(missing=Missing.CONFIRMATION)),
    Measure(_l("Khớp CSDL quốc gia về dân cư"), ChildFilters(check=PopulationCheck.MATCHED), finds_lacking=False),
)
#: What is wrong or still to be done, counted as it is.
PROBLEMS: tuple[Measure, ...] = (
    Measure(_l("Nghi trùng hồ sơ"), ChildFilters(missing=Missing.DUPLICATE), finds_lacking=False),
    Measure(_l("Chưa đối chiếu dân cư"), ChildFilters(check=PopulationCheck.UNCHECKED), finds_lacking=False),
)


@dataclass(frozen=True)
class Row:
    """A village, or the commune: how many children, and how many records have each thing of MEASURES."""

    name: str
    children: int
    having: tuple[int, ...]


def rows(commune: Commune, on: date, measures: Sequence[Measure] = MEASURES) -> list[Row]:
    """One row per village that has children, then the commune's."""
    reader = access.commune_reader(commune.id)
    everybody, *found = register.count_many(reader, [ChildFilters(), *(measure.asked for measure in measures)], on)

    def having(village_id: int) -> tuple[int, ...]:
        return tuple(
            everybody[village_id] - counts[village_id] if measure.finds_lacking else counts[village_id]
            for measure, counts in zip(measures, found, strict=True)
        )

    listed = [
        Row(village.name, everybody[village.id], having(village.id))
        for village in db.session.scalars(access.visible_villages(reader))
        if everybody.get(village.id)
    ]
    return [*listed, _sum(commune, listed, len(measures))]


def _sum(commune: Commune, listed: Sequence[Row], width: int) -> Row:
    having = tuple(sum(row.having[number] for row in listed) for number in range(width))
    return Row(commune.name, sum(row.children for row in listed), having)


def share(part: int, whole: int) -> str:
    """95,2%; a dash of nothing."""
    return f"{100 * part / whole:.1f}%".replace(".", ",") if whole else "–"
