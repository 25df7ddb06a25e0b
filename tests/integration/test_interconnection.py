"""Lists of other registers: compared and filled in, never adding anybody; the police list goes out and comes back."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app import clock, periods
from app.imports import batches
from app.imports.decisions import Decisions
from app.imports.undo import undo
from app.workbooks import Variant, making
from models import (
    BirthRegistration,
    CheckResult,
    CheckSource,
    Child,
    PopulationCheck,
    Schooling,
    Sex,
    SourceCheck,
    db,
)


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


@pytest.fixture
def officer(make, village):
    return make.user("officer")


@pytest.fixture
def an(make, village):
    return make.child("Nguyễn Văn An", village, date(2015, 3, 5), Sex.MALE, school_name="Lớp 1A")


def book(headings: tuple[str, ...], *rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in (headings, *rows):
        made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def look(officer, content: bytes, source: CheckSource) -> batches.Looked:
    return batches.look_at(officer, content, "danh-sach.xlsx", Decisions(source=source))


def write(officer, content: bytes, source: CheckSource):
    looked = look(officer, content, source)
    batch = batches.keep(officer, content, looked)
    assert batches.write(officer, batch, looked)
    db.session.commit()
    return batch


PEOPLE = ("Họ và tên", "Ngày sinh", "Giới tính", "Thôn")
AN = ("Nguyễn Văn An", "05/03/2015", "Nam", "Thôn Đông")


def test_only_the_fields_of_the_source_are_filled_in(officer, an):
    content = book((*PEOPLE, "Số thẻ BHYT", "Trường, lớp"), (*AN, "TE1302012345678", "Trường Tiểu học, lớp 5B"))

    row = look(officer, content, CheckSource.INSURANCE).plan.rows[0]
    write(officer, content, CheckSource.INSURANCE)

    assert {change.field for change in row.changes} == {"insurance_number", "check_mark"}
    assert [note.message for note in row.warnings if note.field == "school_name"] == [
        "Nguồn này ghi khác sổ: Trường Tiểu học, lớp 5B. Không sửa theo."
    ]
    assert (an.insurance_number, an.school_name) == ("TE1302012345678", "Lớp 1A")
    mark = db.session.scalars(select(SourceCheck)).one()
    assert (mark.child_id, mark.source, mark.result, mark.checked_on) == (
        an.id, CheckSource.INSURANCE, CheckResult.MATCHED, clock.today(),
    )  # fmt: skip


def test_a_compared_list_adds_nobody(officer, an):
    content = book(PEOPLE, ("Lò Thị Lạ", "01/01/2016", "Nữ", "Thôn Đông"), AN)

    rows = look(officer, content, CheckSource.SCHOOL).plan.rows
    write(officer, content, CheckSource.SCHOOL)

    assert [(row.action, row.child_id) for row in rows] == [("problem", None), ("change", an.id)]
    assert "không thêm trẻ mới" in rows[0].errors[0].message
    assert db.session.scalars(select(Child.full_name)).all() == ["Nguyễn Văn An"]


def test_another_sex_or_birth_is_a_mismatch_and_changes_nothing(officer, make, village):
    child = make.child("Nguyễn Văn An", village, date(2015, 3, 5), Sex.MALE, personal_id="030215000001")
    content = book((*PEOPLE, "Số định danh"), ("Nguyễn Văn An", "06/03/2015", "Nam", "Thôn Đông", "030215000001"))

    write(officer, content, CheckSource.SCHOOL)

    assert child.born_on == date(2015, 3, 5)
    assert db.session.scalars(select(SourceCheck.result)).one() is CheckResult.MISMATCH


def test_the_same_list_again_changes_nothing(officer, an):
    content = book((*PEOPLE, "Học tập"), (*AN, "Tiểu học"))
    write(officer, content, CheckSource.SCHOOL)

    rows = look(officer, content, CheckSource.SCHOOL).plan.rows

    assert an.schooling is Schooling.PRIMARY
    assert [row.action for row in rows] == ["same"]


def test_the_police_list_goes_out_and_comes_back(officer, make, village, an, tmp_path: Path):
    other = make.child("Nguyễn Thị Bình", village, date(2016, 1, 2), Sex.FEMALE)
    filled = openpyxl.load_workbook(io.BytesIO(_police_list(make)))
    sheet = filled.active
    header = next(row for row in sheet.iter_rows() if row[1].value == "Mã trẻ em")
    at = {cell.value: cell.column for cell in header}
    for row in range(header[0].row + 1, sheet.max_row + 1):
        code = sheet.cell(row, 2).value
        if code in (an.code, other.code):
            right = code == an.code
            sheet.cell(row, at["Số định danh do công an xác minh"]).value = "030215000777" if right else None
            sheet.cell(row, at["Kết quả xác minh"]).value = "Khớp" if right else "Không khớp"
            sheet.cell(row, at["Người xác minh"]).value = "Trung úy Lê Văn Xác"
            sheet.cell(row, at["Ngày xác minh"]).value = "20/11/2026"
    file = io.BytesIO()
    filled.save(file)

    batch = write(officer, file.getvalue(), CheckSource.POLICE)

    assert (an.personal_id, an.population_check) == ("030215000777", PopulationCheck.MATCHED)
    assert (other.personal_id, other.population_check) == (None, PopulationCheck.MISMATCH)
    marks = db.session.scalars(select(SourceCheck).order_by(SourceCheck.child_id)).all()
    assert [(mark.verified_by, mark.checked_on) for mark in marks] == [
        ("Trung úy Lê Văn Xác", date(2026, 11, 20)), ("Trung úy Lê Văn Xác", date(2026, 11, 20)),
    ]  # fmt: skip
    undo(officer, batch)
    db.session.commit()
    assert (an.personal_id, an.population_check) == (None, PopulationCheck.UNCHECKED)
    assert db.session.scalars(select(SourceCheck)).all() == []


def _police_list(make) -> bytes:
    """The workbook as the officer takes it to the commune police."""
    asked = making.brief(make.home, periods.Period.read(str(clock.today().year)), Variant.NAMED, reason="Đối chiếu")
    return making.make("population-check", asked).content


def test_the_list_is_noted_as_sent(client, officer, make, village, an):
    known = make.child("Nguyễn Thị Có", village, date(2016, 1, 2), Sex.FEMALE, personal_id="030316000002")
    client.sign_in(officer)

    client.send("/workbooks/population-check/sent", {"form_key": "sent"})

    db.session.expire_all()
    assert (an.population_check, known.population_check) == (PopulationCheck.SENT, PopulationCheck.UNCHECKED)


def test_a_birth_not_registered_is_on_the_police_list(make, village):
    child = make.child(
        "Nguyễn Thị Chưa", village, date(2016, 1, 2), Sex.FEMALE, personal_id="030316000002",
        birth_registration=BirthRegistration.NOT_REGISTERED,
    )  # fmt: skip

    sheet = openpyxl.load_workbook(io.BytesIO(_police_list(make))).active

    row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == child.code)
    assert "Chưa đăng ký" in row


def test_the_command_reads_a_compared_list(app, officer, an, tmp_path: Path):
    path = tmp_path / "the.xlsx"
    path.write_bytes(book((*PEOPLE, "Số thẻ BHYT"), (*AN, "TE1302012345678")))

    done = app.test_cli_runner().invoke(args=["import", str(path), "--layout", "insurance", "--json"])

    assert done.exit_code == 0, done.output
    plan = json.loads(done.stdout)
    assert [(change["field"], change["to"]) for change in plan["rows"][0]["changes"]] == [
        ("insurance_number", "TE1302012345678"), ("check_mark", "matched"),
    ]  # fmt: skip
