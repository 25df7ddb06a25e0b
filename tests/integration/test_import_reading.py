"""A list is read once for several looks at it, and anew when anything it depends on is another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask_babel import force_locale

from app import clock
from app.imports import batches, reader, reading
from app.imports.decisions import Decisions
from models import User
from tests.integration.test_imports import SAMPLES, officer
from tests.make import Make
from tests.unit.import_lists import xlsx

__all__ = ["officer"]

#: Of lists, not of the database.
pytestmark = pytest.mark.any_database

CONTENT = (SAMPLES / "so-theo-doi-thon-3.xlsx").read_bytes()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that were read, not remembered."""
    found: list[str] = []
    read_bytes = reader.read_bytes

    def noted(content: bytes, name: str) -> Any:
        found.append(name)
        return read_bytes(content, name)

    monkeypatch.setattr(reader, "read_bytes", noted)
    reading.forget()
    yield found
    reading.forget()


def test_every_look_at_the_same_list_plans_anew_and_reads_once(readings: list[str], officer: User, make: Make) -> None:
    content = xlsx(
        [["Họ và tên", "Ngày sinh", "Số định danh", "Thôn"], ["Lò Văn Ba", "1/2/2019", "030219000011", "Thôn 1"]]
    )
    first = batches.look_at(officer, content, "so.xlsx")
    make.child("Lò Văn Ba", personal_id="030219000011")

    second = batches.look_at(officer, content, "so.xlsx", Decisions(rejected=frozenset({(0, "born_on")})))

    assert readings == ["so.xlsx"]
    assert [row.action for row in first.plan.rows] == ["add"]
    assert [row.action for row in second.plan.rows] != ["add"]
    assert first.plan.rows[0].values["born_on"] == first.read.rows[0].values["born_on"] == "2019-02-01"
    assert "born_on" not in second.plan.rows[0].values


def test_it_is_read_anew_when_anything_it_depends_on_is_another(
    readings: list[str], officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches.look_at(officer, CONTENT, "so.xlsx")
    batches.look_at(officer, CONTENT, "so-khac.xlsx")
    batches.look_at(officer, CONTENT, "so.xlsx", Decisions(village="Thôn 9"))
    with force_locale("en"):
        batches.look_at(officer, CONTENT, "so.xlsx")
    monkeypatch.setattr(clock, "today", lambda: date(2031, 1, 1))
    batches.look_at(officer, CONTENT, "so.xlsx")

    assert len(readings) == 5


def test_no_more_than_two_are_kept_and_none_for_long(
    readings: list[str], officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = ["Họ và tên", "Ngày sinh", "Thôn"]
    lists = {number: xlsx([heads, ["Lò Văn Ba", f"{number}/2/2019", "Thôn 1"]]) for number in (1, 2, 3)}
    for number in (1, 2, 3, 3, 2, 1):
        batches.look_at(officer, lists[number], f"{number}.xlsx")
    assert readings == ["1.xlsx", "2.xlsx", "3.xlsx", "1.xlsx"]

    monkeypatch.setattr(reading, "SECONDS", -1)
    batches.look_at(officer, lists[1], "1.xlsx")
    assert readings[4:] == ["1.xlsx"]


def test_what_cannot_be_read_is_not_kept(readings: list[str], officer: User) -> None:
    for _time in range(2):
        with pytest.raises(reader.Unreadable):
            batches.look_at(officer, b"no workbook", "so.xlsx")

    assert len(readings) == 2
