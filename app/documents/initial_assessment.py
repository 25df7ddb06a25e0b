"""Mẫu 02: báo cáo đánh giá nguy cơ ban đầu, mức độ tổn hại của trẻ em (NĐ 56/2017/NĐ-CP Đ26.2).

Signed by the commune's child protection worker. Each item is Cao, Trung bình or Thấp; the answers of each part are
counted, never turned into a score, and the person writes the conclusion. Stays with those who handle the case.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock, procedure
from app.documents import facts, words
from app.documents.form import Form
from models import Case, InitialAssessment


def _context(case: Case, assessment: InitialAssessment) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "BC-UBND"),
        "child": facts.child_facts(case),
        "received": words.moment_words(case.received_at),
        "assessed": words.moment_words(assessment.assessed_at),
        "harm": facts.level_rows(assessment, procedure.INITIAL_HARM),
        "protection": facts.level_rows(assessment, procedure.INITIAL_PROTECTION),
        "risk": facts.risk_words(assessment.risk),
        "conclusion": assessment.conclusion or words.BLANK,
        "emergency": "Cần áp dụng" if assessment.is_emergency else "Chưa cần áp dụng",
        "safety": assessment.safety or words.BLANK,
        "measures": [
            {"moment": words.moment_words(one.started_at), "measure": one.measure}
            for one in facts.known(case, assessment).measures
        ],
        "worker": facts.worker_name(case, assessment.recorded_by_id),
    }


FORM = Form(
    code="mau-02",
    template="documents/mau-02.docx",
    title=_l("Mẫu 02: báo cáo đánh giá nguy cơ ban đầu, mức độ tổn hại"),
    source="NĐ 56/2017/NĐ-CP Đ26.2",
    level="Bảo mật; có thông tin đời sống riêng tư của trẻ em",
    scope="Chủ tịch UBND, người làm công tác bảo vệ trẻ em và cơ quan trực tiếp can thiệp; không sao chép, phổ biến",
    records=lambda case: case.initial_assessments,
    dated=lambda assessment: clock.local_date(assessment.assessed_at),
    context=_context,
)
