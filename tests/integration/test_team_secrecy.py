"""What leaves a case's team: nothing through the child's pages or the caseload; to the leader what she decides on."""

from datetime import date

import pytest

from app import casework, clock, teamwork
from app.casework import CaseFilters
from models import (
    CaseConference,
    CasePlan,
    CaseReview,
    ComprehensiveAssessment,
    Consent,
    ConsentGiver,
    ConsentPurpose,
    EmergencyMeasure,
    FollowUp,
    PlanDecision,
    Referral,
    Risk,
    db,
)
from tests.integration.case_records import assess

#: What each record says, to look for.
WORDS = {
    "report": "tin báo kín",
    "initial": "nhận định kín",
    "measure": "biện pháp kín",
    "assessment": "hoàn cảnh kín",
    "conference": "biên bản kín",
    "plan": "mục tiêu kín",
    "visit": "lần thăm kín",
    "review": "rà soát kín",
    "note": "ghi chép kín",
    "perpetrator": "người gây hại kín",
    "referral": "chuyển tuyến kín",
    "informant": "Lò Thị Báo Tin",
}


@pytest.fixture
def member(make):
    return make.user("officer", full_name="Hà Thị Trong Nhóm")


@pytest.fixture
def stranger(make):
    return make.user("officer", full_name="Hà Thị Ngoài Nhóm")


@pytest.fixture
def leader(make):
    return make.user("leader")


@pytest.fixture
def child(make):
    return make.child("Bùi Thị Mận", born=date(2015, 3, 10))


@pytest.fixture
def case(make, child, member):
    report = make.report(member, child, happened=WORDS["report"], informant_name=WORDS["informant"])
    case = make.case(child, report, assigned_to_id=member.id, note=WORDS["note"], perpetrator=WORDS["perpetrator"])
    teamwork.join(case, member)
    of = {"commune_id": case.commune_id, "case_id": case.id}
    assess(make, case, Risk.HIGH, conclusion=WORDS["initial"])
    make.save(ComprehensiveAssessment(**of, assessed_on=clock.today(), family=WORDS["assessment"], risk=Risk.HIGH))
    make.save(CaseConference(**of, held_on=clock.today(), minutes=WORDS["conference"]))
    make.save(FollowUp(**of, visited_on=clock.today(), observed=WORDS["visit"]))
    make.save(Referral(**of, referred_on=clock.today(), recipient="Trạm", purpose=WORDS["referral"]))
    return case


def told(client, address: str) -> set[str]:
    """Of WORDS, what a page says."""
    text = client.get(address, follow_redirects=True).get_data(as_text=True)
    return {name for name, words in WORDS.items() if words in text}


@pytest.fixture
def consent(make, child, case):
    return make.save(
        Consent(
            commune_id=child.commune_id, child_id=child.id, case_id=case.id, giver=ConsentGiver.REPRESENTATIVE,
            giver_name="Bùi Văn Cha", purpose=ConsentPurpose.SHARE, details="gửi Trung tâm kín", asked_on=clock.today(),
        )
    )  # fmt: skip


def test_consents_of_a_case_reach_nobody_outside_its_team(client, child, case, consent, member, stranger, leader):
    pages = [f"/children/{child.id}{part}" for part in ("", "/consents", "/timeline")]

    def reached(user):
        client.sign_in(user)
        texts = [client.get(address).get_data(as_text=True) for address in pages]
        return [
            words in "".join(texts) for words in ("gửi Trung tâm kín", "Bùi Văn Cha", "Chuyển thông tin cho cơ quan")
        ]

    assert reached(member) == [True, True, True]
    for outside in (stranger, leader):
        assert reached(outside) == [False, False, False]
    client.sign_in(stranger)
    assert client.get(f"/consents/{consent.id}/edit").status_code == 404


def test_a_consent_of_no_case_is_for_every_officer(client, make, child, consent, stranger):
    consent.case_id = None
    db.session.commit()

    assert "gửi Trung tâm kín" in client.sign_in(stranger).page(f"/children/{child.id}/consents").text


def test_the_risk_of_a_case_is_told_to_its_team_only(client, make, case, member, stranger, leader):
    assert [line.risk for line in casework.case_lines(member)] == [Risk.HIGH]
    for outside in (stranger, leader):
        assert [line.risk for line in casework.case_lines(outside)] == [None]
        assert casework.case_lines(outside, CaseFilters(risk=Risk.HIGH)) == []
    client.sign_in(stranger)
    assert "Cao" not in str(client.page("/cases/").rows())
    client.send(f"/cases/{case.id}/look", {**client.page(f"/cases/{case.id}").form(), "reason": "trực thay"})
    assert [line.risk for line in casework.case_lines(stranger)] == [Risk.HIGH]


def test_a_leader_outside_the_team_knows_nothing_while_nothing_waits(client, case, leader):
    assert told(client.sign_in(leader), f"/cases/{case.id}") == set()


def test_a_plan_brings_the_leader_its_dossier_and_no_more(client, make, case, leader):
    plan = make.save(
        CasePlan(commune_id=case.commune_id, case_id=case.id, goal=WORDS["plan"], submitted_at=clock.now())
    )
    client.sign_in(leader)

    assert told(client, f"/cases/{case.id}") == {"report", "initial", "assessment", "conference", "plan"}

    for address in ("timeline", "documents", "team"):
        assert not told(client, f"/cases/{case.id}/{address}") & {"note", "visit", "informant", "referral"}
    decision = f"/cases/{case.id}/plan/{plan.id}/decision"
    client.send(decision, {**client.page(decision).form(), "decision": "approved", "decision_number": "5/QĐ-UBND"})
    assert db.session.get(CasePlan, plan.id).decision is PlanDecision.APPROVED
    assert told(client, f"/cases/{case.id}") == set()


def test_a_separation_brings_the_leader_the_harm_and_the_measure(client, make, case, leader):
    of = {"commune_id": case.commune_id, "case_id": case.id}
    make.save(EmergencyMeasure(**of, started_at=clock.now(), measure=WORDS["measure"], is_separation=True))

    assert told(client.sign_in(leader), f"/cases/{case.id}") == {"report", "initial", "measure", "assessment"}


def test_a_closure_brings_the_leader_plan_visits_and_review(client, make, case, leader):
    of = {"commune_id": case.commune_id, "case_id": case.id}
    make.save(CaseReview(**of, reviewed_on=clock.today(), risk=Risk.LOW, conclusion=WORDS["review"], can_close=True))
    client.sign_in(leader)

    assert told(client, f"/cases/{case.id}") == {"visit", "review"}

    address = f"/cases/{case.id}/close"
    client.send(address, {**client.page(address).form(), "closure_reason": "safe", "closure_note": "trẻ ổn định"})
    assert case.closed_at is not None


def test_a_leader_sees_the_whole_case_for_a_reason(client, make, case, leader):
    make.save(CasePlan(commune_id=case.commune_id, case_id=case.id, goal=WORDS["plan"], submitted_at=clock.now()))
    client.sign_in(leader)

    client.send(f"/cases/{case.id}/look", {**client.page(f"/cases/{case.id}").form(), "reason": "có đơn khiếu nại"})

    assert "note" in told(client, f"/cases/{case.id}")
