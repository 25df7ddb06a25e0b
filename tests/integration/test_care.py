"""Alternative care through pages: the carer 18 years older, the way to the hand-over, visits, ending at once."""

import io
from datetime import date, timedelta

import pytest
from docx import Document

from app import care, clock
from app.care import Which
from models import AuditEvent, CareDecision, CareEnd, CareForm, CarePlacement, CareVisit, FosterCarer, PartialDate, db


def vn(day: date) -> str:
    return f"{day:%d/%m/%Y}"


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


@pytest.fixture
def people(make, village):
    roles = ("officer", "leader", "collaborator")
    return {role: make.user(role, village=village if role == "collaborator" else None) for role in roles}


@pytest.fixture
def child(make, village):
    return make.child("Bùi Thị Mận", village, born=date(2015, 3, 10))


def add_carer(client, village, born: str) -> FosterCarer:
    typed = dict.fromkeys(care.CONDITIONS, "met")
    page = client.page("/care/carers/new")
    sent = client.send(
        "/care/carers/new",
        {**page.form(), **typed, "full_name": "Đỗ Thị Hậu", "born_on": born, "village_id": str(village.id),
         "registered_on": "01/02/2026", "verified_on": "02/02/2026"},
    )  # fmt: skip
    assert not sent.errors()
    return db.session.scalars(db.select(FosterCarer).order_by(FosterCarer.id.desc())).first()


def propose(client, child, carer, **typed: str) -> CarePlacement:
    today = vn(clock.today())
    page = client.page(f"/care/of-child/{child.id}/new")
    values = {
        "form": "family", "carer_id": str(carer.id), "nearer_reason": "không còn người thân", "assessed_on": today,
        "situation": "mồ côi", "needs": "học tập", "asked_on": today, "child_opinion": "muốn ở với cô Hậu",
        "first_meeting_on": "03/02/2026", "second_meeting_on": "05/02/2026",
    }  # fmt: skip
    sent = client.send(f"/care/of-child/{child.id}/new", {**page.form(), **values, **typed})
    assert not sent.errors()
    placement = db.session.scalars(db.select(CarePlacement)).one()
    client.send(f"/care/placements/{placement.id}/submit", page.form() | {"form_key": "trinh"})
    return placement


def decide(client, placement, answer="approved", **typed: str):
    page = client.page(f"/care/placements/{placement.id}/decide")
    values = {"answer": answer, "decided_on": vn(clock.today()), "decision_number": "12/QĐ-UBND"}
    return client.send(f"/care/placements/{placement.id}/decide", {**page.form(), **values, **typed})


def running(make, child, **values) -> CarePlacement:
    carer = make.save(
        FosterCarer(
            commune_id=child.commune_id, village_id=child.village_id, full_name="Đỗ Thị Hậu", phone="0912345678",
            evidence="lý lịch tư pháp",
        )
    )  # fmt: skip
    since = values.pop("since", clock.today() - timedelta(days=60))
    return make.save(
        CarePlacement(
            commune_id=child.commune_id, child_id=child.id, form=CareForm.FAMILY, carer_id=carer.id,
            situation="điều bí mật của trẻ", submitted_at=clock.now(), decision=CareDecision.APPROVED,
            decided_on=since, handed_over_on=since, **values,
        )
    )  # fmt: skip


def test_a_carer_eighteen_years_older_is_refused_until_another_is_found(client, people, village, child):
    client.sign_in(people["officer"])
    placement = propose(client, child, add_carer(client, village, "10/03/1997"))

    assert "chỉ hơn trẻ 18 tuổi" in client.page(f"/care/placements/{placement.id}").text

    client.sign_in(people["leader"])
    refused = decide(client, placement)
    assert "chỉ hơn trẻ 18 tuổi" in str(refused.errors())
    assert refused.form()["decision_number"] == "12/QĐ-UBND"
    decide(client, placement, "refused", decision_reason="chưa đủ tuổi")
    assert db.session.get(CarePlacement, placement.id).decision is CareDecision.REFUSED

    client.sign_in(people["officer"])
    other = add_carer(client, village, "1990")
    page = client.page(f"/care/placements/{placement.id}/edit")
    client.send(f"/care/placements/{placement.id}/edit", {**page.form(), "carer_id": str(other.id)})
    client.send(f"/care/placements/{placement.id}/submit", page.form() | {"form_key": "trinh-lai"})
    client.sign_in(people["leader"])
    decide(client, placement)

    assert db.session.get(CarePlacement, placement.id).decision is CareDecision.APPROVED


def test_handed_over_to_a_collaborator_who_visits(client, make, people, child):
    placement = running(make, child)
    placement.handed_over_on = None
    db.session.commit()
    client.sign_in(people["officer"])
    page = client.page(f"/care/placements/{placement.id}/hand-over")
    client.send(
        f"/care/placements/{placement.id}/hand-over",
        {**page.form(), "handed_over_on": vn(placement.decided_on), "collaborator_id": str(people["collaborator"].id)},
    )
    client.sign_in(people["collaborator"])
    assert "Bùi Thị Mận" in client.page("/care/").text

    page = client.page(f"/care/placements/{placement.id}/visits/new")
    client.send(f"/care/placements/{placement.id}/visits/new", {**page.form(), "observed": "khỏe, đi học đều"})

    assert db.session.scalars(db.select(CareVisit)).one().recorded_by_id == people["collaborator"].id
    assert care.lines(people["officer"], Which.OVERDUE) == []


def test_a_collaborator_learns_nothing_but_what_she_follows(client, make, people, child):
    placement = running(make, child, collaborator_id=people["collaborator"].id)
    client.sign_in(people["collaborator"])

    pages = [client.page(address).text for address in ("/care/", f"/children/{child.id}")]

    assert not any("bí mật" in text or "lý lịch" in text or "0912345678" in text for text in pages)
    assert client.get(f"/care/placements/{placement.id}").status_code == 403
    assert client.get("/care/carers").status_code == 403
    placement.collaborator_id = None
    db.session.commit()
    assert "Đỗ Thị Hậu" not in client.page("/care/").text + client.page(f"/children/{child.id}").text
    assert client.get(f"/care/placements/{placement.id}/visits/new").status_code == 404


def test_a_child_that_is_harmed_is_moved_at_once_by_the_officer(client, make, people, child):
    placement = running(make, child)
    client.sign_in(people["officer"])
    page = client.page(f"/care/placements/{placement.id}/end")
    address = f"/care/placements/{placement.id}/end"

    refused = client.send(address, {**page.form(), "end_reason": "asked", "end_note": "về với bà"})
    assert "end_reason" in refused.errors()
    client.send(address, {**refused.form(), "end_reason": "harmed", "end_note": "đưa về Trung tâm"})

    found = db.session.get(CarePlacement, placement.id)
    assert (found.end_reason, found.ended_on, found.end_number) == (CareEnd.HARMED, clock.today(), None)
    assert care.lines(people["officer"]) == []


def test_the_work_list_counts_overdue_visits(client, make, people, child):
    running(make, child)

    assert len(care.lines(people["officer"], Which.OVERDUE)) == 1
    client.sign_in(people["officer"])
    assert "Chăm sóc thay thế: quá hạn giao nhận, thăm, đánh giá" in client.page("/").text
    assert "Bùi Thị Mận" in client.page("/care/?which=overdue").text


def test_birth_dates_of_carers_may_be_known_in_part(client, people, village):
    client.sign_in(people["officer"])

    assert add_carer(client, village, "1990").birth == PartialDate(date(1990, 12, 31), "year")


def test_the_command_tells_visits_without_names(app, make, child):
    running(make, child)

    told = app.test_cli_runner().invoke(args=["deadlines"]).output

    assert f"{child.code}" in told
    assert "Mẫu 13" in told
    assert "Bùi" not in told


def words_of(content: bytes) -> str:
    body = Document(io.BytesIO(content)).element.body
    return "".join(run.text or "" for run in body.iter() if run.tag.endswith("}t"))


def test_every_form_is_filled_in_and_named_without_the_child(client, make, people, child):
    placement = running(make, child, decision_number="12/QĐ-UBND", ended_on=clock.today(), end_reason=CareEnd.REUNITED)
    visited = {"visited_on": clock.today(), "observed": "khỏe, đi học đều"}
    make.save(CareVisit(commune_id=child.commune_id, placement_id=placement.id, **visited))
    client.sign_in(people["officer"])
    told = {}
    for code in ("mau-10", "mau-12", "mau-13", "mau-15", "mau-16"):
        response = client.get(f"/care/placements/{placement.id}/documents/{code}")
        assert response.status_code == 200, code
        assert f"{code}-{placement.number}.docx" in response.headers["Content-Disposition"]
        told[code] = words_of(response.data)

    assert all("Bùi Thị Mận" in text and "Đỗ Thị Hậu" in text for text in told.values())
    assert "điều bí mật của trẻ" in told["mau-10"]
    assert "12/QĐ-UBND" in told["mau-12"]
    assert "khỏe, đi học đều" in told["mau-13"]
    assert "đoàn tụ" in told["mau-16"]
    assert "lý lịch tư pháp" not in "".join(told.values())
    assert "lý lịch tư pháp" in words_of(client.get(f"/care/carers/{placement.carer_id}/documents/mau-11").data)
    assert "Đỗ Thị Hậu" in words_of(client.get(f"/care/carers/{placement.carer_id}/documents/mau-08").data)
    assert "lý lịch tư pháp" not in words_of(client.get("/care/carers/document").data)


def test_a_form_whose_step_is_not_reached_is_not_there(client, make, people, child):
    placement = running(make, child)
    client.sign_in(people["officer"])

    assert client.get(f"/care/placements/{placement.id}/documents/mau-16").status_code == 404
    assert client.get(f"/care/placements/{placement.id}/documents/mau-13").status_code == 404


def test_opening_what_was_verified_of_a_carer_is_recorded(client, make, people, child):
    placement = running(make, child)
    client.sign_in(people["officer"])

    client.page(f"/care/carers/{placement.carer_id}/edit")

    events = db.session.scalars(db.select(AuditEvent).where(AuditEvent.event == "carer_read")).all()
    assert [(one.user_id, one.record_id) for one in events] == [(people["officer"].id, placement.carer_id)]
