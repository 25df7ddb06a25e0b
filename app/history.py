"""What changed, who changed it, when: written as the session flushes, so no page can forget; and told in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import PASSIVE_NO_INITIALIZE, get_history

import models
from app import clock, procedure
from app.stored import to_json
from models import Attachment, Base, Change, ChangeAction, Child, Choice, PartialDate, Precision, User, clean, fields_of

#: Tables whose changes belong to the history of their child, their case, or their household.
_SUBJECT_KEYS = (("child_id", "children"), ("case_id", "cases"), ("household_id", "households"))
_OWN_SUBJECT = frozenset({"cases", "intake_reports", "children", "households", "import_batches"})


def listen(session: Any) -> None:
    """Record changes of every model with declared fields that goes through this session."""
    event.listen(session, "after_flush", _record)


def _record(session: Session, _context: UOWTransaction) -> None:
    rows = []
    for record in session.new:
        rows += _rows(session, record, ChangeAction.CREATED)
    for record in session.dirty:
        rows += _rows(session, record, ChangeAction.CHANGED)
    for record in session.deleted:
        rows += _rows(session, record, ChangeAction.DELETED)
    if rows:
        session.connection().execute(insert(Change), rows)


def _rows(session: Session, record: Any, action: ChangeAction) -> list[dict[str, Any]]:
    names = list(fields_of(type(record))) if isinstance(record, Base) and hasattr(record, "id") else []
    if not names:
        return []
    changed = _changed(record, names + _extra_names(record), action)
    if not changed and action is not ChangeAction.DELETED:
        return []
    subject_table, subject_id = subject_of(record)
    return [
        {
            "commune_id": getattr(record, "commune_id", None) or session.info.get("commune_id"),
            "at": clock.now(),
            "by_user_id": session.info.get("user_id"),
            "batch_id": session.info.get("batch_id"),
            "action": action,
            "record_table": record.__tablename__,
            "record_id": record.id,
            "subject_table": subject_table,
            "subject_id": subject_id,
            "fields": changed,
        }
    ]


def rows_of(session: Session, record: Any, action: ChangeAction) -> list[dict[str, Any]]:
    """The history of a record that is written without a flush (app/imports/bulk.py)."""
    return _rows(session, record, action)


def _extra_names(record: Any) -> list[str]:
    """Stored facts without a form field that the history must still tell."""
    if isinstance(record, Child):
        return ["left_on", "left_reason", "removed_reason"]
    return [
        name
        for name in ("decision", "closed_at", "confirmed_on", "state", "removed_at")
        if name in inspect(type(record)).columns
    ]


def _changed(record: Any, names: Iterable[str], action: ChangeAction) -> dict[str, Any]:
    state = inspect(record)
    changed: dict[str, Any] = {}
    declared = fields_of(type(record))
    for name in dict.fromkeys(names):
        if name in declared and declared[name].precision is not None:
            changed |= _changed_partial_date(record, name, declared[name].precision or "", action)
            continue
        if action is ChangeAction.CREATED:
            if name in state.committed_state and (new := to_json(state.dict.get(name))) is not None:
                changed[name] = [None, new]
            continue
        history = get_history(record, name, PASSIVE_NO_INITIALIZE)
        old = to_json(history.deleted[0]) if history.deleted else None
        new = to_json(getattr(record, name))
        if action is ChangeAction.DELETED:
            old, new = new, None
        elif not history.has_changes():
            continue
        if old != new:
            changed[name] = [old, new]
    return changed


def _changed_partial_date(record: Any, name: str, precision: str, action: ChangeAction) -> dict[str, Any]:
    """A date of life is told with its precision: "2015-06-05", "2015-06", "2015", "~2015"."""

    def written(*, before: bool) -> str | None:
        values = []
        for key in (name, precision):
            was = get_history(record, key, PASSIVE_NO_INITIALIZE).deleted if before else ()
            values.append(was[0] if was else getattr(record, key))
        day, known = values
        if day is None:
            return None
        return ("~" if known is Precision.ESTIMATED else "") + PartialDate(day, known or Precision.DAY).iso()

    is_new = action is ChangeAction.CREATED
    old, new = None if is_new else written(before=True), written(before=False)
    if action is ChangeAction.DELETED:
        old, new = new, None
    return {name: [old, new]} if old != new else {}


def subject_of(record: Any) -> tuple[str, int]:
    """The table and key of the record in whose history a change is shown."""
    table: str = record.__tablename__
    if table == Attachment.__tablename__ and record.report_id is not None:
        return "intake_reports", record.report_id
    if table not in _OWN_SUBJECT:
        for name, subject in _SUBJECT_KEYS:
            if getattr(record, name, None) is not None:
                return subject, getattr(record, name)
        plan = getattr(record, "plan", None)
        if plan is not None:
            return "cases", plan.case_id
    return table, record.id


# ── In words ───────────────────────────────────────────────────────────────


@cache
def _models_by_table() -> dict[str, Any]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def record_names() -> dict[str, str]:
    """What a record of each table is called, in the reader's language."""
    return {
        "children": _("Trẻ em"),
        "relatives": _("Người thân"),
        "movements": _("Biến động"),
        "circumstances": _("Hoàn cảnh"),
        "disabilities": _("Khuyết tật"),
        "allowances": _("Trợ cấp"),
        "entitlement_answers": _("Trả lời về quyền lợi"),
        "incidents": _("Tai nạn, thương tích"),
        "child_lists": _("Danh sách tự lập"),
        "services": _("Dịch vụ"),
        "providers": _("Nơi cung cấp dịch vụ"),
        "inspections": _("Kiểm tra cơ sở"),
        "care_placements": _("Chăm sóc thay thế"),
        "care_evaluations": _("Đánh giá 6 tháng việc chăm sóc thay thế"),
        "care_visits": _("Thăm trẻ em được chăm sóc thay thế (Mẫu 13)"),
        "foster_carers": _("Người nhận chăm sóc thay thế"),
        "source_checks": _("Đối chiếu với nguồn khác"),
        "consents": _("Sự đồng ý"),
        "attachments": _("Giấy tờ đính kèm"),
        "breaches": _("Vi phạm về dữ liệu cá nhân"),
        "sharing_protocols": _("Quy chế chuyển dữ liệu"),
        "legal_holds": _("Giữ hồ sơ"),
        "subject_requests": _("Yêu cầu về dữ liệu cá nhân"),
        "referrals": _("Chuyển tuyến"),
        "case_members": _("Nhóm phụ trách"),
        "hand_overs": _("Bàn giao"),
        "transfers": _("Chuyển hồ sơ"),
        "households": _("Hộ gia đình"),
        "household_statuses": _("Diện hộ"),
        "cases": _("Vụ việc"),
        "intake_reports": _("Báo cáo tiếp nhận thông tin"),
        "initial_assessments": _("Đánh giá ban đầu"),
        "separation_extensions": _("Gia hạn tạm thời cách ly"),
        "emergency_measures": _("Biện pháp khẩn cấp"),
        "comprehensive_assessments": _("Đánh giá cụ thể"),
        "case_conferences": _("Cuộc họp"),
        "case_plans": _("Kế hoạch"),
        "plan_actions": _("Công việc trong kế hoạch"),
        "follow_ups": _("Theo dõi"),
        "case_reviews": _("Rà soát"),
    }


def described(
    change: Change, reader: User, names: dict[str, dict[Any, str]] | None = None
) -> list[tuple[str, str, str]]:
    """A change as (label, before, after) for one reader; fields she may not read are left out.

    `names` maps a key field ("village_id") to {key: name} for those worth telling by name.
    """
    from app.access import may_read

    model = _models_by_table().get(change.record_table)
    declared = fields_of(model) if model else {}
    told = []
    for name, (old, new) in change.fields.items():
        facts = declared.get(name)
        if facts is not None and not may_read(reader, facts.sensitivity):
            continue
        label = str(facts.label) if facts else _extra_label(name)
        told.append((label, _told(model, name, old, names), _told(model, name, new, names)))
    return told


def labels_of(change: Change) -> list[str]:
    """What the fields of a change are called."""
    model = _models_by_table().get(change.record_table)
    declared = fields_of(model) if model else {}
    return [str(declared[name].label) if name in declared else _extra_label(name) for name in change.fields]


def _extra_label(name: str) -> str:
    return {
        "left_on": _("Rời xã ngày"),
        "left_reason": _("Lý do rời xã"),
        "removed_at": _("Bỏ lúc"),
        "removed_reason": _("Lý do đưa ra khỏi sổ"),
        "decision": _("Quyết định"),
        "closed_at": _("Kết thúc lúc"),
        "confirmed_on": _("Xác nhận ngày"),
        "state": _("Trạng thái"),
    }.get(name, name)


def _told(model: Any, name: str, value: Any, names: dict[str, dict[Any, str]] | None) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if names and name in names:
        return names[name].get(value, str(value))
    if isinstance(value, dict) and name == "notes":
        return "; ".join(str(note) for note in value.values()) or "–"
    if isinstance(value, dict):
        return procedure.levels_in_words(value)
    column = model.__table__.columns.get(name) if model is not None else None
    choices = getattr(getattr(column, "type", None), "enum_class", None)
    if choices is not None and issubclass(choices, Choice):
        return str(choices(value).label)
    if column is not None and column.type.python_type is date:
        return str(clean.partial_date(value))
    if column is not None and column.type.python_type is datetime:
        return f"{clock.local(datetime.fromisoformat(value)):%H:%M %d/%m/%Y}"
    return str(value)


#: Among the names: of those who made the changes.
_BY = "by_user_id"


def names_for(session: Session, changes: Sequence[Change]) -> dict[str, dict[Any, str]]:
    """Names of the villages, people, groups and circumstances that a list of changes mentions by key, and who made them."""
    sources = {
        "village_id": (models.Village, "name"),
        "household_id": (models.Household, "head_name"),
        "ethnicity_code": (models.EthnicGroup, "name"),
        "kind_code": (models.CircumstanceKind, "wording"),
        "provider_id": (models.Provider, "name"),
        "carer_id": (models.FosterCarer, "full_name"),
        "assigned_to_id": (models.User, "full_name"),
        "collaborator_id": (models.User, "full_name"),
        "child_id": (models.Child, "code"),
        _BY: (models.User, "full_name"),
    }
    wanted: dict[tuple[Any, str], set[Any]] = {}
    for change in changes:
        if change.by_user_id is not None:
            wanted.setdefault(sources[_BY], set()).add(change.by_user_id)
        for name, pair in change.fields.items():
            if name in sources:
                wanted.setdefault(sources[name], set()).update(value for value in pair if value is not None)
    found = {}
    for (model, label), keys in wanted.items():
        key = inspect(model).primary_key[0]
        rows = session.execute(select(key, getattr(model, label)).where(key.in_(keys)))
        found[model, label] = {stored: told for stored, told in rows}
    return {name: found[source] for name, source in sources.items() if source in found}


@dataclass(frozen=True)
class Entry:
    """One change in words: what, when, by whom, and its lines (label, before, after)."""

    what: str
    at: datetime
    by: str | None
    lines: list[tuple[str, str, str]]
    #: The record was added, so nothing was before.
    is_added: bool = False


def told(changes: Sequence[Change], reader: User, *, apart: bool = False) -> list[Entry]:
    """Changes in words for one reader; a change of which she may read nothing is left out.

    `apart`: the query left HIV and sexual abuse out already (app/read_apart.py).
    """
    return told_apart({0: changes}, reader, apart=apart)[0]


def told_apart(groups: Mapping[int, Sequence[Change]], reader: User, *, apart: bool = False) -> dict[int, list[Entry]]:
    """Several lists of changes in words, by the same keys; names are looked up once for all of them."""
    from app.visible_history import secret_values
    from models import db

    everything = [change for changes in groups.values() for change in changes]
    names = names_for(db.session(), everything)
    records = record_names()
    people = names.get(_BY, {})
    told = {name for change in everything for name in change.fields}
    secret = secret_values(reader, apart=apart) if told & {"kind_code", "basis", "right"} else {}
    entries: dict[int, list[Entry]] = {key: [] for key in groups}
    for key, changes in groups.items():
        for change in changes:
            if any(not values.isdisjoint(change.fields.get(name, ())) for name, values in secret.items()):
                continue
            lines = described(change, reader, names)
            if lines or change.action is ChangeAction.DELETED:
                what = f"{change.action.label} · {records.get(change.record_table, change.record_table)}"
                added = change.action is ChangeAction.CREATED
                entries[key].append(Entry(what, change.at, people.get(change.by_user_id), lines, added))
    return entries
