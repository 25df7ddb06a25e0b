"""How long records are kept, which are due to be erased, and the erasing that needs a second person's yes.

Luật 91/2025/QH15 Đ14: data are erased when their purpose is fulfilled or their time has run out. No text settles the
years for a commune's children records, so they are data (RetentionRule).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app import access, audit, clock, deadlines, erasing
from models import (
    CarePlacement,
    Case,
    Child,
    Erasure,
    ErasureState,
    ImportBatch,
    ImportRow,
    IntakeReport,
    LegalHold,
    RecordClass,
    ReportState,
    RequestKind,
    RetentionRule,
    SubjectRequest,
    User,
    db,
)

#: More than this is erased in several goes.
MOST = 500
#: When somebody stops being a child (Luật Trẻ em Đ1).
GROWN_UP_MONTHS = 16 * 12


@dataclass(frozen=True)
class Due:
    """A record whose time has run out: its key, what the officer knows it by, since when, and what stops erasing it."""

    key: int
    words: str
    since: date | None
    stop: str | None


def rules(user: User) -> dict[RecordClass, RetentionRule]:
    """The rule of each class: one's own before the one every commune starts with."""
    query = select(RetentionRule).where(
        or_(RetentionRule.commune_id.is_(None), RetentionRule.commune_id == user.commune_id)
    )
    found: dict[RecordClass, RetentionRule] = {}
    for rule in sorted(db.session.scalars(query), key=lambda one: one.commune_id is not None):
        found[rule.record_class] = rule
    return found


def own_rule(user: User, record_class: RecordClass) -> RetentionRule:
    """The rule of the person's own commune: the one there is, or a new one that starts as the common one."""
    rule = rules(user)[record_class]
    if rule.commune_id is not None:
        return rule
    return RetentionRule(commune_id=user.commune_id, record_class=record_class, years=rule.years, source=rule.source)


def cutoff(rule: RetentionRule) -> date:
    """What ended on this day or before has been kept long enough."""
    return deadlines.add_months(clock.today(), -12 * rule.years)


def due(user: User, record_class: RecordClass) -> list[Due]:
    """The dry run: the records of a class whose time has run out, oldest first; those that must stay say why."""
    last = cutoff(rules(user)[record_class])
    finders: dict[RecordClass, Callable[[User, date], list[Due]]] = {
        RecordClass.CHILD: _children,
        RecordClass.CASE: _cases,
        RecordClass.CONCERN: _concerns,
        RecordClass.IMPORT: _imports,
        RecordClass.REQUEST: _requests,
    }
    return sorted(finders[record_class](user, last), key=lambda one: (str(one.since), one.key))


def _children(user: User, last: date) -> list[Due]:
    born = deadlines.add_months(last, -GROWN_UP_MONTHS)
    query = access.visible_children(user).where(or_(Child.left_on <= last, Child.born_on <= born))
    return _told(user, query)


def _told(user: User, query: Select[Child]) -> list[Due]:
    """The children a question finds, with what stops erasing each."""
    children = list(db.session.scalars(query.options(joinedload(Child.village))).unique())
    stops = stops_of(user, {child.id for child in children})
    return [
        Due(child.id, f"{child.full_name or '–'} · {child.village.name}", _ended(child), stops.get(child.id))
        for child in children
    ]


def _ended(child: Child) -> date | None:
    """When the child left or grew up, whichever came first."""
    grown = deadlines.add_months(child.born_on, GROWN_UP_MONTHS) if child.born_on else None
    return min((day for day in (child.left_on, grown) if day is not None), default=None)


def _cases(user: User, last: date) -> list[Due]:
    query = access.visible_cases(user).where(Case.closed_at < deadlines.end_of(last)).options(joinedload(Case.child))
    cases = list(db.session.scalars(query).unique())
    holds = _holds(user, {case.child_id for case in cases if case.child_id})
    return [
        Due(
            case.id,
            case.number,
            clock.local_date(case.closed_at) if case.closed_at else None,
            holds.get(case.child_id or 0),
        )
        for case in cases
    ]


def _concerns(user: User, last: date) -> list[Due]:
    """Reports that became no case and are about no child of the register: nothing else would ever take them along."""
    query = access.visible_reports(user).where(
        IntakeReport.state == ReportState.ANSWERED,
        IntakeReport.child_id.is_(None),
        IntakeReport.answered_at < deadlines.end_of(last),
    )
    return [
        Due(
            report.id,
            _("Tin báo nhận ngày %(day)s", day=f"{clock.local_date(report.received_at):%d/%m/%Y}"),
            clock.local_date(report.answered_at) if report.answered_at else None,
            None,
        )
        for report in db.session.scalars(query).unique()
    ]


def _imports(user: User, last: date) -> list[Due]:
    told = select(ImportRow.batch_id).where(ImportRow.undone.is_(False))
    query = access.visible_batches(user).where(
        ImportBatch.applied_at < deadlines.end_of(last), ImportBatch.id.in_(told.scalar_subquery())
    )
    return [
        Due(batch.id, _("Lần nhập %(number)d", number=batch.id), clock.local_date(batch.applied_at), None)
        for batch in db.session.scalars(query).unique()
        if batch.applied_at is not None
    ]


def _requests(user: User, last: date) -> list[Due]:
    query = access.visible_subject_requests(user).where(SubjectRequest.closed_on <= last)
    return [Due(one.id, str(one.kind.label), one.closed_on, None) for one in db.session.scalars(query).unique()]


# ── What stops erasing ─────────────────────────────────────────────────────


def stops_of(user: User, children: set[int]) -> dict[int, str]:
    """{child: why it must be kept}, in one sentence each: a hold, a case, alternative care, a request not answered."""
    found: dict[int, str] = {}
    kept_until = clock.start_of(cutoff(rules(user)[RecordClass.CASE]))
    for case in db.session.scalars(access.visible_cases(user).where(Case.child_id.in_(children))).unique():
        if case.closed_at is None:
            found[case.child_id or 0] = _("Vụ việc %(number)s đang mở: chưa được xóa.", number=case.number)
        elif case.closed_at >= kept_until:
            told = _("Vụ việc %(number)s đã kết thúc nhưng chưa hết hạn lưu: chưa được xóa.", number=case.number)
            found.setdefault(case.child_id or 0, told)
    running = access.visible_placements(user).where(
        CarePlacement.child_id.in_(children),
        CarePlacement.handed_over_on.is_not(None),
        CarePlacement.ended_on.is_(None),
    )
    for placement in db.session.scalars(running).unique():
        found[placement.child_id] = _("Trẻ đang được chăm sóc thay thế: chưa được xóa.")
    waiting = access.visible_subject_requests(user).where(
        SubjectRequest.child_id.in_(children),
        SubjectRequest.closed_on.is_(None),
        SubjectRequest.kind != RequestKind.ERASE,
    )
    for request in db.session.scalars(waiting).unique():
        found[request.child_id or 0] = _("Còn yêu cầu về dữ liệu của trẻ chưa trả lời: chưa được xóa.")
    return found | _holds(user, children)


def _holds(user: User, children: set[int]) -> dict[int, str]:
    return {
        hold.child_id: _("Hồ sơ đang phải giữ: %(reason)s", reason=hold.reason)
        for hold in holds(user)
        if hold.child_id in children
    }


def holds(user: User, child_id: int | None = None) -> list[LegalHold]:
    """The holds in force of the commune, or of one child."""
    query = select(LegalHold).where(LegalHold.commune_id == user.commune_id, LegalHold.lifted_on.is_(None))
    if child_id is not None:
        query = query.where(LegalHold.child_id == child_id)
    return list(db.session.scalars(query.order_by(LegalHold.id)))


# ── Proposing and deciding ─────────────────────────────────────────────────


def propose(user: User, record_class: RecordClass) -> Erasure | None:
    """Propose what the dry run lists and nothing stops; None when that is nothing. The caller commits."""
    keys = [one.key for one in due(user, record_class) if one.stop is None][:MOST]
    return _proposed(user, record_class, keys) if keys else None


def propose_child(user: User, request: SubjectRequest, child: Child) -> Erasure | str:
    """Propose what a request asks: one child's record; or the sentence that stops it."""
    stop = stops_of(user, {child.id}).get(child.id)
    return stop or _proposed(user, RecordClass.CHILD, [child.id], request.id)


def _proposed(user: User, record_class: RecordClass, keys: list[int], request_id: int | None = None) -> Erasure:
    erasure = Erasure(
        commune_id=user.commune_id,
        record_class=record_class,
        keys=keys,
        request_id=request_id,
        proposed_by_id=user.id,
        proposed_at=clock.now(),
    )
    db.session.add(erasure)
    db.session.flush()
    audit.record("erasure_proposed", user, erasure, record_class=record_class.value, count=len(keys))
    return erasure


def erasures(user: User) -> list[Erasure]:
    """What was proposed and what came of it, the latest first."""
    people = (joinedload(Erasure.proposed_by), joinedload(Erasure.decided_by))
    query = select(Erasure).where(Erasure.commune_id == user.commune_id).options(*people)
    return list(db.session.scalars(query.order_by(Erasure.id.desc()).limit(50)).unique())


def waiting(user: User) -> Select[Erasure]:
    """The proposals of others that wait for this person's word."""
    return select(Erasure).where(
        Erasure.commune_id == user.commune_id,
        Erasure.state == ErasureState.PROPOSED,
        Erasure.proposed_by_id != user.id,
    )


def listed(user: User, erasure: Erasure) -> list[Due]:
    """The records of a proposal as they stand now; those that something stops meanwhile say why."""
    if erasure.state is not ErasureState.PROPOSED:
        return []
    keys = set(erasure.keys)
    if erasure.record_class is RecordClass.CHILD:
        return _told(user, access.visible_children(user).where(Child.id.in_(keys)))
    return [one for one in due(user, erasure.record_class) if one.key in keys]


def decide(user: User, erasure: Erasure, *, agrees: bool) -> dict[str, int]:
    """The second person's word; erases on a yes what nothing stops by now. Gives {table: rows}. The caller commits, then wipes."""
    counts: dict[str, int] = {}
    if agrees:
        erase: dict[RecordClass, Any] = {
            RecordClass.CHILD: erasing.erase_children,
            RecordClass.CASE: erasing.erase_cases,
            RecordClass.CONCERN: erasing.erase_reports,
            RecordClass.IMPORT: erasing.empty_import_rows,
            RecordClass.REQUEST: erasing.erase_requests,
        }
        keys = [one.key for one in listed(user, erasure) if one.stop is None]
        counts = erase[erasure.record_class](keys) if keys else {}
    erasure.state = ErasureState.DONE if agrees else ErasureState.REFUSED
    erasure.decided_by_id, erasure.decided_at, erasure.counts = user.id, clock.now(), counts
    audit.record(
        "erasure_decided",
        user,
        erasure,
        record_class=erasure.record_class.value,
        count=len(erasure.keys),
        erased=sum(counts.values()),
    )
    return counts
