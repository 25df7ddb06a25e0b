"""Mẫu 08–13, 15, 16: alternative care (NĐ 56/2017/NĐ-CP Đ38–48; Luật Trẻ em Đ63, Đ69).

Where the official layout is not known, a form says only what the article asks for; what is not recorded is left blank
to be written by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents import facts, words
from app.documents.form import Form
from models import CareDecision, CarePlacement, CareVisit, FosterCarer, facts as field_facts, fields_of

_SCOPE = "các nơi nhận ghi trong văn bản; không chuyển cho nơi khác"
_CONDITIONS = tuple(name for name in fields_of(FosterCarer) if name.startswith("is_") and name != "is_active")


def _carer(carer: FosterCarer | None) -> dict[str, str]:
    if carer is None:
        return dict.fromkeys(("name", "birth", "address", "phone", "household", "wishes"), words.BLANK)
    home = ", ".join(part for part in (carer.address, carer.village.name, carer.village.commune.name) if part)
    return {
        "name": carer.full_name,
        "birth": words.birth_words(carer.birth) or words.BLANK,
        "address": home,
        "phone": carer.phone or words.BLANK,
        "household": carer.household_words or words.BLANK,
        "wishes": carer.wishes or words.BLANK,
    }


def _of_carer(carer: FosterCarer, _record: Any) -> dict[str, Any]:
    rows = [
        {
            "number": number,
            "label": str(field_facts(getattr(FosterCarer, name)).label),
            "answer": str(answer.label) if (answer := getattr(carer, name)) else "",
        }
        for number, name in enumerate(_CONDITIONS, start=1)
    ]
    return {
        "number": words.number_of(None, "BC-UBND"),
        "carer": _carer(carer),
        "rows": rows,
        "verified": words.day_words(carer.verified_on),
        "evidence": carer.evidence or words.BLANK,
    }


def _of_placement(placement: CarePlacement, _record: Any = None) -> dict[str, Any]:
    carer = _carer(placement.carer)
    if placement.provider is not None and placement.carer is None:
        carer |= {"name": placement.provider.name, "address": placement.provider.address or words.BLANK}
    return {
        "number": words.number_of(None, "BC-UBND"),
        "child": facts.registered_child(placement.child),
        "carer": carer,
        "form_words": str(placement.form.label),
        "situation": placement.situation or words.BLANK,
        "needs": placement.needs or words.BLANK,
        "opinion": placement.child_opinion or words.BLANK,
        "asked": words.day_words(placement.asked_on),
        "why": placement.nearer_reason or "",
        "dossier": placement.dossier or words.BLANK,
        "decided": words.day_words(placement.decided_on),
        "decision_number": placement.decision_number or words.BLANK,
        "handed_over": words.day_words(placement.handed_over_on),
    }


def _decision(placement: CarePlacement, record: Any) -> dict[str, Any]:
    return {**_of_placement(placement), "number": words.number_of(placement.decision_number, "QĐ-UBND")}


def _visit(placement: CarePlacement, visit: CareVisit) -> dict[str, Any]:
    return {
        **_of_placement(placement),
        "visited": words.day_words(visit.visited_on),
        "observed": visit.observed,
        "child_words": visit.child_words or words.BLANK,
        "proposal": visit.proposal or words.BLANK,
        "worker": facts.person_name(visit.recorded_by_id),
    }


def _end(placement: CarePlacement, record: Any) -> dict[str, Any]:
    return {
        **_of_placement(placement),
        "number": words.number_of(placement.end_number, "QĐ-UBND"),
        "ended": words.day_words(placement.ended_on),
        "reason": str(placement.end_reason.label) if placement.end_reason else words.BLANK,
        "after": placement.end_note or words.BLANK,
    }


@dataclass(frozen=True)
class Register:
    """The carers of a commune on one day, as Mẫu 09 lists them."""

    carers: Sequence[FosterCarer]
    day: date

    @property
    def number(self) -> str:
        """What the paper is filed under."""
        return f"{self.day:%Y-%m-%d}"


def _listed(register: Register, _record: Any) -> dict[str, Any]:
    rows = [
        {
            **_carer(carer),
            "wishes": carer.wishes or "",
            "number": number,
            "registered": f"{carer.registered_on:%d/%m/%Y}" if carer.registered_on else "",
        }
        for number, carer in enumerate(register.carers, start=1)
    ]
    return {"number": words.number_of(None, "DS-UBND"), "rows": rows, "count": len(rows)}


def _itself(record: Any) -> Sequence[Any]:
    return [record]


def _when(condition: Callable[[CarePlacement], bool]) -> Callable[[CarePlacement], Sequence[Any]]:
    return lambda placement: [placement] if condition(placement) else []


def _form(template: str, title: Any, source: str, records: Any, dated: Any, context: Any) -> Form:
    level = (
        "Bảo mật; có thông tin của trẻ em" if context not in (_listed, _of_carer) else "Bảo mật; có thông tin cá nhân"
    )
    code = template.rpartition("/")[2].removesuffix(".docx")
    return Form(code, template, title, source, level, _SCOPE, records, dated, context)


#: Of somebody ready to take a child.
OF_CARER = {
    form.code: form
    for form in (
        _form("documents/mau-08.docx", _l("Mẫu 08: đơn đăng ký nhận chăm sóc thay thế"), "NĐ 56/2017/NĐ-CP Đ40", _itself,
              lambda carer: carer.registered_on, _of_carer),
        _form("documents/mau-11.docx", _l("Mẫu 11: xác minh điều kiện"), "Luật Trẻ em Đ63.2", _itself,
              lambda carer: carer.verified_on, _of_carer),
    )
}  # fmt: skip

#: Of all of them.
LIST = _form(
    "documents/mau-09.docx",
    _l("Mẫu 09: danh sách"),
    "NĐ 56/2017/NĐ-CP Đ40",
    _itself,
    lambda register: register.day,
    _listed,
)

#: Of a placement, in the order of the procedure.
OF_PLACEMENT = {
    form.code: form
    for form in (
        _form("documents/mau-10.docx", _l("Mẫu 10: đánh giá trẻ em cần chăm sóc thay thế"), "NĐ 56/2017/NĐ-CP Đ38.3", _itself,
              lambda placement: placement.assessed_on, _of_placement),
        _form("documents/mau-12.docx", _l("Mẫu 12: quyết định giao, nhận trẻ em"), "NĐ 56/2017/NĐ-CP Đ42",
              _when(lambda placement: placement.decision is CareDecision.APPROVED),
              lambda placement: placement.decided_on, _decision),
        _form("documents/mau-13.docx", _l("Mẫu 13: theo dõi, đánh giá"), "NĐ 56/2017/NĐ-CP Đ43.2", lambda placement: placement.visits,
              lambda visit: visit.visited_on, _visit),
        _form("documents/mau-15.docx", _l("Mẫu 15: đơn đề nghị chấm dứt"), "Luật Trẻ em Đ69",
              _when(lambda placement: placement.handed_over_on is not None), lambda _placement: None, _of_placement),
        _form("documents/mau-16.docx", _l("Mẫu 16: quyết định chấm dứt"), "Luật Trẻ em Đ69",
              _when(lambda placement: placement.ended_on is not None), lambda placement: placement.ended_on, _end),
    )
}  # fmt: skip
