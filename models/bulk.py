"""What was done to many children at once, child by child, so that it can be told and taken back."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Timestamped
from models.child import Child
from models.fields import Choice
from models.user import User


class BulkKind(Choice):
    """What is done to many at once."""

    ACCEPTED = "accepted", _l("Nhận đề xuất của cộng tác viên")
    SENT_BACK = "sent_back", _l("Trả lại cho cộng tác viên")
    MOVED = "moved", _l("Chuyển sang thôn khác")
    CHECKED = "checked", _l("Ghi kết quả đối chiếu dân cư")
    CONFIRMED = "confirmed", _l("Xác nhận hoàn cảnh")


class LeftOut(Choice):
    """Why a child that was chosen is left out."""

    STALE = "stale", _l("Vừa được sửa hoặc quyết định sau khi bạn mở trang")
    CONFLICT = "conflict", _l("Hai người cùng gửi về trẻ này: xem từng mục")
    SINGLY = "singly", _l("Cần xem từng mục: có thể trùng với hồ sơ khác, hoặc có phần được xem riêng")
    AWAY = "away", _l("Không còn ở xã")
    UNBORN = "unborn", _l("Sinh sau ngày này")
    LATER = "later", _l("Đã có biến động ghi sau ngày này")
    THERE = "there", _l("Đã ở thôn này")
    SAME = "same", _l("Đã ghi như vậy")
    NOTHING = "nothing", _l("Không có hoàn cảnh nào chờ xác nhận")


class BulkAct(Timestamped, Base):
    """One thing done to many children by one person (làm một lần cho nhiều trẻ)."""

    __tablename__ = "bulk_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_by: Mapped[User] = relationship(foreign_keys=made_by_id)
    kind: Mapped[BulkKind]
    #: How many it was done to; the other lines say why not.
    count: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class BulkLine(Base):
    """One child of a bulk act: why it was left out, or what undoing needs."""

    __tablename__ = "bulk_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()
    left_out: Mapped[LeftOut | None]
    #: [[table, key, version it left, {column: value before}]]; null before: the record was made.
    effects: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: Undone, but this child stays as it is: somebody changed it since.
    is_kept: Mapped[bool] = mapped_column(default=False)
