"""Breaches: 72 hours, who came across which children, and sharing protocols that exports with names cite."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import breaches, clock, deadlines
from models import Breach, Export, SharingProtocol, db
from tests.make import PASSWORD


@pytest.fixture
def officer(make):
    return make.user("officer", full_name="Phạm Thị Công Chức")


def test_seventy_two_hours_from_when_it_was_found():
    friday_night = datetime(2026, 3, 6, 23, 0, tzinfo=clock.LOCAL)

    due = deadlines.breach_notice_due(friday_night)

    assert due.due_at == datetime(2026, 3, 9, 23, 0, tzinfo=clock.LOCAL)
    assert due.article == "Luật 91/2025/QH15 Đ23.1"


def breach_of(make, officer, **values) -> Breach:
    today = clock.today()
    values = {"first_on": today, "last_on": today, **values}
    return make.save(Breach(commune_id=officer.commune_id, detected_at=clock.now(), what="mất điện thoại", **values))


def test_the_sheet_tells_who_saw_a_child_in_a_list(client, make, officer):
    village = make.village()
    child, far = make.child("Lò Thị Lộ", village=village), make.child("Lê Văn Xa", village=make.village())
    lost = make.user("collaborator", village=village, full_name="Vũ Thị Mất")
    client.sign_in(lost).get("/children/")
    breach = breach_of(make, officer, child_id=child.id)

    page = client.sign_in(officer).page(f"/privacy/breaches/{breach.id}")

    assert [(row["Người làm"], row["Việc"]) for row in page.rows()] == [("Vũ Thị Mất", "Xem danh sách trẻ em")]
    assert "Lò Thị Lộ" in page.text
    assert "Lê Văn Xa" not in page.text
    other = breach_of(make, officer, child_id=far.id)
    assert breaches.exposures(officer, other) == []


def test_a_range_is_narrowed_by_village_account_and_days(client, make, officer):
    here, there = make.village(), make.village()
    child = make.child("Lò Thị Lộ", village=here)
    make.child("Lê Văn Xa", village=there)
    client.sign_in(officer).get("/children/")
    lan = make.user("collaborator", village=here)
    client.sign_in(lan).get(f"/children/{child.id}")

    def told(**values) -> list[str]:
        found = breaches.exposures(officer, breach_of(make, officer, **values))
        return [one.event.event for one in found]

    assert told(village_id=here.id) == ["child_read", "children_listed"]
    assert told(village_id=there.id) == ["children_listed"]
    assert told(user_id=lan.id) == ["child_read"]
    yesterday = clock.today() - timedelta(days=1)
    assert told(first_on=yesterday, last_on=yesterday) == []


def test_the_administrator_sees_what_happened_and_no_child(client, make, officer):
    child = make.child("Lò Thị Lộ")
    client.sign_in(officer).get(f"/children/{child.id}")
    breach = breach_of(make, officer, child_id=child.id)

    client.sign_in(make.user("administrator"))
    page = client.page(f"/privacy/breach-events/{breach.id}")

    assert [(row["Người làm"], row["Số trẻ em"]) for row in page.rows()] == [("Phạm Thị Công Chức", "1")]
    assert "Lò Thị Lộ" not in page.text
    assert child.code not in page.text
    assert client.get(f"/privacy/breaches/{breach.id}").status_code == 403


def test_the_notice_has_what_happened_the_count_and_no_name(client, make, officer):
    child = make.child("Lò Thị Lộ")
    client.sign_in(officer).get(f"/children/{child.id}")
    breach = breach_of(make, officer, child_id=child.id)

    page = client.page(f"/privacy/breaches/{breach.id}/notice").text

    assert "mất điện thoại" in page
    assert "1 trẻ em" in page
    assert "Lò Thị Lộ" not in page


def test_days_in_the_wrong_order_are_told(client, make, officer):
    client.sign_in(officer)
    address = "/privacy/breaches/new"
    typed = {**client.page(address).form(), "what": "gửi nhầm tệp", "first_on": "05/03/2026", "last_on": "04/03/2026"}

    refused = client.send(address, typed)

    assert "last_on" in refused.errors()
    assert refused.form()["what"] == "gửi nhầm tệp"
    assert db.session.scalars(select(Breach)).all() == []


def test_an_export_with_names_cites_the_protocol(client, make, officer):
    make.child()
    today = clock.today()
    of = {"commune_id": officer.commune_id, "recipient": "Công an xã", "legal_basis": "Luật", "purpose": "đối chiếu"}
    make.save(SharingProtocol(**of, number="01/QC", content="họ tên", starts_on=today))
    old = today - timedelta(days=30)
    make.save(SharingProtocol(**of, number="00/QC", content="họ tên", starts_on=old, ends_on=today - timedelta(days=1)))
    client.sign_in(officer)
    typed = {**client.page("/workbooks/special").form(), "variant": "named", "reason": "họp", "password": PASSWORD}

    refused = client.send("/workbooks/special", typed)
    assert "protocol" in refused.errors()
    assert "00/QC" not in refused.text

    known = db.session.scalars(select(SharingProtocol).where(SharingProtocol.number == "01/QC")).one()
    assert client.post("/workbooks/special", data={**typed, "protocol": str(known.id)}).status_code == 200
    assert db.session.scalars(select(Export.protocol_id)).all() == [known.id]
    assert [row["Số tệp đã xuất"] for row in client.page("/privacy/sharing").rows()] == ["1", "0"]
