"""Lists that an officer builds for herself: which children, which columns."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import field


class ChildList(Timestamped, Versioned, Base):
    """A question kept under a name: codes of filters and columns, nothing about anybody."""

    __tablename__ = "child_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: As ChildFilters.address() gives them.
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Codes of app/lists.py, in the order shown.
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)

    name: Mapped[str] = field(
        label=_l("Tên danh sách"),
        help=_l("Ví dụ: Trẻ 5 tuổi chưa đi học. Không ghi tên trẻ em."),
        required=True,
        clean=clean.text,
        max_length=80,
    )


Index("ix_child_lists_user", ChildList.user_id, ChildList.id)
