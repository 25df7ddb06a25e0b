"""The full register goes out as a workbook and comes back: untouched it changes nothing, edited it changes just that."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app import audit, demo
from models import db
from tests.conftest import migrated_app


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A made-up commune of its own."""
    with migrated_app(tmp_path_factory.mktemp("round"), TESTING=True, WTF_CSRF_ENABLED=False) as app:
        with app.app_context(), audit.writing():
            demo.fill(children=300)
            db.session.commit()
        yield app


@pytest.fixture(scope="module")
def exported(commune: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its register, with names."""
    path = tmp_path_factory.mktemp("out") / "so.xlsx"
    reason = ["--named", "--reason", "Đối chiếu"]
    done = commune.test_cli_runner().invoke(args=["export", "register", "--out", str(path), *reason])
    assert done.exit_code == 0, done.output
    return path


def plan(commune: Flask, path: Path) -> dict[str, Any]:
    """What reading it back would do."""
    done = commune.test_cli_runner().invoke(args=["import", str(path), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def changes(of: dict[str, Any]) -> list[tuple[int, str, Any]]:
    return [(row["row"], one["field"], one["to"]) for row in of["rows"] for one in row.get("changes", ())]


def test_untouched_it_changes_nothing(commune: Flask, exported: Path) -> None:
    sheet = openpyxl.load_workbook(exported).active
    children = sum(str(row[1].value or "").startswith("TE-") for row in sheet.iter_rows())

    found = plan(commune, exported)

    assert changes(found) == []
    assert found["totals"] == {"add": 0, "change": 0, "same": children, "problem": 0, "skip": 0}


def test_three_edited_cells_are_three_changes(commune: Flask, exported: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported)
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if row[1].value == "Mã trẻ em")
    column = {cell.value: cell.column for cell in header}
    rows = [row[0].row for row in sheet.iter_rows(min_row=header[0].row + 1) if str(row[1].value).startswith("TE-")]
    named = [row for row in rows if sheet.cell(row, column["Họ và tên"]).value]
    for row, heading, value in (
        (named[0], "Họ và tên", "Nguyễn Thị Đổi Tên"),
        (named[1], "Trường, lớp", "Trường Tiểu học mới, lớp 1A"),
        (named[2], "Tình trạng của mẹ", "Mất tích"),
    ):
        sheet.cell(row, column[heading]).value = value
    edited = tmp_path / "sua.xlsx"
    book.save(edited)

    assert sorted(changes(plan(commune, edited))) == sorted(
        [
            (named[0], "full_name", "Nguyễn Thị Đổi Tên"),
            (named[1], "school_name", "Trường Tiểu học mới, lớp 1A"),
            (named[2], "mother_state", "missing"),
        ]
    )


def test_blank_cells_erase_nothing(commune: Flask, exported: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported)
    sheet = book.active
    header = next(row for row in sheet.iter_rows() if row[1].value == "Mã trẻ em")
    for heading in ("Số định danh cá nhân", "Họ tên mẹ", "Điện thoại", "Nơi ở hiện tại"):
        at = next(cell.column for cell in header if cell.value == heading)
        for row in range(header[0].row + 1, sheet.max_row + 1):
            if str(sheet.cell(row, 2).value).startswith("TE-"):
                sheet.cell(row, at).value = None
    blanked = tmp_path / "trong.xlsx"
    book.save(blanked)

    assert changes(plan(commune, blanked)) == []


@pytest.mark.skipif(shutil.which("libreoffice") is None, reason="LibreOffice is not on this machine")
def test_saved_again_by_libreoffice_it_changes_nothing(commune: Flask, exported: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["libreoffice", profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(exported)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    assert changes(plan(commune, tmp_path / "so.ods")) == []
