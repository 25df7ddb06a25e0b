"""The base amounts a commune goes by: the government's and those of its own province."""

from datetime import date

from flask import abort
from sqlalchemy import Select, or_, select

from app.entitlements import law
from app.entitlements.law import Base
from models import AllowanceBase, User, db


def known(user: User) -> Select[AllowanceBase]:
    """All base amounts that hold in the person's commune, the newest first."""
    return (
        select(AllowanceBase)
        .where(or_(AllowanceBase.commune_id.is_(None), AllowanceBase.commune_id == user.commune_id))
        .order_by(AllowanceBase.starts_on.desc(), AllowanceBase.commune_id, AllowanceBase.id)
    )


def in_force(user: User, day: date) -> int | None:
    """The base amount of a day in the person's commune."""
    rows = db.session.scalars(known(user))
    return law.base_in_force([Base(row.starts_on, row.amount, row.commune_id is not None) for row in rows], day)


def is_taken(user: User, starts_on: date, *, but_id: int | None = None) -> bool:
    """Whether the commune has a row of its own from this day already."""
    query = select(AllowanceBase.id).where(
        AllowanceBase.commune_id == user.commune_id,
        AllowanceBase.starts_on == starts_on,
        AllowanceBase.id != (but_id or 0),
    )
    return db.session.scalar(query) is not None


def get(user: User, base_id: int) -> AllowanceBase:
    """A row of one's own commune, or 404: the government's are not changed, a row of one's own stands in their place."""
    record = db.session.get(AllowanceBase, base_id)
    if record is None or record.commune_id != user.commune_id:
        abort(404)
    return record
