"""The columns of a list as a person may correct them: what each may mean, what was corrected before in this commune."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.imports import words
from app.imports.aliases import IGNORED
from app.imports.decisions import Decisions
from app.imports.keys import fold
from models import DisabilityKind, DisabilitySeverity, ImportBatch, ImportHeading, User, db

#: Meanings offered, in the order of the page; the product's own fields first.
_PLAIN = (
    "full_name", "sex", "born_on", "personal_id", "ethnicity", "nationality", "village", "address", "father_name", "mother_name",
    "parents_names", "father_state", "mother_state", "parents_state", "father_born", "mother_born", "caregiver_name",
    "caregiver_relation", "household_head", "relation_to_head", "household_code", "phone", "household_status",
    "circumstances", "disability_types", "disability_severity", "certificate_number", "insurance_number",
    "birth_registration", "residence", "schooling", "school_name", "child_code",
    "verified_id", "check_result", "verified_by", "verified_on", "allowance", "movement", "note", "number",
)  # fmt: skip


def meanings() -> list[tuple[str, str]]:
    """Everything a column may mean, with its label."""
    parts = {
        "family_part": _("Họ và chữ đệm (tên ở cột khác)"),
        "given_part": _("Tên (họ ở cột khác)"),
        "born_male": _("Ngày sinh của nam"),
        "born_female": _("Ngày sinh của nữ"),
        "born_day": _("Ngày sinh: ngày"),
        "born_month": _("Ngày sinh: tháng"),
        "born_year": _("Ngày sinh: năm"),
        "sex_male": _("Đánh dấu: nam"),
        "sex_female": _("Đánh dấu: nữ"),
        "is_poor": _("Đánh dấu: hộ nghèo"),
        "is_near_poor": _("Đánh dấu: hộ cận nghèo"),
        "circumstance_tick": _("Đánh dấu: hoàn cảnh hoặc nguy cơ như tiêu đề ghi"),
    }
    ticks = {
        f"disability_tick:{kind.value}": _("Đánh dấu khuyết tật: %(kind)s", kind=kind.label) for kind in DisabilityKind
    } | {
        f"severity_tick:{level.value}": _("Đánh dấu mức độ: %(level)s", level=level.label)
        for level in DisabilitySeverity
        if level is not DisabilitySeverity.UNKNOWN
    }
    return [
        (IGNORED, _("– không đọc –")),
        *((name, words.field_name(name)) for name in _PLAIN),
        *parts.items(),
        *ticks.items(),
    ]


def remembered(user: User) -> dict[str, str]:
    """{folded heading: meaning} as somebody of this commune corrected it before."""
    query = select(ImportHeading.heading, ImportHeading.meaning).where(ImportHeading.commune_id == user.commune_id)
    return {heading: meaning for heading, meaning in db.session.execute(query)}


def shown(batch: ImportBatch) -> list[dict[str, Any]]:
    """The sheets of a list with their columns in the order of the file; a sheet of several tables once."""
    seen: dict[str, dict[str, Any]] = {}
    for sheet in batch.totals.get("sheets", []):
        if sheet["name"] in seen:
            continue
        headed = {**sheet["headings"], **sheet["unknown"]}
        columns = [
            (letter, headed[letter], sheet["meanings"].get(letter, IGNORED))
            for letter in sorted(headed, key=lambda letter: (len(letter), letter))
        ]
        seen[sheet["name"]] = {"name": sheet["name"], "village": sheet["village"], "columns": columns}
    return list(seen.values())


def corrected(batch: ImportBatch, before: Decisions, form: Any) -> tuple[Decisions, dict[str, str]]:
    """The decisions with the columns of the page, and {folded heading: meaning} of those a person changed.

    Rows may be other rows after this, so what was decided row by row is forgotten.
    """
    known = {meaning for meaning, _label in meanings()}
    columns: dict[str, dict[str, str]] = {}
    villages: dict[str, str] = {}
    changed: dict[str, str] = {}
    for at, sheet in enumerate(shown(batch)):
        held = dict(before.columns.get(sheet["name"], {}))
        for letter, heading, meaning in sheet["columns"]:
            said = form.get(f"column-{at}-{letter}", meaning)
            if said == meaning or said not in known:
                continue
            held[letter] = said
            if fold(heading):
                changed[fold(heading)] = said
        if held:
            columns[sheet["name"]] = held
        village = form.get(f"village-{at}", "")
        if village and village != sheet["village"]:
            villages[sheet["name"]] = village
        elif sheet["name"] in before.villages and village:
            villages[sheet["name"]] = before.villages[sheet["name"]]
    decisions = replace(
        before, columns=columns, villages=villages, erases="erases" in form, rejected=frozenset(), chosen={}
    )
    return decisions, changed


def remember(user: User, changed: Mapping[str, str]) -> None:
    """Use a corrected heading for every list of this commune from now on."""
    query = select(ImportHeading).where(
        ImportHeading.commune_id == user.commune_id, ImportHeading.heading.in_(list(changed))
    )
    held = {kept.heading: kept for kept in db.session.scalars(query)}
    for heading, meaning in changed.items():
        kept = held.get(heading)
        if kept is None:
            kept = ImportHeading(commune_id=user.commune_id, heading=heading)
            db.session.add(kept)
        kept.meaning, kept.user_id, kept.at = meaning, user.id, clock.now()
