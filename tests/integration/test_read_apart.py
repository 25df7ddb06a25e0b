"""HIV/AIDS and sexual abuse are read apart: each reading recorded, by a leader for a reason only."""

from datetime import timedelta

import pytest

from app import clock, read_apart, register
from app.child_filters import ChildFilters
from models import Allowance, AllowanceBasis, AuditEvent, Change, ChildLook, db

SECRETS = ("HIV", "xâm hại tình dục", "giấy kín của bệnh viện", "k.kín")


@pytest.fixture
def child(make):
    child = make.child("Bùi Thị Mận")
    make.circumstance(child, "đ", evidence="giấy kín của bệnh viện")
    make.circumstance(child, "l.1", note="k.kín")
    make.circumstance(child, "d.2", evidence="giấy khuyết tật")
    make.save(
        Allowance(commune_id=child.commune_id, child_id=child.id, basis=AllowanceBasis.K3, monthly_amount=1250000)
    )
    return child


@pytest.fixture
def officer(make):
    return make.user("officer")


@pytest.fixture
def leader(make):
    return make.user("leader")


def heard(client, address: str) -> list[str]:
    """Of SECRETS, what a page tells; the words of the link to the page apart do not count."""
    page = client.page(address)
    for link in page.soup.select("a[href$='read-apart']"):
        link.decompose()
    return [word for word in SECRETS if word.lower() in page.text.lower()]


def events(name: str) -> int:
    return len(db.session.scalars(db.select(AuditEvent).where(AuditEvent.event == name)).all())


def test_no_page_with_other_things_tells_it_not_even_the_officer(client, child, officer):
    client.sign_in(officer)

    assert [heard(client, f"/children/{child.id}{part}") for part in ("", "/timeline")] == [[], []]
    assert "giấy khuyết tật" in client.page(f"/children/{child.id}").text
    assert "hiv" not in " ".join(str(row) for row in client.page("/children/").rows()).lower()


def test_the_officer_reads_it_apart_and_each_reading_is_recorded(client, child, officer):
    client.sign_in(officer)
    address = f"/children/{child.id}/read-apart"

    text = client.page(address).text.lower()
    client.page(address)

    assert [word for word in SECRETS if word.lower() not in text] == []
    assert events("read_apart") == 2


def test_editing_it_is_a_reading_too(client, child, officer):
    secret = next(one for one in child.circumstances if one.kind_code == "đ")
    client.sign_in(officer)

    client.page(f"/children/circumstances/{secret.id}")

    assert events("read_apart") == 1


def test_a_leader_reads_it_for_a_reason_for_three_hours(client, child, officer, leader, monkeypatch):
    client.sign_in(leader)
    address = f"/children/{child.id}/read-apart"
    asked = client.page(address)
    assert "giấy kín" not in asked.text
    assert events("read_apart") == 0
    assert "reason" in client.send(address, {**asked.form(), "reason": ""}).errors()

    shown = client.send(address, {**asked.form(), "reason": "duyệt trợ cấp"})

    assert "giấy kín của bệnh viện" in shown.text
    assert (events("read_apart_asked"), events("read_apart")) == (1, 1)
    look = db.session.scalars(db.select(ChildLook)).one()
    look.until = clock.now() - timedelta(minutes=1)
    db.session.commit()
    assert "giấy kín" not in client.page(address).text
    client.sign_in(officer)
    assert "duyệt trợ cấp" in client.page(address).text


def test_a_reason_for_one_child_opens_no_other(make, child, leader):
    other = make.child("Lò Thị Hai")
    read_apart.look(leader, other, "vì việc khác")

    assert not read_apart.may_read(leader, child)


def test_a_leader_finds_nobody_by_it(client, child, leader, officer):
    for group in ("đ", "l", "l.1"):
        assert register.count_children(officer, ChildFilters(group=group)) == 1
        assert register.count_children(leader, ChildFilters(group=group)) == 0
    client.sign_in(leader)
    assert "group=%C4%91" not in client.get("/figures/").get_data(as_text=True)
    assert "group=%C4%91" not in client.get("/dashboard/").get_data(as_text=True)
    assert "hiv" not in str(client.page("/entitlements/").rows()).lower()


def test_a_collaborator_has_no_such_page(client, make, child):
    client.sign_in(make.user("collaborator", village=child.village))

    assert client.get(f"/children/{child.id}/read-apart").status_code == 403
    assert "read-apart" not in client.get(f"/children/{child.id}").get_data(as_text=True)


def test_its_history_is_not_among_the_childs(client, child, officer):
    secret = next(one for one in child.circumstances if one.kind_code == "đ")
    secret.note = "đổi thuốc"
    db.session.commit()
    assert "đổi thuốc" in str([one.fields for one in db.session.scalars(db.select(Change))])

    assert "đổi thuốc" not in client.sign_in(officer).page(f"/children/{child.id}").text
