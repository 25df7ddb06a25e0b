"""How an official paper looks: NĐ 30/2020/NĐ-CP, drawn once for all templates (A4, margins, head, title, signature)."""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FACE = "Times New Roman"
#: Of the text between the margins.
WIDTH = 165
#: Paragraphs that stay on the page of the signature, so that it never stands alone.
_KEPT = 2
CENTRE, LEFT, BOTH = ALIGN.CENTER, ALIGN.LEFT, ALIGN.JUSTIFY


class Paper:
    """A template being drawn: each method adds the next part of the paper."""

    def __init__(self, title: str) -> None:
        self.document = Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = "Măng Non"
        self.document.core_properties.comments = ""
        self.document.core_properties.language = "vi-VN"
        self._set_up_page()
        self._set_up_text()

    def _set_up_page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = section.footer_distance = Mm(9)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTRE
        _add_page_number(number)
        self._draw_foot(section.first_page_footer)
        self._draw_foot(section.footer)

    def _draw_foot(self, foot: Any) -> None:
        """How secret the paper is and who may be given it, on every page (NĐ 56/2017/NĐ-CP Đ24.3)."""
        line = foot.paragraphs[0]
        line.alignment = BOTH
        _draw_line(line, "top")
        _write(line, "Hồ sơ {{ paper.case_number }}. Mức độ bảo mật: ", size=9.5, bold=True)
        _write(line, "{{ paper.level }}. ", size=9.5)
        _write(line, "Phạm vi cung cấp: ", size=9.5, bold=True)
        _write(line, "{{ paper.scope }} (khoản 3 Điều 24 Nghị định số 56/2017/NĐ-CP).", size=9.5)

    def _set_up_text(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FACE, Pt(13)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FACE)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after, spacing.line_spacing = Pt(0), Pt(4), 1.1
        spacing.widow_control = True

    # ── Head ───────────────────────────────────────────────────────────────

    def head(self) -> None:
        """The country's name and motto, the committee, the number and the place and date."""
        table = self._plain_table(2, (67, 98))
        left, right = table.rows[0].cells
        _only(left, "ỦY BAN NHÂN DÂN", bold=True)
        _more(left, "{{ commune.capitals }}", bold=True)
        _short_line(left, 22, 67)
        _only(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
        _more(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
        _short_line(right, 56, 98)
        left, right = table.rows[1].cells
        _only(left, "{{ number }}")
        _only(right, "{{ paper.place_and_date }}", italic=True)

    def title(self, kind: str, about: str = "") -> None:
        """The kind of paper and what it is about, with the short line under it."""
        self.line(kind, size=14, bold=True, align=CENTRE, before=10, after=0)
        if about:
            self.line(about, size=14, bold=True, align=CENTRE, after=0)
        _short_line(self.document, 40, WIDTH, after=8)

    # ── Text ───────────────────────────────────────────────────────────────

    def line(
        self, text: str, *, size: float = 13, bold: bool = False, italic: bool = False, align: Any = BOTH,
        indent: float = 0, before: float = 0, after: float = 4, keep: bool = False,
    ) -> Any:  # fmt: skip
        """One paragraph."""
        paragraph = self.document.add_paragraph()
        _write(paragraph, text, size=size, bold=bold, italic=italic)
        return _place(paragraph, align, indent, before, after, keep=keep)

    def text(self, text: str, **how: Any) -> None:
        """A paragraph of running text, its first line indented."""
        self.line(text, **{"indent": 10, **how})

    def heading(self, text: str) -> None:
        """A heading that stays with what follows."""
        self.line(text, bold=True, indent=10, before=4, align=LEFT, keep=True)

    def article(self, number: int, text: str) -> None:
        """An article of a decision."""
        paragraph = self.document.add_paragraph()
        _write(paragraph, f"Điều {number}. ", bold=True)
        _write(paragraph, text)
        _place(paragraph, BOTH, 10, 0, 4)

    def fact(self, label: str, value: str) -> None:
        """A dash, a label and its value."""
        paragraph = self.document.add_paragraph()
        _write(paragraph, f"- {label}: ")
        _write(paragraph, value)
        _place(paragraph, LEFT, 10, 0, 4)

    def told(self, label: str, value: str) -> None:
        """A label and the paragraphs written under it."""
        self.line(label, indent=10, italic=True, align=LEFT, keep=True, before=2)
        self.text(value)

    def only_if(self, condition: str) -> None:
        """What follows, up to `end_if`, is printed only then."""
        self.document.add_paragraph(f"{{%p if {condition} %}}")

    def end_if(self) -> None:
        """The end of what `only_if` began."""
        self.document.add_paragraph("{%p endif %}")

    def each(self, one: str, many: str, text: str, **how: Any) -> None:
        """One paragraph for each of a list."""
        self.document.add_paragraph(f"{{%p for {one} in {many} %}}")
        self.text(text, **how)
        self.document.add_paragraph("{%p endfor %}")

    def new_page(self) -> None:
        """Go on on the next page."""
        self.document.add_page_break()

    # ── Tables ─────────────────────────────────────────────────────────────

    def table(
        self, headings: Sequence[str], widths: Sequence[float], loop: str, cells: Sequence[str],
        total: Sequence[str] = (), centred: Sequence[int] = (), right: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """A ruled table: headings repeated on each page, a row for each of `loop`, a last row of totals."""
        table = self.document.add_table(rows=0, cols=len(headings))
        table.style = "Table Grid"
        _fix_widths(table, widths)
        for row, texts, bold in (
            ("heading", headings, True),
            ("", [f"{{%tr for {loop} %}}"], False),
            ("one", cells, False),
            ("", ["{%tr endfor %}"], False),
            ("total", total, True),
        ):
            if texts:
                self._row(table, row, texts, widths, bold, centred, right)
        self._gap(4)

    def _row(
        self, table: Any, kind: str, texts: Sequence[str], widths: Sequence[float], bold: bool,
        centred: Sequence[int], right: Sequence[int],
    ) -> None:  # fmt: skip
        row = table.add_row()
        _mark_row(row, "w:cantSplit")
        if kind == "heading":
            _mark_row(row, "w:tblHeader")
        for index, cell in enumerate(row.cells):
            cell.width = Mm(widths[index])
            text = texts[index] if index < len(texts) else ""
            align = CENTRE if kind == "heading" or index in centred else ALIGN.RIGHT if index in right else LEFT
            _only(cell, text, size=12, bold=bold, align=align)
        if kind == "total":
            _merge_empty(row, texts)

    def _plain_table(self, rows: int, widths: Sequence[float]) -> Any:
        table = self.document.add_table(rows=rows, cols=len(widths))
        _fix_widths(table, widths)
        for row in table.rows:
            _mark_row(row, "w:cantSplit")
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    # ── Signatures ─────────────────────────────────────────────────────────

    def signed_by_chair(self, recipients: Sequence[str], loop: tuple[str, str] | None = None) -> None:
        """Who gets the paper on the left, the chair on the right. `loop` adds a line for each of a list."""
        left, right = self._signature_cells()
        _draw_recipients(left, recipients, loop)
        _only(right, "{%p for title in signature.titles %}")
        _more(right, "{{ title }}", bold=True)
        _more(right, "{%p endfor %}")
        _room(right)
        _more(right, "{{ signature.name }}", bold=True)

    def signed_by_worker(self, recipients: Sequence[str], title: str, name: str) -> None:
        """Who gets the paper on the left, the person who made it on the right."""
        left, right = self._signature_cells()
        _draw_recipients(left, recipients, None)
        _sign(right, title, name)

    def signed_by_two(self, first: tuple[str, str], second: tuple[str, str]) -> None:
        """Two people side by side: (title, name) each."""
        left, right = self._signature_cells()
        _sign(left, *first)
        _sign(right, *second)

    def _signature_cells(self) -> tuple[Any, Any]:
        for paragraph in self.document.paragraphs[-_KEPT:]:
            paragraph.paragraph_format.keep_with_next = True
        self._gap(8).paragraph_format.keep_with_next = True
        table = self._plain_table(1, (80, 85))
        return table.rows[0].cells[0], table.rows[0].cells[1]

    def _gap(self, height: float) -> Any:
        paragraph = self.document.add_paragraph()
        _write(paragraph, "", size=height)
        paragraph.paragraph_format.line_spacing = Pt(height)
        return _place(paragraph, LEFT, 0, 0, 0)


# ── Pieces ─────────────────────────────────────────────────────────────────


def _write(paragraph: Any, text: str, *, size: float = 13, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None


def _place(paragraph: Any, align: Any, indent: float, before: float, after: float, *, keep: bool = False) -> Any:
    paragraph.alignment = align
    how = paragraph.paragraph_format
    how.first_line_indent = Mm(indent) if indent else None
    how.space_before, how.space_after = Pt(before), Pt(after)
    how.keep_with_next = keep or None
    return paragraph


def _only(cell: Any, text: str, *, size: float = 13, align: Any = CENTRE, **font: bool) -> None:
    """The first paragraph of a cell."""
    paragraph = cell.paragraphs[0]
    _write(paragraph, text, size=size, **font)
    _place(paragraph, align, 0, 0, 0)


def _more(cell: Any, text: str, *, size: float = 13, align: Any = CENTRE, **font: bool) -> None:
    """A further paragraph of a cell."""
    paragraph = cell.add_paragraph()
    _write(paragraph, text, size=size, **font)
    _place(paragraph, align, 0, 0, 0)


def _merge_empty(row: Any, texts: Sequence[str]) -> None:
    """One cell of the first text and the empty ones after it."""
    last = next(index for index, text in enumerate(texts[1:], start=1) if text) - 1
    merged = row.cells[0].merge(row.cells[last])
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)


def _sign(cell: Any, title: str, name: str) -> None:
    _only(cell, title, bold=True)
    _more(cell, "(Ký, ghi rõ họ tên)", size=12, italic=True)
    _room(cell)
    _more(cell, name, bold=True)


def _room(cell: Any) -> None:
    """Room for a signature and a seal."""
    for _line in range(4):
        _more(cell, "")


def _draw_recipients(cell: Any, recipients: Sequence[str], loop: tuple[str, str] | None) -> None:
    _only(cell, "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    if loop is not None:
        one, many = loop
        _more(cell, f"{{%p for {one} in {many} %}}", size=11, align=LEFT)
        _more(cell, f"- {{{{ {one} }}}};", size=11, align=LEFT)
        _more(cell, "{%p endfor %}", size=11, align=LEFT)
    for recipient in recipients:
        _more(cell, f"- {recipient}", size=11, align=LEFT)


def _short_line(into: Any, length: float, width: float, after: float = 3) -> None:
    """A line centred under what stands above: the upper border of a small empty paragraph."""
    paragraph = into.add_paragraph()
    _write(paragraph, "", size=3)
    _place(paragraph, LEFT, 0, 2, after)
    paragraph.paragraph_format.line_spacing = Pt(4)
    side = Mm((width - length) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    _draw_line(paragraph, "top")


def _draw_line(paragraph: Any, side: str) -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _add_page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        if kind:
            character = OxmlElement("w:fldChar")
            character.set(qn("w:fldCharType"), kind)
            run._r.append(character)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def _fix_widths(table: Any, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _narrow_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _narrow_margins(table: Any) -> None:
    """1.2 mm at the sides of a cell: a date fits on one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "68")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _mark_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))
