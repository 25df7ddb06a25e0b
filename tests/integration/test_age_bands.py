"""Age bands are data with dates: a set that begins on a day changes the figures of later days, and no report taken before."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from app import age_bands, clock, indicators, register
from app.child_filters import Ages
from app.periods import Period
from app.reports import content, differences, lifecycle
from app.workbooks import Variant, making
from models import AbuseForm, AgeSplit, ReportKind, User, Village
from tests.make import Make
from tests.page import Client

USUAL = ["Dưới 3 tuổi", "Từ 3 đến dưới 6 tuổi", "Từ 6 đến dưới 11 tuổi", "Từ 11 đến dưới 16 tuổi"]


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


@pytest.fixture
def village(make: Make) -> Village:
    """A child of every age under 16, and one of unknown age."""
    village, today = make.village(), clock.today()
    for age in range(16):
        make.child(f"Nguyễn Văn {chr(65 + age)}", village, clock.years_before(today, age) - timedelta(days=40))
    make.child("Nguyễn Văn Không", village, born=None)
    return village


def by_age(user: User, on: date, code: str = "1.") -> dict[str, int]:
    """{label: total} of the lines told by age."""
    lines = indicators.figures(user.commune, Period.of_year(on.year), on)
    codes = ("1.1", "1.2", "1.3", "1.4")
    return {
        str(line.indicator.label): line.total
        for line in lines
        if line.indicator.code.startswith(code) and line.indicator.code not in codes
    }


def begin(user: User, marks: list[int], day: date, split: AgeSplit = AgeSplit.CHILDREN) -> None:
    age_bands.begin(user, split, marks, day, "CV 01 của Sở Y tế")


def test_a_commune_without_a_set_counts_by_the_usual_ages(officer: User, village: Village) -> None:
    assert by_age(officer, clock.today()) == dict(zip([*USUAL, "Chưa rõ tuổi"], [3, 3, 5, 5, 1], strict=True))


def test_a_set_counts_from_its_day_and_every_number_opens_its_list(
    client: Client, officer: User, village: Village
) -> None:
    today = clock.today()
    begin(officer, [4, 10], today)

    assert list(by_age(officer, today - timedelta(days=1))) == [*USUAL, "Chưa rõ tuổi"]
    assert by_age(officer, today) == {
        "Dưới 4 tuổi": 4, "Từ 4 đến dưới 10 tuổi": 6, "Từ 10 đến dưới 16 tuổi": 6, "Chưa rõ tuổi": 1,
    }  # fmt: skip
    page = client.sign_in(officer).page("/figures/")
    cells = {row["STT"]: row["TỔNG XÃ"] for row in page.rows() if row["STT"] in ("1.t0.4", "1.t4.10", "1.t10.16")}
    assert cells == {"1.t0.4": "4", "1.t4.10": "6", "1.t10.16": "6"}
    listed = client.page("/children/?age=4-10")
    assert "6 trẻ em" in listed.text
    offered = [option.get_text() for option in listed.soup.select('select[name="age"] option')]
    assert "Từ 4 đến dưới 10 tuổi" in offered
    assert "Từ 3 đến dưới 6 tuổi" not in offered


def test_the_workbook_tells_the_same_bands(officer: User, village: Village) -> None:
    today = clock.today()
    begin(officer, [6], today)
    brief = making.brief(officer.commune, Period.of_year(today.year), Variant.CODED)
    book = openpyxl.load_workbook(io.BytesIO(making.make("district", brief).content))

    rows = {row[0]: row for row in book["Tổng hợp"].iter_rows(values_only=True) if row[0]}
    assert [rows[code][1] for code in ("1.t0.6", "1.t6.16")] == ["Dưới 6 tuổi", "Từ 6 đến dưới 16 tuổi"]
    public = making.make("district", making.brief(officer.commune, Period.of_year(today.year), Variant.PUBLIC)).content
    shown = {
        row[0]: row[2] for row in openpyxl.load_workbook(io.BytesIO(public))["Tổng hợp"].iter_rows(values_only=True)
    }
    assert [shown[code] for code in ("1.t0.6", "1.t6.16", "1.9")] == ["…"] * 3


def test_the_same_ages_keep_their_code_from_one_set_to_the_next(officer: User) -> None:
    begin(officer, [3, 6], clock.today())

    bands = age_bands.in_force(officer.commune_id or 0, clock.today()).children
    assert [(band.code, str(band.ages)) for band in bands] == [("5", "0-3"), ("6", "3-6"), ("t6.16", "6-16")]


def test_abused_children_are_told_by_their_own_set(make: Make, officer: User, village: Village) -> None:
    today = clock.today()
    child = make.child("Lê Thị Em", village, clock.years_before(today, 7) - timedelta(days=40))
    make.case(child, abuse_form=AbuseForm.VIOLENCE)
    begin(officer, [8], today, AgeSplit.ABUSED)

    assert [count for label, count in by_age(officer, today, "23.").items() if label in ("Dưới 8 tuổi", "Từ 8 đến dưới 16 tuổi")] == [1, 0]  # fmt: skip
    rows = content.rows(officer.commune, Period.of_year(today.year), today)["cases"]
    assert "23.t0.8" in next(iter(rows.values()))[2]


def test_a_report_keeps_the_bands_it_was_taken_with(make: Make, officer: User, village: Village) -> None:
    today = clock.today()
    period = Period(f"{today.year}-01-01..{today}", today.replace(month=1, day=1), today)
    made = lifecycle.prepare(officer.commune, period, ReportKind.FIGURES, None)
    report = lifecycle.submit(officer.commune, made, officer)
    frozen = [figure["label"] for figure in report.figures]

    begin(officer, [8], today + timedelta(days=1))

    assert [figure["label"] for figure in report.figures] == frozen
    assert set(USUAL) <= set(frozen)
    assert differences.compare(report).differences == ()


def test_a_new_set_ends_the_one_before_and_one_of_the_same_day_is_replaced(officer: User) -> None:
    first, second = date(2026, 1, 1), date(2027, 1, 1)
    begin(officer, [6], first)
    begin(officer, [7], second)
    begin(officer, [8], second)

    own = [one for one in age_bands.sets(officer) if one.first.commune_id]
    assert [(one.first.valid_from, one.first.valid_to, [row.to_age for row in one.bands]) for one in own] == [
        (second, None, [8, 16]), (first, date(2026, 12, 31), [6, 16]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("3, 6, 11", [3, 6, 11]), ("6;13", [6, 13]), ("15", [15]), ("", None), ("6, 3", None), ("0, 6", None),
        ("16", None), ("3, ba", None), ("3, 3", None), ("1,2,3,4,5,6,7,8", None),
    ],
)  # fmt: skip
def test_marks_split_the_ages_under_16_in_order(text: str, marks: list[int] | None) -> None:
    assert age_bands.read_marks(text) == marks


@pytest.mark.parametrize("code", ["", "6", "6-3", "a-b", "-3-6", "3-6-9", "100-200"])
def test_what_is_no_span_of_ages_narrows_nothing(code: str) -> None:
    assert Ages.read(code) is None


class TestPage:
    def test_a_set_is_written_renamed_and_replaced(self, client: Client, officer: User, village: Village) -> None:
        client.sign_in(officer)
        today = f"{clock.today():%d/%m/%Y}"
        facts = {"split": "children", "valid_from": today, "marks": "6", "source": "CV 01"}

        page = client.send("/settings/age-bands/new", facts)

        assert "Dưới 6 tuổi" in page.text
        link = page.soup.select_one('table a[href^="/settings/age-bands/"]')["href"]
        client.send(link, client.page(link).form() | {"wording": "Trước tuổi đi học"})
        assert by_age(officer, clock.today())["Trước tuổi đi học"] == 6
        assert register.count_children(officer, indicators.ChildFilters(age=Ages.UNDER_6)) == 6

    def test_what_cannot_be_is_told(self, client: Client, officer: User) -> None:
        begin(officer, [6], date(2026, 1, 1))
        client.sign_in(officer)
        facts = {"split": "children", "valid_from": "31/12/2025", "marks": "11, 6", "source": "CV 01"}

        page = client.send("/settings/age-bands/new", facts)

        assert page.status == 422
        assert page.errors() == {
            "marks": "Gõ các tuổi từ 1 đến 15, nhỏ trước lớn sau, cách nhau dấu phẩy; nhiều nhất 7 mốc",
            "valid_from": "Đã có bộ tuổi tính từ 01/01/2026; chọn ngày đó hoặc sau đó",
        }

    def test_the_usual_bands_are_nobodys_to_change(self, client: Client, officer: User) -> None:
        usual = age_bands.rows_in_force(officer.commune_id or 0, clock.today())[0]

        assert client.sign_in(officer).get(f"/settings/age-bands/{usual.id}").status_code == 404
