"""What is held about one child, to be handed to whoever may ask for it: the data, where they came from, who got and read them.

Luật 91/2025/QH15 Đ4; NĐ 356/2025/NĐ-CP Đ5. Absent, whoever asks: who reported (NĐ 56/2017 Đ24.1), the alleged
perpetrator, notes and assessments of cases, what is known of other people beyond who they are to the child. A
representative is not told of cases whose perpetrator is of the family or not known. What is read apart (HIV, sexual abuse;
app/read_apart.py) is on no paper: the asker is told of it in person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, undefer

from app import access, audit_log, clock, read_apart, record_readers
from app.workbooks import WORKBOOKS, Variant, workbook
from models import (
    Allowance,
    AuditEvent,
    CarePlacement,
    Case,
    ChangeAction,
    Child,
    Choice,
    Circumstance,
    CircumstanceKind,
    Consent,
    ConsentGiver,
    Disability,
    EthnicGroup,
    Export,
    Incident,
    Movement,
    PeriodReport,
    PeriodReportState,
    PerpetratorRelation,
    Sensitivity,
    Service,
    User,
    Village,
    db,
    fields_of,
)

#: What the asker may not get, whoever it is.
NEVER = frozenset({Sensitivity.CASE, Sensitivity.PERPETRATOR, Sensitivity.INFORMANT})
#: Perpetrators that are not, or do not act for, the child's representative.
OUTSIDE_FAMILY = frozenset(
    {
        PerpetratorRelation.TEACHER,
        PerpetratorRelation.NEIGHBOUR,
        PerpetratorRelation.PEER,
        PerpetratorRelation.EMPLOYER,
        PerpetratorRelation.STRANGER,
    }
)
#: Fields that tell of another person.
OF_OTHERS = frozenset({"giver_name", "sponsor_name", "carer_id", "collaborator_id", "assigned_to_id", "household_id"})


@dataclass(frozen=True)
class Section:
    """One kind of record: its name, and of each record the pairs (label, value)."""

    title: str
    records: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Extract:
    """The whole paper."""

    sections: list[Section]
    #: (when, what, from where) of every record as it was first written down.
    sources: list[tuple[datetime, str, str]]
    #: (when, to whom, what).
    shared: list[tuple[datetime, str, str]]
    readers: list[AuditEvent]
    is_shortened: bool


def of_child(user: User, child: Child, asker: ConsentGiver) -> Extract:
    """The extract for one asker, as far as the officer who prints it may know."""
    cases = list(
        db.session.scalars(access.visible_cases(user).where(Case.child_id == child.id).order_by(Case.id)).unique()
    )
    told = [case for case in cases if asker is ConsentGiver.CHILD or case.perpetrator_relation in OUTSIDE_FAMILY]
    readers = record_readers.of_child(user, child)
    return Extract(
        sections=[section for section in _sections(user, child, told) if section.records],
        sources=_sources(user, child),
        shared=sorted(_shared(user, child, told, readers), key=lambda line: line[0]),
        readers=readers,
        is_shortened=len(told) < len(cases),
    )


def _sections(user: User, child: Child, cases: list[Case]) -> Iterator[Section]:
    yield Section(_("Trẻ em"), [_pairs(child)])
    if child.household is not None:
        household = [(_("Địa chỉ"), child.household.address or ""), (_("Mã hộ"), child.household.book_code or "")]
        standing = [(f"{_('Diện hộ')} {one.year}", str(one.status.label)) for one in child.household.statuses]
        yield Section(_("Hộ gia đình"), [[pair for pair in [*household, *standing] if pair[1]]])
    people = [
        [(str(one.kind.label), " – ".join(filter(None, (one.full_name, one.relationship_words))) or "–")]
        for one in child.relatives
    ]
    yield Section(_("Cha, mẹ, người chăm sóc"), people)
    for title, query, model in _queries(user):
        query = query.where(model.child_id == child.id).order_by(model.id)
        yield Section(title, [_pairs(record) for record in db.session.scalars(query).unique()])
    yield Section(_("Vụ việc"), [_case_pairs(case) for case in cases])


def _queries(user: User) -> list[tuple[str, Select[Any], Any]]:
    return [
        (_("Hoàn cảnh"), read_apart.open_circumstances(user), Circumstance),
        (_("Khuyết tật"), access.visible_disabilities(user), Disability),
        (_("Trợ cấp"), read_apart.open_allowances(user), Allowance),
        (_("Tai nạn, thương tích"), access.visible_incidents(user), Incident),
        (_("Biến động"), access.visible_movements(user), Movement),
        (_("Dịch vụ"), access.visible_services(user).where(Service.case_id.is_(None)), Service),
        (_("Chăm sóc thay thế"), access.visible_placements(user), CarePlacement),
        (_("Sự đồng ý"), access.visible_consents(user), Consent),
    ]


def _pairs(record: Any) -> list[tuple[str, str]]:
    """(label, value) of the declared fields an asker may get; empty ones are left out."""
    found = []
    for name, told in fields_of(type(record)).items():
        if told.sensitivity in NEVER or name in OF_OTHERS or (value := getattr(record, name)) in (None, ""):
            continue
        words = str(record.birth) if name == "born_on" else _words(name, value)
        found.append((str(told.label), words))
    return found


def _words(name: str, value: Any) -> str:
    if isinstance(value, Choice):
        return str(value.label)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, datetime):
        return f"{clock.local(value):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return _name_of(name, value) or str(value)


#: {key: the model it names, and the field that says what it is called}.
_NAMED: dict[str, tuple[Any, str]] = {
    "village_id": (Village, "name"),
    "ethnicity_code": (EthnicGroup, "name"),
    "kind_code": (CircumstanceKind, "wording"),
}


def _name_of(name: str, key: Any) -> str | None:
    """What a record named by its key is called."""
    if name not in _NAMED:
        return None
    model, words = _NAMED[name]
    found = db.session.get(model, key)
    return getattr(found, words) if found is not None else None


def _case_pairs(case: Case) -> list[tuple[str, str]]:
    """That there is a case and when what was done; what was found is read with the officer, as others stand in it."""
    steps = [
        (_("Số"), case.number),
        (_("Nhận thông tin"), _words("", case.received_at)),
        (_("Về việc"), str(case.subject.label)),
        *((_("Đánh giá nguy cơ ban đầu"), _words("", one.assessed_at)) for one in case.initial_assessments),
        *((_("Đánh giá nguy cơ cụ thể"), _words("", one.assessed_on)) for one in case.comprehensive_assessments),
        *((_("Kế hoạch hỗ trợ, can thiệp"), str(one.decision.label)) for one in case.plans),
        *((_("Thăm, theo dõi"), _words("", one.visited_on)) for one in case.follow_ups),
    ]
    if case.closed_at is not None:
        steps.append((_("Kết thúc"), _words("", case.closed_at)))
    return steps


def _sources(user: User, child: Child) -> list[tuple[datetime, str, str]]:
    """Where each record came from, in the order they were written down."""
    from app import history

    names = history.record_names()
    people = {
        one.id: one.full_name
        for one in db.session.scalars(select(User).where(User.commune_id == user.commune_id)).unique()
    }
    query = read_apart.open_changes(user, child.id).order_by(None)
    found = []
    for change in sorted(db.session.scalars(query), key=lambda one: one.id):
        if change.action is not ChangeAction.CREATED:
            continue
        source = _("danh sách nhập số %(number)d", number=change.batch_id) if change.batch_id else ""
        by = people.get(change.by_user_id or 0, "")
        found.append(
            (change.at, names.get(change.record_table, change.record_table), ", ".join(filter(None, (source, by))))
        )
    return found


# ── With whom it was shared ────────────────────────────────────────────────


def _shared(
    user: User, child: Child, cases: list[Case], readers: list[AuditEvent]
) -> Iterator[tuple[datetime, str, str]]:
    yield from _exports(user, readers)
    yield from _reports(user, child)
    for case in cases:
        if not access.knows_case(user, case):
            continue
        for referral in case.referrals:
            at = clock.start_of(referral.referred_on)
            yield at, referral.recipient, _("Chuyển tuyến, vụ việc %(number)s", number=case.number)
        for transfer in case.transfers:
            if transfer.direction == "out":
                yield transfer.made_at, transfer.other_commune, _("Chuyển hồ sơ vụ việc %(number)s", number=case.number)


def _exports(user: User, readers: list[AuditEvent]) -> Iterator[tuple[datetime, str, str]]:
    """The workbooks that told of the child, with names or by its code."""
    hashes = {str(event.details["sha256"]) for event in readers if event.event == "workbook_exported"}
    query = access.visible_exports(user).options(joinedload(Export.user)).where(Export.sha256.in_(hashes))
    for export in db.session.scalars(query).unique():
        title = workbook(export.workbook).TITLE if export.workbook in WORKBOOKS else _("Danh sách tự lập")
        variant = Variant(export.variant).label
        yield export.at, export.user.full_name if export.user else "–", f"{title} ({variant})"


def _reports(user: User, child: Child) -> Iterator[tuple[datetime, str, str]]:
    """The reports sent that count the child; their lists are coded."""
    query = access.visible_period_reports(user).where(PeriodReport.state == PeriodReportState.SENT)
    for report in db.session.scalars(query.options(undefer(PeriodReport.rows)).order_by(None)):
        if str(child.id) in report.rows.get("children", {}) and report.sent_at is not None:
            yield report.sent_at, report.sent_to or "–", _("Báo cáo kỳ %(period)s, mã hóa", period=report.period)


def reader_lines(events: Iterable[AuditEvent]) -> list[tuple[datetime, str, str]]:
    """(when, who, what) of those who opened, listed, searched or exported the child."""
    words = audit_log.event_words()
    return [(one.at, one.user.full_name if one.user else "–", words.get(one.event, one.event)) for one in events]
