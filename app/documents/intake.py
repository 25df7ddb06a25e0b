"""Mẫu 01: báo cáo tiếp nhận thông tin trẻ em (NĐ 56/2017/NĐ-CP Đ25).

Signed by the person who took the information. Most answers may be missing ("nếu biết"), the child unknown, the
informant anonymous. The only form that names the informant: it stays with those who handle the case (Đ24).
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case, IntakeReport, RelativeKind, Subject

#: How the three endings of the form's title read.
_SUBJECTS = {
    Subject.ABUSED: "TRẺ EM BỊ XÂM HẠI",
    Subject.AT_RISK: "TRẺ EM\nCÓ NGUY CƠ BỊ BẠO LỰC, BÓC LỘT, BỎ RƠI",
    Subject.SPECIAL: "TRẺ EM CÓ HOÀN CẢNH ĐẶC BIỆT",
}
_NOT_TOLD = "không cung cấp"


def _context(case: Case, report: IntakeReport) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "BC-UBND"),
        "subject": _SUBJECTS[report.subject],
        "source": {
            "channel": str(report.channel.label),
            "hotline_code": report.hotline_code or "",
            "moment": words.moment_words(report.received_at),
        },
        "child": facts.child_facts(case),
        "place": _place(report),
        "happened": report.happened or words.BLANK,
        "is_urgent": report.is_urgent,
        "likely_harm": report.likely_harm or words.BLANK,
        "father": report.father_words or facts.relative_words(case, RelativeKind.FATHER) or words.BLANK,
        "mother": report.mother_words or facts.relative_words(case, RelativeKind.MOTHER) or words.BLANK,
        "family": report.family_words or words.BLANK,
        "caregiver": report.caregiver_words or facts.relative_words(case, RelativeKind.CAREGIVER) or words.BLANK,
        "actions_taken": report.actions_taken or words.BLANK,
        "informant": _informant(report),
        "receiver": report.reported_by.full_name,
    }


def _place(report: IntakeReport) -> str:
    village = report.village.name if report.village else None
    return ", ".join(part for part in (report.place, village) if part) or words.BLANK


def _informant(report: IntakeReport) -> dict[str, str]:
    name = "người báo tin không cho biết tên" if report.is_anonymous else _NOT_TOLD
    return {
        "name": report.informant_name or name,
        "phone": report.informant_phone or _NOT_TOLD,
        "address": report.informant_address or _NOT_TOLD,
        "note": report.informant_note or "không",
    }


def untold_informant() -> dict[str, str]:
    """The informant's lines on a paper for those who may not know."""
    return {"name": _NOT_TOLD, "phone": _NOT_TOLD, "address": _NOT_TOLD, "note": "không"}


FORM = Form(
    code="mau-01",
    template="documents/mau-01.docx",
    title=_l("Mẫu 01: báo cáo tiếp nhận thông tin"),
    source="NĐ 56/2017/NĐ-CP Đ25",
    level="Bảo mật; có thông tin của trẻ em và của người cung cấp thông tin",
    scope="Chủ tịch UBND, người làm công tác bảo vệ trẻ em và cơ quan trực tiếp xử lý vụ việc; "
    "không cung cấp thông tin về người báo tin",
    records=lambda case: [case.report] if case.report is not None else [],
    dated=lambda report: clock.local_date(report.received_at),
    context=_context,
)
