"""The lines of the list of children, read as columns: records of the ORM took a quarter of the page's time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from app import access, clock, conditions, read_apart
from app.paging import Page, page
from app.templating import birth
from models import Child, Circumstance, CircumstanceKind, Household, LeftReason, Relative, Sex, User, Village, db
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


def read(user: User, query: Select[Child]) -> Page:
    """The page of these children that the address asks for, by name, in as few questions as lines have parts."""
    columns: Any = query.with_only_columns(
        Child.id, Child.full_name, Child.sex, Child.born_on, Child.born_precision, Child.left_reason,
        Village.name.label("village"), Household.head_name,
    )  # fmt: skip
    found = page(columns.join(Child.village).outerjoin(Child.household), Child, Child.sort_key)
    ids = [row.id for row in found.rows]
    relatives, circumstances = _relatives(user, ids), _circumstances(user, ids)
    sexes = {sex: str(sex.label) for sex in Sex}
    reasons = {reason: str(reason.label) for reason in LeftReason}
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
    return Page(rows, found.before, found.after)


def _relatives(user: User, ids: Sequence[int]) -> dict[int, list[str]]:
    query = access.visible_relatives(user).with_only_columns(Relative.child_id, Relative.full_name)
    found: dict[int, list[str]] = {}
    for child_id, name in db.session.execute(query.where(Relative.child_id.in_(ids)).order_by(Relative.id)):
        if name:
            found.setdefault(child_id, []).append(name)
    return found


def _circumstances(user: User, ids: Sequence[int]) -> dict[int, list[tuple[str, bool]]]:
    """Those in force that lists may show the person."""
    query: Any = read_apart.open_circumstances(user).where(
        Circumstance.child_id.in_(ids), conditions.active(Circumstance, clock.today())
    )
    query = query.join(Circumstance.kind).with_only_columns(
        Circumstance.child_id, Circumstance.kind_code, Circumstance.confirmed_on,
        CircumstanceKind.group_code, CircumstanceKind.wording,
    )  # fmt: skip
    found: dict[int, list[tuple[str, bool]]] = {}
    for child_id, code, confirmed_on, group, wording in db.session.execute(query.order_by(Circumstance.id)):
        words = wording if group == _RISK else code
        found.setdefault(child_id, []).append((words, confirmed_on is not None))
    return found
