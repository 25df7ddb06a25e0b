"""Breaches of personal data: the register, the 72 hours, and who came across which children (Luật 91/2025/QH15 Đ23)."""

from dataclasses import dataclass

from flask import abort
from sqlalchemy import select

from app import access, clock, deadlines, record_readers
from app.casework import calendar_of
from app.deadlines import Deadline
from app.record_readers import Exposure
from models import Breach, Child, User, db

#: Rows and names a page shows; the counts are of all.
MOST = 500


@dataclass(frozen=True)
class Line:
    """One breach, and what is due of it."""

    breach: Breach
    deadline: Deadline | None
    left: str
    is_overdue: bool


@dataclass(frozen=True)
class Sheet:
    """What showed children in the range of a breach: the latest first, and the names of the children by key."""

    exposures: list[Exposure]
    children: frozenset[int]
    names: dict[int, str]


def lines(user: User) -> list[Line]:
    """The breaches of the commune, those not notified yet on top."""
    query = select(Breach).where(Breach.commune_id == user.commune_id).order_by(Breach.id.desc())
    found = [line_of(one) for one in db.session.scalars(query)]
    return sorted(found, key=lambda line: (line.deadline is None, str(line.deadline and line.deadline.due_at)))


def line_of(breach: Breach) -> Line:
    """A breach with its 72 hours; nothing is due of one that was notified or needs no more."""
    if breach.notified_at is not None or breach.closed_on is not None:
        return Line(breach, None, "", is_overdue=False)
    calendar = calendar_of(breach.commune_id)
    due = deadlines.breach_notice_due(breach.detected_at, calendar)
    now = clock.now()
    return Line(breach, due, deadlines.left(due, now, calendar), due.is_overdue(now))


def get(user: User, breach_id: int) -> Breach:
    """A breach of the person's commune, or 404."""
    query = select(Breach).where(Breach.id == breach_id, Breach.commune_id == user.commune_id)
    return db.session.scalars(query).one_or_none() or abort(404)


def exposures(user: User, breach: Breach) -> list[Exposure]:
    """What opened, listed, searched, exported, printed or imported the children of a breach in its days: one query."""
    keys: set[int] | None = None
    if breach.child_id is not None:
        keys = {breach.child_id}
    elif breach.village_id is not None:
        reader = access.commune_reader(user.commune_id)
        query = access.visible_children(reader).where(Child.village_id == breach.village_id)
        keys = set(db.session.scalars(query.with_only_columns(Child.id)))
    return record_readers.between(user, breach.first_on, breach.last_on, keys, by_user_id=breach.user_id)


def sheet(user: User, breach: Breach) -> Sheet:
    """The sheet of who may see children: with their names, as far as they are still on the register."""
    found = exposures(user, breach)
    keys = frozenset(key for one in found for key in one.children)
    shown = sorted({key for one in found[:MOST] for key in one.children})[:MOST]
    query = (
        access.visible_children(user)
        .where(Child.id.in_(shown))
        .with_only_columns(Child.id, Child.code, Child.full_name)
    )
    names = {key: f"{name or '–'} ({code})" for key, code, name in db.session.execute(query)}
    return Sheet(found[:MOST], keys, names)
