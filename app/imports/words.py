"""A plan in words people read: names of fields, values with their labels, what each action means."""

from typing import Any

from flask_babel import gettext as _

from models import (
    BirthRegistration,
    CheckResult,
    Child,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    Household,
    Poverty,
    RelativeState,
    Residence,
    Schooling,
    Sex,
    facts,
)
from models.clean import partial_date

_CHOICES: dict[str, Any] = {
    "sex": Sex,
    "birth_registration": BirthRegistration,
    "residence": Residence,
    "schooling": Schooling,
    "father_state": RelativeState,
    "mother_state": RelativeState,
    "disability_types": DisabilityKind,
    "disability_severity": DisabilitySeverity,
    "household_status": Poverty,
    "check_mark": CheckResult,
    "check_result": CheckResult,
}


def action_names() -> dict[str, str]:
    """What each action is called."""
    return {
        "add": _("Thêm mới"),
        "change": _("Sửa"),
        "same": _("Không đổi"),
        "problem": _("Có lỗi"),
        "skip": _("Bỏ qua"),
    }


def field_name(name: str) -> str:
    """A field's label; the model's own where it has one."""
    own = {
        "full_name": Child.full_name,
        "sex": Child.sex,
        "born_on": Child.born_on,
        "personal_id": Child.personal_id,
        "ethnicity": Child.ethnicity_code,
        "nationality": Child.nationality,
        "village": Child.village_id,
        "address": Child.address,
        "birth_registration": Child.birth_registration,
        "residence": Child.residence,
        "schooling": Child.schooling,
        "school_name": Child.school_name,
        "insurance_number": Child.insurance_number,
        "note": Child.note,
        "household_head": Household.head_name,
        "phone": Household.phone,
        "household_code": Household.book_code,
        "disability_severity": Disability.severity,
        "certificate_number": Disability.certificate_number,
    }
    if name in own:
        return str(facts(own[name]).label)
    return {
        "father_name": _("Họ và tên cha"),
        "mother_name": _("Họ và tên mẹ"),
        "caregiver_name": _("Người chăm sóc"),
        "father_state": _("Tình trạng của cha"),
        "mother_state": _("Tình trạng của mẹ"),
        "household_status": _("Diện hộ"),
        "circumstances": _("Hoàn cảnh đặc biệt"),
        "risks": _("Nguy cơ"),
        "disability_types": _("Dạng khuyết tật"),
        "number": _("Số thứ tự"),
        "child_code": _("Mã trẻ em"),
        "verified_id": _("Số định danh do công an xác minh"),
        "check_result": _("Kết quả xác minh"),
        "verified_by": _("Người xác minh"),
        "verified_on": _("Ngày xác minh"),
        "check_mark": _("Kết quả đối chiếu"),
        "movement": _("Biến động"),
        "relation_to_head": _("Quan hệ với chủ hộ"),
        "caregiver_relation": _("Quan hệ với trẻ"),
        "parents_names": _("Cha, mẹ"),
        "parents_state": _("Tình trạng cha mẹ"),
        "father_born": _("Năm sinh của cha"),
        "mother_born": _("Năm sinh của mẹ"),
        "allowance": _("Chế độ đang hưởng"),
        "row": _("Cả dòng"),
        "match": _("Đối chiếu với sổ"),
    }.get(name, name)


def shown(name: str, value: Any, kinds: dict[str, str] | None = None) -> str:
    """A value in words; `kinds`: {circumstance code: wording}."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(shown(name, item, kinds) for item in value)
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name in {"circumstances", "risks"}:
        wording = (kinds or {}).get(value)
        return f"{value} – {wording}" if wording and name == "circumstances" else wording or str(value)
    if name == "born_on":
        return str(partial_date(value))
    return str(value)
