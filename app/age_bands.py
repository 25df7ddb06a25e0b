"""By which ages figures are told on a day: the commune's own set where it has one in force, else the usual one.

Sets are rows with dates (models/age_band.py). A set that changes from a day on changes the figures of later days only; a
report keeps the bands it was taken with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, or_, select

from app import remembered
from app.child_filters import CHILD_UNTIL, Ages
from app.reference import AGE_BANDS
from models import AgeBand, AgeSplit, User, db

#: More bands than this would be no overview.
MOST = 8
#: The code of the line of unknown ages, which follows the bands of each split.
UNKNOWN_CODES = {AgeSplit.CHILDREN: "9", AgeSplit.ABUSED: "7"}


@dataclass(frozen=True)
class Band:
    """One band as figures use it."""

    code: str
    ages: Ages
    wording: str | None = None

    @property
    def label(self) -> Any:
        """What it is called: by its own wording, else by its ages."""
        return self.wording or self.ages.label

    @property
    def tally(self) -> str:
        """The name of the tally of abused children of these ages (app/tallies.py)."""
        return f"abused_{self.ages.low}_{self.ages.high}"


@dataclass(frozen=True)
class Bands:
    """The sets in force on a day."""

    children: tuple[Band, ...]
    abused: tuple[Band, ...]


#: What the tables of indicators are written with; what holds in a commune is `in_force`.
USUAL = Bands(
    *(
        tuple(Band(code, Ages(low, high)) for code, low, high in AGE_BANDS[split][0])
        for split in (AgeSplit.CHILDREN, AgeSplit.ABUSED)
    )
)
#: Said of a child whose age, or who it is, is not known.
ABUSED_UNKNOWN = _l("Chưa rõ tuổi, hoặc chưa rõ trẻ em nào")


def in_force(commune_id: int, on: date) -> Bands:
    """Both sets of a day, in one query; kept in memory until something changes."""

    def read() -> Bands:
        rows = rows_in_force(commune_id, on)
        return Bands(*(tuple(of_row(row) for row in rows if row.split is split) for split in AgeSplit))

    return remembered.told(commune_id, f"age bands {on}", read)


def rows_in_force(commune_id: int, on: date) -> list[AgeBand]:
    """The rows of both sets of a day, the youngest band first."""
    rows = db.session.scalars(
        _known(commune_id).where(
            or_(AgeBand.valid_from.is_(None), AgeBand.valid_from <= on),
            or_(AgeBand.valid_to.is_(None), AgeBand.valid_to >= on),
        )
    ).all()
    own = {row.split for row in rows if row.commune_id is not None}
    return [row for row in rows if (row.commune_id is not None) == (row.split in own)]


def of_row(row: AgeBand) -> Band:
    """A row as figures use it."""
    return Band(row.code, Ages(row.from_age, row.to_age), row.wording)


def _known(commune_id: int) -> Select[AgeBand]:
    return (
        select(AgeBand)
        .where(or_(AgeBand.commune_id.is_(None), AgeBand.commune_id == commune_id))
        .order_by(AgeBand.from_age, AgeBand.id)
    )


def choices(commune_id: int, on: date) -> list[tuple[str, str]]:
    """What a filter by age offers: the bands of a day, then other spans that laws speak of, then unknown."""
    bands = in_force(commune_id, on).children
    offered = {str(band.ages): str(band.label) for band in bands}
    for ages in (Ages.UNDER_6, Ages.FIVE, Ages.SCHOOL, Ages.UNKNOWN):
        offered.setdefault(str(ages), str(ages.label))
    return list(offered.items())


# ── Sets people write ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class Set:
    """The bands that begin together."""

    split: AgeSplit
    bands: tuple[AgeBand, ...]

    @property
    def first(self) -> AgeBand:
        """Any of them: all bear the same dates and source."""
        return self.bands[0]


def sets(user: User) -> list[Set]:
    """Every set of the commune and the usual ones, by split, the latest first."""
    rows = db.session.scalars(_known(user.commune_id or 0)).all()
    found: dict[tuple[AgeSplit, date, bool], list[AgeBand]] = {}
    for row in rows:
        found.setdefault((row.split, row.valid_from or date.min, row.commune_id is not None), []).append(row)
    order = list(AgeSplit)
    keys = sorted(found, key=lambda key: (order.index(key[0]), not key[2], -key[1].toordinal()))
    return [Set(key[0], tuple(found[key])) for key in keys]


def read_marks(text: str | None) -> list[int] | None:
    """The ages at which a new band begins, "3, 6, 11"; None where they split nothing or are no ages in order."""
    parts = re.split(r"[\s,;]+", (text or "").strip())
    if not all(re.fullmatch(r"\d{1,2}", part) for part in parts):
        return None
    marks = [int(part) for part in parts]
    in_order = marks == sorted(set(marks)) and marks[0] > 0 and marks[-1] < CHILD_UNTIL
    return marks if in_order and len(marks) < MOST else None


def problem_of_day(user: User, split: AgeSplit, day: date) -> str | None:
    """Why a set cannot begin on a day, in words: one that began later is there already."""
    latest = max((row.valid_from or date.min for row in _own(user, split)), default=date.min)
    return (
        _("Đã có bộ tuổi tính từ %(day)s; chọn ngày đó hoặc sau đó", day=f"{latest:%d/%m/%Y}") if day < latest else None
    )


def _own(user: User, split: AgeSplit) -> Sequence[AgeBand]:
    query = select(AgeBand).where(AgeBand.commune_id == user.commune_id, AgeBand.split == split).order_by(AgeBand.id)
    return db.session.scalars(query).all()


def begin(user: User, split: AgeSplit, marks: Sequence[int], day: date, source: str) -> None:
    """A new set from a day on. The one before it ends the day before; one that began on the same day is replaced."""
    for row in _own(user, split):
        if row.valid_from == day:
            db.session.delete(row)
        elif row.valid_to is None or row.valid_to >= day:
            row.valid_to = day - timedelta(days=1)
    db.session.flush()
    usual = {(low, high): code for code, low, high in AGE_BANDS[split][0]}
    ends = [*marks, CHILD_UNTIL]
    for low, high in zip([0, *marks], ends, strict=True):
        code = usual.get((low, high), f"t{low}.{high}")
        db.session.add(
            AgeBand(
                commune_id=user.commune_id, split=split, code=code, from_age=low, to_age=high, valid_from=day, source=source
            )
        )  # fmt: skip
    db.session.flush()
