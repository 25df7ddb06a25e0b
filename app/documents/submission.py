"""Mẫu 04: trình kế hoạch hỗ trợ, can thiệp (NĐ 56/2017/NĐ-CP Đ28.1, Đ28.2).

Signed by the commune's child protection worker, to the chair, within 5 working days; with the papers of Đ28.2.
"""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case, CasePlan


def _context(case: Case, plan: CasePlan) -> dict[str, Any]:
    kept = facts.known(case, plan, plan.submitted_at)
    initial, assessment = facts.latest(kept.initials), facts.latest(kept.assessments)
    return {
        "number": words.number_of(None, "TTr-UBND"),
        "child": facts.child_facts(case),
        "received": words.moment_words(case.received_at),
        "initial_risk": facts.risk_words(initial.risk) if initial else words.BLANK,
        "risk": facts.risk_words(assessment.risk) if assessment else words.BLANK,
        "goal": plan.goal,
        "starts": words.day_words(plan.starts_on),
        "ends": words.day_words(plan.ends_on),
        "action_count": len(plan.actions),
        "total": words.money(sum(action.budget or 0 for action in plan.actions)),
        "papers": [
            *facts.dossier(case, kept),
            "Dự thảo Quyết định phê duyệt và kế hoạch hỗ trợ, can thiệp (Mẫu số 05)",
        ],
        "worker": facts.worker_name(case, plan.recorded_by_id),
    }


def _dated(plan: CasePlan) -> date | None:
    return clock.local_date(plan.submitted_at) if plan.submitted_at else None


FORM = Form(
    code="mau-04",
    template="documents/mau-04.docx",
    title=_l("Mẫu 04: tờ trình kế hoạch hỗ trợ, can thiệp"),
    source="NĐ 56/2017/NĐ-CP Đ28.1, Đ28.2",
    level="Bảo mật; có thông tin của trẻ em",
    scope="Chủ tịch UBND và người làm công tác bảo vệ trẻ em; không sao chép, phổ biến",
    records=lambda case: case.plans,
    dated=_dated,
    context=_context,
)
