"""Reports in words: figures, tables and a chart filled in, the officer's parts marked, by NĐ 30/2020."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from flask import Flask

from app.documents import making
from app.periods import Period
from app.reports import drawing, lifecycle
from models import Programme, ReportKind, Service, ServiceKind, db
from tests.make import Make

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

KINDS = [kind for kind in ReportKind if kind is not ReportKind.FIGURES]


@pytest.fixture
def commune(make: Make) -> Make:
    village = make.village("Thôn Đông")
    for number in range(12):
        make.child(f"Nguyễn Văn {number}", village, date(2018, 1, 1 + number))
    child = make.child("Trần Thị Kín", village)
    make.circumstance(child, "a.1", started_on=date(2026, 1, 1))
    make.circumstance(child, "đ", started_on=date(2026, 1, 1))
    make.save(
        Service(
            commune_id=child.commune_id, child=child, kind=ServiceKind.GIFT, done_on=date(2026, 6, 1),
            programme=Programme.ACTION, cost=1_250_000,
        )
    )  # fmt: skip
    return make


def written(make: Make, kind: ReportKind, period: str = "2026-H1") -> bytes:
    content: bytes = lifecycle.prepare(make.home, Period.read(period), kind, None).files[1].content
    return content


def text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_filled_in_and_the_officers_parts_are_marked(commune: Make, kind: ReportKind) -> None:
    told = text(written(commune, kind))

    assert "có 13 trẻ em" in told
    assert "[Viết: " in told
    assert "1.250.000" in told
    assert "TM. ỦY BAN NHÂN DÂN" in told
    assert "{{" not in told
    assert "Trần Thị Kín" not in told


@pytest.mark.parametrize("kind", KINDS)
def test_the_chart_is_a_native_part_with_its_numbers(commune: Make, kind: ReportKind) -> None:
    with zipfile.ZipFile(io.BytesIO(written(commune, kind))) as file:
        chart = file.read("word/charts/chart1.xml").decode()

        assert "Trẻ em mồ côi cả cha và mẹ" in chart
        assert "word/embeddings/so-lieu.xlsx" in file.namelist()


def test_the_four_addressees_of_the_directive_stand_on_the_paper(commune: Make) -> None:
    told = text(written(commune, ReportKind.DIRECTIVE))

    assert "UBND xã Cao Thắng; Ban Thường vụ Đảng ủy xã Cao Thắng" in told


def test_action_month_has_the_headings_of_the_circular(commune: Make) -> None:
    told = text(written(commune, ReportKind.ACTION_MONTH, "2026-06"))

    for heading in ("Truyền thông", "Vận động nguồn lực", "Sự tham gia", "sinh hoạt hè", "Vui chơi an toàn",
                    "Rà soát nơi không an toàn", "Phong trào"):  # fmt: skip
        assert heading in told


def test_the_council_is_not_told_of_groups_counted_for_the_commune_only(commune: Make) -> None:
    assert "HIV" not in text(written(commune, ReportKind.COUNCIL))
    assert "HIV" in text(written(commune, ReportKind.WORK))


def test_a_communes_own_template_goes_first(app: Flask, commune: Make) -> None:
    folder = Path(app.config["MANGNON_INSTANCE"]) / "documents"
    folder.mkdir(exist_ok=True)
    own = Document()
    own.add_paragraph("Mẫu của xã: {{ total.children }} trẻ em")
    path = folder / "bao-cao-hdnd.docx"
    own.save(str(path))
    try:
        assert text(written(commune, ReportKind.COUNCIL)).startswith("Mẫu của xã: 13 trẻ em")
    finally:
        path.unlink()
        db.session.rollback()


@pytest.mark.parametrize("name", drawing.TEMPLATES)
def test_the_templates_are_as_drawn(name: str) -> None:
    kept = (making.FOLDER / name).read_bytes()
    parts = {
        part: {name: file.read(name) for name in file.namelist() if not name.startswith("docProps/")}
        for part, content in (("kept", kept), ("drawn", making.packed(drawing.TEMPLATES[name]())))
        for file in [zipfile.ZipFile(io.BytesIO(content))]
    }

    assert parts["kept"] == parts["drawn"], "run `python -m app.reports.drawing`"
