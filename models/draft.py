"""What somebody has typed into a form and not saved."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class FormDraft(Base):
    """A half-written form, sealed, for the person who typed it alone (app/drafts.py). Deleted at save or after a week."""

    __tablename__ = "form_drafts"
    __table_args__ = (UniqueConstraint("user_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: The address the form is sent to.
    page: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    #: Whether it was sent when the session had ended, rather than kept while it was being typed.
    was_sent: Mapped[bool] = mapped_column(default=False)
    #: The names and values, encrypted (app/sealing.py).
    sealed: Mapped[str]
