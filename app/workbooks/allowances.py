"""Trợ cấp đang nhận: the monthly allowances in force on the last day of the period, with decision, since when and how much.

For the commune's officer and chairman and the office that pays. Basis: NĐ 20/2021/NĐ-CP. Confidential: NĐ 56/2017 Đ24.3, Đ33.
The allowance of khoản 3 (HIV/AIDS) is in no list (NĐ 20/2021 Đ8).
"""

from dataclasses import dataclass

from flask_babel import gettext as _, lazy_gettext as _l

from app import access
from app.entitlements.facts import Received
from app.entitlements.people import Person, people
from app.workbooks import Brief, Sheet, Table, Variant, computed, suppression
from app.workbooks.entitlement_gaps import public_table
from app.workbooks.lines import VILLAGE, WHO
from models import AllowanceBasis, Village, db

TITLE = _l("Trợ cấp đang nhận")
HOLDS = _l("Trợ cấp hằng tháng đang nhận: khoản, hệ số, mức, số quyết định, từ ngày nào; cộng theo khoản")
VARIANTS = (Variant.CODED, Variant.NAMED, Variant.PUBLIC)
FILE_NAME = "tro-cap-dang-nhan"


@dataclass(frozen=True)
class Row:
    """One allowance in force, whose it is and where the child lives."""

    child: Person
    held: Received
    village: Village | None


COLUMNS = (
    *WHO,
    VILLAGE,
    computed(_l("Khoản (NĐ 20/2021 Đ5)"), lambda row: row.held.basis, 44),
    computed(_l("Hệ số"), lambda row: row.held.coefficient, 9),
    computed(_l("Mức hưởng (đồng/tháng)"), lambda row: row.held.monthly_amount, 15),
    computed(_l("Số quyết định"), lambda row: row.held.decision, 18),
    computed(_l("Hưởng từ ngày"), lambda row: row.held.since, 12),
)

#: All that are listed.
BASES = tuple(basis for basis in AllowanceBasis if basis is not AllowanceBasis.K3)


def sheets(brief: Brief) -> list[Sheet]:
    """The list, and the same added up by paragraph; for the public only how many of each."""
    found = _held(brief)
    if brief.variant is Variant.PUBLIC:
        return [_public(found)]
    title = _("TRẺ EM ĐANG HƯỞNG TRỢ CẤP XÃ HỘI HẰNG THÁNG")
    note = _("Trợ cấp theo khoản 3 Đ5 không có trong danh sách (NĐ 20/2021 Đ8).")
    return [Table(_("Đang nhận"), title, COLUMNS, found, note=note, frozen=2), _by_basis(found)]


def _held(brief: Brief) -> list[Row]:
    """Every allowance in force on the day; coded ones by the child's code, so the order tells nothing."""
    villages = {one.id: one for one in db.session.scalars(access.visible_villages(brief.reader))}
    found = [
        Row(child, held, villages.get(child.village_id))
        for child in people(brief.reader, brief.on, brief.village_id, cards=False)
        for held in child.facts.received
        if held.basis in BASES
    ]
    return found if brief.variant is Variant.NAMED else sorted(found, key=lambda row: row.child.code)


def _by_basis(found: list[Row]) -> Table:
    """How many of each paragraph, how many children, and what they come to in a month."""
    columns = (
        computed(_("Khoản (NĐ 20/2021 Đ5)"), lambda basis: basis.label if basis else _("Tổng"), 52),
        computed(_("Số trợ cấp"), lambda basis: len(_of(found, basis)), 12),
        computed(_("Số trẻ em"), lambda basis: len({row.child.id for row in _of(found, basis)}), 12),
        computed(
            _("Một tháng (đồng)"), lambda basis: sum(row.held.monthly_amount or 0 for row in _of(found, basis)), 18
        ),
        computed(_("Chưa ghi mức"), lambda basis: _without_amount(_of(found, basis)), 12),
    )
    return Table(
        _("Cộng theo khoản"),
        _("TRỢ CẤP ĐANG HƯỞNG THEO KHOẢN"),
        columns,
        [*(basis for basis in BASES if _of(found, basis)), None],
        frozen=1,
        is_numbered=False,
        is_bold=lambda basis: basis is None,
    )


def _of(found: list[Row], basis: AllowanceBasis | None) -> list[Row]:
    """Those of one paragraph; None stands for all of them."""
    return [row for row in found if basis in (None, row.held.basis)]


def _without_amount(found: list[Row]) -> int:
    return sum(row.held.monthly_amount is None for row in found)


def _public(found: list[Row]) -> Table:
    """How many allowances of each paragraph, small numbers hidden; no money, from which they could be worked back."""
    shown = suppression.parts(len(found), [len(_of(found, basis)) for basis in BASES])
    rows: list[tuple[str, int | str]] = [(_("Tất cả"), suppression.alone(len(found)))]
    rows += [(str(basis.label), count) for basis, count in zip(BASES, shown, strict=True)]
    return public_table(_("TRỢ CẤP ĐANG HƯỞNG (BẢN CÔNG KHAI)"), rows)
