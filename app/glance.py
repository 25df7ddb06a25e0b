"""Villages at a glance, for the monthly meeting: how many, what is new, what is overdue or missing, three things to do.

Each figure is asked by the question of the list it opens. Cases are numbers here, never names: the sheet lies on a table.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l, lazy_pgettext as _lp
from sqlalchemy import func

from app import access, casework, clock, register, tallies
from app.casework import CaseFilters, Due
from app.child_filters import Ages, ChildFilters, Missing, SpecialFilter
from app.periods import Period
from models import Child, MovementKind, PopulationCheck, User, Village, db

#: How many things to do a village is asked for by the next meeting.
MOST_TO_DO = 3

_STATE = (
    (_lp("many", "Trẻ em"), ChildFilters()),
    (_l("Dưới 6 tuổi"), ChildFilters(age=Ages.UNDER_6)),
    (_l("Hoàn cảnh đặc biệt"), ChildFilters(group=SpecialFilter.SPECIAL.value, shared="1")),
    (_l("Có nguy cơ"), ChildFilters(group=SpecialFilter.AT_RISK.value)),
)


#: What a record lacks, the most pressing first, and what the village is asked to do about it (nothing: the police check).
_LACKING = (
    (
        _l("Chưa đăng ký khai sinh hoặc chưa rõ"),
        ChildFilters(missing=Missing.REGISTRATION),
        _l("Vận động gia đình đăng ký khai sinh"),
    ),
    (
        _l("Hoàn cảnh chưa xác nhận"),
        ChildFilters(missing=Missing.CONFIRMATION),
        _l("Cùng công chức xác nhận hoàn cảnh"),
    ),
    (_l("Chưa có số định danh"), ChildFilters(missing=Missing.PERSONAL_ID), _l("Xin số định danh trên giấy khai sinh")),
    (_l("Số định danh không hợp lệ"), ChildFilters(missing=Missing.WRONG_ID), _l("Xem lại số định danh trên giấy tờ")),
    (
        _l("Chưa ghi cha, mẹ, người chăm sóc"),
        ChildFilters(missing=Missing.PARENTS),
        _l("Hỏi tên cha, mẹ, người chăm sóc"),
    ),
    (_l("Chưa rõ ngày sinh"), ChildFilters(missing=Missing.BIRTH), _l("Hỏi ngày sinh đầy đủ")),
    (_l("Nghi trùng hồ sơ"), ChildFilters(missing=Missing.DUPLICATE), _l("Xem các hồ sơ nghi trùng")),
    (_l("Chưa đối chiếu dân cư"), ChildFilters(check=PopulationCheck.UNCHECKED), ""),
)


@dataclass(frozen=True)
class Line:
    """One figure of a village and the list it opens; `to_do` is what is asked of the village about it."""

    label: str
    count: int
    address: str | None = None
    to_do: str = ""


@dataclass(frozen=True)
class Glance:
    """One village: how things stand, what is new this month, what is overdue, what is missing."""

    village: Village
    state: list[Line]
    new: list[Line]
    overdue: list[Line]
    missing: list[Line]

    @property
    def to_do(self) -> list[Line]:
        """Three things for the next meeting: deadlines first, then what records lack, in the order of their weight."""
        return [line for line in (*self.overdue, *self.missing) if line.count and line.to_do][:MOST_TO_DO]


def month_of(on: date) -> Period:
    """The month a meeting on this day talks about."""
    return Period.read(f"{on:%Y-%m}")


def glances(user: User, village_id: int | None = None) -> list[Glance]:
    """The villages somebody works in, in the commune's order, or one of them."""
    on = clock.today()
    counted = _counted(user, on)
    return [
        _glance(user, village, counted)
        for village in db.session.scalars(access.visible_villages(user))
        if (village_id is None and _is_kept(village, on, counted)) or village.id == village_id
    ]


def _is_kept(village: Village, on: date, counted: "_Counted") -> bool:
    ended = village.active_to is not None and village.active_to < on
    return not ended or bool(counted.children[0].get(village.id))


@dataclass(frozen=True)
class _Counted:
    """Everything asked of the register and the caseload, by village, each in one reading."""

    children: list[dict[int, int]]
    recorded: dict[int, int]
    moved: dict[str, tallies.Tally]
    late: Counter[int]
    soon: Counter[int]


#: All that is asked of children, in one reading of the register.
_QUESTIONS = [*(asked for _label, asked in _STATE), *(asked for _label, asked, _to_do in _LACKING)]


def _counted(user: User, on: date) -> _Counted:
    month = month_of(on)
    began = month.began_at
    recorded = (
        access.visible_children(user)
        .where(Child.created_at >= began)
        .with_only_columns(Child.village_id, func.count(Child.id))
        .group_by(Child.village_id)
    )
    lines = casework.case_lines(user) if access.may(user, "case.list") else []
    by_village = [(line.case.village_id, line) for line in lines if line.case.village_id is not None]
    return _Counted(
        register.count_many(user, _QUESTIONS, on),
        {village: count for village, count in db.session.execute(recorded)},
        tallies.of_movements(user, month),
        Counter(village for village, line in by_village if line.is_overdue),
        Counter(village for village, line in by_village if line.is_soon),
    )


def _glance(user: User, village: Village, counted: _Counted) -> Glance:
    counts = [found.get(village.id, 0) for found in counted.children]
    state, lacking = counts[: len(_STATE)], counts[len(_STATE) :]
    return Glance(
        village,
        [
            Line(str(label), count, _children(asked.but(village=village.id)))
            for (label, asked), count in zip(_STATE, state, strict=True)
        ],
        list(_new(village, counted)),
        list(_overdue(user, village, counted)),
        [
            Line(str(label), count, _children(asked.but(village=village.id)), str(to_do))
            for (label, asked, to_do), count in zip(_LACKING, lacking, strict=True)
        ],
    )


def _new(village: Village, counted: _Counted) -> Iterator[Line]:
    yield Line(_("Mới ghi vào sổ"), counted.recorded.get(village.id, 0))
    for kind in MovementKind:
        yield Line(str(kind.label), counted.moved[f"moved_{kind}"].by_village.get(village.id, 0))


def _overdue(user: User, village: Village, counted: _Counted) -> Iterator[Line]:
    if not access.may(user, "case.list"):
        return
    late, soon = _("Vụ việc quá hạn"), _("Vụ việc sắp đến hạn")
    yield Line(late, counted.late[village.id], _cases(village, Due.OVERDUE), _("Làm ngay bước quá hạn của vụ việc"))
    yield Line(soon, counted.soon[village.id], _cases(village, Due.SOON), _("Làm bước sắp đến hạn của vụ việc"))


def _children(filters: ChildFilters) -> str:
    return url_for("children.index", **filters.address())


def _cases(village: Village, due: Due) -> str:
    return url_for("cases.index", **CaseFilters(village=village.id, due=due).address())
