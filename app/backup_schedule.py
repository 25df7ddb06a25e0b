"""The day's backup by itself: made once whoever asks, proven, copied to a second place, old ones let go, the outcome kept."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from flask import current_app
from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError

from app import audit, backup_cipher, backups, clock, migrating, one_at_a_time
from models import BackupKind, BackupRun, User, db

log = logging.getLogger(__name__)

#: A failed run is tried again after so long. One whose process died: first after so long, then after twice as long each
#: time, so that a backup that brings the process down does not do so without pause.
AGAIN_AFTER, AFTER_DEATH = timedelta(hours=1), timedelta(minutes=5)
#: People are told when the last good backup is older.
TOO_OLD = timedelta(days=7)
#: How many backups made before upgrades are kept.
KEPT_UPGRADES = 5
_DAILY, _UPGRADE = f"{backups.STEM}auto-", f"{backups.STEM}truoc-"


# ── Once a day ─────────────────────────────────────────────────────────────


def run_if_due() -> BackupRun | None:
    """Make the day's backup when it is time and nobody has; None when there is nothing to do."""
    if current_app.config["MANGNON_BACKUP_HOUR"] < 0 or not _is_due():
        db.session.rollback()
        return None
    db.session.rollback()
    with one_at_a_time.alone("backup") as is_ours:
        run = _claim() if is_ours else None
        return _carry_out(run, _DAILY) if run is not None else None


def _is_due() -> bool:
    now = clock.now()
    if not db.session.scalar(select(exists().where(User.id.is_not(None)))):
        return False  # nothing to lose yet
    last = _last_good()
    if last is not None and _day(last.started_at) == clock.today():
        return False
    is_overdue = last is None or not timedelta(0) <= now - last.started_at <= timedelta(days=1)
    if clock.local(now).hour < current_app.config["MANGNON_BACKUP_HOUR"] and not is_overdue:
        return False
    latest = db.session.scalars(_runs(BackupKind.DAILY).limit(1)).first()
    if latest is None or latest.started_at > now:  # the clock was put back
        return True
    return latest.is_good is True or now - latest.started_at > _pause_after(latest)


def _pause_after(run: BackupRun) -> timedelta:
    """How long to wait after one that is not good. Whether one without an end is dead, its lock tells."""
    if run.finished_at is not None:
        return AGAIN_AFTER
    attempt = int((run.slot or "1").split()[-1])
    return min(AFTER_DEATH * 2 ** min(attempt - 1, 9), AGAIN_AFTER)


def _claim() -> BackupRun | None:
    """A row for today's next attempt, unless another process was quicker."""
    db.session.rollback()
    day = clock.today().isoformat()
    with audit.writing():
        tried = db.session.scalar(select(func.count(BackupRun.id)).where(BackupRun.slot.startswith(day))) or 0
        if not _is_due():
            db.session.rollback()
            return None
        _bury_dead()
        run = BackupRun(kind=BackupKind.DAILY, slot=f"{day} {tried + 1}", started_at=clock.now())
        db.session.add(run)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return None
    return run


def _bury_dead() -> None:
    """We alone make daily backups just now: those without an end have lost their process. Say so; clear up after them."""
    for run in db.session.scalars(_runs(BackupKind.DAILY).where(BackupRun.finished_at.is_(None))):
        run.finished_at, run.is_good, run.problem = clock.now(), False, backups.INTERRUPTED
    backups.forget_halves(_DAILY)


def _carry_out(run: BackupRun, stem: str) -> BackupRun:
    run_id, made, problem, copied = run.id, None, None, None
    db.session.rollback()
    try:
        made = backups.make(stem=stem)
        let_go(backups.folder())
        copied = _copy(made.path)
    except backups.Unusable as failure:
        problem = str(failure)
        log.error("the backup could not be made: %s", problem)
    db.session.rollback()
    with audit.writing():
        run = db.session.get_one(BackupRun, run_id)
        _tell(run, made, problem, copied)
        db.session.commit()
    return run


def _tell(run: BackupRun, made: backups.Backup | None, problem: str | None, copy_problem: str | None) -> None:
    run.finished_at, run.is_good, run.problem, run.copy_problem = clock.now(), made is not None, problem, copy_problem
    if made is not None:
        run.file_name, run.size, run.sha256 = made.path.name, made.path.stat().st_size, made.sha256
        run.migration, run.row_count = made.migration, sum(made.counts.values())
        run.is_encrypted = backup_cipher.is_encrypted(made.path)


def _copy(path: Path) -> str | None:
    """Copy a backup to the second place; why it could not be copied."""
    place = current_app.config["MANGNON_BACKUP_COPY_TO"]
    if not place:
        return None
    try:
        backups.copy_to(path, Path(place))
    except backups.Unusable as failure:
        log.error("the second copy of the backup could not be made")
        return str(failure)
    let_go(Path(place))
    return None


def by_hand(to: Path | None) -> backups.Backup:
    """A backup somebody asked for; kept until somebody deletes it. Raises backups.Unusable."""
    made = backups.make(to)
    if migrating.current() == migrating.head():
        note(BackupKind.BY_HAND, made)
    return made


def note(kind: BackupKind, made: backups.Backup) -> None:
    """Write down a backup that was made outside the daily round."""
    db.session.rollback()
    with audit.writing():
        run = BackupRun(kind=kind, started_at=made.made_at)
        _tell(run, made, None, None)
        db.session.add(run)
        db.session.commit()


# ── Upgrading ──────────────────────────────────────────────────────────────


def upgrade() -> backups.Backup | None:
    """Bring the database to this code's migration; one that holds records is backed up first. Raises backups.Unusable."""
    current, made = migrating.current(), None
    if current not in (None, migrating.head()):
        made = backups.make(stem=f"{_UPGRADE}{migrating.head()}-")
    migrating.upgrade()
    if made is not None:
        note(BackupKind.BEFORE_UPGRADE, made)
        _forget(sorted(backups.folder().glob(f"{_UPGRADE}*"), key=_made)[:-KEPT_UPGRADES])
    return made


def bring_up() -> bool:
    """Bring a database just restored to this code's migration, on PostgreSQL behind its wall; whether that was needed."""
    if migrating.current() == migrating.head() and migrating.is_walled():
        return False
    migrating.upgrade()
    return True


# ── Letting old ones go ────────────────────────────────────────────────────


def let_go(place: Path) -> None:
    """Keep the last daily backup of each of the latest days, weeks and months; nothing else made by itself.

    Counted in days that have a backup, not from today: a clock put years ahead deletes nothing more.
    """
    found = sorted(place.glob(f"{_DAILY}*"), key=_made, reverse=True)
    config = current_app.config
    kept = {
        *_last_of(found, lambda day: day.isoformat(), config["MANGNON_BACKUP_DAYS"]),
        *_last_of(found, lambda day: str(day.isocalendar()[:2]), config["MANGNON_BACKUP_WEEKS"]),
        *_last_of(found, lambda day: f"{day:%Y-%m}", config["MANGNON_BACKUP_MONTHS"]),
        *found[:1],
    }
    _forget([path for path in found if path not in kept])


def _made(path: Path) -> str:
    """When a backup was made, as its name tells: a copied file has another time."""
    return path.name.split(".")[0][-22:]


def _last_of(found: list[Path], span: Callable[[date], str], count: int) -> list[Path]:
    """The newest file of each of the newest spans."""
    newest = [next(files) for _span, files in groupby(found, lambda path: span(_made_on(path)))]
    return newest[:count]


def _made_on(path: Path) -> date:
    try:
        return datetime.strptime(_made(path)[:8], "%Y%m%d").date()  # noqa: DTZ007 – a date in a name
    except ValueError:
        return date.min


def _forget(paths: list[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            log.warning("an old backup could not be deleted: %s", type(problem).__name__)


# ── What is told ───────────────────────────────────────────────────────────


def _day(instant: datetime) -> date:
    return clock.local_date(instant)


def _runs(*kinds: BackupKind) -> Select[BackupRun]:
    query = select(BackupRun).order_by(BackupRun.started_at.desc(), BackupRun.id.desc())
    return query.where(BackupRun.kind.in_(kinds)) if kinds else query


def recent(count: int = 10) -> list[BackupRun]:
    """The latest runs, the newest first."""
    return list(db.session.scalars(_runs().limit(count)))


def _good() -> Select[BackupRun]:
    soon = clock.now() + timedelta(days=1)  # one from the future was made while the clock was wrong
    return _runs().where(BackupRun.is_good.is_(True), BackupRun.started_at < soon).limit(1)


def _last_good() -> BackupRun | None:
    return db.session.scalars(_good()).first()


def last_good_at() -> datetime | None:
    """When the last good backup was made."""
    last = _last_good()
    return last.started_at if last is not None else None


def is_too_old() -> bool:
    """Whether people must be told: the last good backup, or the first person, is older than a week."""
    if current_app.config["MANGNON_BACKUP_HOUR"] < 0 and db.engine.dialect.name == "postgresql":
        return False  # a province's server is backed up by its own people
    last = _good().with_only_columns(BackupRun.started_at).scalar_subquery()
    first_person = select(func.min(User.created_at)).scalar_subquery()
    since = db.session.scalar(select(func.coalesce(last, first_person, type_=BackupRun.started_at.type)))
    return since is not None and clock.now() - since > TOO_OLD
