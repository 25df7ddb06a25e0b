"""The procedure of a protection case: the step it has reached, what is due next, the items of Mẫu 02 and Mẫu 06.

Pure: facts in, step and deadlines out. The step is derived from what has been recorded, never stored.
NĐ 56/2017/NĐ-CP, Chương III.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app import deadlines
from app.calendar import WorkingCalendar
from app.deadlines import Deadline
from models import Choice, PlanDecision, Risk


class Step(Choice):
    """The steps in the order of the decree; a case stands at the first that is still to be done."""

    INTAKE = "intake", _l("Tiếp nhận thông tin")
    INITIAL = "initial", _l("Đánh giá nguy cơ ban đầu")
    EMERGENCY = "emergency", _l("Can thiệp khẩn cấp, tạm thời cách ly")
    ASSESSMENT = "assessment", _l("Thu thập thông tin, đánh giá nguy cơ cụ thể")
    CONFERENCE = "conference", _l("Cuộc họp xác định nhu cầu")
    PLAN = "plan", _l("Xây dựng kế hoạch hỗ trợ, can thiệp")
    APPROVAL = "approval", _l("Phê duyệt kế hoạch")
    FOLLOW_UP = "follow_up", _l("Thực hiện, theo dõi kế hoạch")
    REVIEW = "review", _l("Rà soát, đánh giá")
    CLOSURE = "closure", _l("Kết thúc, lưu hồ sơ")
    CLOSED = "closed", _l("Đã kết thúc")


#: The article and the form of each step, as the case page shows them.
SOURCES: dict[Step, str] = {
    Step.INTAKE: "NĐ 56/2017 Đ25, Mẫu 01",
    Step.INITIAL: "NĐ 56/2017 Đ26.2, Mẫu 02",
    Step.EMERGENCY: "NĐ 56/2017 Đ26.3, 31, 32, Mẫu 07",
    Step.ASSESSMENT: "NĐ 56/2017 Đ27.1, Mẫu 03",
    Step.CONFERENCE: "NĐ 56/2017 Đ27.2",
    Step.PLAN: "NĐ 56/2017 Đ28.1, Mẫu 04",
    Step.APPROVAL: "NĐ 56/2017 Đ28.4, Mẫu 05",
    Step.FOLLOW_UP: "NĐ 56/2017 Đ29",
    Step.REVIEW: "NĐ 56/2017 Đ30, Mẫu 06",
    Step.CLOSURE: "NĐ 56/2017 Đ30",
}


class StepGroup(Choice):
    """Steps as lists narrow by them."""

    ASSESS = "assess", _l("Đánh giá ban đầu, khẩn cấp")
    NEEDS = "needs", _l("Đánh giá cụ thể, họp")
    PLAN = "plan", _l("Lập kế hoạch")
    DECIDE = "decide", _l("Chờ phê duyệt kế hoạch")
    CARRY_OUT = "carry_out", _l("Thực hiện, theo dõi")
    FINISH = "finish", _l("Rà soát, chờ kết thúc")

    @property
    def steps(self) -> frozenset[Step]:
        """The steps of the group."""
        return _GROUPS[self]


_GROUPS = {
    StepGroup.ASSESS: frozenset({Step.INTAKE, Step.INITIAL, Step.EMERGENCY}),
    StepGroup.NEEDS: frozenset({Step.ASSESSMENT, Step.CONFERENCE}),
    StepGroup.PLAN: frozenset({Step.PLAN}),
    StepGroup.DECIDE: frozenset({Step.APPROVAL}),
    StepGroup.CARRY_OUT: frozenset({Step.FOLLOW_UP}),
    StepGroup.FINISH: frozenset({Step.REVIEW, Step.CLOSURE}),
}


class Progress(Choice):
    """How a step of one case stands."""

    DONE = "done", _l("Đã ghi")
    NOW = "now", _l("Đang làm")
    LATER = "later", _l("Chưa đến")
    NOT_RECORDED = "not_recorded", _l("Chưa ghi")
    NOT_NEEDED = "not_needed", _l("Không cần")


# ── Facts ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SeparationFacts:
    """One temporary separation: from, until when it was decided, when it ended."""

    started_on: date
    until: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class PlanFacts:
    """One plan: submitted, decided, until when, and the end dates of its actions not yet done."""

    submitted_at: datetime | None = None
    decision: PlanDecision = PlanDecision.WAITING
    decided_at: datetime | None = None
    ends_on: date | None = None
    open_actions: tuple[date, ...] = ()

    @property
    def is_approved(self) -> bool:
        """Approved by the chair."""
        return self.decision is PlanDecision.APPROVED

    @property
    def waits(self) -> bool:
        """Submitted and not decided."""
        return self.submitted_at is not None and self.decision is PlanDecision.WAITING


@dataclass(frozen=True)
class CaseFacts:
    """What is known of a case since it was received, or since it was last reopened."""

    #: The instant from which the law counts: receipt, or reopening.
    counted_from: datetime
    is_closed: bool = False
    initial_assessed: bool = False
    emergency_needed: bool = False
    measure_taken: bool = False
    separations: tuple[SeparationFacts, ...] = ()
    needs_assessed: bool = False
    conference_held: bool = False
    #: Plans of the present round, oldest first: those made since the last review that asked for another plan.
    plans: tuple[PlanFacts, ...] = ()
    #: Those made since receipt or reopening that the last review has judged, oldest first.
    reviewed_plans: tuple[PlanFacts, ...] = ()
    #: When the last review asked for another plan.
    another_plan_since: datetime | None = None
    #: The last review says that the case can be closed.
    can_close: bool = False
    visited: bool = False
    next_visit_on: date | None = None
    #: The days by which replies to referrals are asked for and not there yet.
    replies_due: tuple[date, ...] = ()

    @property
    def plan(self) -> PlanFacts | None:
        """The latest plan of the round."""
        return self.plans[-1] if self.plans else None

    @property
    def approved_plan(self) -> PlanFacts | None:
        """The latest plan of the round that was approved."""
        return next((plan for plan in reversed(self.plans) if plan.is_approved), None)

    @property
    def plan_counted_from(self) -> datetime:
        """From when the time for the plan runs."""
        return self.another_plan_since or self.counted_from


def step_of(facts: CaseFacts) -> Step:
    """The step at which a case stands: what is to be done next, judged by the furthest thing recorded."""
    if facts.is_closed:
        return Step.CLOSED
    if facts.can_close:
        return Step.CLOSURE
    plan = facts.plan
    if plan is not None:
        if plan.is_approved:
            return Step.FOLLOW_UP
        return Step.APPROVAL if plan.waits else Step.PLAN
    if facts.another_plan_since is not None or facts.conference_held:
        return Step.PLAN
    return _first_steps(facts)


def _first_steps(facts: CaseFacts) -> Step:
    if facts.needs_assessed:
        return Step.CONFERENCE
    if facts.emergency_needed and not facts.measure_taken:
        return Step.EMERGENCY
    return Step.ASSESSMENT if facts.initial_assessed else Step.INITIAL


def progress(facts: CaseFacts) -> list[tuple[Step, Progress]]:
    """Every step of the procedure with how it stands, in order."""
    now = step_of(facts)
    order = list(Step)
    done = _done(facts)
    found = []
    for step in order[:-1]:
        if step is now:
            state = Progress.NOW
        elif step in done:
            state = Progress.DONE
        elif step is Step.EMERGENCY and facts.initial_assessed and not facts.emergency_needed:
            state = Progress.NOT_NEEDED
        else:
            state = Progress.NOT_RECORDED if order.index(step) < order.index(now) else Progress.LATER
        found.append((step, state))
    return found


def _done(facts: CaseFacts) -> set[Step]:
    plan = facts.plan or (facts.reviewed_plans[-1] if facts.reviewed_plans and facts.can_close else None)
    known = {
        Step.INTAKE: True,
        Step.INITIAL: facts.initial_assessed,
        Step.EMERGENCY: facts.measure_taken,
        Step.ASSESSMENT: facts.needs_assessed,
        Step.CONFERENCE: facts.conference_held,
        Step.PLAN: plan is not None and plan.submitted_at is not None and plan.decision is not PlanDecision.REFUSED,
        Step.APPROVAL: plan is not None and (plan.is_approved or facts.approved_plan is not None),
        Step.FOLLOW_UP: facts.visited,
        Step.REVIEW: facts.can_close or facts.another_plan_since is not None,
        Step.CLOSURE: facts.is_closed,
    }
    return {step for step, is_done in known.items() if is_done}


def next_deadlines(facts: CaseFacts, calendar: WorkingCalendar) -> list[Deadline]:
    """What is due in a case, the earliest first. A closed case has nothing due."""
    if facts.is_closed:
        return []
    found = [*_first_due(facts, calendar), *_plan_due(facts, calendar), *_separation_due(facts)]
    approved = facts.approved_plan
    if approved is not None and not facts.can_close:
        found += [deadlines.action_due(day) for day in approved.open_actions]
        if approved.ends_on is not None:
            found.append(deadlines.review_due(approved.ends_on, calendar))
    if facts.next_visit_on is not None:
        found.append(deadlines.visit_due(facts.next_visit_on))
    found += [deadlines.referral_due(day) for day in facts.replies_due]
    return sorted(found, key=lambda deadline: (deadline.due_at, deadline.what))


def _first_due(facts: CaseFacts, calendar: WorkingCalendar) -> list[Deadline]:
    if facts.measure_taken:
        return []
    if facts.emergency_needed:
        return [deadlines.emergency_due(facts.counted_from, calendar)]
    return [] if facts.initial_assessed else [deadlines.initial_due(facts.counted_from, calendar)]


def _plan_due(facts: CaseFacts, calendar: WorkingCalendar) -> list[Deadline]:
    plan = facts.plan
    if plan is not None and plan.waits and plan.submitted_at is not None:
        return [deadlines.approval_due(plan.submitted_at, calendar)]
    if facts.approved_plan is not None or facts.can_close:
        return []
    return [deadlines.plan_due(facts.plan_counted_from, calendar)]


def _separation_due(facts: CaseFacts) -> list[Deadline]:
    found = []
    ended = [(one.started_on, one.ended_on) for one in facts.separations if one.ended_on is not None]
    running = [one for one in facts.separations if one.ended_on is None]
    if running:
        found.append(deadlines.separation_limit(min(one.started_on for one in running), ended))
        found += [deadlines.separation_end(one.until) for one in running if one.until is not None]
    return found


def approved_in_time(facts: CaseFacts, calendar: WorkingCalendar) -> bool | None:
    """Whether the first plan was submitted and approved within 5 and 2 working days; None when none is approved.

    QĐ 06/QĐ-TTg 2019, criterion 6, counts the plans approved in time. NĐ 56/2017/NĐ-CP Đ28.1, Đ28.4.
    """
    first = next((plan for plan in facts.reviewed_plans if plan.is_approved), None)
    counted_from = facts.counted_from if first is not None else facts.plan_counted_from
    plan = first or next((plan for plan in facts.plans if plan.is_approved), None)
    if plan is None or plan.submitted_at is None or plan.decided_at is None:
        return None
    submitted = deadlines.plan_due(counted_from, calendar).was_met(plan.submitted_at)
    return submitted and deadlines.approval_due(plan.submitted_at, calendar).was_met(plan.decided_at)


# ── Items of Mẫu 02 and Mẫu 06 ─────────────────────────────────────────────


@dataclass(frozen=True)
class Item:
    """One item assessed as Cao, Trung bình or Thấp; `words` says what each level means, where the form does."""

    code: str
    label: Any
    words: Mapping[Risk, Any] | None = None


#: Mẫu 02 a) Đánh giá mức độ tổn hại.
INITIAL_HARM = (
    Item("harm_1", _l("Mức độ tổn hại của trẻ em")),
    Item("harm_2", _l("Khả năng tiếp cận trẻ em của đối tượng xâm hại (trong tương lai gần)")),
    Item("harm_3", _l("Tác động của hành vi xâm hại đến trẻ em")),
    Item("harm_4", _l("Những trở ngại trong môi trường chăm sóc trẻ em đối với việc bảo đảm an toàn cho trẻ em")),
)

#: Mẫu 02 b) Khả năng tự bảo vệ, phục hồi. Here Cao is good.
INITIAL_PROTECTION = (
    Item("protection_1", _l("Tự bảo vệ trước những hành động của đối tượng xâm hại")),
    Item("protection_2", _l("Biết được người có khả năng bảo vệ mình")),
    Item("protection_3", _l("Thiết lập mối quan hệ với người có khả năng bảo vệ mình")),
    Item("protection_4", _l("Nhờ người có khả năng bảo vệ giúp đỡ")),
    Item("protection_5", _l("Có người theo dõi sự an toàn của trẻ em (hàng xóm, thầy cô…)")),
)

#: Mẫu 06 mục 1 a), with the form's own words for each level.
REVIEW_HARM = (
    Item(
        "harm_1",
        _l("Mức độ tổn hại của trẻ em có còn nghiêm trọng không"),
        {
            Risk.HIGH: _l("vẫn còn rất nghiêm trọng"),
            Risk.MEDIUM: _l("còn ít nghiêm trọng"),
            Risk.LOW: _l("không còn nghiêm trọng"),
        },
    ),
    Item(
        "harm_2",
        _l("Khả năng tiếp cận trẻ em của đối tượng xâm hại"),
        {
            Risk.HIGH: _l("vẫn có khả năng tiếp cận thường xuyên"),
            Risk.MEDIUM: _l("có cơ hội tiếp cận, không thường xuyên"),
            Risk.LOW: _l("ít hoặc không có khả năng"),
        },
    ),
    Item(
        "harm_3",
        _l("Những trở ngại trong môi trường chăm sóc"),
        {
            Risk.HIGH: _l("nhiều trở ngại đáng kể"),
            Risk.MEDIUM: _l("một vài trở ngại, nhưng trẻ vẫn có được sự bảo vệ nhất định"),
            Risk.LOW: _l("ít hoặc không có trở ngại"),
        },
    ),
)

#: Mẫu 06 mục 1 b): the form's own items are not known exactly, so the heading alone is asked.
REVIEW_PROTECTION = (Item("protection_1", _l("Khả năng tự bảo vệ, phục hồi của trẻ em")),)


def count_levels(levels: Mapping[str, str], items: Sequence[Item]) -> dict[Risk, int]:
    """The "Tổng số: Cao – Trung bình – Thấp" of a part: counts of answers, never a score."""
    answers = [levels.get(item.code) for item in items]
    return {risk: answers.count(risk.value) for risk in Risk}


def levels_in_words(levels: Mapping[str, str]) -> str:
    """All answers of a form counted: "Cao: 2 · Trung bình: 1 · Thấp: 0"."""
    answers = list(levels.values())
    return " · ".join(f"{risk.label}: {answers.count(risk.value)}" for risk in Risk)
