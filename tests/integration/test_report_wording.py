"""The words around the figures are the commune's to write, with dates; places in braces are filled in, wrong ones told."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from docx import Document

from app import clock
from app.periods import Period
from app.reports import addressees, lifecycle, wording
from app.workbooks import Variant, making
from models import OfficeLevel, ReceivingOffice, ReportKind, ReportWording, User
from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

PERIOD = Period.read("2026-H1")


@pytest.fixture
def officer(make: Make) -> User:
    make.child(village=make.village("Thôn Đông"), born=date(2018, 1, 1))
    make.save(ReceivingOffice(commune_id=make.home.id, name="Sở Y tế tỉnh Hải Dương", level=OfficeLevel.PROVINCE))
    return make.user("officer")


def write(make: Make, part: str, text: str | None, day: date | None = None) -> None:
    make.save(ReportWording(commune_id=make.home.id, part=part, text=text, valid_from=day or clock.today()))


def paper(make: Make, kind: ReportKind = ReportKind.WORK) -> list[str]:
    """The paragraphs of the Word file of a report made today."""
    file = lifecycle.prepare(make.home, PERIOD, kind, None).files[1].content
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    foot = [line.text for line in document.sections[0].first_page_footer.paragraphs]
    return [*(line.text for line in document.paragraphs), *cells, *foot]


def cover(make: Make) -> list[str]:
    """The texts of the cover of the district workbook made today."""
    file = making.make("district", making.brief(make.home, PERIOD, Variant.CODED)).content
    return [str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(file))["Bìa"] for cell in row if cell.value]


def test_the_usual_words_stand_on_paper_and_cover(make: Make, officer: User) -> None:
    told = paper(make)

    assert "Kết quả công tác trẻ em 6 tháng đầu năm 2026" in told
    assert "Kính gửi: Sở Y tế tỉnh Hải Dương." in told
    assert "I. TÌNH HÌNH TRẺ EM" in told
    assert "BIỂU XUẤT GỬI SỞ Y TẾ TỈNH HẢI DƯƠNG" in cover(make)


def test_a_communes_own_words_stand_in_their_place(make: Make, officer: User) -> None:
    write(make, "work.title", "Công tác bảo vệ trẻ em {kỳ} của {XÃ}")
    write(make, "work.greeting", "Kính gửi: {nơi nhận} ({cấp}).")
    write(make, "work.opening", "Căn cứ chương trình công tác năm {năm}:")
    write(make, "work.headings", "A. MỘT\nB. HAI\nC. BA\nD. BỐN\nĐ. NĂM")
    write(make, "work.closing", "Kính báo cáo./.")
    write(make, "work.recipients", "{nơi nhận}\nĐảng ủy {xã}")
    write(make, "paper.scope", "Chỉ lưu hành nội bộ")
    write(make, "cover.title", "BIỂU SỐ LIỆU TRẺ EM")
    write(make, "cover.scope", "Không phổ biến.")

    told = paper(make)

    for text in (
        "Công tác bảo vệ trẻ em 6 tháng đầu năm 2026 của XÃ CAO THẮNG",
        "Kính gửi: Sở Y tế tỉnh Hải Dương (Cấp tỉnh).",
        "Căn cứ chương trình công tác năm 2026:",
        "A. MỘT",
        "Đ. NĂM",
        "Kính báo cáo./.",
    ):
        assert text in told
    assert any("Chỉ lưu hành nội bộ" in line for line in told)
    assert any("- Đảng ủy xã Cao Thắng" in line for line in told)
    assert "I. TÌNH HÌNH TRẺ EM" not in told
    on_cover = cover(make)
    assert "BIỂU SỐ LIỆU TRẺ EM" in on_cover
    assert any("Không phổ biến." in text for text in on_cover)
    assert addressees.of_today(make.home, ReportKind.WORK, PERIOD) == "Sở Y tế tỉnh Hải Dương\nĐảng ủy xã Cao Thắng"


def test_words_hold_from_their_day_and_a_paper_made_before_keeps_its_own(make: Make, officer: User) -> None:
    report = lifecycle.submit(make.home, lifecycle.prepare(make.home, PERIOD, ReportKind.WORK, None), officer)
    file = report.files[1].content
    write(make, "work.closing", "Lời cũ./.", clock.today() - timedelta(days=9))
    write(make, "work.closing", None, clock.today())
    write(make, "work.closing", "Lời mới./.", clock.today() + timedelta(days=1))

    assert report.files[1].content == file
    assert wording.in_force(make.home, clock.today()) == {}
    assert wording.in_force(make.home, clock.today() - timedelta(days=1)) == {"work.closing": "Lời cũ./."}
    assert wording.in_force(make.home, clock.today() + timedelta(days=1)) == {"work.closing": "Lời mới./."}


@pytest.mark.parametrize(
    ("part", "text", "problem"),
    [
        ("work.title", "Báo cáo {kỳ} {NĂM}", None),
        ("work.title", "Báo cáo {quý}", "Không có chỗ điền {quý}. Dùng được: {xã}, {tỉnh}, {kỳ}, {năm}, {nơi nhận}, {cấp}, {kế hoạch}, {ngày tính}"),
        ("work.title", "Báo cáo {kỳ", "Có dấu ngoặc nhọn không đủ cặp; chỗ điền viết như {kỳ}"),
        ("work.title", "Báo cáo {{ kỳ }}", "Có dấu ngoặc nhọn không đủ cặp; chỗ điền viết như {kỳ}"),
        ("work.headings", "I. MỘT\nII. HAI", "Cần đúng 5 dòng, mỗi dòng một đề mục"),
        ("work.headings", None, None),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_in_is_told(app: object, part: str, text: str | None, problem: str | None) -> None:
    assert wording.problem_of(part, text) == problem


@pytest.mark.parametrize("part", wording.PARTS)
def test_the_usual_words_are_right_themselves(app: object, part: str) -> None:
    assert wording.problem_of(part, wording.PARTS[part].usual) is None


def test_a_part_is_tried_then_saved(client: Client, make: Make, officer: User) -> None:
    client.sign_in(officer)
    address = "/settings/wording/part?part=work.closing"
    form = client.page(address).form() | {"text": "Kính trình {NƠI NHẬN}./."}

    tried = client.send(address, form | {"preview": "1"})
    wrong = client.send(address, form | {"text": "{gì}"})

    assert "Kính trình SỞ Y TẾ TỈNH HẢI DƯƠNG./." in tried.text
    assert wrong.errors()["text"].startswith("Không có chỗ điền {gì}")
    assert wording.in_force(make.home, clock.today()) == {}
    page = client.send(address, form)
    assert "Kính trình SỞ Y TẾ TỈNH HẢI DƯƠNG./." in page.text
    client.send(address, client.page(address).form() | {"text": "Hết./."})
    assert wording.in_force(make.home, clock.today()) == {"work.closing": "Hết./."}
    assert client.get("/settings/wording/part?part=work.nothing").status_code == 303
