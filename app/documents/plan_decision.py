"""Mẫu 05: quyết định phê duyệt và kế hoạch hỗ trợ, can thiệp (NĐ 56/2017/NĐ-CP Đ28.3, Đ28.4, Đ28.5).

Signed by the chair. Goes to those who carry the plan out and to the parents or carer, so it says nothing of the
informant, the assessments or the person who harmed. A draft until approved; a refused plan has none.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case, CasePlan, PlanDecision


def _context(case: Case, plan: CasePlan) -> dict[str, Any]:
    conference = facts.latest(facts.known(case, plan, plan.submitted_at).conferences)
    bodies = dict.fromkeys(action.responsible for action in plan.actions if action.responsible)
    return {
        "number": words.number_of(plan.decision_number, "QĐ-UBND"),
        "number_in_text": words.number_of(plan.decision_number, "QĐ-UBND").replace("Số:", "số"),
        "decided": words.day_words(_dated(plan)),
        "is_draft": plan.decision is not PlanDecision.APPROVED,
        "child": facts.child_facts(case),
        "conference": words.day_words(conference.held_on) if conference else "",
        "submitted": words.day_words(clock.local_date(plan.submitted_at)) if plan.submitted_at else "",
        "bodies": list(bodies),
        "plan": _plan(case, plan),
        "worker": facts.worker_name(case, plan.recorded_by_id),
    }


def _plan(case: Case, plan: CasePlan) -> dict[str, Any]:
    providers = dict.fromkeys(
        service.provider.name for service in case.services if service.provider and _is_of(service.action_id, plan)
    )
    return {
        "goal": plan.goal,
        "starts": words.day_words(plan.starts_on),
        "ends": words.day_words(plan.ends_on),
        "actions": [
            {
                "number": number,
                "description": action.description,
                "responsible": action.responsible or "",
                "starts": words.short_day(action.starts_on),
                "ends": words.short_day(action.ends_on),
                "budget": words.money(action.budget),
            }
            for number, action in enumerate(plan.actions, start=1)
        ],
        "total": words.money(sum(action.budget or 0 for action in plan.actions)),
        "providers": plan.facilities or "; ".join(providers) or words.BLANK,
    }


def _is_of(action_id: int | None, plan: CasePlan) -> bool:
    return action_id in {action.id for action in plan.actions}


def _plans(case: Case) -> Sequence[CasePlan]:
    return [plan for plan in case.plans if plan.decision is not PlanDecision.REFUSED]


def _dated(plan: CasePlan) -> date | None:
    is_approved = plan.decision is PlanDecision.APPROVED
    return clock.local_date(plan.decided_at) if is_approved and plan.decided_at else None


FORM = Form(
    code="mau-05",
    template="documents/mau-05.docx",
    title=_l("Mẫu 05: quyết định phê duyệt và kế hoạch hỗ trợ, can thiệp"),
    source="NĐ 56/2017/NĐ-CP Đ28.3–28.5",
    level="Bảo mật; có thông tin của trẻ em",
    scope="các nơi nhận ghi trong Quyết định, để thực hiện kế hoạch; không sao chép, phổ biến",
    records=_plans,
    dated=_dated,
    context=_context,
)
