"""Cases through the whole procedure, with what is due and what is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import casework, clock, procedure, saving
from app.deadlines import What
from app.procedure import Step
from models import (
    AuditEvent,
    CalendarDay,
    Case,
    PlanAction,
    PlanDecision,
    db,
)
from tests.integration.case_records import approved, assess, plan
from tests.make import Make
from tests.page import Client

LONG_AGO = timedelta(days=30)


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def officer(make: Make):
    return make.user("officer", full_name="Hà Thị Phụ Trách")


@pytest.fixture
def leader(make: Make):
    return make.user("leader")


def fresh(case: Case) -> Case:
    """The case as it is stored now."""
    db.session.expire_all()
    return db.session.scalars(select(Case).where(Case.id == case.id)).unique().one()


def step(case: Case) -> Step:
    return procedure.step_of(casework.facts_of(fresh(case)))


def test_a_case_goes_through_every_step_of_the_procedure(client: Client, make, village, officer, leader):
    case = make.case(make.child(village=village), assigned_to_id=officer.id)
    at = f"/cases/{case.id}"
    client.sign_in(officer)
    seen = [step(case)]

    client.send(
        f"{at}/initial-assessment/new",
        {"assessed_at": "2026-01-05T08:00", "harm_1": "high", "risk": "high", "is_emergency": "y", "form_key": "1"},
    )
    seen.append(step(case))
    client.send(
        f"{at}/emergency-measure/new",
        {"started_at": "2026-01-05T09:00", "measure": "Đưa cháu sang nhà bà nội", "form_key": "2"},
    )
    seen.append(step(case))
    client.send(f"{at}/comprehensive-assessment/new", {"assessed_on": "6/1/2026", "risk": "high", "form_key": "3"})
    seen.append(step(case))
    client.send(f"{at}/conference/new", {"held_on": "7/1/2026", "minutes": "Thống nhất hỗ trợ", "form_key": "4"})
    seen.append(step(case))
    client.send(f"{at}/plan/new", {"goal": "Cháu an toàn", "form_key": "5"})
    drawn = fresh(case).plans[0]
    client.send(
        f"{at}/plan/{drawn.id}/actions/new",
        {"description": "Tư vấn gia đình", "ends_on": "1/3/2026", "budget": "1.500.000", "form_key": "6"},
    )
    client.send(f"{at}/plan/{drawn.id}/submit", {"form_key": "7"})
    seen.append(step(case))
    client.sign_in(leader)
    version = str(fresh(case).plans[0].version)
    client.send(
        f"{at}/plan/{drawn.id}/decision",
        {"decision": "approved", "decision_number": "12/QĐ", "version": version, "form_key": "8"},
    )
    seen.append(step(case))
    client.sign_in(officer)
    client.send(f"{at}/follow-up/new", {"visited_on": "8/1/2026", "observed": "Cháu vui", "form_key": "9"})
    client.send(
        f"{at}/review/new",
        {"reviewed_on": "2/3/2026", "risk": "low", "conclusion": "Ổn định", "can_close": "y", "form_key": "10"},
    )
    seen.append(step(case))
    client.send(f"{at}/close", {"closure_reason": "safe", "version": str(fresh(case).version), "form_key": "11"})
    seen.append(step(case))

    assert seen == [
        Step.INITIAL,
        Step.EMERGENCY,
        Step.ASSESSMENT,
        Step.CONFERENCE,
        Step.PLAN,
        Step.APPROVAL,
        Step.FOLLOW_UP,
        Step.CLOSURE,
        Step.CLOSED,
    ]
    assert fresh(case).plans[0].actions[0].budget == 1_500_000
    assert client.page(at).status == 200


def test_levels_are_kept_by_item_and_counted_on_the_page(client, make, officer):
    case = make.case()
    levels = {"harm_1": "high", "harm_2": "high", "harm_3": "low", "protection_1": "low"}

    client.sign_in(officer).send(
        f"/cases/{case.id}/initial-assessment/new",
        {"assessed_at": "2026-01-05T08:00", "risk": "high", "form_key": "1", **levels},
    )

    assert fresh(case).initial_assessments[0].levels == levels
    assert "Cao: 2 · Trung bình: 0 · Thấp: 1" in client.page(f"/cases/{case.id}").text


def test_an_assessment_is_shown_again_as_it_was_answered(client, make, officer):
    case = make.case()
    assessment = assess(make, case, levels={"harm_1": "high"})

    page = client.sign_in(officer).page(f"/cases/{case.id}/initial-assessment/{assessment.id}/edit")

    checked = {box["name"]: box["value"] for box in page.soup.select("input[type=radio][checked]")}
    assert checked == {"harm_1": "high", "risk": "medium"}


def test_a_case_opened_twice_by_the_same_form_is_recorded_once(client, make, officer):
    case = make.case()
    form = {"visited_on": "8/1/2026", "observed": "Cháu vui", "form_key": "same"}
    client.sign_in(officer)

    for _time in range(3):
        client.post(f"/cases/{case.id}/follow-up/new", data=form)

    assert len(fresh(case).follow_ups) == 1


def test_a_stale_case_form_is_told_and_saves_nothing(client, make, officer):
    case = make.case(note="đầu tiên")
    form = {
        "received_at": "2026-01-05T08:00",
        "subject": "abused",
        "abuse_form": "violence",
        "village_id": "",
        "assigned_to_id": "",
        "collaborator_id": "",
        "version": str(case.version),
    }
    client.sign_in(officer).send(f"/cases/{case.id}/edit", {**form, "note": "thứ hai", "form_key": "1"})

    stale = client.send(f"/cases/{case.id}/edit", {**form, "note": "thứ ba", "form_key": "2"})

    assert stale.status == 409
    assert fresh(case).note == "thứ hai"


def test_deadlines_long_past_never_stop_anybody_from_saving(client, make, officer):
    case = make.case(received_at=clock.now() - LONG_AGO)

    client.sign_in(officer).send(
        f"/cases/{case.id}/initial-assessment/new",
        {"assessed_at": "2026-01-05T08:00", "risk": "low", "form_key": "1"},
    )

    assert len(fresh(case).initial_assessments) == 1


def test_what_has_not_happened_yet_is_no_record(client, make, officer):
    case = make.case()
    client.sign_in(officer)

    visit = client.send(f"/cases/{case.id}/follow-up/new", {"visited_on": "1/1/2090", "observed": "x", "form_key": "1"})
    assessment = client.send(
        f"/cases/{case.id}/initial-assessment/new", {"assessed_at": "2090-01-05T08:00", "risk": "low", "form_key": "2"}
    )

    assert (set(visit.errors()), set(assessment.errors())) == ({"visited_on"}, {"assessed_at"})
    assert fresh(case).follow_ups == []


def test_a_refusal_says_why(client, make, leader):
    case = make.case()
    waiting = plan(make, case, submitted_at=clock.now())
    address = f"/cases/{case.id}/plan/{waiting.id}/decision"
    form = {"decision": "refused", "version": str(waiting.version)}

    silent = client.sign_in(leader).send(address, {**form, "form_key": "1"})
    client.send(address, {**form, "decision_note": "Thiếu kinh phí", "form_key": "2"})

    assert set(silent.errors()) == {"decision_note"}
    assert (fresh(case).plans[0].decision, fresh(case).plans[0].decided_by_id) == (PlanDecision.REFUSED, leader.id)
    assert step(case) is Step.PLAN


def test_a_decision_needs_an_answer_in_vietnamese(client, make, leader):
    case = make.case()
    waiting = plan(make, case, submitted_at=clock.now())

    page = client.sign_in(leader).send(
        f"/cases/{case.id}/plan/{waiting.id}/decision", {"version": str(waiting.version), "form_key": "1"}
    )

    assert page.errors() == {"decision-0": "Chọn quyết định"}


def test_a_refused_plan_is_mended_and_submitted_again(client, make, officer):
    case = make.case()
    refused = plan(make, case, submitted_at=clock.now(), decision=PlanDecision.REFUSED, decided_at=clock.now())
    client.sign_in(officer)

    client.send(
        f"/cases/{case.id}/plan/{refused.id}/edit",
        {"goal": "Mục tiêu mới", "version": str(refused.version), "form_key": "1"},
    )
    client.send(f"/cases/{case.id}/plan/{refused.id}/submit", {"form_key": "2"})

    assert fresh(case).plans[0].goal == "Mục tiêu mới"
    assert step(case) is Step.APPROVAL


@pytest.mark.parametrize("part", ["wrote the plan", "runs the case"])
def test_who_wrote_a_plan_or_runs_the_case_does_not_approve_it(client, make, part):
    both = make.user("officer", "leader")
    case = make.case(assigned_to_id=both.id if part == "runs the case" else None)
    waiting = plan(make, case, submitted_at=clock.now(), recorded_by_id=both.id if part == "wrote the plan" else None)
    address = f"/cases/{case.id}/plan/{waiting.id}/decision"

    told = client.sign_in(both).send(
        address, {"decision": "approved", "version": str(waiting.version), "form_key": "k"}
    )

    assert "không tự phê duyệt" in told.text + told.soup.get_text()
    assert fresh(case).plans[0].decided_at is None


def test_a_submitted_plan_cannot_be_changed_behind_the_leaders_back(client, make, officer):
    case = make.case()
    waiting = plan(make, case, submitted_at=clock.now())
    action = make.save(PlanAction(commune_id=case.commune_id, plan=waiting, description="Tư vấn"))
    client.sign_in(officer)

    told = client.send(
        f"/cases/{case.id}/plan/{waiting.id}/edit", {"goal": "Khác", "version": str(waiting.version), "form_key": "1"}
    )
    client.send(f"/cases/{case.id}/plan/{waiting.id}/actions/new", {"description": "Thêm", "form_key": "2"})
    client.send(
        f"/cases/{case.id}/plan/{waiting.id}/actions/{action.id}/edit",
        {"description": "Khác", "done_on": "1/3/2026", "version": str(action.version), "form_key": "3"},
    )

    stored = fresh(case).plans[0]
    assert "Kế hoạch đã trình" in told.text
    assert stored.goal == "Cháu an toàn, đi học lại"
    assert [(one.description, one.done_on) for one in stored.actions] == [("Tư vấn", date(2026, 3, 1))]


def test_a_case_is_closed_for_a_reason_and_reopened_for_a_reason(client, make, officer):
    case = make.case(received_at=clock.now() - LONG_AGO)
    assess(make, case)
    client.sign_in(officer)
    form = {"version": str(case.version)}

    without = client.send(f"/cases/{case.id}/close", {**form, "form_key": "1"})
    client.send(f"/cases/{case.id}/close", {**form, "closure_reason": "unfounded", "form_key": "2"})
    closed = fresh(case).closed_at
    form = {"version": str(fresh(case).version)}
    client.send(f"/cases/{case.id}/reopen", {**form, "reopening_reason": "Có tin mới", "form_key": "3"})

    assert set(without.errors()) == {"closure_reason"}
    assert closed is not None
    assert (fresh(case).closed_at, step(case)) == (None, Step.INITIAL)


def test_a_reopened_case_counts_its_periods_anew(make, officer):
    case = make.case(received_at=clock.now() - LONG_AGO, reopened_at=clock.now() - timedelta(hours=1))

    [line] = casework.case_lines(officer)

    assert [(due.what, line.is_overdue) for due in line.deadlines] == [(What.INITIAL, False), (What.PLAN, False)]
    assert line.case is case


def test_a_record_of_another_case_is_not_found_under_this_one(client, make, officer):
    case, other = make.case(), make.case()
    assessment = assess(make, other)
    drawn = plan(make, other)
    client.sign_in(officer)

    for address in (
        f"initial-assessment/{assessment.id}/edit",
        f"plan/{drawn.id}/edit",
        f"plan/{drawn.id}/actions/new",
    ):
        assert client.get(f"/cases/{case.id}/{address}").status_code == 404
    assert client.get(f"/cases/{case.id}/no-such-step/new").status_code == 404


def test_reading_a_case_is_recorded(client, make, officer):
    case = make.case()

    client.sign_in(officer).get(f"/cases/{case.id}")

    [read] = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "case_read")).all()
    assert (read.user_id, read.record_table, read.record_id) == (officer.id, "cases", case.id)


def test_the_history_tells_a_case_in_words(client, make, officer):
    case = make.case()
    client.sign_in(officer).send(
        f"/cases/{case.id}/initial-assessment/new",
        {"assessed_at": "2026-01-05T08:00", "harm_1": "high", "risk": "high", "form_key": "1"},
    )

    text = client.page(f"/cases/{case.id}").text

    assert "Thêm · Đánh giá ban đầu" in text
    assert "Cao: 1 · Trung bình: 0 · Thấp: 0" in text
    assert "harm_1" not in text


# ── Deadlines on the pages ─────────────────────────────────────────────────


def test_the_case_page_tells_what_is_left_with_the_article(client, make, officer):
    case = make.case(received_at=clock.now() - timedelta(hours=8, minutes=30))

    text = client.sign_in(officer).page(f"/cases/{case.id}").text

    assert "còn 3 giờ" in text
    assert "NĐ 56/2017 Đ26.2, 26.3" in text
    assert "NĐ 56/2017 Đ28.1" in text


def test_the_communes_own_holidays_move_its_deadlines(make, officer):
    today = clock.today()
    case = make.case()
    assess(make, case)
    [before] = casework.case_lines(officer)[0].deadlines
    make.save(CalendarDay(commune_id=case.commune_id, day=before.due_on, name="Nghỉ lễ"))
    make.save(CalendarDay(commune_id=make.commune().id, day=today + timedelta(days=1), name="Nghỉ ở xã khác"))

    [after] = casework.case_lines(officer)[0].deadlines

    assert after.due_on > before.due_on


def test_a_plan_approved_within_five_and_two_working_days_is_told_so(client, make, officer):
    in_time, late = make.case(), make.case(received_at=clock.now() - LONG_AGO)
    approved(make, in_time)
    approved(make, late)
    client.sign_in(officer)

    assert "kế hoạch phê duyệt đúng hạn" in client.page(f"/cases/{in_time.id}").text
    assert "kế hoạch phê duyệt chậm hạn" in client.page(f"/cases/{late.id}").text


def test_numbers_run_on_in_the_year(make):
    commune = make.home

    numbers = [saving.case_number(commune.id) for _time in range(3)]

    year = clock.today().year
    assert numbers == [f"VV-{year}-0001", f"VV-{year}-0002", f"VV-{year}-0003"]
