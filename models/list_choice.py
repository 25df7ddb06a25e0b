"""What somebody chose for the main lists: filters kept under a name, and the columns shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Timestamped, Versioned


class SavedFilter(Timestamped, Versioned, Base):
    """A filter kept under a name: codes only. The name is its owner's own; no history tells it."""

    __tablename__ = "saved_filters"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: A code of app/list_choices.py.
    list_code: Mapped[str]
    #: As the list's address gives them.
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    name: Mapped[str]
    #: Deleted; a day long it can be taken back.
    removed_at: Mapped[datetime | None]


Index("ix_saved_filters_user", SavedFilter.user_id, SavedFilter.list_code)


class ChosenColumns(Base):
    """The columns of a list for one person; without it the usual ones."""

    __tablename__ = "chosen_columns"
    __table_args__ = (UniqueConstraint("user_id", "list_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    list_code: Mapped[str]
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
