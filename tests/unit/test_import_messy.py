"""Lists made messy by chance, kind after kind: every record, no other, at least 99.5 % of the cells, no wrong value in silence."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask import Flask
from openpyxl.cell import Cell
from openpyxl.styles import Font

from app import create_app
from app.imports.keys import fold
from tests.unit.import_lists import read
from tests.unit.messy_lists import MadeList, made
from tests.unit.test_import_lists import tcvn3, vni

#: Fields that, said by nobody, must not be there.
TOLD_OR_ABSENT = {"household_status", "circumstances", "risks", "disability_types", "father_state", "mother_state"}
PEOPLE = {"full_name", "father_name", "mother_name", "caregiver_name", "household_head"}
LISTS = 40


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})


def alike(name: str, value: Any) -> Any:
    """A value as far as it matters: capitals of names do not, nor the spelling of a village, nor "not poor" for nothing."""
    if name in PEOPLE:
        return (value or "").casefold()
    if name == "village":
        return fold(value)
    return None if value in ("none", "", []) else value


def compared(made_list: MadeList) -> tuple[int, list[str], list[str]]:
    """(cells, wrong ones with a warning, wrong ones without) of one list; rows missed or invented count as silent."""
    found = {(row.sheet, row.row): row for row in read(made_list.content, made_list.name).rows}
    cells, warned, silent = 0, [], [f"{place} missed" for place in made_list.truth.keys() - found.keys()]
    silent += [f"{place} invented" for place in found.keys() - made_list.truth.keys()]
    for place in made_list.truth.keys() & found.keys():
        truth, row = made_list.truth[place], found[place]
        said = {note.field for note in [*row.warnings, *row.errors]}
        for name in truth.keys() | (row.values.keys() & TOLD_OR_ABSENT):
            cells += 1
            if alike(name, truth.get(name)) != alike(name, row.values.get(name)):
                wrong = f"{place} {name}: {row.values.get(name)!r}, not {truth.get(name)!r}"
                (warned if name in said else silent).append(wrong)
    return cells, warned, silent


def test_messy_lists_are_read_as_a_careful_clerk_would(app: Flask) -> None:
    cells, warned, silent = 0, [], []
    with app.test_request_context("/"):
        for seed in range(LISTS):
            made_list = made(seed)
            count, told, untold = compared(made_list)
            cells += count
            warned += [f"{made_list.kind}: {wrong}" for wrong in told]
            silent += [f"{made_list.kind}: {wrong}" for wrong in untold]

    assert silent == []
    assert cells > 5_000
    assert len(warned) <= cells * 0.005, warned


def typed(made_list: MadeList, spell: Callable[[str], str], font: str | None) -> MadeList:
    """The same list as it was typed in an old encoding, without notes: their capitals are lost in TCVN3."""
    book = openpyxl.load_workbook(io.BytesIO(made_list.content))
    for page in book.worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row if isinstance(cell, Cell)):
            if isinstance(cell.value, str):
                cell.value = spell(cell.value)
            if font:
                cell.font = Font(name=font)
    stream = io.BytesIO()
    book.save(stream)
    truth = {place: {k: v for k, v in told.items() if k != "note"} for place, told in made_list.truth.items()}
    return replace(made_list, content=stream.getvalue(), truth=truth)


def small_where_there_is_no_capital(text: str) -> str:
    """TCVN3 has no capitals with tones: people type the small letter."""
    return "".join(
        tcvn3(letter) if tcvn3(letter) != letter else tcvn3(letter.lower()) if not letter.isascii() else letter
        for letter in text
    )


@pytest.mark.parametrize(
    ("spell", "font"),
    [(small_where_there_is_no_capital, ".VnTime"), (small_where_there_is_no_capital, None), (vni, "VNI-Times"), (vni, None)],
    ids=[".VnTime", "TCVN3 in any font", "VNI-Times", "VNI in any font"],
)  # fmt: skip
def test_the_same_lists_in_old_encodings(app: Flask, spell: Callable[[str], str], font: str | None) -> None:
    wrong = []
    with app.test_request_context("/"):
        for made_list in (made(seed) for seed in (0, 1, 2, 8, 12, 24)):
            _cells, told, untold = compared(typed(made_list, spell, font))
            wrong += told + untold

    assert wrong == []
