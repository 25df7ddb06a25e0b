"""Mẫu 07: quyết định tạm thời cách ly trẻ em và áp dụng biện pháp chăm sóc thay thế (NĐ 56/2017/NĐ-CP Đ31, Đ32).

Signed by the chair; at most 15 days in all (Đ32.3). Whoever the child is separated from gets it too, so it says
nothing of the informant.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case, EmergencyMeasure


def _context(case: Case, measure: EmergencyMeasure) -> dict[str, Any]:
    return {
        "number": words.number_of(measure.decision_number, "QĐ-UBND"),
        "child": facts.child_facts(case),
        "separated_from": measure.separated_from or words.BLANK,
        "starts": words.day_words(clock.local_date(measure.started_at)),
        "ends": words.day_words(measure.separated_until),
        "safe_place": measure.safe_place or words.BLANK,
    }


def _separations(case: Case) -> Sequence[EmergencyMeasure]:
    return [measure for measure in case.emergency_measures if measure.is_separation]


FORM = Form(
    code="mau-07",
    template="documents/mau-07.docx",
    title=_l("Mẫu 07: quyết định tạm thời cách ly"),
    source="NĐ 56/2017/NĐ-CP Đ31, Đ32",
    level="Bảo mật; có thông tin của trẻ em và nơi tạm trú an toàn",
    scope="các nơi nhận ghi trong Quyết định; không cho người gây tổn hại biết nơi tạm trú nếu ảnh hưởng đến "
    "an toàn của trẻ em",
    records=_separations,
    dated=lambda measure: clock.local_date(measure.started_at),
    context=_context,
)
