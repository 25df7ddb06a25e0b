"""Mẫu 03: báo cáo thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể (NĐ 56/2017/NĐ-CP Đ27.1, a–h).

Signed by the commune's child protection worker. The parents' wishes are asked unless they are the ones who harm.
Stays with those who handle the case.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents import facts, words
from app.documents.form import Form
from models import Case, ComprehensiveAssessment

_LETTERS = (
    "condition", "family", "risk_factors", "learning", "community", "needs", "child_wishes", "parent_wishes",
)  # fmt: skip


def _context(case: Case, assessment: ComprehensiveAssessment) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "BC-UBND"),
        "child": facts.child_facts(case),
        "assessed": words.day_words(assessment.assessed_on),
        **{name: getattr(assessment, name) or words.BLANK for name in _LETTERS},
        "risk": facts.risk_words(assessment.risk),
        "worker": facts.worker_name(case, assessment.recorded_by_id),
    }


FORM = Form(
    code="mau-03",
    template="documents/mau-03.docx",
    title=_l("Mẫu 03: báo cáo thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể"),
    source="NĐ 56/2017/NĐ-CP Đ27.1",
    level="Bảo mật; có thông tin đời sống riêng tư của trẻ em",
    scope="Chủ tịch UBND, người làm công tác bảo vệ trẻ em và người dự họp xác định nhu cầu; không sao chép, phổ biến",
    records=lambda case: case.comprehensive_assessments,
    dated=lambda assessment: assessment.assessed_on,
    context=_context,
)
