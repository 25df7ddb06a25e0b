"""Biên bản cuộc họp xác định nhu cầu hỗ trợ, can thiệp (NĐ 56/2017/NĐ-CP Đ27.2).

Signed by the chair of the meeting (Chủ tịch UBND cấp xã) and by who wrote the minutes. For those who took part.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents import facts, words
from app.documents.form import Form
from models import Case, CaseConference


def _context(case: Case, conference: CaseConference) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "BB-UBND"),
        "child": facts.child_facts(case),
        "held": words.day_words(conference.held_on),
        "chair": conference.chair or words.BLANK,
        "chair_name": (conference.chair or "").partition(",")[0],
        "participants": conference.participants or words.BLANK,
        "minutes": conference.minutes,
        "writer": facts.worker_name(case, conference.recorded_by_id),
    }


FORM = Form(
    code="bien-ban-hop",
    template="documents/bien-ban-hop.docx",
    title=_l("Biên bản cuộc họp xác định nhu cầu"),
    source="NĐ 56/2017/NĐ-CP Đ27.2",
    level="Bảo mật; có thông tin đời sống riêng tư của trẻ em",
    scope="Người dự họp và hồ sơ vụ việc; không sao chép, phổ biến",
    records=lambda case: case.conferences,
    dated=lambda conference: conference.held_on,
    context=_context,
)
