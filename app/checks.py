"""Rules over several fields of a child, obeyed by form and import alike. Warnings never block: records get corrected."""

from datetime import date

from flask_babel import gettext as _

from app import clock
from models import PartialDate, Sex

#: The third digit of a personal ID: (century's first year, sex). NĐ 137/2015/NĐ-CP Đ13.
_CENTURIES = {str(digit): (1900 + 100 * (digit // 2), (Sex.MALE, Sex.FEMALE)[digit % 2]) for digit in range(10)}


def personal_id_warnings(personal_id: str | None, sex: Sex, birth: PartialDate | None) -> list[str]:
    """Where a 12-digit ID disagrees with the sex or the birth year it encodes."""
    if not personal_id:
        return []
    century, coded_sex = _CENTURIES[personal_id[3]]
    year = century + int(personal_id[4:6])
    found = []
    if sex is not Sex.UNKNOWN and sex is not coded_sex:
        found.append(_("Số định danh ghi giới tính %(sex)s", sex=str(coded_sex.label).lower()))
    if birth is not None and birth.day.year != year:
        found.append(_("Số định danh ghi năm sinh %(year)s", year=year))
    return found


def birth_problem(birth: PartialDate | None) -> str | None:
    """A birth date that cannot be a child's."""
    if birth is None:
        return None
    today = clock.today()
    earliest = date(birth.day.year, birth.day.month if birth.precision == "month" else 1, 1)
    if birth.precision == "day":
        earliest = birth.day
    if earliest > today:
        return _("Ngày sinh ở sau hôm nay")
    if birth.day < clock.years_before(today, 25):
        return _("Ngày sinh quá xa: sổ này chỉ ghi trẻ em")
    return None


def name_warnings(full_name: str | None, sex: Sex) -> list[str]:
    """Middle names that hint at the other sex: Văn for boys, Thị for girls."""
    middle = {word.casefold() for word in (full_name or "").split()[1:-1]}
    if "thị" in middle and sex is Sex.MALE:
        return [_("Tên đệm “Thị” thường là nữ")]
    if "văn" in middle and sex is Sex.FEMALE:
        return [_("Tên đệm “Văn” thường là nam")]
    return []
