"""What a collaborator may know of her cases, and what nobody else may."""

import pytest

from app import casework, clock
from app.casework import CaseFilters, CaseState
from models import (
    AbuseForm,
    Case,
    CaseReview,
    EmergencyMeasure,
    FollowUp,
    Risk,
)
from tests.integration.case_records import approved, assess
from tests.make import Make


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def officer(make: Make):
    return make.user("officer", full_name="Hà Thị Phụ Trách")


@pytest.fixture
def collaborator(make: Make, village):
    return make.user("collaborator", village=village)


WORDS = {
    "perpetrator": "chú ruột tên Lềnh",
    "note": "ghi chép kín của công chức",
    "conclusion": "kết luận đánh giá kín",
    "measure": "đưa đi nơi bí mật",
    "goal": "mục tiêu kín",
    "review": "rà soát kín",
    "visit": "người khác đã thăm và thấy",
    "abuse": "Xâm hại tình dục",
}


@pytest.fixture
def her_case(make: Make, village, collaborator, officer) -> Case:
    child = make.child("Vàng Thị Mai", village)
    case = make.case(
        child,
        make.report(collaborator, child, answer="Đang xử lý, chị theo dõi giúp"),
        collaborator_id=collaborator.id,
        assigned_to_id=officer.id,
        perpetrator=WORDS["perpetrator"],
        note=WORDS["note"],
        abuse_form=AbuseForm.SEXUAL,
    )
    of = {"commune_id": case.commune_id, "case_id": case.id}
    assess(make, case, Risk.HIGH, conclusion=WORDS["conclusion"], is_emergency=True)
    make.save(EmergencyMeasure(**of, started_at=clock.now(), measure=WORDS["measure"]))
    approved(make, case, goal=WORDS["goal"])
    make.save(CaseReview(**of, reviewed_on=clock.today(), risk=Risk.HIGH, conclusion=WORDS["review"], can_close=False))
    make.save(FollowUp(**of, visited_on=clock.today(), observed=WORDS["visit"], recorded_by_id=officer.id))
    return case


def test_a_collaborator_sees_the_little_she_may_know_of_her_case(client, her_case, collaborator):
    client.sign_in(collaborator).send(
        f"/cases/{her_case.id}/follow-up/new",
        {
            "visited_on": f"{clock.today():%d/%m/%Y}",
            "observed": "Tôi thấy cháu vui",
            "next_visit_on": "1/12/2030",
            "form_key": "1",
        },
    )

    text = client.page(f"/cases/{her_case.id}").text

    for word in (her_case.number, "Vàng Thị Mai", "Tôi thấy cháu vui", "01/12/2030", "Đang xử lý, chị theo dõi giúp"):
        assert word in text


def test_a_collaborator_never_sees_what_is_restricted(client, make, her_case, collaborator):
    client.sign_in(collaborator)
    pages = [
        client.get(address).get_data(as_text=True)
        for address in (
            "/",
            "/cases/",
            f"/cases/{her_case.id}",
            f"/cases/{her_case.id}/follow-up/new",
            "/cases/concerns",
            f"/cases/concerns/{her_case.report_id}",
            f"/children/{her_case.child_id}",
            "/services/",
        )
    ]

    leaks = [(number, word) for number, page in enumerate(pages) for word in WORDS.values() if word in page]
    assert leaks == []


def test_the_risk_is_neither_shown_nor_asked_for_by_a_collaborator(client, her_case, collaborator):
    [line] = casework.case_lines(collaborator)

    page = client.sign_in(collaborator).page("/cases/")

    assert line.risk is None
    assert "Nguy cơ" not in page.rows()[0]
    assert page.soup.select("#filter-risk, #filter-worker") == []
    assert casework.case_lines(collaborator, CaseFilters(risk=Risk.HIGH)) == []


def test_the_officer_sees_all_of_it(client, her_case, officer):
    text = client.sign_in(officer).page(f"/cases/{her_case.id}").text

    assert [word for word in WORDS.values() if word not in text] == []


def test_a_collaborator_may_record_visits_and_nothing_else(client, her_case, collaborator):
    client.sign_in(collaborator)
    at = f"/cases/{her_case.id}"
    refused = ["edit", "close", "reopen", "child", "initial-assessment/new", "plan/new", "review/new"]

    assert {client.get(f"{at}/{page}").status_code for page in refused} == {403}
    assert client.get(f"{at}/follow-up/new").status_code == 200
    assert client.get(f"{at}/follow-up/{her_case.follow_ups[0].id}/edit").status_code == 404


def test_the_name_of_a_child_of_another_village_is_not_told(make, officer, collaborator):
    child = make.child("Giàng A Xa", make.village("Thôn Xa"))
    make.case(child, collaborator_id=collaborator.id)

    [line] = casework.case_lines(collaborator)

    assert line.child_name is None
    assert casework.case_lines(officer)[0].child_name == "Giàng A Xa"


def test_cases_of_others_are_not_found(client, make, her_case, village):
    far = make.commune()
    strangers = [
        make.user("collaborator", village=village),
        make.user("collaborator", village=make.village("Thôn Khác")),
        make.user("officer", commune=far),
        make.user("leader", commune=far),
    ]

    for stranger in strangers:
        assert client.sign_in(stranger).get(f"/cases/{her_case.id}").status_code == 404
        assert client.get(f"/cases/{her_case.id}/follow-up/new").status_code in (403, 404)
        assert casework.case_lines(stranger, CaseFilters(state=CaseState.ALL)) == []
