"""The lines of the list of children, read as columns: records of the ORM took a quarter of the page's time."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam

from app import access, clock, conditions, read_apart, register
from app.child_filters import ChildFilters
from app.paging import Listing, Page, lines
from app.templating import birth
from models import Child, Circumstance, CircumstanceKind, Household, LeftReason, Relative, Sex, User, Village
from models.clean import PartialDate

#: The code of kinds that are a risk and no circumstance yet: their wording says more than the code.
_RISK = "r"


@dataclass
class ChildRow:
    """What one line shows, in words."""

    id: int
    address: str
    name: str
    sex: str
    birth: str
    village: str
    family: str
    left: str
    #: [(words, whether an officer confirmed it)]
    circumstances: list[tuple[str, bool]] = field(default_factory=list)


def read(user: User, filters: ChildFilters, words: str) -> tuple[Page, Select[Child]]:
    """The page of these children that the address asks for, by name, in as few questions as lines have parts; and the
    question for all of them."""
    scope, today = access.Scope.of(user), clock.today()
    asked = _lines(user, filters, words) if words or not _is_plain(filters) else _kept_lines(scope, filters, today)
    found = asked.listing.page(lines)
    ids = {"ids": [row.id for row in found.rows]}
    parts = _kept_parts(scope, today)
    relatives, circumstances = _relatives(parts.relatives, ids), _circumstances(parts.circumstances, ids)
    sexes, reasons = _words(str(user.language))
    address = url_for("children.show", child_id=0).removesuffix("0")  # asked once: finding an address takes time
    rows = [
        ChildRow(
            row.id,
            f"{address}{row.id}",
            row.full_name or _("(chưa đặt tên)"),
            sexes[row.sex],
            birth(PartialDate(row.born_on, row.born_precision) if row.born_on else None),
            row.village,
            ", ".join(relatives.get(row.id, ())) or row.head_name or "",
            reasons.get(row.left_reason, ""),
            circumstances.get(row.id, []),
        )
        for row in found.rows
    ]
    return Page(rows, found.before, found.after), asked.children


@cache
def _words(_language: str) -> tuple[dict[Sex, str], dict[LeftReason, str]]:
    """The words of closed lists. `_language` is the reader's: found once for all who speak it."""
    return {sex: str(sex.label) for sex in Sex}, {reason: str(reason.label) for reason in LeftReason}


@dataclass(frozen=True)
class _Lines:
    """Questions for children: the records, and what a line shows of them itself."""

    children: Select[Child]
    listing: Listing


@dataclass(frozen=True)
class _Parts:
    """Questions for what else a line shows, of the children with the keys `ids`."""

    relatives: Any
    circumstances: Any


def _is_plain(filters: ChildFilters) -> bool:
    """Whether nothing but the child's own columns narrows, on this day: the question then depends on the scope alone."""
    return filters == ChildFilters(village=filters.village, age=filters.age, sex=filters.sex, presence=filters.presence)


@lru_cache(maxsize=300)
def _kept_lines(scope: access.Scope, filters: ChildFilters, _today: date) -> _Lines:
    """Put together once: it took a fifth of the page's time."""
    return _lines(scope.person(), filters, "")


def _lines(user: User, filters: ChildFilters, words: str) -> _Lines:
    query = register.children(user, filters, words)
    columns: Any = query.with_only_columns(
        Child.id, Child.full_name, Child.sex, Child.born_on, Child.born_precision, Child.left_reason,
        Village.name.label("village"), Household.head_name,
    )  # fmt: skip
    columns = columns.join(Child.village).outerjoin(Child.household)
    return _Lines(query, Listing(columns, Child, Child.sort_key))


@lru_cache(maxsize=300)
def _kept_parts(scope: access.Scope, today: date) -> _Parts:
    """Relatives, and circumstances in force that lists may show the person."""
    user = scope.person()
    ids: Any = bindparam("ids", expanding=True)
    relatives = access.visible_relatives(user).with_only_columns(Relative.child_id, Relative.full_name)
    circumstances: Any = read_apart.open_circumstances(user).where(
        Circumstance.child_id.in_(ids), conditions.active(Circumstance, today)
    )
    circumstances = circumstances.join(Circumstance.kind).with_only_columns(
        Circumstance.child_id, Circumstance.kind_code, Circumstance.confirmed_on,
        CircumstanceKind.group_code, CircumstanceKind.wording,
    )  # fmt: skip
    return _Parts(
        relatives.where(Relative.child_id.in_(ids)).order_by(Relative.id), circumstances.order_by(Circumstance.id)
    )


def _relatives(query: Any, ids: dict[str, list[int]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for child_id, name in lines(query, ids):
        if name:
            found.setdefault(child_id, []).append(name)
    return found


def _circumstances(query: Any, ids: dict[str, list[int]]) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = {}
    for child_id, code, confirmed_on, group, wording in lines(query, ids):
        words = wording if group == _RISK else code
        found.setdefault(child_id, []).append((words, confirmed_on is not None))
    return found
