"""Passing a case to another commune: a file under a password, signed for on paper; and taking one in.

The package holds what the receiving commune needs to go on protecting the child: the child as known, what was reported
(never who reported), and every step in the words of its form. It is JSON encrypted under a password that is told by
phone; the paper slip names its SHA-256, and the receiving commune signs for it. NĐ 56/2017/NĐ-CP Đ24, Đ26.1, Đ30.3.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask_babel import force_locale, gettext as _, lazy_gettext as _l
from sqlalchemy import select

from app import clock, procedure, saving, teamwork
from models import (
    AbuseForm,
    Case,
    CasePlan,
    CaseReview,
    Choice,
    ClosureReason,
    InitialAssessment,
    Risk,
    Sensitivity,
    Subject,
    Transfer,
    User,
    db,
    fields_of,
)

MARK = b"MANGNON-HO-SO-1\n"
SHORTEST_PASSWORD = 10
#: A package larger than this was not made here.
MOST_BYTES = 5_000_000
OUT, IN = "out", "in"

#: What is told of a case, in the order of the procedure: (heading, relation).
_STEPS: tuple[tuple[Any, str], ...] = (
    (_l("Đánh giá nguy cơ ban đầu (Mẫu 02)"), "initial_assessments"),
    (_l("Can thiệp khẩn cấp, tạm thời cách ly (Mẫu 07)"), "emergency_measures"),
    (_l("Đánh giá nguy cơ cụ thể (Mẫu 03)"), "comprehensive_assessments"),
    (_l("Cuộc họp xác định nhu cầu"), "conferences"),
    (_l("Kế hoạch hỗ trợ, can thiệp (Mẫu 05)"), "plans"),
    (_l("Thăm, theo dõi"), "follow_ups"),
    (_l("Chuyển tuyến"), "referrals"),
    (_l("Rà soát, đánh giá (Mẫu 06)"), "reviews"),
)


class Unreadable(Exception):
    """A file that is no package of ours, or a wrong password; the text is one sentence for the person."""


@dataclass(frozen=True)
class Received:
    """A package taken in: the case made of it, and whether it was here before."""

    case: Case
    was_here: bool


# ── Out ────────────────────────────────────────────────────────────────────


def send(user: User, case: Case, transfer: Transfer, password: str) -> None:
    """Make the package of a case and note that it went out; the case closes when its receipt is recorded."""
    transfer.package = _sealed(json.dumps(_contents(case, user.commune.name), ensure_ascii=False).encode(), password)
    transfer.checksum = hashlib.sha256(transfer.package).hexdigest()
    transfer.direction, transfer.made_at, transfer.made_by_id = OUT, clock.now(), user.id
    transfer.commune_id = case.commune_id
    transfer.case_id = case.id
    db.session.add(transfer)


def open_one(case: Case) -> Transfer | None:
    """The transfer of a case that is on its way: sent out, not signed for and not given up. There is one at most."""
    awaited = (one for one in case.transfers if one.direction == OUT and not one.receipt_on and not one.withdrawn_at)
    return next(awaited, None)


def withdraw(transfer: Transfer) -> None:
    """Give up a transfer that nobody signed for; its package is not kept."""
    transfer.withdrawn_at, transfer.package = clock.now(), None


def record_receipt(user: User, transfer: Transfer) -> None:
    """The other commune signed: the case is closed here as passed on, and the package is not kept any longer."""
    case = transfer.case
    transfer.package = None
    if case.closed_at is None:
        case.closed_at, case.closed_by_id, case.closure_reason = clock.now(), user.id, ClosureReason.TRANSFERRED


def _contents(case: Case, sender: str) -> dict[str, Any]:
    """The package's JSON: plain words and codes, dates as YYYY-MM-DD. `origin` is the same however often it is packed."""
    with force_locale("vi"):
        return {
            "format": 1,
            "number": case.number,
            "from": sender,
            "origin": f"{sender}/{case.number}",
            "received_at": case.received_at.isoformat(),
            "subject": case.subject.value,
            "abuse_form": case.abuse_form.value,
            "perpetrator": case.perpetrator,
            "child": _child(case),
            "report": _told(case.report, but=frozenset({Sensitivity.INFORMANT})) if case.report else [],
            "steps": [
                {
                    "heading": str(heading),
                    "facts": _told(record) + _levels(record) + _decision(record) + _actions(record),
                }
                for heading, relation in _STEPS
                for record in getattr(case, relation)
            ]
            + [
                {"heading": _("Gia hạn tạm thời cách ly"), "facts": _told(one)}
                for measure in case.emergency_measures
                for one in measure.extensions
            ],
        }


def _child(case: Case) -> dict[str, Any]:
    child = case.child
    if child is None or child.removed_at is not None:
        return {"full_name": case.report.child_name if case.report else None}
    return {
        "full_name": child.full_name,
        "born_on": child.birth.iso() if child.birth else None,
        "sex": child.sex.value,
        "personal_id": child.personal_id,
        "relatives": [
            {"kind": str(one.kind.label), "full_name": one.full_name, "state": str(one.state.label)}
            for one in child.relatives
        ],
    }


def _told(record: Any, but: frozenset[Sensitivity] = frozenset()) -> list[list[str]]:
    """[label, value] of the fields that say something, in words."""
    found = []
    for name, facts in fields_of(type(record)).items():
        value = getattr(record, name)
        is_key = name.endswith("_id") or facts.sensitivity in but
        if not is_key and value not in (None, "", False, {}) and not isinstance(value, dict):
            found.append([str(facts.label), _in_words(value)])
    return found


def _actions(record: Any) -> list[list[str]]:
    return [
        [f"{number}. {action.description}", "; ".join(f"{label}: {value}" for label, value in _told(action)[1:])]
        for number, action in enumerate(getattr(record, "actions", ()), start=1)
    ]


def _levels(record: Any) -> list[list[str]]:
    """[item of Mẫu 02 or Mẫu 06, its level]."""
    items = {
        InitialAssessment: (*procedure.INITIAL_HARM, *procedure.INITIAL_PROTECTION),
        CaseReview: (*procedure.REVIEW_HARM, *procedure.REVIEW_PROTECTION),
    }.get(type(record), ())
    levels = getattr(record, "levels", None) or {}
    notes = getattr(record, "notes", None) or {}
    told = {code: str(Risk(level).label) for code, level in levels.items()}
    found = [(item, [told.get(item.code), notes.get(item.code)]) for item in items]
    return [[str(item.label), " – ".join(word for word in words if word)] for item, words in found if any(words)]


def _decision(record: Any) -> list[list[str]]:
    """When a plan was submitted, what was decided on it, and when."""
    if not isinstance(record, CasePlan) or record.submitted_at is None:
        return []
    found = [[_("Ngày trình"), _in_words(record.submitted_at)], [_("Quyết định"), str(record.decision.label)]]
    return found + ([[_("Ngày quyết định"), _in_words(record.decided_at)]] if record.decided_at else [])


def _in_words(value: Any) -> str:
    match value:
        case Choice():
            return str(value.label)
        case bool():
            return _("Có")
        case datetime():
            return f"{clock.local(value):%H:%M %d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
    return str(value)


# ── In ─────────────────────────────────────────────────────────────────────


def receive(user: User, content: bytes, password: str) -> Received:
    """A case of one's own from another commune's package; the same package again leads to the case it made.

    Raises Unreadable. The periods of the law count from now: the child is this commune's to protect from here on.
    """
    checksum = hashlib.sha256(content).hexdigest()
    contents = _opened(content, password)
    known = _find_received(user, checksum, contents["origin"])
    if known is not None:
        return Received(known.case, was_here=True)
    now = clock.now()
    case = Case(
        commune_id=user.commune_id,
        number=saving.case_number(user.commune_id),
        opened_at=now,
        opened_by_id=user.id,
        received_at=now,
        subject=Subject(contents["subject"]),
        abuse_form=AbuseForm(contents["abuse_form"]),
        perpetrator=contents["perpetrator"],
        assigned_to_id=user.id,
    )
    transfer = Transfer(
        commune_id=user.commune_id,
        case=case,
        direction=IN,
        checksum=checksum,
        made_at=now,
        made_by_id=user.id,
        steps=contents,
        other_commune=contents["from"] or "?",
        reason=_("Nhận hồ sơ %(number)s", number=contents["number"]),
        receipt_on=clock.today(),
        receipt_by=user.full_name,
    )
    teamwork.join(case, user)
    if not saving.done_alone(lambda: db.session.add_all((case, transfer))):
        # Somebody else took the same file in at this moment, and was first.
        known = _find_received(user, checksum, contents["origin"])
        if known is None:
            raise Unreadable(_("Tệp này đang được nhận ở nơi khác; mở danh sách vụ việc rồi thử lại."))
        return Received(known.case, was_here=True)
    return Received(case, was_here=False)


def _find_received(user: User, checksum: str, origin: str) -> Transfer | None:
    """This very package, or the same case packed again while the one made of it is still open."""
    query = select(Transfer).where(Transfer.commune_id == user.commune_id, Transfer.direction == IN)
    for transfer in db.session.scalars(query.order_by(Transfer.id.desc())).unique():
        again = (transfer.steps or {}).get("origin") == origin and transfer.case.closed_at is None
        if transfer.checksum == checksum or again:
            return transfer
    return None


def received(case: Case) -> Transfer | None:
    """The package a case came in with."""
    return next((one for one in case.transfers if one.direction == IN), None)


# ── The seal ───────────────────────────────────────────────────────────────


def _key(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode())


def _sealed(plain: bytes, password: str) -> bytes:
    salt, nonce = os.urandom(16), os.urandom(12)
    return MARK + base64.b64encode(salt + nonce + AESGCM(_key(password, salt)).encrypt(nonce, plain, MARK))


def _opened(content: bytes, password: str) -> dict[str, Any]:
    if not content.startswith(MARK) or len(content) > MOST_BYTES:
        raise Unreadable(_("Đây không phải tệp hồ sơ do Măng Non xuất ra."))
    try:
        raw = base64.b64decode(content[len(MARK) :], validate=True)
        salt, nonce, sealed = raw[:16], raw[16:28], raw[28:]
        found: dict[str, Any] = json.loads(AESGCM(_key(password, salt)).decrypt(nonce, sealed, MARK))
    except (ValueError, InvalidTag) as problem:
        raise Unreadable(_("Mật khẩu không đúng, hoặc tệp đã bị sửa.")) from problem
    if not _is_understood(found):
        raise Unreadable(_("Tệp hồ sơ của bản Măng Non mới hơn; hãy cập nhật rồi nhận lại."))
    return found


def _is_understood(found: Any) -> bool:
    """Whether what was sealed is what this version knows to read."""
    if not isinstance(found, dict) or found.get("format") != 1:
        return False
    words = all(isinstance(found.get(name), str) for name in ("origin", "from", "number"))
    codes = found.get("subject") in set(Subject) and found.get("abuse_form") in set(AbuseForm)
    parts = isinstance(found.get("child"), dict) and all(isinstance(found.get(n), list) for n in ("report", "steps"))
    return words and codes and parts and isinstance(found.get("perpetrator"), str | None)
