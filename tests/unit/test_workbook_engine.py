"""Columns, the file, periods, and the hiding of small counts: pure."""

import re
import zipfile
from datetime import date
from io import BytesIO
from itertools import product

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app import periods
from app.periods import Period
from app.workbooks import Formula, Table, Variant, computed, file, stored, suppression
from models import Case, Child, Disability, DisabilitySeverity, Precision, Schooling, Sensitivity, Sex, Village


def opened(columns: tuple, records: list, variant: Variant = Variant.NAMED, **values: object) -> Worksheet:
    table = Table("Danh sách", "DANH SÁCH", columns, records, **values)
    written = file.write([table], variant, ["xã Cao Thắng"])
    return openpyxl.load_workbook(BytesIO(written.content))["Danh sách"]


def child(**values: object) -> Child:
    return Child(village=Village(name="Thôn 1"), **values)


WHO = (stored(Child.full_name), stored(Child.born_on), stored(Child.personal_id), stored(Child.village_id))


class TestColumns:
    def test_one_line_adds_a_column_with_the_label_and_value_of_its_field(self) -> None:
        sheet = opened((*WHO, stored(Child.school_name)), [child(school_name="Trường Tiểu học, 3A")])

        assert [cell.value for cell in sheet[file.HEADING_ROW]][-1] == "Trường, lớp"
        assert [cell.value for cell in sheet[file.HEADING_ROW + 1]][-1] == "Trường Tiểu học, 3A"

    def test_a_coded_list_carries_no_personal_field_and_no_text_typed_by_people(self) -> None:
        columns = (*WHO, stored(Child.sex), stored(Child.note), stored(Disability.certificate_number))

        kept = [str(column.label) for column in columns if column.is_in(Variant.CODED)]

        assert kept == ["Thôn", "Giới tính"]

    @pytest.mark.parametrize("attribute", [Case.abuse_form, Case.note, Case.perpetrator])
    def test_what_belongs_to_a_case_alone_is_refused(self, attribute: object) -> None:
        with pytest.raises(ValueError, match="stands in no workbook"):
            stored(attribute)

    def test_a_worked_out_name_is_left_out_of_coded_lists(self) -> None:
        column = computed("Họ tên mẹ", str, sensitivity=Sensitivity.PERSONAL)

        assert not column.is_in(Variant.CODED)

    def test_a_record_leads_to_the_child_it_belongs_to(self) -> None:
        disability = Disability(child=child(full_name="Lê Thị Mận"), severity=DisabilitySeverity.SEVERE)

        sheet = opened((stored(Child.full_name), stored(Disability.severity)), [disability])

        assert [cell.value for cell in sheet[file.HEADING_ROW + 1]] == [1, "Lê Thị Mận", "Nặng"]


class TestCells:
    @pytest.mark.parametrize("typed", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A1"])
    def test_what_people_type_stays_text(self, typed: str) -> None:
        cell = opened(WHO, [child(full_name=typed)]).cell(file.HEADING_ROW + 1, 2)

        assert (cell.value, cell.data_type, cell.quotePrefix) == (typed, "s", True)

    def test_ids_stay_text_with_their_zeros(self) -> None:
        cell = opened(WHO, [child(personal_id="030215000001")]).cell(file.HEADING_ROW + 1, 4)

        assert (cell.value, cell.data_type, cell.number_format) == ("030215000001", "s", "@")

    def test_whole_dates_are_dates_and_partial_ones_words(self) -> None:
        precisions = {Precision.DAY: date(2015, 6, 5), Precision.YEAR: date(2015, 12, 31)}
        children = [child(born_on=day, born_precision=precision) for precision, day in precisions.items()]
        children.append(child(born_on=date(2015, 12, 31), born_precision=Precision.ESTIMATED))

        sheet = opened(WHO, children)
        cells = [sheet.cell(file.HEADING_ROW + number, 3) for number in (1, 2, 3)]

        assert cells[0].value.date() == date(2015, 6, 5)
        assert cells[0].number_format == "dd/mm/yyyy"
        assert [cell.value for cell in cells[1:]] == ["2015", "khoảng 2015"]

    def test_choices_of_the_same_code_keep_their_own_words(self) -> None:
        columns = (stored(Child.sex), stored(Child.schooling))

        sheet = opened(columns, [child(sex=Sex.UNKNOWN, schooling=Schooling.UNKNOWN)])

        assert [cell.value for cell in sheet[file.HEADING_ROW + 1]] == [1, "Không biết", "Chưa rõ"]

    def test_a_formula_is_live_and_carries_its_value(self) -> None:
        columns = (computed("Thôn 1", int), computed("Tổng", lambda count: Formula("SUM(A{row}:A{row})", count)))
        table = Table("Tổng hợp", "TỔNG HỢP", columns, [7], is_numbered=False)
        content = file.write([table], Variant.CODED, []).content

        live, cached = (openpyxl.load_workbook(BytesIO(content), data_only=told)["Tổng hợp"] for told in (False, True))

        row = file.HEADING_ROW + 1
        assert live.cell(row, 2).value == f"=SUM(A{row}:A{row})"
        assert cached.cell(row, 2).value == 7

    def test_markup_and_control_characters_are_harmless(self) -> None:
        sheet = opened(WHO, [child(full_name="<b>A & B</b>\x07 ]]>")])

        assert sheet.cell(file.HEADING_ROW + 1, 2).value == "<b>A & B</b> ]]>"

    def test_a_text_is_cut_at_the_limit_of_a_cell(self) -> None:
        sheet = opened(WHO, [child(full_name="a" * 40_000)])

        assert len(sheet.cell(file.HEADING_ROW + 1, 2).value) == file.MOST_CHARACTERS


class TestSheets:
    def test_a_table_is_frozen_filtered_and_set_up_for_print(self) -> None:
        sheet = opened(WHO, [child(), child()], frozen=2)

        assert sheet.freeze_panes == f"C{file.HEADING_ROW + 1}"
        assert sheet.auto_filter.ref == f"A{file.HEADING_ROW}:E{file.HEADING_ROW + 2}"
        assert sheet.print_title_rows == f"${file.HEADING_ROW}:${file.HEADING_ROW}"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.center.text
        assert not sheet.merged_cells.ranges

    def test_every_row_stands_once_in_the_file(self) -> None:
        table = Table("Danh sách", "DANH SÁCH", WHO, [child(), child()], frozen=2)
        content = file.write([table], Variant.NAMED, ["xã Cao Thắng"]).content

        xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

        assert re.findall(r'<row r="(\d+)"', xml) == ["1", "2", "3", "5", "6", "7"]

    def test_an_empty_list_keeps_its_headings(self) -> None:
        sheet = opened(WHO, [])

        assert sheet.max_row == file.HEADING_ROW


class TestPeriods:
    @pytest.mark.parametrize(
        ("code", "first", "last", "label"),
        [
            ("2026", date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
            ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
            ("2026-h2", date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026"),
            ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30), "quý III năm 2026"),
            ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "tháng 2 năm 2024"),
            ("2026-9M", date(2026, 1, 1), date(2026, 9, 30), "9 tháng đầu năm 2026"),
            ("2026-TK", date(2025, 12, 15), date(2026, 12, 14), "năm 2026 (15/12/2025–14/12/2026)"),
            ("2026-tk-h1", date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026 (15/12/2025–14/06/2026)"),
            ("2026-TK-H2", date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026 (15/06/2026–14/12/2026)"),
            ("2026-TK-9M", date(2025, 12, 15), date(2026, 9, 14), "9 tháng đầu năm 2026 (15/12/2025–14/09/2026)"),
            ("2026-01-15..2026-03-31", date(2026, 1, 15), date(2026, 3, 31), "từ 15/01/2026 đến 31/03/2026"),
        ],
    )
    def test_a_code_names_a_period(self, code: str, first: date, last: date, label: str) -> None:
        period = Period.read(code)

        assert (period.first, period.last) == (first, last)
        assert period.label == label

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "26",
            "2026-Q5",
            "2026-13",
            "2026-H0",
            "2026-02-30..2026-03-01",
            "2026-03-01..2026-01-01",
            "2026-6M",
            "2026-TK-Q1",
        ],
    )
    def test_anything_else_is_refused(self, code: str) -> None:
        with pytest.raises(ValueError, match="no period"):
            Period.read(code)

    @pytest.mark.parametrize(
        ("code", "earlier"),
        [
            ("2026", "2025"), ("2026-H2", "2026-H1"), ("2026-Q1", "2025-Q4"), ("2026-01", "2025-12"),
            ("2026-11", "2026-10"), ("2026-9M", "2025-9M"), ("2026-TK-H1", "2025-TK-H1"), ("2026-TK", "2025-TK"),
        ],
    )  # fmt: skip
    def test_a_period_knows_the_one_before(self, code: str, earlier: str) -> None:
        assert periods.before(Period.read(code)) == Period.read(earlier)

    def test_nothing_comes_before_a_free_span(self) -> None:
        assert periods.before(Period.read("2026-01-15..2026-03-31")) is None

    def test_only_periods_that_have_begun_are_offered(self) -> None:
        codes = [period.code for period in periods.offered(date(2026, 12, 20))]

        assert codes[:4] == ["2026", "2026-H2", "2026-H1", "2026-9M"]
        assert "2027-TK-H1" in codes
        assert "2027-TK-H1" not in [period.code for period in periods.offered(date(2026, 12, 14))]


class TestSuppression:
    def test_small_counts_are_told_as_less_than_ten(self) -> None:
        assert [suppression.alone(count) for count in (0, 1, 9, 10)] == [0, "<10", "<10", 10]

    def test_no_small_part_can_be_worked_back_even_by_who_knows_how_it_is_hidden(self) -> None:
        for counts in product((0, 1, 9, 10, 25), repeat=3):
            whole = sum(counts)
            shown = suppression.parts(whole, counts)
            guesses = ((one, two, whole - one - two) for one in range(whole + 1) for two in range(whole - one + 1))
            fitting = [guess for guess in guesses if suppression.parts(whole, guess) == shown]
            for number, told in enumerate(shown):
                if told == suppression.SMALL:
                    assert {guess[number] for guess in fitting} == set(range(1, 10)), (counts, shown)
                if told == suppression.HIDDEN and whole > 9:
                    assert len({guess[number] for guess in fitting}) > 1, (counts, shown)

    def test_parts_that_are_all_big_are_told(self) -> None:
        assert suppression.parts(60, [10, 20, 30]) == [10, 20, 30]

    def test_one_small_part_hides_another_beside_it(self) -> None:
        assert suppression.parts(1003, [3, 400, 600]) == ["<10", "…", 600]
