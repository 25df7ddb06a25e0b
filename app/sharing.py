"""Protocols of sharing: by which recipients are given data with names. Luật 91/2025/QH15 Đ17."""

from flask import abort
from sqlalchemy import func, select

from app import access, clock
from models import Export, SharingProtocol, User, db


def protocols(user: User) -> list[SharingProtocol]:
    """The protocols of the person's commune, the latest first."""
    query = select(SharingProtocol).where(SharingProtocol.commune_id == user.commune_id)
    return list(db.session.scalars(query.order_by(SharingProtocol.starts_on.desc(), SharingProtocol.id.desc())))


def in_force(user: User) -> list[SharingProtocol]:
    """Those by which data may go today."""
    return [one for one in protocols(user) if one.is_in_force(clock.today())]


def get(user: User, protocol_id: int) -> SharingProtocol:
    """A protocol of the person's commune, or 404."""
    record = db.session.get(SharingProtocol, protocol_id)
    if record is None or record.commune_id != user.commune_id:
        abort(404)
    return record


def counts(user: User) -> dict[int, int]:
    """{protocol: how many files with names went out by it}."""
    query = access.visible_exports(user).where(Export.protocol_id.is_not(None))
    counted = query.with_only_columns(Export.protocol_id, func.count(Export.id)).group_by(Export.protocol_id)
    return {key: count for key, count in db.session.execute(counted) if key is not None}
