"""Who came across a child: the events of the audit trail that opened, listed, searched, exported, printed or imported it.

Lists, files and searches keep the keys of the children they showed (app/audit.py), so one question over the events
answers for any child, and for any range of days and villages.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app import access
from app.periods import Period
from models import Attachment, AuditEvent, CarePlacement, Case, Child, IntakeReport, SubjectRequest, User, db

#: More than this is asked of `flask audit`, not of a page.
MOST = 500


def of_child(user: User, child: Child) -> list[AuditEvent]:
    """What opened or showed this child, the latest first; at most MOST."""
    return list(db.session.scalars(_of_child(user, child).order_by(AuditEvent.id.desc()).limit(MOST)))


def _of_child(user: User, child: Child) -> Select[AuditEvent]:
    """The events about the child itself, its household, its cases and reports, and those that showed it among others."""
    about = [_about("children", AuditEvent.record_id == child.id), _showed(child.id)]
    for table, query in _records(user, child.id).items():
        about.append(_about(table, AuditEvent.record_id.in_(query.scalar_subquery())))
    if child.household_id is not None:
        about.append(_about("households", AuditEvent.record_id == child.household_id))
    return (
        select(AuditEvent)
        .where(AuditEvent.commune_id == user.commune_id, or_(*about))
        .options(joinedload(AuditEvent.user))
    )


def _records(user: User, child_id: int) -> dict[str, Select[int]]:
    """{table: keys of the child's records there} of those with pages of their own."""
    return {
        model.__tablename__: query.with_only_columns(model.id).where(model.child_id == child_id).order_by(None)
        for model, query in _with_pages(user).items()
    }


def _with_pages(user: User) -> dict[Any, Select[Any]]:
    """{model: those somebody may see} of the records of children that have pages of their own."""
    return {
        Case: access.visible_cases(user),
        IntakeReport: access.visible_reports(user),
        CarePlacement: access.visible_placements(user),
        SubjectRequest: access.visible_subject_requests(user),
        Attachment: access.visible_attachments(user),
    }


def _about(table: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(AuditEvent.record_table == table, condition)


def _showed(child_id: int) -> ColumnElement[bool]:
    return AuditEvent.details["children"].as_string().like(f"%,{child_id},%")


# ── A range of days, villages, people ──────────────────────────────────────


@dataclass(frozen=True)
class Exposure:
    """One event of a range, and which of the children asked about it showed."""

    event: AuditEvent
    children: frozenset[int]


def between(
    user: User,
    first: date,
    last: date,
    children: Collection[int] | None = None,
    *,
    by_user_id: int | None = None,
) -> list[Exposure]:
    """What showed children on these days, the latest first: of the keys given, or any; by one person, or anybody."""
    days = Period("", first, last)
    query = (
        select(AuditEvent)
        .where(AuditEvent.commune_id == user.commune_id, AuditEvent.at >= days.began_at, AuditEvent.at < days.ended_at)
        .options(joinedload(AuditEvent.user))
        .order_by(AuditEvent.id.desc())
    )
    if by_user_id is not None:
        query = query.where(AuditEvent.user_id == by_user_id)
    events = list(db.session.scalars(query))
    owners = _owners(user)
    found = []
    for event in events:
        shown = shown_by(event, owners)
        hit = shown if children is None else shown & set(children)
        if hit:
            found.append(Exposure(event, hit))
    return found


def shown_by(event: AuditEvent, owners: dict[tuple[str, int], int]) -> frozenset[int]:
    """The keys of the children an event showed; `owners` tells whose a record was."""
    listed = {int(key) for key in str(event.details.get("children") or "").split(",") if key}
    if event.record_table == "children" and event.record_id is not None:
        listed.add(event.record_id)
    owner = owners.get((event.record_table or "", event.record_id or 0))
    return frozenset(listed | ({owner} if owner else set()))


def _owners(user: User) -> dict[tuple[str, int], int]:
    """{(table, key): child} of the records of children that have pages of their own."""
    reader = access.commune_reader(user.commune_id)
    found: dict[tuple[str, int], int] = {}
    for model, query in _with_pages(reader).items():
        pairs = query.with_only_columns(model.id, model.child_id).where(model.child_id.is_not(None)).order_by(None)
        for key, child_id in db.session.execute(pairs):
            found[model.__tablename__, key] = child_id
    return found
