"""Long work done in the background, kept in the database until somebody has seen how it ended."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.fields import Choice
from models.user import User


class JobState(Choice):
    """Where a job stands."""

    WAITING = "waiting", _l("Đang chờ")
    RUNNING = "running", _l("Đang làm")
    DONE = "done", _l("Đã xong")
    FAILED = "failed", _l("Không làm được")


class Job(Base):
    """One piece of long work: who asked, what for, how far it is, how it ended (app/jobs.py)."""

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship()
    kind: Mapped[str]
    #: What it is about ("import_batches:5"): of one kind only one unfinished job is about one thing.
    subject: Mapped[str | None]
    #: Keys, codes and choices; never personal data.
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: The worker that has it, and when that worker last gave a sign of life.
    worker: Mapped[str | None]
    alive_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: What is being done; at the end, what was done or why it could not be.
    sentence: Mapped[str] = mapped_column(default="")
    #: The page with the result.
    location: Mapped[str | None]
    #: A file that was made, for its owner alone.
    file_name: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    @property
    def is_finished(self) -> bool:
        """Whether it has ended, well or badly."""
        return self.state in {JobState.DONE, JobState.FAILED}


Index("ix_jobs_state", Job.state, Job.id)
Index("ix_jobs_subject", Job.subject)
