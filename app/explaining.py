"""Why somebody may see a record, or may not: for `flask access explain`, on the console only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from app import access
from app.permissions import PERMISSIONS
from models import Case, Child, Household, IntakeReport, Role, Service, User, db


class NoSuchRecord(Exception):
    """The words do not name a record; the message says what is wrong."""


@dataclass(frozen=True)
class _Kind:
    """A sort of record: its table, the permission of its page, its scope."""

    model: Any
    permission: str
    scope: Any


KINDS = {
    "child": _Kind(Child, "child.show", access.visible_children),
    "household": _Kind(Household, "household.list", access.visible_households),
    "case": _Kind(Case, "case.show", access.visible_cases),
    "report": _Kind(IntakeReport, "concern.list", access.visible_reports),
    "service": _Kind(Service, "service.list", access.known_services),
}


@dataclass(frozen=True)
class Explanation:
    """The rules that were asked in turn, in words, and what came of them."""

    rules: tuple[str, ...]
    is_allowed: bool


def explain(user: User, record: str) -> Explanation:
    """Which rule gives or refuses a record like `child:123` to somebody. Raises NoSuchRecord.

    The verdict is the app's own answer, asked of the same query that the pages ask; the rules say why.
    """
    kind, number = _read(record)
    found = db.session.get(kind.model, number)
    if found is None:
        raise NoSuchRecord(f"Không có bản ghi {record}.")
    rules = [*_account_rules(user, kind), *_scope_rules(user, found)]
    query: Select[Any] = kind.scope(user).where(kind.model.id == number)
    in_scope = db.session.scalars(query).unique().first() is not None
    rules.append(f"Phạm vi ({kind.scope.__name__}): {'trong phạm vi' if in_scope else 'ngoài phạm vi, trả lời 404'}.")
    return Explanation(tuple(rules), user.is_enabled and access.may(user, kind.permission) and in_scope)


def _read(record: str) -> tuple[_Kind, int]:
    name, _colon, number = record.partition(":")
    if name not in KINDS or not (number.isascii() and number.isdigit() and len(number) < 12):
        raise NoSuchRecord(f"Viết bản ghi dạng child:123; các loại: {', '.join(KINDS)}.")
    return KINDS[name], int(number)


def _account_rules(user: User, kind: _Kind) -> list[str]:
    rules = []
    if not user.is_enabled:
        rules.append("Tài khoản đang bị khóa: không đăng nhập được.")
    held = ", ".join(str(role.label) for role in Role if role in user.roles)
    giving = [str(role.label) for role in Role if role in PERMISSIONS[kind.permission] & user.roles]
    rules.append(f"Vai trò: {held or 'không có'}.")
    rules.append(
        f"Quyền {kind.permission}: có, nhờ vai trò {', '.join(giving)}."
        if giving
        else f"Quyền {kind.permission}: không vai trò nào của người này có."
    )
    return rules


def _scope_rules(user: User, record: Any) -> list[str]:
    child = db.session.get(Child, record.child_id) if isinstance(record, Service) else None
    if record.commune_id != user.commune_id:
        return ["Bản ghi thuộc xã khác: không ai ở xã này thấy."]
    rules = ["Bản ghi thuộc cùng xã."]
    if access.sees_whole_commune(user):
        rules.append("Công chức và lãnh đạo thấy cả xã.")
    elif isinstance(record, Case | IntakeReport):
        rules += _case_rules(user, record)
    else:
        village_id = child.village_id if child is not None else record.village_id
        held = "có" if village_id in user.village_ids else "không"
        rules.append(f"Cộng tác viên thấy các thôn mình phụ trách; thôn của bản ghi: {held} phụ trách.")
    if isinstance(record, Child) and record.removed_at is not None:
        rules.append("Hồ sơ đã đưa ra khỏi sổ: không ai thấy trong danh sách.")
    if isinstance(record, Service) and record.case_id is not None:
        rules.append(
            "Dịch vụ thuộc một vụ việc: chỉ nhóm của vụ việc, cộng tác viên theo dõi và người đã ghi mới thấy."
        )
    return rules


def _case_rules(user: User, record: Case | IntakeReport) -> list[str]:
    if isinstance(record, IntakeReport):
        own = record.reported_by_id == user.id
        return [
            f"Người không thấy cả xã chỉ thấy báo cáo của chính mình: {'là' if own else 'không phải là'} người báo."
        ]
    reported = record.report is not None and record.report.reported_by_id == user.id
    follows = record.collaborator_id == user.id
    return [
        f"Cộng tác viên thấy vụ việc mình báo ({'có' if reported else 'không'}) "
        f"hoặc được giao theo dõi ({'có' if follows else 'không'})."
    ]
