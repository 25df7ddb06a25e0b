"""Records of children that are one child, or are not: merges that can be undone, and pairs a person told apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.child import Child
from models.user import User


class DistinctPair(Base):
    """Two children of whom a person said that they are not the same (hai trẻ khác nhau); never asked again."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    #: The lower key of the two.
    first_id: Mapped[int] = mapped_column(ForeignKey("children.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("children.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class Merge(Base):
    """Two records of one child made one (gộp hồ sơ); what was moved and changed, so that it can be taken back."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("children.id"))
    gone_id: Mapped[int] = mapped_column(ForeignKey("children.id"))
    kept: Mapped[Child] = relationship(foreign_keys=kept_id)
    gone: Mapped[Child] = relationship(foreign_keys=gone_id)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by: Mapped[User] = relationship(foreign_keys=by_id)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    #: {"moved": [[table, column, key]], "changed": [[field, before, after]], "gone_id_number": the number it gave up}
    effects: Mapped[dict[str, Any]] = mapped_column(JSON)
