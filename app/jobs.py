"""Long work in the background: asked for in the request's own transaction, done once, told while it runs.

A kind of job is a function marked `@kind("import.apply")` in one of `MODULES`. It is called inside an app context with the
asker's language and a `Work`; it may read as long as it likes, tells how far it is with `work.tell(…)`, and calls
`work.begin_writing()` before it changes anything: from then on its changes and the word "done" are one transaction. A job
whose worker died is taken again, at most `TRIES` times, so everything before `begin_writing` must be safe to repeat.
See docs/decisions/0030-jobs-in-the-database.md and docs/recipes/add-a-job.md.
"""

import importlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import force_locale, gettext as _
from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app import audit, audit_checks, backup_schedule, clock, drafts, health, reaching
from models import Job, JobState, User, db, reach, transaction_mode

log = logging.getLogger(__name__)

#: Modules whose functions marked with `@kind` do the work.
MODULES: tuple[str, ...] = (
    "app.workbooks.background",
    "app.imports.background",
)

#: How often a worker looks for work and gives a sign of life; after how long without one it counts as dead (seconds).
LOOK_EVERY, BEAT_EVERY, DEAD_AFTER = 0.5, 1.0, 30.0
#: How often a worker with nothing to do sees to the day's backup and to what has become too old (seconds).
CHORES_EVERY = 60.0
TRIES = 3
#: A finished job and the file it made are kept so long.
KEPT_HOURS = 24


class Failed(Exception):
    """The work cannot be done; says why in a sentence for the person who asked."""


class Lost(Exception):
    """Another worker has taken this job meanwhile; whatever was done here is undone."""


@dataclass
class Work:
    """A job in the hands of the worker doing it."""

    job_id: int
    worker: str
    user: User
    arguments: dict[str, Any]
    done: int = 0
    total: int = 0
    sentence: str = ""
    #: What the work leads to: a page, or a file that was made.
    location: str | None = None
    file_name: str | None = None
    content: bytes | None = None
    _job: Job | None = field(default=None, repr=False)

    def tell(self, sentence: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is. Costs nothing: the worker's beat writes it down."""
        self.sentence, self.done, self.total = sentence, done, total

    def begin_writing(self) -> Job:
        """End reading and begin the one transaction that changes things. Raises Lost when the job is no longer ours."""
        if self._job is not None:
            return self._job
        db.session.rollback()
        transaction_mode.set("IMMEDIATE")
        mine = Job.id == self.job_id, Job.worker == self.worker, Job.state == JobState.RUNNING
        self._job = db.session.scalars(select(Job).where(*mine).with_for_update()).unique().one_or_none()
        if self._job is None:
            raise Lost
        self.user = db.session.get_one(User, self.user.id)
        return self._job

    def give_way(self) -> None:
        """Undo what was written since `begin_writing` and let others write; the work may be made ready anew."""
        key = self.user.id
        db.session.rollback()
        transaction_mode.set("DEFERRED")
        self._job = None
        self.user = db.session.get_one(User, key)

    def finish(self) -> None:
        """Write "done" in the same transaction as the work itself."""
        job = self.begin_writing()
        _end(job, JobState.DONE, self.sentence)
        job.done = job.total = max(self.total, 1)
        job.location, job.file_name, job.content = self.location, self.file_name, self.content
        db.session.commit()


Handler = Callable[[Work], None]
_KINDS: dict[str, Handler] = {}


def kind(name: str) -> Callable[[Handler], Handler]:
    """Mark the function that does jobs of this kind."""

    def mark(handler: Handler) -> Handler:
        _KINDS[name] = handler
        return handler

    return mark


@cache
def _load() -> None:
    for name in MODULES:
        importlib.import_module(name)


# ── Asking for work ────────────────────────────────────────────────────────


def enqueue(user: User, name: str, subject: Any = None, /, **arguments: Any) -> Job:
    """A job of a kind, in the current transaction: it exists when the caller has committed, and not otherwise.

    `subject` is the record it is about; while a job of this kind about it is unfinished, that one is returned.
    """
    _load()
    _KINDS[name]
    about = f"{subject.__tablename__}:{subject.id}" if subject is not None else None
    waiting = unfinished(about, name) if about else None
    if waiting is not None:
        return waiting
    job = Job(
        commune_id=user.commune_id,
        user_id=user.id,
        kind=name,
        subject=about,
        arguments=arguments,
        state=JobState.WAITING,
        created_at=clock.now(),
        sentence=_("Đang chờ đến lượt."),
    )
    db.session.add(job)
    db.session.flush()
    return job


def unfinished(about: str, name: str) -> Job | None:
    """The job of this kind about this record that has not ended yet."""
    query = select(Job).where(
        Job.subject == about, Job.kind == name, Job.state.in_([JobState.WAITING, JobState.RUNNING])
    )
    return db.session.scalars(query.order_by(Job.id).limit(1)).unique().one_or_none()


def address(job: Job) -> str:
    """The page that tells how far a job is and leads to its result."""
    return url_for("jobs.show", job_id=job.id)


# ── Doing it ───────────────────────────────────────────────────────────────


def _takeable() -> ColumnElement[bool]:
    dead = Job.alive_at < clock.now() - timedelta(seconds=DEAD_AFTER)
    return or_(Job.state == JobState.WAITING, and_(Job.state == JobState.RUNNING, dead))


def _take(worker: str) -> Work | None:
    """The oldest job nobody is doing, marked as ours; jobs that killed their worker too often are given up."""
    if db.session.scalar(select(Job.id).where(_takeable()).limit(1)) is None:
        db.session.rollback()
        return None
    db.session.rollback()
    with audit.writing():
        query = select(Job).where(_takeable()).order_by(Job.id).limit(1).with_for_update(skip_locked=True, of=Job)
        job = db.session.scalars(query).unique().one_or_none()
        if job is None:
            db.session.rollback()
            return None
        job.attempts += 1
        if job.attempts > TRIES:
            with force_locale(job.user.language):
                _end(
                    job, JobState.FAILED, _("Việc này đã dừng giữa chừng %(count)s lần nên không làm nữa.", count=TRIES)
                )
            db.session.commit()
            return None
        job.state, job.worker, job.alive_at = JobState.RUNNING, worker, clock.now()
        work = Work(job.id, worker, job.user, dict(job.arguments))
        db.session.commit()
    return work


def _end(job: Job, state: JobState, sentence: str) -> None:
    job.state, job.sentence, job.finished_at, job.worker = state, sentence, clock.now(), None


def run_one(worker: str = "here", *, beating: bool = False) -> bool:
    """Do the oldest waiting job, in the current app context; False when there is none."""
    with reach.declared(reach.INSTALLATION):
        return _run_one(worker, beating=beating)


def _run_one(worker: str, *, beating: bool) -> bool:
    work = _take(worker)
    if work is None:
        return False
    name = db.session.scalar(select(Job.kind).where(Job.id == work.job_id)) or ""
    with current_app.test_request_context(), force_locale(work.user.language), _as(work.user):
        with _beating(work) if beating else _still():
            problem = _do(name, work)
        if problem:
            _fail(work, problem)
    return True


def run_waiting() -> int:
    """Do every waiting job, one after the other; how many there were."""
    count = 0
    with current_app.app_context():
        while run_one():
            count += 1
    db.session.expire_all()
    return count


def _do(name: str, work: Work) -> str | None:
    """Do a job; why it could not be done, else None."""
    _load()
    token = transaction_mode.set("DEFERRED")
    try:
        if not work.user.is_enabled:
            raise Failed(_("Tài khoản đã bị khóa nên việc này không làm nữa."))
        _KINDS[name](work)
        work.finish()
    except Failed as failed:
        return str(failed)
    except Lost:
        log.warning("job %s was taken by another worker", work.job_id)
    except Exception as error:
        # The kind of error and the job's number only: an error's text may hold what is in the records.
        log.error("job %s (%s) failed: %s", work.job_id, name, type(error).__name__)
        log.debug("job %s", work.job_id, exc_info=True)
        ailment = health.of(error) if isinstance(error, DatabaseError | OSError) else None
        if ailment is not None:
            return _("%(why)s. Chưa ghi gì. Báo người quản trị nếu chưa biết, rồi làm lại.", why=ailment.title)
        return _(
            "Có lỗi ngoài dự tính nên chưa làm gì. Hãy thử lại; nếu vẫn thế, báo người quản trị mã việc %(job)s.",
            job=work.job_id,
        )
    finally:
        db.session.rollback()
        transaction_mode.reset(token)
    return None


def _fail(work: Work, sentence: str) -> None:
    with audit.writing():
        mine = Job.id == work.job_id, Job.worker == work.worker, Job.state == JobState.RUNNING
        job = db.session.scalars(select(Job).where(*mine).with_for_update()).unique().one_or_none()
        if job is not None:
            _end(job, JobState.FAILED, sentence)
        db.session.commit()


@contextmanager
def _as(user: User) -> Iterator[None]:
    """What is changed meanwhile was changed by this person, and nothing beyond her reach."""
    info = db.session().info
    kept = {name: info.get(name) for name in ("user_id", "commune_id")}
    info.update(user_id=user.id, commune_id=user.commune_id)
    try:
        with reach.declared(reaching.reach_of(user)):
            yield
    finally:
        info.update(kept)


@contextmanager
def _still() -> Iterator[None]:
    yield


@contextmanager
def _beating(work: Work) -> Iterator[None]:
    """Meanwhile a second thread gives signs of life and writes down how far the work is.

    It has a connection of its own and may wait for the lock that the work itself holds: nobody waits for it.
    """
    over = threading.Event()
    engine = db.engine

    def beat() -> None:
        while not over.wait(BEAT_EVERY):
            token = transaction_mode.set("IMMEDIATE")
            try:
                with reach.declared(reach.INSTALLATION), Session(engine) as session:
                    query = select(Job).where(Job.id == work.job_id, Job.worker == work.worker)
                    job = session.scalars(query.with_for_update(skip_locked=True, of=Job)).unique().one_or_none()
                    if job is not None and not over.is_set():
                        job.alive_at = clock.now()
                        job.done, job.total, job.sentence = work.done, work.total, work.sentence or job.sentence
                    session.commit()
            except Exception as error:
                log.warning("job %s: no sign of life written: %s", work.job_id, type(error).__name__)
            finally:
                transaction_mode.reset(token)

    thread = threading.Thread(target=beat, name="job-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


# ── The worker ─────────────────────────────────────────────────────────────


def work_on(app: Flask, over: threading.Event) -> None:
    """Do jobs one after the other until told to stop."""
    worker = uuid.uuid4().hex
    chores_at = time.monotonic() + LOOK_EVERY  # not by the clock on the wall, which may be put back
    while not over.is_set():
        found = False
        try:
            with app.app_context(), reach.declared(reach.INSTALLATION):
                found = run_one(worker, beating=True)
                if not found and time.monotonic() >= chores_at:
                    chores_at = time.monotonic() + CHORES_EVERY
                    forget_old()
                    backup_schedule.run_if_due()
                    audit_checks.run_if_due()
        except Exception as error:
            log.error("the worker could not look for jobs: %s", type(error).__name__)
            over.wait(5)
        if not found:
            over.wait(LOOK_EVERY)


def start_worker(app: Flask) -> threading.Event:
    """A worker in a thread of this process; set the event to stop it after its present job."""
    over = threading.Event()
    threading.Thread(target=work_on, args=(app, over), name="jobs", daemon=True).start()
    return over


def forget_old() -> None:
    """Finished jobs, and the files they made, go after a day; drafts nobody came back to after a week."""
    with audit.writing():
        drafts.forget_old()
        db.session.execute(delete(Job).where(Job.finished_at < clock.now() - timedelta(hours=KEPT_HOURS)))
        db.session.commit()
