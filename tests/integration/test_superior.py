"""The superior office sees the communes' sent workbooks side by side: figures only, what is missing, what does not add up."""

import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app import clock, periods, superior
from app.workbooks import Variant, making
from models import SentFigures, db


def workbook(commune, variant: Variant = Variant.CODED) -> bytes:
    """A commune's district workbook of this year."""
    year = periods.Period.of_year(clock.today().year)
    return making.make("district", making.brief(commune, year, variant, made_by="Lê Thị Lập")).content


@pytest.fixture
def viewer(make):
    return make.user("viewer")


@pytest.fixture
def communes(make):
    """Two communes with two and one children."""
    far = make.village("Thôn Xa", make.commune("xã Thanh Miện"))
    near = make.village("Thôn Gần")
    make.child("Lò Thị Một", near)
    make.child("Lò Thị Hai", near)
    make.child("Lò Thị Ba", far)
    return near.commune, far.commune


def send(client, content: bytes) -> Any:
    page = client.page("/superior/")
    data = {**page.form(), "file": (io.BytesIO(content), "bieu.xlsx")}
    return client.send("/superior/", data, content_type="multipart/form-data")


def test_two_communes_stand_side_by_side(client, viewer, communes):
    client.sign_in(viewer)
    for commune in communes:
        said = send(client, workbook(commune))

    row = next(row for row in said.rows() if row["STT"] == "1")
    assert [value for key, value in row.items() if "xã" in key] == ["2", "1"]
    assert row["Cộng"] == "3"
    assert "Lò Thị" not in said.text


def test_the_same_file_twice_is_kept_once(client, viewer, communes):
    client.sign_in(viewer)
    content = workbook(communes[0])

    for _time in range(2):
        send(client, content)

    assert len(db.session.scalars(select(SentFigures)).all()) == 1


def test_who_has_not_sent_and_what_does_not_add_up_is_said(client, viewer, communes):
    client.sign_in(viewer)
    book = openpyxl.load_workbook(io.BytesIO(workbook(communes[0])))
    sheet = next(sheet for sheet in book if any(cell.value == "Chỉ tiêu" for row in sheet.iter_rows() for cell in row))
    line = next(row for row in sheet.iter_rows() if str(row[0].value) == "1.1")
    line[2].value = 99
    wrong = io.BytesIO()
    book.save(wrong)
    send(client, workbook(communes[1]))
    db.session.scalars(select(SentFigures)).one().period = "năm 2020"
    db.session.commit()

    said = send(client, wrong.getvalue())

    assert "Chưa gửi kỳ này: xã Thanh Miện" in said.text
    assert "các phần không cộng bằng tổng" in said.text


def test_the_public_variant_is_read_without_its_hidden_figures(communes):
    summary = superior.read(workbook(communes[0], Variant.PUBLIC), "bieu.xlsx")

    assert "1" not in summary.figures  # "<10" is no number


def test_another_file_is_answered_by_a_sentence(client, viewer):
    client.sign_in(viewer)
    book = openpyxl.Workbook()
    book.active.append(("Họ và tên", "Ngày sinh"))
    file = io.BytesIO()
    book.save(file)

    answer = send(client, file.getvalue())

    assert answer.status == 422
    assert "không phải biểu gửi cấp trên" in answer.text
    assert db.session.scalars(select(SentFigures)).all() == []
