"""A case taken in from another commune: its child put on the register, one case a file, one open transfer a case."""

import io
import threading
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import audit, clock, transfers
from models import Case, Child, PartialDate, RelativeKind, RelativeState, Sex, Transfer, db
from tests.make import Make

PASSWORD = "mot mat khau dai"


def packed(make, child, by) -> bytes:
    """A package of a case about this child."""
    case = make.case(child, assigned_to_id=by.id)
    transfer = Transfer(other_commune="xã Cao Thắng", reason="Theo mẹ chuyển đến")
    transfers.send(by, case, transfer, PASSWORD)
    db.session.commit()
    return transfer.package


def take(client, package: bytes):
    data = {
        **client.page("/cases/transfers/receive").form(),
        "file": (io.BytesIO(package), "ho-so.mnhs"),
        "password": PASSWORD,
    }
    return client.send("/cases/transfers/receive", data, content_type="multipart/form-data")


@pytest.fixture
def sent(make):
    """A package from xã Bên about a child with a number and a dead father."""
    away = make.village("Thôn Xa", make.commune("xã Bên"))
    child = make.child("Lê Thị Mận", away, born=date(2015, 3, 10), sex=Sex.FEMALE, personal_id="001315000017")
    make.relative(child, RelativeKind.FATHER, "Lê Văn Tài", RelativeState.DEAD)
    return packed(make, child, make.user("officer", commune=away.commune))


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


@pytest.fixture
def officer(make, village):
    return make.user("officer", commune=village.commune)


@pytest.fixture
def received(client, sent, officer) -> Case:
    take(client.sign_in(officer), sent)
    return db.session.scalars(select(Case).where(Case.commune_id == officer.commune_id)).unique().one()


def address_of(case: Case) -> str:
    return f"/cases/{case.id}/transfers/{case.transfers[0].id}/child"


def test_the_child_of_the_package_is_added_in_one_step(client, received, village):
    page = client.page(f"/cases/{received.id}/transfers/{received.transfers[0].id}")
    assert page.soup.select(f"a[href='{address_of(received)}']")

    client.send(address_of(received), {**client.page(address_of(received)).form(), "village_id": str(village.id)})

    child = db.session.get(Case, received.id).child
    assert (child.full_name, child.birth, child.sex, child.personal_id, child.village_id) == (
        "Lê Thị Mận", PartialDate(date(2015, 3, 10)), Sex.FEMALE, "001315000017", village.id,
    )  # fmt: skip
    assert [(one.kind, one.full_name, one.state) for one in child.relatives] == [
        (RelativeKind.FATHER, "Lê Văn Tài", RelativeState.DEAD)
    ]
    assert [one.happened_on for one in child.movements] == [clock.today()]
    assert child.commune_id == received.commune_id


def test_who_may_be_the_same_is_shown_first_and_can_be_chosen(client, make, received, village):
    known = make.child("Lê Thị Mận", village, born=date(2015, 3, 10))
    form = {"village_id": str(village.id), "form_key": "một"}

    warned = client.send(address_of(received), form)

    assert "có thể là trẻ này" in warned.text
    assert received.child_id is None
    button = warned.soup.select_one(f"form[action='/cases/{received.id}/child']")
    client.send(button["action"], {one["name"]: one.get("value", "") for one in button.select("input[name]")})
    assert db.session.get(Case, received.id).child_id == known.id


def test_another_child_alike_is_added_when_the_person_says_so(client, make, received, village):
    make.child("Lê Thị Mận", village, born=date(2015, 3, 10))

    client.send(address_of(received), {"village_id": str(village.id), "warned": "1", "form_key": "hai"})

    assert db.session.get(Case, received.id).child.personal_id == "001315000017"


def test_a_number_that_is_anothers_adds_nobody(client, make, received, village):
    make.child("Lò Văn Khác", village, personal_id="001315000017")
    before = db.session.scalar(select(func.count(Child.id)))

    page = client.send(address_of(received), {"village_id": str(village.id), "warned": "1", "form_key": "ba"})

    assert "Số định danh này đã có trong sổ" in page.text
    assert db.session.scalar(select(func.count(Child.id))) == before


def test_no_village_is_told_at_the_field(client, received):
    assert "village_id" in client.send(address_of(received), {"village_id": "", "form_key": "bốn"}).errors()


def test_a_case_is_on_its_way_to_one_commune_at_a_time(client, make, village, officer):
    case = make.case(make.child(village=village), assigned_to_id=officer.id)
    client.sign_in(officer)
    typed = {"other_commune": "xã Bên", "reason": "Chuyển theo mẹ", "password": PASSWORD, "form_key": "năm"}
    client.send(f"/cases/{case.id}/transfers/new", typed)

    again = client.send(f"/cases/{case.id}/transfers/new", typed | {"form_key": "sáu"})

    assert "đang chuyển cho một xã" in again.text
    assert len(case.transfers) == 1
    with pytest.raises(IntegrityError):
        make.save(
            Transfer(
                commune_id=case.commune_id, case_id=case.id, direction="out", checksum="x", made_at=clock.now(),
                made_by_id=officer.id, other_commune="xã Bên", reason="lần nữa",
            )
        )  # fmt: skip


def test_a_transfer_that_was_given_up_keeps_no_package_and_cannot_be_signed(client, make, village, officer):
    case = make.case(make.child(village=village), assigned_to_id=officer.id)
    package = Transfer(other_commune="xã Bên", reason="Chuyển")
    transfers.send(officer, case, package, PASSWORD)
    db.session.commit()
    client.sign_in(officer)
    client.send(f"/cases/{case.id}/transfers/{package.id}/withdraw", {"form_key": "bảy"})

    signed = {"receipt_on": f"{clock.today():%d/%m/%Y}", "receipt_by": "Ai đó", "form_key": "tám"}
    client.send(f"/cases/{case.id}/transfers/{package.id}", signed)

    found = db.session.get(Transfer, package.id)
    assert (found.package, found.receipt_on, case.closed_at) == (None, None, None)
    assert "Đã hủy lần chuyển cho xã Bên" in client.page(f"/cases/{case.id}").text


def test_one_file_sent_by_two_at_once_is_one_case_and_no_error(served):
    with served.app_context(), audit.writing():
        make = Make()
        away = make.village("Thôn Xa", make.commune("xã Bên"))
        package = packed(make, make.child("Lê Thị Mận", away), make.user("officer", commune=away.commune))
        people = [make.user("officer", commune=make.home) for _ in range(2)]
        clients = [served.test_client().sign_in(person) for person in people]
        db.session.remove()
    gate, answers = threading.Barrier(2), []

    def send(client) -> None:
        page = client.page("/cases/transfers/receive")
        data = {**page.form(), "file": (io.BytesIO(package), "ho-so.mnhs"), "password": PASSWORD}
        gate.wait()
        answers.append(client.post("/cases/transfers/receive", data=data, content_type="multipart/form-data"))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with served.app_context():
        assert db.session.scalar(select(func.count(Transfer.id)).where(Transfer.direction == "in")) == 1
        db.session.remove()
