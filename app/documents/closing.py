"""Báo cáo kết thúc vụ việc, để lưu hồ sơ (NĐ 56/2017/NĐ-CP Đ30; no official form).

Signed by the commune's child protection worker, to the chair: what was done, the state of the child, why it ends.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case


def _context(case: Case, _record: Case) -> dict[str, Any]:
    review = facts.latest(case.reviews)
    return {
        "number": words.number_of(None, "BC-UBND"),
        "child": facts.child_facts(case),
        "received": words.moment_words(case.received_at),
        "steps": [*facts.dossier(case, facts.known(case)), *_later_steps(case)],
        "actions": _actions(case),
        "visit_count": len(case.follow_ups),
        "risk": facts.risk_words(review.risk) if review else "",
        "state": review.conclusion if review else "",
        "reason": str(case.closure_reason.label) if case.closure_reason else words.BLANK,
        "note": case.closure_note or "",
        "closed": words.day_words(_dated(case)),
        "worker": facts.worker_name(case, case.closed_by_id if case.assigned_to is None else case.assigned_to_id),
    }


def _actions(case: Case) -> list[dict[str, Any]]:
    found = [action for plan in facts.approved_plans(case) for action in plan.actions]
    return [
        {
            "number": number,
            "description": action.description,
            "responsible": action.responsible or "",
            "done": words.short_day(action.done_on) or "chưa ghi nhận",
        }
        for number, action in enumerate(found, start=1)
    ]


def _later_steps(case: Case) -> list[str]:
    found = []
    for measure in case.emergency_measures:
        kind = "Quyết định tạm thời cách ly (Mẫu số 07)" if measure.is_separation else "Biện pháp can thiệp khẩn cấp"
        found.append(f"{kind}, {words.moment_words(measure.started_at)}")
    for plan in facts.approved_plans(case):
        decided = words.day_words(clock.local_date(plan.decided_at) if plan.decided_at else None)
        number = f" số {plan.decision_number}" if plan.decision_number else ""
        found.append(f"Quyết định{number} phê duyệt kế hoạch (Mẫu số 05), {decided}")
    for review in case.reviews:
        found.append(f"Rà soát, đánh giá (Mẫu số 06), {words.day_words(review.reviewed_on)}")
    return found


def _closed(case: Case) -> Sequence[Case]:
    return [case] if case.closed_at is not None else []


def _dated(case: Case) -> date | None:
    return clock.local_date(case.closed_at) if case.closed_at else None


FORM = Form(
    code="bao-cao-ket-thuc",
    template="documents/bao-cao-ket-thuc.docx",
    title=_l("Báo cáo kết thúc vụ việc"),
    source="NĐ 56/2017/NĐ-CP Đ30",
    level="Bảo mật; có thông tin của trẻ em",
    scope="Chủ tịch UBND và hồ sơ vụ việc; không sao chép, phổ biến",
    records=_closed,
    dated=_dated,
    context=_context,
)
