"""What communes sent to a superior office: figures only, never children."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.user import User


class SentFigures(Base):
    """The summary of one commune's district workbook for one period (biểu tổng hợp), as the superior office read it in."""

    __tablename__ = "sent_figures"
    __table_args__ = (UniqueConstraint("commune_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose collection it is: the commune (or office) of whoever read it in.
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    #: The unit and the period as the cover writes them.
    sender: Mapped[str]
    period: Mapped[str]
    counted_to: Mapped[str]
    sha256: Mapped[str]
    read_at: Mapped[datetime]
    read_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    read_by: Mapped[User] = relationship()
    #: {indicator code: [label, total]}
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
