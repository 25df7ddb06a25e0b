"""Alternative care and its case: one placement at a time, what child and parents say, evaluations, who may read it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import audit, care, clock, migrating, teamwork
from app.care import Which
from models import (
    CareDecision,
    CareEnd,
    CareEvaluation,
    CareForm,
    CarePlacement,
    CareVisit,
    ComprehensiveAssessment,
    Consent,
    ConsentAnswer,
    ConsentGiver,
    ConsentPurpose,
    FosterCarer,
    Risk,
    db,
)
from tests.integration.test_care import decide, vn
from tests.make import Make


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


@pytest.fixture
def child(make, village):
    return make.child("Bùi Thị Mận", village, born=date(2015, 3, 10))


@pytest.fixture
def officer(make):
    return make.user("officer")


@pytest.fixture
def leader(make):
    return make.user("leader")


def placement_of(make, child, **values) -> CarePlacement:
    """A placement by a relative that nothing stands against."""
    met = dict.fromkeys(care.CONDITIONS, "met")
    carer = make.save(
        FosterCarer(
            commune_id=child.commune_id, village_id=child.village_id, full_name="Bùi Thị Dì", born_on=date(1980, 1, 1),
            registered_on=date(2026, 1, 2), **met,
        )
    )  # fmt: skip
    values = {"submitted_at": clock.now(), "asked_on": clock.today(), "child_opinion": "muốn ở với dì", **values}
    return make.save(
        CarePlacement(
            commune_id=child.commune_id, child_id=child.id, form=CareForm.RELATIVE, carer_id=carer.id,
            assessed_on=clock.today(), situation="điều kín của vụ việc", **values,
        )
    )  # fmt: skip


def running_since(make, child, day: date, **values) -> CarePlacement:
    return placement_of(make, child, decision=CareDecision.APPROVED, decided_on=day, handed_over_on=day, **values)


def answer(make, child, giver: ConsentGiver, said: ConsentAnswer, **values) -> Consent:
    return make.save(
        Consent(
            commune_id=child.commune_id, child_id=child.id, giver=giver, purpose=ConsentPurpose.CARE, answer=said,
            **{"asked_on": clock.today(), **values},
        )
    )  # fmt: skip


def test_a_child_is_with_one_carer_at_a_time(client, make, child, officer):
    first = running_since(make, child, clock.today() - timedelta(days=9))
    second = placement_of(make, child, decision=CareDecision.APPROVED, decided_on=clock.today())
    client.sign_in(officer)
    address = f"/care/placements/{second.id}/hand-over"
    typed = {**client.page(address).form(), "handed_over_on": vn(clock.today())}

    refused = client.send(address, typed)

    assert refused.errors() == {
        "handed_over_on": f"Trẻ em đang được chăm sóc theo {first.number}: ghi chấm dứt ở đó trước"
    }
    first.ended_on, first.end_reason = clock.today(), CareEnd.ASKED
    db.session.commit()
    client.send(address, refused.form())
    assert db.session.get(CarePlacement, second.id).runs


def test_the_database_itself_refuses_a_second_running_placement(make, child):
    running_since(make, child, clock.today())

    with pytest.raises(IntegrityError):
        running_since(make, child, clock.today())


def test_two_records_of_children_who_are_both_in_care_are_not_made_one(client, make, village, child, officer):
    twin = make.child("Bùi Thị Mân", village, born=date(2015, 3, 10))
    for one in (child, twin):
        running_since(make, one, clock.today())
    client.sign_in(officer)
    address = f"/duplicates/{child.id}/with/{twin.id}"

    sent = client.send(address, client.page(address).form())

    assert "Cả hai hồ sơ đang có chăm sóc thay thế" in sent.text
    assert twin.removed_at is None


def test_a_case_leads_to_its_placement_in_one_step(client, make, child, officer):
    case = make.case(child, assigned_to_id=officer.id)
    teamwork.join(case, officer)
    make.save(
        ComprehensiveAssessment(
            commune_id=case.commune_id, case_id=case.id, assessed_on=clock.today(), condition="gầy", family="mồ côi",
            needs="đi học", child_wishes="ở với dì", risk=Risk.MEDIUM,
        )
    )  # fmt: skip
    client.sign_in(officer)
    address = f"/care/of-child/{child.id}/new?case={case.id}"
    assert client.page(f"/cases/{case.id}").soup.select(f"a[href='{address}']")

    form = client.page(address).form()
    assert (form["situation"].split(), form["needs"], form["child_opinion"]) == (
        ["gầy", "mồ", "côi"],
        "đi học",
        "ở với dì",
    )
    client.send(address, {**form, "form": "relative"})

    placement = db.session.scalars(db.select(CarePlacement)).one()
    assert placement.case_id == case.id
    assert client.page(f"/cases/{case.id}").soup.select(f"a[href='/care/placements/{placement.id}']")


def test_both_timelines_tell_the_placement_from_list_to_end(client, make, child, officer):
    case = make.case(child, assigned_to_id=officer.id)
    start = clock.today() - timedelta(days=40)
    placement = running_since(make, child, start, case_id=case.id, ended_on=clock.today(), end_reason=CareEnd.HARMED)
    of = {"commune_id": child.commune_id, "placement_id": placement.id}
    make.save(CareVisit(**of, visited_on=start + timedelta(days=30), observed="khỏe"))

    client.sign_in(officer)

    pages = [client.page(f"/{owner}/timeline?kind=care") for owner in (f"cases/{case.id}", f"children/{child.id}")]

    told = [[link.get_text() for link in page.soup.select("ol.timeline a")] for page in pages]
    assert sorted(what.partition(":")[0] for what in told[0]) == [
        "Chấm dứt chăm sóc thay thế (Mẫu 16)",
        "Giao, nhận trẻ em",
        "Người nhận được ghi vào danh sách (Mẫu 08, 09)",
        "Quyết định giao, nhận trẻ em (Mẫu 12)",
        "Thăm trẻ em được chăm sóc thay thế (Mẫu 13)",
        "Trình lãnh đạo giao trẻ em cho Bùi Thị Dì",
        "Đánh giá nhu cầu chăm sóc thay thế (Mẫu 10)",
    ]
    assert told[0] == told[1]
    assert "xâm hại" not in pages[0].text + pages[1].text


def test_an_answer_of_the_child_counts_as_having_been_asked(make, child):
    placement = placement_of(make, child, asked_on=None, child_opinion=None)
    assert [article for _sentence, article in care.unmet(placement)] == ["Luật Trẻ em Đ63"]

    answer(make, child, ConsentGiver.CHILD, ConsentAnswer.REFUSED)

    assert care.unmet(placement) == []


def test_deciding_against_the_word_of_the_child_needs_a_reason(client, make, child, leader):
    placement = placement_of(make, child)
    answer(make, child, ConsentGiver.CHILD, ConsentAnswer.AGREED, withdrawn_on=clock.today())
    client.sign_in(leader)
    assert "Trẻ em (từ đủ 7 tuổi) hiện không đồng ý" in client.page(f"/care/placements/{placement.id}").text

    refused = decide(client, placement)
    assert "decision_reason" in refused.errors()
    assert not decide(client, placement, decision_reason="không còn nơi nào an toàn hơn").errors()

    assert db.session.get(CarePlacement, placement.id).decision is CareDecision.APPROVED


def test_an_answer_is_recorded_from_the_placement(client, make, child, officer):
    case = make.case(child)
    placement = placement_of(make, child, case_id=case.id)
    client.sign_in(officer)
    address = f"/children/{child.id}/consents/new?placement={placement.id}"
    form = client.page(address).form()
    assert form["purpose"] == "care"

    client.send(address, {**form, "giver": "child"})

    consent = db.session.scalars(db.select(Consent)).one()
    assert (consent.case_id, care.answers_about(placement).agree) == (case.id, frozenset({ConsentGiver.CHILD}))


def test_the_evaluation_of_six_months_is_due_until_it_is_reported(client, make, child, officer):
    placement = running_since(make, child, clock.today() - timedelta(days=200))
    make.save(
        CareVisit(commune_id=child.commune_id, placement_id=placement.id, visited_on=clock.today(), observed="khỏe")
    )
    client.sign_in(officer)
    work = "Chăm sóc thay thế: đến hạn đánh giá 6 tháng (Luật Trẻ em Đ68.2)"
    assert work in client.page("/").text
    assert "Luật Trẻ em Đ68.2" in client.page("/care/?which=evaluate").text
    address = f"/care/placements/{placement.id}/evaluations/new"
    typed = {"findings": "trẻ học khá hơn", "verdict": "continue"}
    client.send(address, {**client.page(address).form(), **typed})
    assert len(care.lines(officer, Which.EVALUATE)) == 1

    made = db.session.scalars(db.select(CareEvaluation)).one()
    address = f"/care/placements/{placement.id}/evaluations/{made.id}/edit"
    early = {"reported_on": vn(clock.today() - timedelta(days=1))}
    assert "reported_on" in client.send(address, {**client.page(address).form(), **early}).errors()
    client.send(address, {**client.page(address).form(), "reported_on": vn(clock.today())})

    assert care.lines(officer, Which.EVALUATE) == []
    assert work not in client.page("/").text


def test_a_collaborator_is_told_of_visits_and_not_of_evaluations(make, village, child):
    collaborator = make.user("collaborator", village=village)
    running_since(make, child, clock.today() - timedelta(days=200), collaborator_id=collaborator.id)

    assert "care_evaluation" not in [one.what.value for one in care.lines(collaborator)[0].deadlines]


def test_the_words_of_a_placement_of_a_case_are_for_its_team_and_who_decides(client, make, child, leader):
    member, stranger = make.user("officer"), make.user("officer")
    case = make.case(child)
    teamwork.join(case, member)
    placement = placement_of(make, child, case_id=case.id)
    address = f"/care/placements/{placement.id}"

    client.sign_in(member)
    assert "điều kín" in client.page(address).text
    client.sign_in(leader)
    assert "điều kín" in client.page(address).text
    client.sign_in(stranger)
    assert "điều kín" not in client.get(address).text
    assert client.get(f"{address}/documents/mau-10").status_code != 200

    placement.decision = CareDecision.APPROVED
    db.session.commit()
    client.sign_in(leader)
    assert "điều kín" not in client.get(address).text


def before(migration: str) -> str:
    """The revision that a migration follows."""
    path = next((Path(__file__).parents[2] / "migrations/versions").glob(f"*_{migration}.py"))
    return re.search(r'^down_revision = "(\d{4})"', path.read_text(encoding="utf-8"), re.M)[1]


def test_an_upgrade_ends_what_a_child_had_twice_and_loses_nothing(served):
    with served.app_context(), audit.writing():
        child_id = Make().child().id
        db.session.remove()
        migrating.downgrade(before("care_of_cases"))
        insert = sa.text(
            "INSERT INTO care_placements (id, commune_id, child_id, decision, form, handed_over_on, created_at, updated_at)"
            " VALUES (:id, 1, :child, 'approved', 'relative', :day, '2026-01-01', '2026-01-01')"
        )
        with migrating.owners_engine() as owner, owner.begin() as connection:
            for number, day in enumerate(("2026-03-04", "2026-01-02", "2026-02-03"), start=1):
                connection.execute(insert, {"id": number, "child": child_id, "day": date.fromisoformat(day)})

        migrating.upgrade()

        found = db.session.scalars(db.select(CarePlacement).order_by(CarePlacement.id)).unique().all()
        assert [one.ended_on for one in found] == [None, date(2026, 2, 3), date(2026, 3, 4)]
        assert found[1].end_reason is CareEnd.OTHER
        db.session.remove()
