"""Rates: numerator and denominator are the counts of the lists they open."""

import io
from datetime import date

import openpyxl
import pytest

from app import clock, indicators, rates, reference, register
from app.child_filters import ChildFilters
from app.periods import Period
from app.workbooks import Variant, making
from models import BirthRegistration, Movement, MovementKind, Schooling, Sex, User
from tests.make import Make
from tests.page import Client


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def years_old(years: int) -> date:
    today = clock.today()
    return date(today.year - years, 1, 1)


@pytest.fixture
def found(make: Make, officer: User) -> dict[str, rates.Line]:
    """Four small children, one insured; two of school age, one learning; one in special circumstances, helped by nobody."""
    village = make.village()
    for number in range(4):
        make.child(
            f"Lê Thị {number}", village, years_old(4), insurance_number="TE1300000000" if number == 0 else None,
            birth_registration=BirthRegistration.REGISTERED if number < 3 else BirthRegistration.UNKNOWN,
        )  # fmt: skip
    make.child("Lê Văn Học", village, years_old(8), schooling=Schooling.PRIMARY, insurance_number="HS1300000000")
    child = make.child("Lê Văn Nghỉ", village, years_old(9), schooling=Schooling.DROPPED_OUT)
    make.circumstance(child, "b")
    return lines(officer)


def lines(officer: User) -> dict[str, rates.Line]:
    today = clock.today()
    figures = indicators.figures(officer.commune, Period.of_year(today.year), today)
    return {line.rate.code: line for line in rates.lines(officer.commune, today, figures)}


@pytest.mark.parametrize(
    ("code", "part", "whole", "told"),
    [
        ("T1", 3, 6, "50,0%"),
        ("T4", 2, 6, "33,3%"),
        ("T5", 1, 4, "25,0%"),
        ("T9", 1, 2, "50,0%"),
        ("T11", 1, 2, "50,0%"),
        ("T12", 1, 6, "16,7%"),
        ("T13", 0, 1, "0,0%"),
        ("T20", 0, 0, "–"),
    ],
)
def test_a_rate_is_worked_out_by_hand(
    found: dict[str, rates.Line], code: str, part: int, whole: int, told: str
) -> None:
    assert (found[code].part, found[code].whole, found[code].told) == (part, whole, told)


def test_the_sex_ratio_at_birth_is_boys_to_a_hundred_girls_born_in_the_period(make: Make, officer: User) -> None:
    village, today = make.village(), clock.today()
    sexes = [Sex.MALE] * 3 + [Sex.FEMALE] * 2 + [Sex.UNKNOWN]
    for number, sex in enumerate(sexes):
        child = make.child(f"Lê {chr(65 + number)}", village, today, sex)
        make.save(Movement(commune_id=make.home.id, child=child, kind=MovementKind.BORN, happened_on=today))
    moved = make.child("Lê Đến", village, today, Sex.MALE)
    make.save(Movement(commune_id=make.home.id, child=moved, kind=MovementKind.MOVED_IN, happened_on=today))

    line = lines(officer)["T23"]

    assert (line.part, line.whole, line.told, line.rate.unit) == (3, 2, "150,0", "bé trai trên 100 bé gái")


def test_both_numbers_are_the_counts_of_their_lists(found: dict[str, rates.Line], officer: User) -> None:
    for line in found.values():
        for asked, count in zip(line.lists(None), (line.part, line.whole), strict=True):
            if asked is not None:
                assert register.count_children(officer, asked) == count, line.rate.code


def test_the_page_and_the_workbook_tell_the_same(client: Client, found: dict[str, rates.Line], officer: User) -> None:
    rows = {row["Mã"]: row for row in client.sign_in(officer).page("/figures/").rows(1)}
    asked = making.brief(officer.commune, Period.of_year(clock.today().year), Variant.CODED)
    sheet = openpyxl.load_workbook(io.BytesIO(making.make("district", asked).content))["Tỷ lệ"]
    kept = {row[0]: row[2:5] for row in sheet.iter_rows(min_row=6, values_only=True)}

    assert (rows["T5"]["Tử số"], rows["T5"]["Mẫu số"], rows["T5"]["Tỷ lệ"]) == ("1", "4", "25,0%")
    assert kept == {code: (line.part, line.whole, line.value) for code, line in found.items()}


def test_every_paper_is_answered_by_indicators_that_exist() -> None:
    known = {one.code for one in indicators.INDICATORS} | {rate.code for rate in rates.RATES}
    sets = reference.indicator_sets()
    items = {(document, item) for document, item, _wording, _codes in sets}

    assert {code for *_rest, codes in sets for code in codes} <= known
    assert {("QĐ 06/QĐ-TTg", item) for item in ("2", "3", "4", "5", "6", "10")} <= items
    assert {item for document, item in items if document.startswith("TT 13/2021")} >= {
        "I",
        "II",
        "III",
        "IV",
        "IV.0101",
    }
    assert {
        "QĐ 23/QĐ-TTg", "QĐ 1438/QĐ-TTg", "QĐ 1437/QĐ-TTg", "QĐ 06/QĐ-TTg", "QĐ 1248/QĐ-TTg", "QĐ 1472/QĐ-TTg",
        "QĐ 782/QĐ-TTg", "QĐ 1591/QĐ-TTg",
    } <= {document for document, _item in items}  # fmt: skip


def test_a_child_of_exactly_six_is_no_longer_counted_under_72_months(make: Make, officer: User) -> None:
    village, today = make.village(), clock.today()
    make.child("Lê Vừa Tròn", village, clock.years_before(today, 6))

    assert lines(officer)["T5"].whole == 0
    assert register.count_children(officer, ChildFilters()) == 1
