"""The summary matrix: STT | Chỉ tiêu | thôn … | TỔNG XÃ, with live sums; and its public form with small counts hidden."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from openpyxl.utils import get_column_letter

from app import indicators, rates
from app.indicators import Indicator, Line
from app.workbooks import Brief, Column, Formula, Table, computed, suppression

#: Lines of the public form that make up the line before them, and lines that are a part of line 1.
_SEXES = ("1.1", "1.2", "1.3")
_MINORITY = "1.4"
_PUBLIC_PARTS = ("2", "3", "4", "5", "6", "7", "8")


def figures_of(brief: Brief) -> list[Line]:
    """Every indicator's figures for this workbook."""
    return indicators.figures(brief.commune, brief.period, brief.on)


def table(brief: Brief, lines: list[Line]) -> Table:
    """The matrix. TỔNG XÃ is a sum of the row, and carries its value for readers that do not calculate."""
    villages = indicators.villages(brief.commune, brief.on, lines)
    undivided = get_column_letter(3 + len(villages))
    columns = (
        computed(_("STT"), lambda line: line.indicator.code, 7),
        computed(_("Chỉ tiêu"), lambda line: str(line.indicator.label), 46),
        *(computed(village.name, _of_village(village.id), 7.5) for village in villages),
        computed(_("Không chia theo thôn"), lambda line: line.undivided or None, 9),
        computed(_("TỔNG XÃ"), lambda line: Formula(f"SUM(C{{row}}:{undivided}{{row}})", line.total), 9),
        computed(_("Căn cứ"), lambda line: line.indicator.source, 24),
    )
    return Table(
        _("Tổng hợp"),
        _("BIỂU TỔNG HỢP CHỈ TIÊU VỀ TRẺ EM THEO THÔN"),
        columns,
        lines,
        note=_("HIV/AIDS và xâm hại tình dục chỉ tính tổng toàn xã. Một trẻ em có thể thuộc nhiều nhóm."),
        frozen=2,
        is_numbered=False,
        is_bold=lambda line: line.indicator.is_main,
    )


def rates_table(brief: Brief, figures: list[Line]) -> Table:
    """Rates of the whole commune, with both their numbers."""
    columns = (
        computed(_("Mã"), lambda line: line.rate.code, 7),
        computed(_("Chỉ tiêu"), lambda line: str(line.rate.label), 60),
        computed(_("Tử số"), lambda line: line.part, 10),
        computed(_("Mẫu số"), lambda line: line.whole, 10),
        computed(_("Tỷ lệ"), lambda line: line.value, 12),
        computed(_("Đơn vị tính"), lambda line: line.rate.unit, 20),
        computed(_("Căn cứ"), lambda line: line.rate.source, 28),
    )
    rows = rates.lines(brief.commune, brief.on, figures)
    title = _("TỶ LỆ VỀ TRẺ EM CỦA TOÀN XÃ")
    return Table(_("Tỷ lệ"), title, columns, rows, frozen=2, is_numbered=False)


def _of_village(village_id: int) -> Callable[[Line], int | None]:
    def read(line: Line) -> int | None:
        if line.indicator.spread is indicators.Spread.COMMUNE:
            return None
        return line.by_village.get(village_id, 0)

    return read


def public_table(lines: list[Line]) -> Table:
    """Totals of the whole commune only, with counts of 1 to 9 as "<10" and whatever would give them away left out."""
    shown = public_figures({line.indicator.code: line.total for line in lines})
    by_code: dict[str, Indicator] = {line.indicator.code: line.indicator for line in lines}
    columns: tuple[Column, ...] = (
        computed(_("STT"), lambda row: row[0], 7),
        computed(_("Chỉ tiêu"), lambda row: str(by_code[row[0]].label), 60),
        computed(_("TỔNG XÃ"), lambda row: row[1], 14),
    )
    return Table(
        _("Tổng hợp"),
        _("SỐ LIỆU TỔNG HỢP VỀ TRẺ EM (BẢN CÔNG KHAI)"),
        columns,
        list(shown.items()),
        note=_("“<10”: từ 1 đến 9. “…”: không công bố để không suy ra được số nhỏ."),
        is_numbered=False,
    )


def public_figures(totals: dict[str, int]) -> dict[str, Any]:
    """{indicator code: what is published}: numbers, "<10" or "…"."""
    whole = totals["1"]
    shown: dict[str, Any] = {"1": suppression.alone(whole)}
    ages = tuple(code for code in totals if code.startswith("1.") and code not in (*_SEXES, _MINORITY))
    for codes in (_SEXES, ages):
        parts = suppression.parts(whole, [totals[code] for code in codes])
        shown.update(zip(codes, parts, strict=True))
    for code in _PUBLIC_PARTS:
        shown[code] = suppression.parts(whole, [totals[code], whole - totals[code]])[0]
    return shown
