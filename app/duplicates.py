"""Likely duplicates of one child, shown before saving. Whole-register duplicates belong to the lists' engine."""

from dataclasses import dataclass

from flask_babel import gettext as _
from rapidfuzz import fuzz
from sqlalchemy import or_, select

from app import access
from models import Child, PartialDate, Precision, User, clean, db, reach

#: Names at least this alike (0–100) with the same birth date are shown as likely the same child.
ALIKE = 87


@dataclass(frozen=True)
class Likely:
    """A child that may be the same, and why; `child` is None when it is out of the person's scope."""

    child: Child | None
    why: str


def likely(
    user: User,
    full_name: str | None,
    birth: PartialDate | None,
    personal_id: str | None,
    *,
    but_id: int | None = None,
) -> list[Likely]:
    """Children of the commune that may be the one about to be saved. Twins are shown too: one click lets them pass."""
    found = []
    for child in _candidates(user, full_name, birth, personal_id):
        why = _reason(child, full_name, birth, personal_id)
        if why and child.id != but_id:
            found.append((child, why))
    in_scope = set(
        db.session.scalars(
            access.visible_children(user).with_only_columns(Child.id).where(Child.id.in_([c.id for c, _why in found]))
        )
    )
    told = [Likely(child, why) for child, why in found if child.id in in_scope]
    if len(told) < len(found):
        told.append(Likely(None, _("Thôn khác có trẻ có thể trùng. Hỏi công chức của xã trước khi thêm.")))
    return told


def _candidates(user: User, full_name: str | None, birth: PartialDate | None, personal_id: str | None) -> list[Child]:
    conditions = []
    if personal_id:
        conditions.append(Child.personal_id == personal_id)
    if full_name:
        conditions.append(Child.name_key == clean.fold(full_name))
        if birth and birth.precision is Precision.DAY:
            conditions.append(Child.born_on == birth.day)
    if not conditions:
        return []
    query = (
        select(Child)
        .where(Child.commune_id == user.commune_id, Child.removed_at.is_(None), or_(*conditions))
        .order_by(Child.id)
        .limit(200)
    )
    with reach.whole_commune():
        return list(db.session.scalars(query).unique())


def _reason(child: Child, full_name: str | None, birth: PartialDate | None, personal_id: str | None) -> str | None:
    if personal_id and child.personal_id == personal_id:
        return _("Trùng số định danh cá nhân")
    if not full_name or not child.full_name:
        return None
    same_name = child.name_key == clean.fold(full_name)
    near = birth is None or child.born_on is None or abs(child.born_on.year - birth.day.year) <= 1
    same_day = birth is not None and child.born_on == birth.day
    if same_name and same_day:
        return _("Trùng họ tên và ngày sinh")
    if same_name and near:
        return _("Trùng họ tên, năm sinh gần nhau")
    if same_day and fuzz.ratio(child.name_key, clean.fold(full_name)) >= ALIKE:
        return _("Cùng ngày sinh, họ tên gần giống")
    return None
