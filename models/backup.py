"""Backups that were made or tried: one row a run."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.fields import Choice


class BackupKind(Choice):
    """Why a backup was made."""

    DAILY = "daily", _l("Hằng ngày")
    BEFORE_UPGRADE = "before_upgrade", _l("Trước khi nâng cấp")
    BY_HAND = "by_hand", _l("Làm bằng tay")


class BackupRun(Base):
    """One backup: when, how it ended, what it holds (app/backup_schedule.py)."""

    __tablename__ = "backup_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BackupKind]
    #: The day and the attempt of a daily backup: whoever writes it first makes it, so two processes never make two.
    slot: Mapped[str | None] = mapped_column(unique=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    #: Made and proven readable; None while it is being made.
    is_good: Mapped[bool | None]
    file_name: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    migration: Mapped[str | None]
    row_count: Mapped[int | None]
    is_encrypted: Mapped[bool] = mapped_column(default=False)
    #: Why it could not be made, in a sentence.
    problem: Mapped[str | None]
    #: Why the second copy could not be made; None when it was, or none is asked for.
    copy_problem: Mapped[str | None]
