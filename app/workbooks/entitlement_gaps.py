"""Quyền lợi cần xem: who is entitled to an allowance, card or certificate and does not receive it, or not as the law says.

For the commune's officer and chairman, to have each looked at; nobody is entitled by standing on it. Period: as on its last
day. Basis: NĐ 20/2021/NĐ-CP. Confidential: NĐ 56/2017 Đ24.3, Đ33; what tells of HIV/AIDS is not in it (NĐ 20/2021 Đ8).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app import access
from app.entitlements import lists
from app.entitlements.lists import Filters, Line
from app.entitlements.people import Person
from app.entitlements.rules import SETTLED, Entitlement, Standing
from app.workbooks import Brief, Sheet, Table, Variant, computed, suppression
from app.workbooks.lines import VILLAGE, WHO, joined
from models import Right, Village, db

TITLE = _l("Quyền lợi cần xem")
HOLDS = _l(
    "Trẻ em được hưởng mà chưa nhận trợ cấp, thẻ, giấy; đang nhận mà mức khác hoặc có thể không còn đủ điều kiện"
)
VARIANTS = (Variant.CODED, Variant.NAMED, Variant.PUBLIC)
FILE_NAME = "quyen-loi-can-xem"


@dataclass(frozen=True)
class Row:
    """One right of one child, with the village it lives in."""

    line: Line
    village: Village | None

    @property
    def child(self) -> Person:
        """The child."""
        return self.line.child

    @property
    def right(self) -> Entitlement:
        """The right."""
        return self.line.entitlement

    @property
    def received(self) -> Any:
        """The allowance paid, or None."""
        return self.right.received


COLUMNS = (
    *WHO,
    VILLAGE,
    computed(_l("Quyền lợi"), lambda row: str(row.right.right.label), 24),
    computed(_l("Trường hợp"), lambda row: str(row.right.reason), 30),
    computed(_l("Căn cứ"), lambda row: row.right.article, 18),
    computed(_l("Tình trạng"), lambda row: str(row.right.standing.label), 17),
    computed(_l("Hệ số theo quy định"), lambda row: row.right.coefficient, 9),
    computed(_l("Mức theo quy định (đồng/tháng)"), lambda row: row.right.amount, 13),
    computed(_l("Mức đang nhận (đồng/tháng)"), lambda row: row.received and row.received.monthly_amount, 13),
    computed(_l("Nhận từ ngày"), lambda row: row.received and row.received.since, 12),
    computed(_l("Còn thiếu"), lambda row: joined(paper.label for paper in row.right.missing), 24),
    computed(_l("Cần xem"), lambda row: str(row.right.note or ""), 38),
    computed(_l("Người xem xét trả lời"), lambda row: _answer(row.right), 14),
    computed(_l("Ngày trả lời"), lambda row: row.right.answer and row.right.answer.on, 12),
)


def _answer(right: Entitlement) -> str | None:
    """Yes, no, or asked again; never the reason, which is in people's own words."""
    if right.answer is None:
        return None
    return _("Hỏi lại") if right.answer.changed else str(right.answer.verdict.label)


def told(brief: Brief) -> list[Row]:
    """The lines of the page without those that tell of HIV; coded ones by code, so the order tells nothing."""
    villages = {one.id: one for one in db.session.scalars(access.visible_villages(brief.reader))}
    found = [
        Row(line, villages.get(line.child.village_id))
        for line in lists.lines(brief.reader, Filters(village=brief.village_id), brief.on)
    ]
    if brief.variant is not Variant.NAMED:
        found.sort(key=lambda row: row.child.code)
    return [row for row in found if not row.line.is_secret]


def gaps(rows: Iterable[Row]) -> list[Row]:
    """Those somebody should look at: all but what is received as the law says, or was answered with no."""
    return [row for row in rows if row.right.standing not in SETTLED]


def sheets(brief: Brief) -> list[Sheet]:
    """The list, and how many lines of each right and standing; for the public the latter alone."""
    found = told(brief)
    if brief.variant is Variant.PUBLIC:
        return [_public(gaps(found))]
    title = _("TRẺ EM CÓ QUYỀN LỢI CẦN XEM")
    note = _("Danh sách để xem xét, không phải quyết định. Dòng về HIV/AIDS không có trong danh sách (NĐ 20/2021 Đ8).")
    return [Table(_("Cần xem"), title, COLUMNS, gaps(found), note=note, frozen=2), _totals(found)]


def _totals(found: list[Row]) -> Table:
    """The table of figures that stands on the page, without the lines that tell of HIV."""
    counts = lists.counts(row.line for row in found)
    columns = (
        computed(_("Quyền lợi"), lambda right: right.label if right else _("Tổng"), 52),
        *(computed(standing.label, _counted(counts, standing), 16) for standing in Standing),
    )
    rows: list[Right | None] = [*(right for right in Right if counts[right, None]), None]
    note = _("Cộng từ các dòng trên trang Quyền lợi; một trẻ em có thể có nhiều dòng.")
    return Table(
        _("Số liệu"),
        _("SỐ DÒNG THEO QUYỀN LỢI VÀ TÌNH TRẠNG"),
        columns,
        rows,
        note=note,
        frozen=1,
        is_numbered=False,
        is_bold=lambda right: right is None,
    )


def _counted(counts: Counter[Any], standing: Standing) -> Any:
    return lambda right: counts[right, standing]


def _public(found: list[Row]) -> Table:
    """Lines by right, and apart from that by standing; small ones hidden. Never both crossed: that could be worked back."""
    rights = [right for right in Right if right is not Right.K3]
    standings = [standing for standing in Standing if standing not in SETTLED]
    rows: list[tuple[str, int | str]] = [(_("Tất cả"), suppression.alone(len(found)))]
    for choices, key in ((rights, "right"), (standings, "standing")):
        counted = Counter(getattr(row.right, key) for row in found)
        shown = suppression.parts(len(found), [counted[choice] for choice in choices])
        rows += [(str(choice.label), count) for choice, count in zip(choices, shown, strict=True)]
    return public_table(_("SỐ QUYỀN LỢI CỦA TRẺ EM CẦN XEM (BẢN CÔNG KHAI)"), rows)


def public_table(title: str, rows: list[tuple[str, int | str]]) -> Table:
    """Numbers of the commune with small ones hidden."""
    return Table(
        _("Số liệu"),
        title,
        (computed(_("Chỉ tiêu"), lambda row: row[0], 60), computed(_("TỔNG XÃ"), lambda row: row[1], 14)),
        rows,
        note=_("“<10”: từ 1 đến 9. “…”: không công bố để không suy ra được số nhỏ."),
        is_numbered=False,
    )
