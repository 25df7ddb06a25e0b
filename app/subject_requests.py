"""Requests about a child's personal data: which, within what time, what is due first. Luật 91/2025/QH15 Đ4, Đ24."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app import access, clock, deadlines
from app.casework import calendar_of
from app.deadlines import Deadline
from models import Child, Choice, RequestKind, RequestLimit, SubjectRequest, User, db


class Which(Choice):
    """Which requests a list shows."""

    OPEN = "open", _l("Đang xử lý")
    OVERDUE = "overdue", _l("Quá hạn")
    CLOSED = "closed", _l("Đã xong")
    ALL = "all", _l("Tất cả")


@dataclass(frozen=True)
class Line:
    """One request in a list."""

    request: SubjectRequest
    deadlines: tuple[Deadline, ...]
    left: str
    is_overdue: bool

    @property
    def deadline(self) -> Deadline | None:
        """What is due first."""
        return self.deadlines[0] if self.deadlines else None


def lines(user: User, which: Which = Which.OPEN, now: datetime | None = None) -> list[Line]:
    """The requests of the commune, what is overdue or due first on top; closed ones the latest first."""
    loading = joinedload(SubjectRequest.child).options(joinedload(Child.village))
    query = access.visible_subject_requests(user).options(loading)
    if which in (Which.OPEN, Which.OVERDUE):
        query = query.where(SubjectRequest.closed_on.is_(None))
    elif which is Which.CLOSED:
        query = query.where(SubjectRequest.closed_on.is_not(None))
    found = _lines(user, db.session.scalars(query.order_by(SubjectRequest.id.desc())).unique(), now or clock.now())
    if which is Which.OVERDUE:
        found = [line for line in found if line.is_overdue]
    return sorted(found, key=lambda line: (line.deadline is None, str(line.deadline and line.deadline.due_at)))


def line_of(user: User, request: SubjectRequest) -> Line:
    """One request with what is due."""
    return next(iter(_lines(user, [request], clock.now())))


def of_child(user: User, child: Child) -> list[SubjectRequest]:
    """The requests about one child, the latest first."""
    query = access.visible_subject_requests(user).where(SubjectRequest.child_id == child.id)
    return list(db.session.scalars(query.order_by(SubjectRequest.received_on.desc(), SubjectRequest.id.desc())))


def _lines(user: User, requests: Iterable[SubjectRequest], now: datetime) -> Iterable[Line]:
    calendar = calendar_of(user.commune_id)
    limits: list[RequestLimit] = []
    found = []
    for request in requests:
        limits = limits or list(db.session.scalars(known_limits(user)))
        due = due_of(request, limit_of(limits, request.kind, request.received_on), user)
        left = deadlines.left(due[0], now, calendar) if due else ""
        found.append(Line(request, due, left, bool(due) and due[0].is_overdue(now)))
    return found


def due_of(request: SubjectRequest, limit: RequestLimit, user: User) -> tuple[Deadline, ...]:
    """What is still due of a request, first things first; nothing of a closed one."""
    if request.closed_on is not None:
        return ()
    calendar = calendar_of(user.commune_id)
    days = limit.done_days + (limit.extension_days if request.extended_on else 0)
    due = [deadlines.request_done_due(request.received_on, days, limit.article, calendar)]
    if request.answered_on is None:
        due.append(deadlines.request_answer_due(request.received_on, limit.answer_days, limit.article, calendar))
    return tuple(sorted(due, key=lambda one: one.due_at))


# ── Limits ─────────────────────────────────────────────────────────────────


def known_limits(user: User) -> Select[RequestLimit]:
    """All limits that hold in the person's commune, by kind, the newest first."""
    return (
        select(RequestLimit)
        .where(or_(RequestLimit.commune_id.is_(None), RequestLimit.commune_id == user.commune_id))
        .order_by(RequestLimit.kind, RequestLimit.starts_on.desc(), RequestLimit.id.desc())
    )


def limit_of(limits: list[RequestLimit], kind: RequestKind, received_on: date) -> RequestLimit:
    """The limit for what was received on a day: of those that had begun, one's own before the decree's, the newest first."""
    of_kind = [one for one in limits if one.kind is kind]
    begun = [one for one in of_kind if one.starts_on <= received_on]
    if not begun:  # received before any of them
        return min(of_kind, key=lambda one: one.starts_on)
    return max(begun, key=lambda one: (one.commune_id is not None, one.starts_on, one.id))


def get_limit(user: User, limit_id: int) -> RequestLimit:
    """A limit of one's own commune, or 404: the decree's are not changed, one's own stands in their place."""
    record = db.session.get(RequestLimit, limit_id)
    if record is None or record.commune_id != user.commune_id:
        abort(404)
    return record
