"""The records of a case's steps: for each its model, its form and its words, so one page serves them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app import access, clock, procedure, templating
from app.forms import NotLonger, RadiosField, RecordForm, TextField, optional, record_form
from app.procedure import Item, Step
from blueprints.cases.forms import ActionForm, MeasureRules, PlanForm, ReferralRules
from models import (
    Case,
    CaseConference,
    CasePlan,
    CaseReview,
    Choice,
    ComprehensiveAssessment,
    EmergencyMeasure,
    FollowUp,
    InitialAssessment,
    PlanAction,
    Referral,
    ReferralReply,
    Risk,
    Sensitivity,
    User,
    clean,
    fields_of,
)

Part = tuple[Any, Sequence[Item]]

#: The parts of Mẫu 02 and of Mẫu 06 that are assessed item by item.
INITIAL_PARTS: tuple[Part, ...] = (
    (_l("a) Đánh giá mức độ tổn hại"), procedure.INITIAL_HARM),
    (_l("b) Khả năng tự bảo vệ, phục hồi (ở đây Cao là tốt)"), procedure.INITIAL_PROTECTION),
)
REVIEW_PARTS: tuple[Part, ...] = (
    (_l("a) Đánh giá mức độ tổn hại"), procedure.REVIEW_HARM),
    (_l("b) Khả năng tự bảo vệ, phục hồi (ở đây Cao là tốt)"), procedure.REVIEW_PROTECTION),
)


def note_of(item: Item) -> str:
    """The field beside an item that takes a note."""
    return f"{item.code}_note"


class LevelsForm(RecordForm):
    """A form with items assessed as Cao, Trung bình or Thấp; the person writes the conclusion."""

    parts: tuple[Part, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            for name, value in self.stored_beside().items():
                self[name].data = value

    def stored_beside(self) -> dict[str, Any]:
        """The level and the note of each item."""
        levels, notes = (getattr(self.record, name, None) or {} for name in ("levels", "notes"))
        found: dict[str, Any] = {}
        for item in self._items():
            found[item.code] = Risk(levels[item.code]) if item.code in levels else None
            found[note_of(item)] = notes.get(item.code)
        return found

    def _items(self) -> list[Item]:
        return [item for _heading, items in self.parts for item in items]

    def apply_to(self, record: Any) -> None:
        """Put the answers into the record, items left open left out."""
        super().apply_to(record)
        answers = {item.code: self[item.code].data for item in self._items()}
        record.levels = {code: level.value for code, level in answers.items() if level is not None}
        notes = {item.code: self[note_of(item)].data for item in self._items()}
        record.notes = {code: note for code, note in notes.items() if note}


def _level_field(item: Item) -> Any:
    choices = [SelectChoice(risk, _level_label(item, risk)) for risk in Risk]
    return RadiosField(item.label, choices=choices, coerce=optional(Risk))


def _level_label(item: Item, risk: Risk) -> Any:
    return _l("%(level)s: %(words)s", level=risk.label, words=item.words[risk]) if item.words else risk.label


def _levels_form(model: type, parts: tuple[Part, ...], *names: str) -> type[RecordForm]:
    fields: dict[str, Any] = {}
    for item in (item for _heading, items in parts for item in items):
        fields[item.code] = _level_field(item)
        fields[note_of(item)] = TextField(_l("Ghi chú"), clean=clean.text, validators=[NotLonger(300)])
    base = type(f"{model.__name__}Levels", (LevelsForm,), {"parts": parts, **fields})
    return record_form(model, *names, base=base)


#: What a new form of a kind has chosen already.
_CHOSEN: dict[type, dict[str, Any]] = {FollowUp: {"is_safe": True}, Referral: {"reply": ReferralReply.WAITING}}


@dataclass(frozen=True)
class StepForm:
    """One kind of record of a case."""

    code: str
    step: Step
    title: Any
    model: type
    form: type[RecordForm]
    #: The relation of Case that holds these records.
    relation: str
    #: The field that a new form fills with now or today.
    when: str | None
    parts: tuple[Part, ...] = ()

    def is_past(self, form: RecordForm) -> bool:
        """Whether the record is of today or before; what has not happened yet is no record. Tells so at the field."""
        when = form[self.when].data if self.when is not None else None
        now = clock.now() if isinstance(when, datetime) else clock.today()
        if self.when is not None and when is not None and when > now:
            form.add_error(self.when, _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        return not form.errors

    def records(self, case: Case) -> list[Any]:
        """The records of this kind, oldest first."""
        return list(getattr(case, self.relation))

    def first_values(self) -> dict[str, Any]:
        """What a new form starts with."""
        found: dict[str, Any] = dict(_CHOSEN.get(self.model, {}))
        if self.when is not None:
            found[self.when] = clock.now() if self.when.endswith("_at") else clock.today()
        return found


FORMS = (
    StepForm(
        "initial-assessment",
        Step.INITIAL,
        _l("Đánh giá nguy cơ ban đầu (Mẫu 02)"),
        InitialAssessment,
        _levels_form(InitialAssessment, INITIAL_PARTS, "assessed_at", "risk", "conclusion", "is_emergency", "safety"),
        "initial_assessments",
        "assessed_at",
        INITIAL_PARTS,
    ),
    StepForm(
        "emergency-measure",
        Step.EMERGENCY,
        _l("Can thiệp khẩn cấp, tạm thời cách ly (Mẫu 07)"),
        EmergencyMeasure,
        record_form(
            EmergencyMeasure,
            "started_at",
            "measure",
            "is_separation",
            "separated_from",
            "decision_number",
            "safe_place",
            "separated_until",
            "beyond_reason",
            "ended_on",
            base=MeasureRules,
        ),
        "emergency_measures",
        "started_at",
    ),
    StepForm(
        "comprehensive-assessment",
        Step.ASSESSMENT,
        _l("Thu thập thông tin, xác minh, đánh giá nguy cơ cụ thể (Mẫu 03)"),
        ComprehensiveAssessment,
        record_form(
            ComprehensiveAssessment,
            "assessed_on",
            "condition",
            "family",
            "risk_factors",
            "learning",
            "community",
            "needs",
            "child_wishes",
            "parent_wishes",
            "risk",
        ),
        "comprehensive_assessments",
        "assessed_on",
    ),
    StepForm(
        "conference",
        Step.CONFERENCE,
        _l("Cuộc họp xác định nhu cầu (biên bản)"),
        CaseConference,
        record_form(CaseConference, "held_on", "chair", "participants", "minutes"),
        "conferences",
        "held_on",
    ),
    StepForm(
        "plan",
        Step.PLAN,
        _l("Kế hoạch hỗ trợ, can thiệp (Mẫu 04, 05)"),
        CasePlan,
        PlanForm,
        "plans",
        None,
    ),
    StepForm(
        "review",
        Step.REVIEW,
        _l("Rà soát, đánh giá (Mẫu 06)"),
        CaseReview,
        _levels_form(CaseReview, REVIEW_PARTS, "reviewed_on", "risk", "conclusion", "can_close"),
        "reviews",
        "reviewed_on",
        REVIEW_PARTS,
    ),
)

#: Theo dõi: the one step a collaborator may record too, so it has pages of its own.
FOLLOW_UP = StepForm(
    "follow-up",
    Step.FOLLOW_UP,
    _l("Thăm, theo dõi"),
    FollowUp,
    record_form(FollowUp, "visited_on", "observed", "is_safe", "next_visit_on"),
    "follow_ups",
    "visited_on",
)

#: Chuyển tuyến: while a plan is carried out, with its reply.
REFERRAL = StepForm(
    "referral",
    Step.FOLLOW_UP,
    _l("Chuyển tuyến"),
    Referral,
    record_form(
        Referral,
        "referred_on",
        "recipient",
        "purpose",
        "reply_due_on",
        "reply",
        "replied_on",
        "reply_note",
        base=ReferralRules,
    ),
    "referrals",
    "referred_on",
)

#: One action of a plan.
ACTION = StepForm("action", Step.PLAN, _l("Công việc trong kế hoạch"), PlanAction, ActionForm, "actions", None)

BY_CODE = {form.code: form for form in FORMS}
#: For the address: an unknown step is no address at all.
CODES = ", ".join(f'"{code}"' for code in BY_CODE)


# ── Records in words ───────────────────────────────────────────────────────


def told(
    user: User, record: Any, *, only: Sensitivity | None = None, but: Sensitivity | None = None
) -> list[tuple[str, str]]:
    """(label, value) of the typed fields the person may read and that say something; keys are shown by their pages.

    `only` and `but` narrow to, or leave out, fields of one sensitivity.
    """
    found = []
    for name, facts in fields_of(type(record)).items():
        value = getattr(record, name)
        is_key = facts.internal or name.endswith("_id")
        is_wanted = facts.sensitivity is not but and (only is None or facts.sensitivity is only)
        if is_wanted and not is_key and access.may_read(user, facts.sensitivity) and value not in (None, "", False):
            found.append((str(facts.label), _in_words(value)))
    return found


def _in_words(value: Any) -> str:
    writers: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (Choice, lambda choice: str(choice.label)),
        (bool, lambda _yes: _("Có")),
        (datetime, templating.moment),
        (date, templating.day),
        (int, templating.number),
    )
    return next((write(value) for kind, write in writers if isinstance(value, kind)), str(value))


def level_counts(form: StepForm, record: Any) -> list[tuple[str, str]]:
    """(part, "Cao: 2 · Trung bình: 1 · Thấp: 1") of an assessed form, counts as the forms ask; then (item, its note)."""
    found = []
    for heading, items in form.parts:
        counted = procedure.count_levels(record.levels or {}, items)
        found.append((str(heading), " · ".join(f"{risk.label}: {number}" for risk, number in counted.items())))
        notes = record.notes or {}
        found += [(str(item.label), notes[item.code]) for item in items if item.code in notes]
    return found
