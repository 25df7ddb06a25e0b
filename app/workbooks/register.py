"""Sổ trẻ em: every child here with all core fields, to check, to correct and to read back in.

For the commune's own officer only; always with names, so a permission, a reason and the password are asked.
Period: children as on its last day. Confidential: NĐ 56/2017 Đ24.3, Đ33. HIV/AIDS and sexual abuse are not in it.
"""

from flask_babel import gettext as _, lazy_gettext as _l

from app.child_filters import ChildFilters
from app.workbooks import Brief, Column, Sheet, Table, Variant, computed, stored
from app.workbooks.child_lines import ChildLine, children
from app.workbooks.lines import FAMILY, VILLAGE, WHO, disability_kinds, joined, state
from models import Child, Disability, Household, RelativeKind, Sensitivity

TITLE = _l("Sổ trẻ em")
HOLDS = _l("Toàn bộ trẻ em đang ở xã, hoặc ở một thôn, với các thông tin chính")
VARIANTS = (Variant.NAMED,)
FILE_NAME = "so-tre-em"

COLUMNS: tuple[Column, ...] = (
    *WHO,
    stored(Child.personal_id, width=16),
    VILLAGE,
    *FAMILY,
    computed(_l("Tình trạng của cha"), lambda line: state(line, RelativeKind.FATHER), 18),
    computed(_l("Tình trạng của mẹ"), lambda line: state(line, RelativeKind.MOTHER), 18),
    stored(Household.head_name, width=24),
    stored(Household.phone, width=14),
    computed(_l("Nơi ở hiện tại"), lambda line: _address(line), 30, sensitivity=Sensitivity.CONTACT),
    computed(_l("Diện hộ"), lambda line: line.poverty, 13),
    stored(Child.residence),
    stored(Child.birth_registration),
    stored(Child.insurance_number, width=18),
    stored(Child.schooling),
    stored(Child.school_name),
    computed(_l("Hoàn cảnh đặc biệt"), lambda line: joined(held.kind_code for held in line.circumstances), 14),
    computed(_l("Nguy cơ"), lambda line: joined(held.wording for held in line.risks), 28),
    computed(_l("Dạng khuyết tật"), disability_kinds, 22),
    stored(Disability.severity),
    stored(Disability.certificate_number, width=18),
    stored(Child.population_check, width=18),
)


def _address(line: ChildLine) -> str | None:
    return line.child.address or (line.household.address if line.household else None)


def sheets(brief: Brief) -> list[Sheet]:
    """One list of everybody."""
    return [Table(_("Sổ trẻ em"), _("SỔ TRẺ EM"), COLUMNS, children(brief, ChildFilters()), frozen=3)]
