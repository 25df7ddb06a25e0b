"""The practice lists are read exactly as their truth files say."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.imports import reader, table
from models import DisabilityKind
from tests.unit.import_lists import TODAY

FOLDER = Path(__file__).parent.parent / "data" / "imports"
FILES = sorted(path.name.removesuffix(".truth.json") for path in FOLDER.glob("*.truth.json"))
SEXES = {"male": "Nam", "female": "Nữ"}
STATUSES = {"poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo", None: None}


def as_truth(values: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    """Our values under the truth file's names, as far as it tells them."""
    kinds = [str(DisabilityKind(kind).label) for kind in values.get("disability_types", [])]
    named = {
        "full_name": values.get("full_name"),
        "sex": SEXES.get(values.get("sex")),
        "born_on": values.get("born_on"),
        "born_precision": values.get("born_precision"),
        "personal_id": values.get("personal_id"),
        "ethnicity": values.get("ethnicity"),
        "father": values.get("father_name"),
        "mother": values.get("mother_name"),
        "caregiver": values.get("caregiver_name"),
        "village": values.get("village"),
        "household_head": values.get("household_head"),
        "phone": values.get("phone"),
        "household_status": STATUSES.get(values.get("household_status")),
        "circumstance": "".join(values.get("circumstances", [])),
        "circumstance_words": values.get("circumstance_words"),
        "disability_types": kinds,
        "certificate_number": values.get("certificate_number"),
    }
    return {name: named[name] for name in truth if name in named}


@pytest.mark.parametrize("name", FILES)
def test_a_practice_list_is_read_as_its_truth_file_says(name: str) -> None:
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8"))

    found = table.read(reader.read_path(FOLDER / name), TODAY)

    assert [row.row for row in found.rows] == [record["row"] for record in truth]
    for row, record in zip(found.rows, truth, strict=True):
        expected = {key: value for key, value in record.items() if key not in {"row", "personal_id_was_number"}}
        told = as_truth(row.values, record)
        for person in ("full_name", "father", "mother", "household_head"):
            expected.update({person: expected[person].casefold()} if expected.get(person) else {})
            told.update({person: told[person].casefold()} if told.get(person) else {})
        assert told == expected
        assert row.errors == []


@pytest.mark.parametrize(
    "name", ["so-theo-doi-thon-3.xls", "tre-em-khuyet-tat-vntime.xls", "tre-em-hoan-canh-dac-biet.ods"]
)
def test_the_same_list_saved_in_another_format_reads_the_same(name: str) -> None:
    original = table.read(reader.read_path(FOLDER / f"{Path(name).stem}.xlsx"), TODAY)

    found = table.read(reader.read_path(FOLDER / name), TODAY)

    assert [(row.row, row.values) for row in found.rows] == [(row.row, row.values) for row in original.rows]


def test_a_number_that_lost_its_zero_is_proposed() -> None:
    name = "tre-em-hoan-canh-dac-biet.xlsx"
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text(encoding="utf-8"))

    found = table.read(reader.read_path(FOLDER / name), TODAY)

    proposed = {row.row: w.proposed for row in found.rows for w in row.warnings if w.field == "personal_id"}
    assert proposed == {r["row"]: r["personal_id"] for r in truth if r.get("personal_id_was_number")}


def test_the_sheet_in_vntime_is_told_to_be_tcvn3() -> None:
    found = table.read(reader.read_path(FOLDER / "tre-em-khuyet-tat-vntime.xlsx"), TODAY)

    assert [(sheet.encoding, sheet.header_rows, sheet.layout) for sheet in found.sheets] == [
        ("tcvn3", [5, 6], "disability")
    ]
