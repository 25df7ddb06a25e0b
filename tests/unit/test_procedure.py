"""The step a case has reached and what is due, from facts alone."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app import procedure
from app.calendar import WorkingCalendar
from app.clock import LOCAL
from app.deadlines import What
from app.procedure import CaseFacts, PlanFacts, Progress, SeparationFacts, Step, StepGroup
from models import PlanDecision, Risk

CALENDAR = WorkingCalendar()
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=LOCAL)
NEW = CaseFacts(counted_from=MONDAY)
DRAFTED = PlanFacts()
SUBMITTED = PlanFacts(submitted_at=MONDAY + timedelta(days=3))
APPROVED = replace(SUBMITTED, decision=PlanDecision.APPROVED, decided_at=MONDAY + timedelta(days=4))
REFUSED = replace(SUBMITTED, decision=PlanDecision.REFUSED, decided_at=MONDAY + timedelta(days=4))


def due(facts: CaseFacts) -> list[tuple[What, date]]:
    return [(deadline.what, deadline.due_on) for deadline in procedure.next_deadlines(facts, CALENDAR)]


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (NEW, Step.INITIAL),
        (replace(NEW, initial_assessed=True), Step.ASSESSMENT),
        (replace(NEW, initial_assessed=True, emergency_needed=True), Step.EMERGENCY),
        (replace(NEW, initial_assessed=True, emergency_needed=True, measure_taken=True), Step.ASSESSMENT),
        (replace(NEW, measure_taken=True), Step.INITIAL),
        (replace(NEW, initial_assessed=True, needs_assessed=True), Step.CONFERENCE),
        (replace(NEW, initial_assessed=True, needs_assessed=True, conference_held=True), Step.PLAN),
        (replace(NEW, plans=(DRAFTED,)), Step.PLAN),
        (replace(NEW, plans=(SUBMITTED,)), Step.APPROVAL),
        (replace(NEW, plans=(REFUSED,)), Step.PLAN),
        (replace(NEW, plans=(APPROVED,)), Step.FOLLOW_UP),
        (replace(NEW, plans=(APPROVED, SUBMITTED)), Step.APPROVAL),
        (replace(NEW, another_plan_since=MONDAY), Step.PLAN),
        (replace(NEW, can_close=True), Step.CLOSURE),
        (replace(NEW, is_closed=True, plans=(APPROVED,)), Step.CLOSED),
    ],
)
def test_a_case_stands_at_the_first_step_still_to_be_done(facts, step):
    assert procedure.step_of(facts) is step


def test_every_step_but_the_closed_one_belongs_to_one_group():
    grouped = [step for group in StepGroup for step in group.steps]

    assert sorted(grouped) == sorted(set(Step) - {Step.CLOSED})


def test_a_new_case_has_twelve_hours_and_five_working_days():
    assert due(NEW) == [(What.INITIAL, date(2026, 3, 2)), (What.PLAN, date(2026, 3, 9))]


def test_once_assessed_without_emergency_only_the_plan_is_due():
    assert due(replace(NEW, initial_assessed=True)) == [(What.PLAN, date(2026, 3, 9))]


def test_an_emergency_stays_due_until_a_measure_is_taken():
    emergency = replace(NEW, initial_assessed=True, emergency_needed=True)

    assert due(emergency)[0] == (What.EMERGENCY, date(2026, 3, 2))
    assert due(replace(emergency, measure_taken=True)) == [(What.PLAN, date(2026, 3, 9))]


def test_a_submitted_plan_waits_two_working_days_for_its_decision():
    assert due(replace(NEW, initial_assessed=True, plans=(SUBMITTED,))) == [(What.APPROVAL, date(2026, 3, 9))]


def test_a_refused_plan_must_be_drawn_up_again_in_the_same_five_days():
    assert due(replace(NEW, initial_assessed=True, plans=(REFUSED,))) == [(What.PLAN, date(2026, 3, 9))]


def test_an_approved_plan_brings_its_actions_its_review_and_the_next_visit():
    plan = replace(APPROVED, ends_on=date(2026, 6, 1), open_actions=(date(2026, 4, 4),))
    facts = replace(NEW, initial_assessed=True, plans=(plan,), next_visit_on=date(2026, 3, 20))

    assert due(facts) == [
        (What.VISIT, date(2026, 3, 20)),
        (What.ACTION, date(2026, 4, 4)),
        (What.REVIEW, date(2026, 6, 1)),
    ]


def test_a_running_separation_has_its_own_end_and_its_limit():
    separation = SeparationFacts(date(2026, 3, 2), until=date(2026, 3, 9))
    facts = replace(NEW, initial_assessed=True, plans=(APPROVED,), separations=(separation,))

    assert due(facts) == [(What.SEPARATION_END, date(2026, 3, 9)), (What.SEPARATION_LIMIT, date(2026, 3, 17))]


def test_a_separation_that_ended_is_not_due_but_its_days_are_used():
    first = SeparationFacts(date(2026, 3, 2), ended_on=date(2026, 3, 12))
    second = SeparationFacts(date(2026, 3, 20))
    facts = replace(NEW, initial_assessed=True, plans=(APPROVED,), separations=(first, second))

    assert due(facts) == [(What.SEPARATION_LIMIT, date(2026, 3, 25))]


def test_a_new_round_of_planning_counts_from_the_review():
    facts = replace(NEW, initial_assessed=True, another_plan_since=datetime(2026, 6, 1, 9, 0, tzinfo=LOCAL))

    assert due(facts) == [(What.PLAN, date(2026, 6, 8))]


def test_nothing_is_due_in_a_closed_case():
    assert due(replace(NEW, is_closed=True, next_visit_on=date(2026, 3, 20))) == []


def test_a_plan_is_in_time_when_submission_and_approval_both_are():
    late_submission = replace(APPROVED, submitted_at=MONDAY + timedelta(days=9), decided_at=MONDAY + timedelta(days=9))
    late_decision = replace(APPROVED, decided_at=MONDAY + timedelta(days=9))

    assert [
        procedure.approved_in_time(replace(NEW, plans=plans), CALENDAR)
        for plans in ((APPROVED,), (late_submission,), (late_decision,), (SUBMITTED,), ())
    ] == [True, False, False, None, None]


def test_the_task_list_tells_done_now_later_and_what_was_left_out():
    facts = replace(NEW, initial_assessed=True, plans=(SUBMITTED,))

    assert [state for _step, state in procedure.progress(facts)] == [
        Progress.DONE,
        Progress.DONE,
        Progress.NOT_NEEDED,
        Progress.NOT_RECORDED,
        Progress.NOT_RECORDED,
        Progress.DONE,
        Progress.NOW,
        Progress.LATER,
        Progress.LATER,
        Progress.LATER,
    ]


def test_mau_02_has_four_items_of_harm_and_five_of_protection():
    assert (len(procedure.INITIAL_HARM), len(procedure.INITIAL_PROTECTION)) == (4, 5)


def test_levels_are_counted_and_never_scored():
    levels = {"harm_1": "high", "harm_2": "high", "harm_3": "low"}

    assert procedure.count_levels(levels, procedure.INITIAL_HARM) == {Risk.HIGH: 2, Risk.MEDIUM: 0, Risk.LOW: 1}
