"""Checks of the audit trail: one row each."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AuditCheck(Base):
    """One look through the whole audit trail: when, over how much, what was found (app/audit_checks.py)."""

    __tablename__ = "audit_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event_count: Mapped[int]
    #: The first event whose hash is wrong or does not follow, and how many there are.
    broken_from: Mapped[int | None]
    broken_count: Mapped[int] = mapped_column(default=0)
    #: Chains whose end is not the signed one; chains that contradict the witness outside the database.
    cut_chains: Mapped[list[int]] = mapped_column(JSON, default=list)
    contradicted_chains: Mapped[list[int]] = mapped_column(JSON, default=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not (self.broken_count or self.cut_chains or self.contradicted_chains)
