"""Mẫu 06: rà soát, đánh giá tình trạng của trẻ em sau khi thực hiện kế hoạch (NĐ 56/2017/NĐ-CP Đ30).

Signed by the commune's child protection worker, to the chair. Answers are counted, never turned into a score.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app import procedure
from app.documents import facts, words
from app.documents.form import Form
from models import Case, CaseReview


def _context(case: Case, review: CaseReview) -> dict[str, Any]:
    propose = "kết thúc hỗ trợ, can thiệp và lưu hồ sơ" if review.can_close else "tiếp tục hỗ trợ, can thiệp"
    return {
        "number": words.number_of(None, "BC-UBND"),
        "child": facts.child_facts(case),
        "reviewed": words.day_words(review.reviewed_on),
        "harm": facts.level_rows(review, procedure.REVIEW_HARM),
        "protection": facts.level_rows(review, procedure.REVIEW_PROTECTION),
        "risk": facts.risk_words(review.risk),
        "conclusion": review.conclusion,
        "propose": propose,
        "worker": facts.worker_name(case, review.recorded_by_id),
    }


FORM = Form(
    code="mau-06",
    template="documents/mau-06.docx",
    title=_l("Mẫu 06: rà soát, đánh giá sau khi thực hiện kế hoạch"),
    source="NĐ 56/2017/NĐ-CP Đ30",
    level="Bảo mật; có thông tin đời sống riêng tư của trẻ em",
    scope="Chủ tịch UBND và người làm công tác bảo vệ trẻ em; không sao chép, phổ biến",
    records=lambda case: case.reviews,
    dated=lambda review: review.reviewed_on,
    context=_context,
)
