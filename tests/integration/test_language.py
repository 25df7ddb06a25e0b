"""People read their own language; official papers stay Vietnamese."""

from io import BytesIO

import pytest
from flask import Flask
from flask_babel import force_locale
from openpyxl import load_workbook

from app import clock
from app.periods import Period
from app.workbooks import Variant, making
from models import Language
from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(("language", "written"), [("vi", "1.250.000"), ("en", "1,250,000")])
def test_numbers_are_written_as_the_language_of_the_page_does(app: Flask, language: str, written: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert app.jinja_env.from_string("{{ 1250000 | number }} {{ none | number }}").render() == f"{written} –"


def test_a_reader_of_english_reads_english(client: Client, make: Make) -> None:
    officer = make.user("officer", language=Language.ENGLISH)

    page = client.sign_in(officer).page("/")

    assert page.soup.html["lang"] == "en"
    assert page.soup.h1.get_text(strip=True) == "My work"


def test_a_stranger_may_read_the_sign_in_page_in_english(client: Client, make: Make) -> None:
    make.user("officer")
    client.post("/language", data={"language": "en"})

    page = client.page("/sign-in")

    assert page.soup.h1.get_text(strip=True) == "Sign in"


def test_the_days_of_the_calendar_are_days_in_english(client: Client, make: Make) -> None:
    make.user("officer")
    client.post("/language", data={"language": "en"})

    names = [cell.get_text(strip=True) for cell in client.page("/calendar").soup.select("thead th")]

    assert names == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def test_a_workbook_is_vietnamese_whatever_language_its_maker_reads(app: Flask, make: Make) -> None:
    make.circumstance(make.child())
    asked = making.brief(make.home, Period.of_year(clock.today().year), Variant.CODED)

    with force_locale("en"):
        made = making.make("special", asked)

    sheet = load_workbook(BytesIO(made.content)).worksheets[0]
    assert sheet["A1"].value == "DANH SÁCH TRẺ EM CÓ HOÀN CẢNH ĐẶC BIỆT"
    assert "Năm sinh" in [cell.value for row in sheet.iter_rows(max_row=10) for cell in row]
