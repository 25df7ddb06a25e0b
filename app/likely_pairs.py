"""Likely duplicates in the register itself: pairs of children that may be one child, the likeliest first, with reasons.

Comparing everybody with everybody would take hours, so children are compared only within blocks: the same day and
month in either order, and the same name in the same year. What one wrong keystroke, a missing accent, a swapped date,
a year off by one or a move between villages leaves alike is enough to meet in a block.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import combinations, product

from flask_babel import lazy_gettext as _l
from rapidfuzz import fuzz
from rapidfuzz.distance import Hamming
from sqlalchemy import Select

from app import access, merging, remembered
from app.duplicates import ALIKE
from models import Child, Precision, Relative, RelativeKind, Sex, User, db

#: Pairs that weigh less are not shown.
ENOUGH = 60
#: Names less alike than this are not a slip of the keyboard.
SLIP = 80
#: Two digits wrong, or two swapped, is a slip; more is another number.
SLIP_DIGITS = 2
#: A day on which more children are put down than are ever born (1 January) is compared by given name.
CROWDED = 60
#: Keys asked for at once; databases limit the length of a list.
AT_ONCE = 500


class Reason(Enum):
    """Why two records look like one child, or do not."""

    SAME_NAME = _l("Trùng họ tên")
    ALIKE_NAME = _l("Họ tên gần giống")
    SAME_DAY = _l("Trùng ngày sinh")
    SWAPPED = _l("Ngày và tháng sinh đổi chỗ cho nhau")
    YEAR_OFF = _l("Cùng ngày tháng, năm sinh lệch một năm")
    PARTIAL = _l("Cùng năm sinh, một hồ sơ chưa rõ ngày")
    SAME_PARENT = _l("Trùng tên cha hoặc mẹ")
    ALIKE_PARENT = _l("Tên cha hoặc mẹ gần giống")
    OTHER_PARENTS = _l("Khác cha mẹ")
    ALIKE_ID = _l("Số định danh gần giống")
    OTHER_ID = _l("Hai số định danh khác hẳn nhau")
    OTHER_SEX = _l("Khác giới tính")
    OTHER_VILLAGE = _l("Khác thôn")
    MAYBE_TWINS = _l("Có thể là trẻ sinh đôi")


_WEIGHTS = {
    Reason.SAME_NAME: 45,
    Reason.ALIKE_NAME: 30,
    Reason.SAME_DAY: 35,
    Reason.SWAPPED: 30,
    Reason.YEAR_OFF: 20,
    Reason.PARTIAL: 20,
    Reason.SAME_PARENT: 20,
    Reason.ALIKE_PARENT: 15,
    Reason.OTHER_PARENTS: -25,
    Reason.ALIKE_ID: 20,
    Reason.OTHER_ID: -30,
    Reason.OTHER_SEX: -10,
    Reason.OTHER_VILLAGE: 0,
    Reason.MAYBE_TWINS: -35,
}


@dataclass(frozen=True)
class Pair:
    """Two children that may be one; `weight` orders the list, `reasons` explain it."""

    first_id: int
    second_id: int
    weight: int
    reasons: tuple[Reason, ...]
    #: The villages of both.
    villages: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Known:
    id: int
    name: str
    born_on: date | None
    precision: Precision
    personal_id: str | None
    village_id: int
    sex: Sex
    parents: dict[RelativeKind, str] = field(default_factory=dict)


def pairs(user: User, village_id: int | None = None) -> list[Pair]:
    """The pairs of which somebody may see both children; of one village: those with at least one child in it.

    A whole commune's are remembered until one of its records changes; those told apart are left out each time.
    """
    if access.sees_whole_commune(user):
        found = remembered.told(user.commune_id, "likely pairs", lambda: _pairs(user))
    else:
        found = _pairs(user)
    apart = merging.told_apart(user)
    return [
        pair
        for pair in found
        if (pair.first_id, pair.second_id) not in apart and (village_id is None or village_id in pair.villages)
    ]


def child_ids(user: User) -> list[int]:
    """The children that stand in some pair: what a filter and a figure ask."""
    return sorted({key for pair in pairs(user) for key in (pair.first_id, pair.second_id)})


def _pairs(user: User) -> list[Pair]:
    known = _read(access.visible_children(user).where(Child.name_key != ""))
    told = []
    for one, other in _meeting(known):
        reasons = _of_children(one, other)
        if reasons and _weight(reasons) + _WEIGHTS[Reason.SAME_PARENT] >= ENOUGH:
            told.append((one, other, reasons))
    _add_parents(user, {child.id: child for one, other, _reasons in told for child in (one, other)})
    found = []
    for one, other, reasons in told:
        every = (*reasons, *_of_parents(one, other))
        if _weight(every) >= ENOUGH:
            villages = frozenset({one.village_id, other.village_id})
            found.append(Pair(min(one.id, other.id), max(one.id, other.id), _weight(every), every, villages))
    return sorted(found, key=lambda pair: (-pair.weight, pair.first_id, pair.second_id))


def children_of(user: User, shown: Sequence[Pair]) -> dict[int, Child]:
    """{id: child} of the pairs on one page, through the reader's own scope."""
    ids = {key for pair in shown for key in (pair.first_id, pair.second_id)}
    found = db.session.scalars(access.visible_children(user).where(Child.id.in_(ids))).unique()
    return {child.id: child for child in found}


def _read(children: Select[Child]) -> list[_Known]:
    query = children.with_only_columns(
        Child.id,
        Child.name_key,
        Child.born_on,
        Child.born_precision,
        Child.personal_id,
        Child.village_id,
        Child.sex,
    )
    return [_Known(*row) for row in db.session.execute(query)]


def _meeting(known: list[_Known]) -> Iterator[tuple[_Known, _Known]]:
    """Each pair of children that share a block, once."""
    by_day: dict[tuple[int, int], list[_Known]] = defaultdict(list)
    by_year: dict[tuple[str, int], list[_Known]] = defaultdict(list)
    for child in known:
        if child.born_on is None:
            continue
        by_year[child.name, child.born_on.year].append(child)
        if child.precision is Precision.DAY:
            by_day[child.born_on.year, _either_order(child.born_on)].append(child)
    for block in by_day.values():
        yield from combinations(block, 2) if len(block) <= CROWDED else _by_given_name(block)
    for (name, year), block in by_year.items():
        yield from (pair for pair in combinations(block, 2) if not _both_to_the_day(*pair))
        yield from (pair for pair in product(block, by_year.get((name, year + 1), ())) if _both_to_the_day(*pair))


def _both_to_the_day(one: _Known, other: _Known) -> bool:
    return one.precision is other.precision is Precision.DAY


def _either_order(born: date) -> int:
    low, high = sorted((born.day, born.month))
    return low * 100 + high


def _by_given_name(block: list[_Known]) -> Iterator[tuple[_Known, _Known]]:
    given: dict[str, list[_Known]] = defaultdict(list)
    for child in block:
        given[child.name.rsplit(" ", 1)[-1]].append(child)
    for same in given.values():
        yield from combinations(same, 2)


def _weight(reasons: Iterable[Reason]) -> int:
    return min(100, sum(_WEIGHTS[reason] for reason in reasons))


def _of_children(one: _Known, other: _Known) -> tuple[Reason, ...]:
    alike = 100.0 if one.name == other.name else fuzz.ratio(one.name, other.name, score_cutoff=SLIP)
    born = _of_births(one, other) if alike else None
    if born is None:
        return ()
    reasons = [Reason.SAME_NAME if alike == 100 else Reason.ALIKE_NAME, born]
    if one.personal_id and other.personal_id:
        reasons.append(Reason.ALIKE_ID if _slip(one.personal_id, other.personal_id) else Reason.OTHER_ID)
    if one.sex is not other.sex and Sex.UNKNOWN not in {one.sex, other.sex}:
        reasons.append(Reason.OTHER_SEX)
    if one.village_id != other.village_id:
        reasons.append(Reason.OTHER_VILLAGE)
    return tuple(reasons)


def _of_births(one: _Known, other: _Known) -> Reason | None:
    if one.born_on is None or other.born_on is None:
        return None
    if one.precision is not Precision.DAY or other.precision is not Precision.DAY:
        return Reason.PARTIAL if one.born_on.year == other.born_on.year else None
    if one.born_on == other.born_on:
        return Reason.SAME_DAY
    if (one.born_on.day, one.born_on.month) == (other.born_on.day, other.born_on.month):
        return Reason.YEAR_OFF
    if one.born_on.year == other.born_on.year and _either_order(one.born_on) == _either_order(other.born_on):
        return Reason.SWAPPED
    return None


def _slip(one: str, other: str) -> bool:
    return len(one) == len(other) and Hamming.distance(one, other) <= SLIP_DIGITS


def _of_parents(one: _Known, other: _Known) -> list[Reason]:
    """What the parents say. Same parents, same day and another given name: rather twins than one child."""
    both = one.parents.keys() & other.parents.keys()
    if not both:
        return []
    alike = max(fuzz.ratio(one.parents[kind], other.parents[kind]) for kind in both)
    if alike < ALIKE:
        return [Reason.OTHER_PARENTS]
    reasons = [Reason.SAME_PARENT if alike == 100 else Reason.ALIKE_PARENT]
    if (
        one.born_on == other.born_on
        and one.name != other.name
        and (one.sex is not other.sex or _other_number(one, other))
    ):
        reasons.append(Reason.MAYBE_TWINS)
    return reasons


def _other_number(one: _Known, other: _Known) -> bool:
    return bool(one.personal_id and other.personal_id and not _slip(one.personal_id, other.personal_id))


def _add_parents(user: User, children: dict[int, _Known]) -> None:
    ids = sorted(children)
    for start in range(0, len(ids), AT_ONCE):
        query = access.visible_relatives(user).with_only_columns(Relative.child_id, Relative.kind, Relative.name_key)
        some = query.where(Relative.child_id.in_(ids[start : start + AT_ONCE]), Relative.kind != RelativeKind.CAREGIVER)
        for child_id, kind, name in db.session.execute(some):
            if name:
                children[child_id].parents[kind] = name
