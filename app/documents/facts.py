"""Facts of a case that several forms print: the child, the people, what is in the dossier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.documents import words
from app.procedure import Item
from models import (
    Case,
    CaseConference,
    CasePlan,
    Child,
    ComprehensiveAssessment,
    EmergencyMeasure,
    InitialAssessment,
    PlanDecision,
    Relative,
    RelativeKind,
    RelativeState,
    Risk,
    Sex,
    User,
    db,
)


def child_facts(case: Case) -> dict[str, str]:
    """The child as a paper names it: from the register when linked, else as reported, else left to be written."""
    child, report = case.child, case.report
    if child is not None and child.removed_at is None:
        known = _registered(child)
    elif report is not None:
        known = {
            "name": report.child_name or "",
            "birth": report.child_age or "",
            "sex": _sex(report.child_sex),
            "address": "",
            "code": "",
        }
    else:
        known = {"name": "", "birth": "", "sex": _sex(Sex.UNKNOWN), "address": "", "code": ""}
    return _legible(known)


def registered_child(child: Child) -> dict[str, str]:
    """A child of the register as a paper names it."""
    return _legible(_registered(child))


def _registered(child: Child) -> dict[str, str]:
    household = child.household
    home = child.address or (household.address if household else None)
    return {
        "name": child.full_name or "",
        "birth": words.birth_words(child.birth),
        "sex": _sex(child.sex),
        "address": ", ".join(part for part in (home, child.village.name, child.village.commune.name) if part),
        "code": child.code,
    }


def _legible(known: dict[str, str]) -> dict[str, str]:
    return {**known, "name": known["name"] or "chưa rõ họ tên", "birth": known["birth"] or words.BLANK,
            "address": known["address"] or words.BLANK}  # fmt: skip


def _sex(sex: Sex) -> str:
    return str(sex.label)


def relative_words(case: Case, kind: RelativeKind) -> str:
    """A parent or caregiver of the register: name, age, occupation; empty when not known."""
    child = case.child
    if child is None or child.removed_at is not None:
        return ""
    return "; ".join(_told(relative) for relative in child.relatives if relative.kind is kind)


def _told(relative: Relative) -> str:
    parts = [relative.full_name or "không rõ họ tên"]
    if relative.relationship_words:
        parts[0] += f" ({relative.relationship_words})"
    if relative.birth_year:
        parts.append(f"{clock.today().year - relative.birth_year} tuổi")
    if relative.occupation:
        parts.append(relative.occupation)
    if relative.state not in (RelativeState.ALIVE, RelativeState.UNKNOWN):
        parts.append(words.lower_first(str(relative.state.label)))
    return ", ".join(parts)


def person_name(user_id: int | None) -> str:
    """Who recorded or decided something; empty when not known."""
    user = db.session.get(User, user_id) if user_id else None
    return user.full_name if user else ""


def worker_name(case: Case, recorded_by_id: int | None = None) -> str:
    """Who signs as the person doing child protection work: who recorded it, else who runs the case."""
    return person_name(recorded_by_id) or (case.assigned_to.full_name if case.assigned_to else "")


def risk_words(risk: Risk) -> str:
    """The level as the forms write it."""
    return str(risk.label)


def level_rows(record: Any, questions: tuple[Item, ...]) -> dict[str, Any]:
    """The rows of an assessment, each with a cross at its level and its note, and the three counts. Never a score."""
    levels, notes = record.levels or {}, record.notes or {}
    rows = []
    for number, item in enumerate(questions, start=1):
        level = levels.get(item.code)
        marks = {risk.value: "X" if level == risk.value else "" for risk in Risk}
        said = str(item.words[Risk(level)]) if item.words and level in marks else ""
        rows.append(
            {"number": number, "label": str(item.label), "words": said, "note": notes.get(item.code, ""), **marks}
        )
    answers = [levels.get(item.code) for item in questions]
    return {"rows": rows, "counts": {risk.value: answers.count(risk.value) for risk in Risk}}


def latest(records: Sequence[Any]) -> Any:
    """The last of the records of one kind, or None."""
    return records[-1] if records else None


def approved_plans(case: Case) -> list[CasePlan]:
    """The plans the chair has approved, oldest first."""
    return [plan for plan in case.plans if plan.decision is PlanDecision.APPROVED]


@dataclass(frozen=True)
class Known:
    """What had been recorded when a paper was made: of the same round of a reopened case, not later than the paper."""

    initials: list[InitialAssessment]
    measures: list[EmergencyMeasure]
    assessments: list[ComprehensiveAssessment]
    conferences: list[CaseConference]


def known(case: Case, paper: Any = None, until: datetime | None = None) -> Known:
    """What a paper may build on; all there is in the case for none."""
    last = clock.local_date(until) if until else date.max

    def beside(records: Sequence[Any], day: Callable[[Any], date]) -> list[Any]:
        return [record for record in records if _same_round(case, paper, record) and day(record) <= last]

    return Known(
        initials=beside(case.initial_assessments, lambda record: clock.local_date(record.assessed_at)),
        measures=beside(case.emergency_measures, lambda record: clock.local_date(record.started_at)),
        assessments=beside(case.comprehensive_assessments, lambda record: record.assessed_on),
        conferences=beside(case.conferences, lambda record: record.held_on),
    )


def _same_round(case: Case, paper: Any, record: Any) -> bool:
    reopened = case.reopened_at
    return paper is None or reopened is None or (record.created_at < reopened) == (paper.created_at < reopened)


def dossier(case: Case, kept: Known) -> list[str]:
    """The papers there are for the chair (NĐ 56/2017/NĐ-CP Đ28.2), each with its date."""
    found = []
    if case.report is not None:
        found.append(f"Báo cáo tiếp nhận thông tin (Mẫu số 01), {words.moment_words(case.report.received_at)}")
    for initial in kept.initials:
        when = words.day_words(clock.local_date(initial.assessed_at))
        found.append(f"Báo cáo đánh giá nguy cơ ban đầu, mức độ tổn hại (Mẫu số 02), {when}")
    for assessment in kept.assessments:
        when = words.day_words(assessment.assessed_on)
        found.append(f"Báo cáo thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể (Mẫu số 03), {when}")
    for conference in kept.conferences:
        found.append(f"Biên bản cuộc họp xác định nhu cầu, {words.day_words(conference.held_on)}")
    return found
