"""Trợ cấp đang nhận: the monthly allowances in force on the last day of the period, with decision, since when and how much;
what was paid in the period, month by month. Equal to line 31 of the figures but for the months of khoản 3.

For the commune's officer and chairman and the office that pays. Basis: NĐ 20/2021/NĐ-CP. Confidential: NĐ 56/2017 Đ24.3, Đ33.
The allowance of khoản 3 (HIV/AIDS) is in no list (NĐ 20/2021 Đ8).
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, lazy_gettext as _l

from app import access
from app.entitlements.facts import Received
from app.entitlements.paid import Paid, months_of, paid
from app.entitlements.people import Person, people
from app.workbooks import Brief, Sheet, Table, Variant, computed, suppression
from app.workbooks.entitlement_gaps import public_table
from app.workbooks.lines import VILLAGE, WHO
from models import AllowanceBasis, Child, Village, db

TITLE = _l("Trợ cấp đang nhận")
HOLDS = _l(
    "Trợ cấp hằng tháng đang nhận và đã nhận trong kỳ: khoản, mức, quyết định, từ ngày, đến ngày; cộng theo khoản, theo tháng"
)
VARIANTS = (Variant.CODED, Variant.NAMED, Variant.PUBLIC)
FILE_NAME = "tro-cap-dang-nhan"


@dataclass(frozen=True)
class Row:
    """One allowance in force, whose it is and where the child lives."""

    child: Person
    held: Received
    village: Village | None


@dataclass(frozen=True)
class PaidRow:
    """One allowance of which months of the period were paid."""

    paid: Paid
    village: Village | None

    @property
    def child(self) -> Child:
        """Whose it is."""
        return self.paid.child


COLUMNS = (
    *WHO,
    VILLAGE,
    computed(_l("Khoản (NĐ 20/2021 Đ5)"), lambda row: row.held.basis, 44),
    computed(_l("Hệ số"), lambda row: row.held.coefficient, 9),
    computed(_l("Mức hưởng (đồng/tháng)"), lambda row: row.held.monthly_amount, 15),
    computed(_l("Số quyết định"), lambda row: row.held.decision, 18),
    computed(_l("Hưởng từ ngày"), lambda row: row.held.since, 12),
)

PAID = (
    *WHO,
    VILLAGE,
    computed(_l("Khoản (NĐ 20/2021 Đ5)"), lambda row: row.paid.allowance.basis, 40),
    computed(_l("Mức hưởng (đồng/tháng)"), lambda row: row.paid.allowance.monthly_amount, 14),
    computed(_l("Số quyết định"), lambda row: row.paid.allowance.decision_number, 16),
    computed(_l("Ngày quyết định"), lambda row: row.paid.allowance.decided_on, 12),
    computed(_l("Hưởng từ ngày"), lambda row: row.paid.allowance.started_on, 12),
    computed(_l("Thôi hưởng từ ngày"), lambda row: row.paid.allowance.ended_on, 12),
    computed(_l("Lý do thôi hưởng"), lambda row: row.paid.allowance.end_reason, 22),
    computed(_l("Số tháng trong kỳ"), lambda row: len(row.paid.months), 9),
    computed(_l("Cộng trong kỳ (đồng)"), lambda row: row.paid.amount, 15),
)

#: All that are listed.
BASES = tuple(basis for basis in AllowanceBasis if basis is not AllowanceBasis.K3)


def sheets(brief: Brief) -> list[Sheet]:
    """What is received, and what was paid in the period, each with its sums; for the public only how many of each."""
    villages = {one.id: one for one in db.session.scalars(access.visible_villages(brief.reader))}
    found = _held(brief, villages)
    if brief.variant is Variant.PUBLIC:
        return [_public(found)]
    title = _("TRẺ EM ĐANG HƯỞNG TRỢ CẤP XÃ HỘI HẰNG THÁNG")
    note = _("Trợ cấp theo khoản 3 Đ5 không có trong danh sách (NĐ 20/2021 Đ8).")
    of_period = _paid(brief, villages)
    return [
        Table(_("Đang nhận"), title, COLUMNS, found, note=note, frozen=2),
        _by_basis(found),
        Table(
            _("Đã nhận trong kỳ"),
            _("TRỢ CẤP XÃ HỘI HẰNG THÁNG ĐÃ NHẬN TRONG KỲ"),
            PAID,
            of_period,
            note=_(
                "Tính theo sổ: từ tháng hưởng đến tháng thôi hưởng, mức đang ghi; không thay bảng chi trả. %(note)s",
                note=note,
            ),
            frozen=2,
        ),
        _by_month(brief, of_period),
    ]


def _held(brief: Brief, villages: dict[int, Village]) -> list[Row]:
    """Every allowance in force on the day; coded ones by the child's code, so the order tells nothing."""
    found = [
        Row(child, held, villages.get(child.village_id))
        for child in people(brief.reader, brief.on, brief.village_id, cards=False)
        for held in child.facts.received
        if held.basis in BASES
    ]
    return found if brief.variant is Variant.NAMED else sorted(found, key=lambda row: row.child.code)


def _paid(brief: Brief, villages: dict[int, Village]) -> list[PaidRow]:
    """What was paid in the period, of whoever received then."""
    found = [
        PaidRow(one, villages.get(one.village_id))
        for one in paid(brief.reader, brief.period, brief.on, brief.village_id)
        if one.allowance.basis in BASES
    ]
    return sorted(found, key=lambda row: row.child.sort_key) if brief.variant is Variant.NAMED else found


def _by_month(brief: Brief, found: list[PaidRow]) -> Table:
    """How many allowances and children in each month, and what they come to; the last row is the whole period."""
    months: list[date | None] = [*months_of(brief.period, brief.on), None]

    def of(month: date | None) -> list[PaidRow]:
        return [row for row in found if month is None or month in row.paid.months]

    def count(month: date | None) -> int:
        return len(of(month)) if month else sum(len(row.paid.months) for row in found)

    def money(month: date | None) -> int:
        if month is None:
            return sum(row.paid.amount or 0 for row in found)
        return sum(row.paid.allowance.monthly_amount or 0 for row in of(month))

    columns = (
        computed(_("Tháng"), lambda month: f"{month:%m/%Y}" if month else _("Cả kỳ"), 14),
        computed(_("Lượt chi trả"), count, 14),
        computed(_("Số trẻ em"), lambda month: len({row.child.id for row in of(month)}), 12),
        computed(_("Số tiền (đồng)"), money, 18),
    )
    return Table(
        _("Cộng theo tháng"),
        _("TRỢ CẤP XÃ HỘI HẰNG THÁNG THEO TỪNG THÁNG"),
        columns,
        months,
        frozen=1,
        is_numbered=False,
        is_bold=lambda month: month is None,
    )


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
