"""What happened, by whom, newest first: of a case, and of a child. Only what the reader may know."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app import access, casework, clock, consents, deadlines, read_apart
from models import CarePlacement, Case, Child, Choice, Circumstance, Movement, PlanDecision, Service, User, db


class Kind(Choice):
    """By what a timeline is narrowed."""

    STEP = "step", _l("Các bước của vụ việc")
    VISIT = "visit", _l("Thăm, theo dõi")
    SERVICE = "service", _l("Dịch vụ, trợ giúp")
    TEAM = "team", _l("Phân công, bàn giao, chuyển")
    STATUS = "status", _l("Hoàn cảnh, biến động")
    CONSENT = "consent", _l("Sự đồng ý")
    CARE = "care", _l("Chăm sóc thay thế")


@dataclass(frozen=True)
class Event:
    """One thing that happened: on which day (and at which moment, when known), what, by whom, where to read more."""

    kind: Kind
    at: datetime
    what: str
    by: str = ""
    address: str | None = None
    #: A day of life has no hour.
    is_day: bool = True

    @property
    def day(self) -> date:
        """The Viet Nam date."""
        return clock.local_date(self.at)


def _at(day: date | datetime) -> datetime:
    if isinstance(day, datetime):
        return day
    return deadlines.end_of(day) - timedelta.resolution


def of_case(user: User, case: Case, kind: Kind | None = None) -> list[Event]:
    """A case's events, for somebody who knows the case."""
    names = _names(user)
    return _sorted(_case_events(user, case, names), kind)


def of_child(user: User, child: Child, kind: Kind | None = None) -> list[Event]:
    """A child's events: statuses, services, consents, and the cases one may see, each with what one may know of it."""
    events = [
        *_status_events(user, child),
        *_service_events(user, child),
        *_consent_events(user, child),
        *_care_events(user, access.visible_placements(user).where(CarePlacement.child_id == child.id)),
    ]
    query = access.visible_cases(user).where(Case.child_id == child.id).options(*casework.everything())
    for case in db.session.scalars(query).unique():
        address = url_for("cases.show", case_id=case.id)
        opened = _("Lập vụ việc %(number)s", number=case.number)
        events.append(Event(Kind.STEP, case.opened_at, opened, address=address, is_day=False))
        if case.closed_at is not None:
            closed = _("Kết thúc vụ việc %(number)s", number=case.number)
            events.append(Event(Kind.STEP, case.closed_at, closed, address=address, is_day=False))
    return _sorted(events, kind)


def _sorted(events: Iterable[Event], kind: Kind | None) -> list[Event]:
    found = [event for event in events if kind is None or event.kind is kind]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _names(user: User) -> dict[int | None, str]:
    found = db.session.execute(select(User.id, User.full_name).where(User.commune_id == user.commune_id))
    return {key: name for key, name in found}


def _case_events(user: User, case: Case, names: dict[int | None, str]) -> Iterator[Event]:
    yield Event(Kind.STEP, case.received_at, _("Nhận thông tin"), is_day=False)
    by = names.get(case.opened_by_id, "")
    yield Event(Kind.STEP, case.opened_at, _("Lập vụ việc %(number)s", number=case.number), by, is_day=False)
    yield from _assessments(case, names)
    yield from _plans(case, names)
    for visit in case.follow_ups:
        yield Event(Kind.VISIT, _at(visit.visited_on), _("Thăm, theo dõi"), names.get(visit.recorded_by_id, ""))
    yield from _passing_on(case, names)
    if case.child is not None:
        yield from _service_events(user, case.child, case)
    yield from _care_events(user, access.visible_placements(user).where(CarePlacement.case_id == case.id))
    if case.reopened_at is not None:
        yield Event(Kind.STEP, case.reopened_at, _("Mở lại vụ việc"), is_day=False)
    if case.closed_at is not None:
        reason = str(case.closure_reason.label) if case.closure_reason else "–"
        by = names.get(case.closed_by_id, "")
        yield Event(Kind.STEP, case.closed_at, _("Kết thúc: %(why)s", why=reason), by, is_day=False)


def _assessments(case: Case, names: dict[int | None, str]) -> Iterator[Event]:
    recorded: list[tuple[Any, Any, str]] = [
        *((one, one.assessed_at, _("Đánh giá nguy cơ ban đầu (Mẫu 02)")) for one in case.initial_assessments),
        *((one, one.started_at, _("Can thiệp khẩn cấp, cách ly (Mẫu 07)")) for one in case.emergency_measures),
        *((one, one.assessed_on, _("Đánh giá nguy cơ cụ thể (Mẫu 03)")) for one in case.comprehensive_assessments),
        *((one, one.held_on, _("Cuộc họp xác định nhu cầu")) for one in case.conferences),
        *((one, one.reviewed_on, _("Rà soát, đánh giá (Mẫu 06)")) for one in case.reviews),
    ]
    for record, when, what in recorded:
        by = names.get(record.recorded_by_id, "")
        yield Event(Kind.STEP, _at(when), what, by, is_day=not isinstance(when, datetime))
    for measure in case.emergency_measures:
        for one in measure.extensions:
            told = {"day": f"{one.until:%d/%m/%Y}", "number": one.decision_number}
            what = _("Gia hạn tạm thời cách ly đến %(day)s, quyết định số %(number)s", **told)
            yield Event(Kind.STEP, _at(one.decided_on), what, names.get(one.recorded_by_id, ""))
        if measure.ended_on is not None:
            yield Event(Kind.STEP, _at(measure.ended_on), _("Chấm dứt biện pháp khẩn cấp, cách ly"))


def _plans(case: Case, names: dict[int | None, str]) -> Iterator[Event]:
    for plan in case.plans:
        if plan.submitted_at is not None:
            by = names.get(plan.recorded_by_id, "")
            yield Event(Kind.STEP, plan.submitted_at, _("Trình kế hoạch (Mẫu 04)"), by, is_day=False)
        if plan.decided_at is not None:
            approved = plan.decision is PlanDecision.APPROVED
            what = _("Phê duyệt kế hoạch (Mẫu 05)") if approved else _("Không phê duyệt kế hoạch")
            yield Event(Kind.STEP, plan.decided_at, what, names.get(plan.decided_by_id, ""), is_day=False)
        for action in plan.actions:
            if action.done_on is not None:
                yield Event(Kind.SERVICE, _at(action.done_on), _("Làm xong: %(what)s", what=action.description))


def _passing_on(case: Case, names: dict[int | None, str]) -> Iterator[Event]:
    for paper in case.hand_overs:
        what = _("Bàn giao cho %(who)s", who=names.get(paper.to_user_id, ""))
        yield Event(Kind.TEAM, paper.at, what, names.get(paper.by_user_id, ""), is_day=False)
    for referral in case.referrals:
        by = names.get(referral.recorded_by_id, "")
        yield Event(Kind.TEAM, _at(referral.referred_on), _("Chuyển đến %(where)s", where=referral.recipient), by)
        if referral.replied_on is not None:
            told = _("%(where)s trả lời: %(what)s", where=referral.recipient, what=referral.reply.label)
            yield Event(Kind.TEAM, _at(referral.replied_on), told)
    for transfer in case.transfers:
        by = names.get(transfer.made_by_id, "")
        is_in = transfer.direction == "in"
        told = _("Nhận hồ sơ từ %(where)s") if is_in else _("Chuyển hồ sơ cho %(where)s")
        yield Event(Kind.TEAM, transfer.made_at, told % {"where": transfer.other_commune}, by, is_day=False)


def _service_events(user: User, child: Child, case: Case | None = None) -> Iterator[Event]:
    query = access.known_services(user).where(Service.child_id == child.id)
    if case is not None:
        query = query.where(Service.case_id == case.id)
    names = _names(user)
    for service in db.session.scalars(query):
        when = service.done_on or service.started_on or service.requested_on
        if when is not None:
            what = f"{service.kind.label}: {service.description}" if service.description else str(service.kind.label)
            what = f"{what} ({service.outcome.label})"
            yield Event(Kind.SERVICE, _at(when), what, names.get(service.recorded_by_id, ""))


def _care_events(user: User, query: Select[CarePlacement]) -> Iterator[Event]:
    """From the assessment to the end of each placement; the reasons stay on its own page."""
    names = _names(user)
    for one in db.session.scalars(query.options(selectinload(CarePlacement.visits))).unique():
        address = url_for("care.show", placement_id=one.id) if access.may(user, "care.show") else None
        whom = one.with_whom or str(one.form.label)
        listed = one.carer.registered_on if one.carer is not None and address else None
        told = [
            (listed, _("Người nhận được ghi vào danh sách (Mẫu 08, 09): %(who)s", who=whom)),
            (one.assessed_on, _("Đánh giá nhu cầu chăm sóc thay thế (Mẫu 10)")),
            (one.submitted_at, _("Trình lãnh đạo giao trẻ em cho %(who)s", who=whom)),
            (one.decided_on, _("Quyết định giao, nhận trẻ em (Mẫu 12): %(who)s", who=whom)),
            (one.handed_over_on, _("Giao, nhận trẻ em: %(who)s", who=whom)),
            (one.ended_on, _("Chấm dứt chăm sóc thay thế (Mẫu 16): %(who)s", who=whom)),
        ]
        for when, what in told:
            if when is not None:
                yield Event(Kind.CARE, _at(when), what, address=address, is_day=not isinstance(when, datetime))
        followed: list[tuple[date, str, Any]] = [
            *((visit.visited_on, _("Thăm trẻ em được chăm sóc thay thế (Mẫu 13)"), visit) for visit in one.visits),
            *((own.evaluated_on, _("Đánh giá 6 tháng việc chăm sóc thay thế"), own) for own in one.evaluations),
        ]
        for day, what, record in followed:
            yield Event(Kind.CARE, _at(day), what, names.get(record.recorded_by_id, ""), address)


def _status_events(user: User, child: Child) -> Iterator[Event]:
    for movement in db.session.scalars(access.visible_movements(user).where(Movement.child_id == child.id)):
        yield Event(Kind.STATUS, _at(movement.happened_on), str(movement.kind.label))
    for status in db.session.scalars(
        read_apart.open_circumstances(user).where(Circumstance.child_id == child.id)
    ).unique():
        if status.started_on is not None:
            yield Event(Kind.STATUS, _at(status.started_on), _("Từ ngày này: %(what)s", what=status.kind.wording))
        if status.ended_on is not None:
            yield Event(Kind.STATUS, _at(status.ended_on), _("Kết thúc: %(why)s", why=status.kind.wording))


def _consent_events(user: User, child: Child) -> Iterator[Event]:
    if not access.may(user, "consent.list"):
        return
    for consent in consents.of_child(user, child):
        told = f"{consent.giver.label}: {consent.purpose.label} – {consent.answer.label}"
        yield Event(Kind.CONSENT, _at(consent.asked_on), told)
        if consent.withdrawn_on is not None:
            told = _("Rút lại: %(what)s", what=consent.purpose.label)
            yield Event(Kind.CONSENT, _at(consent.withdrawn_on), told)
