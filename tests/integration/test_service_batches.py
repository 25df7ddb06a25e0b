"""One entry for many children: confirmed, whole or not at all, sent twice once, taken back."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from models import Change, Child, Service, ServiceBatch, ServiceKind, ServiceOutcome, db
from tests.make import Make
from tests.page import Client, Page

GIFT = {"kind": "gift", "description": "Quà 1/6", "done_on": "1/6/2026", "outcome": "done", "cost": "50.000"}


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def children(make: Make, village) -> list[Child]:
    return [make.child(name, village) for name in ("Vàng Thị An", "Vàng Thị Bình", "Vàng Thị Chi")]


@pytest.fixture
def officer(make: Make):
    return make.user("officer")


def check(client: Client, address: str, **values: Any) -> Page:
    return client.send(address, {**GIFT, "form_key": "check", **values})


def confirm(client: Client, page: Page, **values: Any) -> Page:
    return client.send(str(page.response.request.full_path), {**page.form(), "step": "save", **values})


def stored() -> list[Service]:
    db.session.expire_all()
    return list(db.session.scalars(select(Service).order_by(Service.child_id)).unique())


def test_all_that_the_list_shows_are_given_the_same(client, make, village, children, officer):
    make.child("Lò Văn Xa", make.village("Thôn Xa"))
    client.sign_in(officer)
    [link] = [
        one["href"]
        for one in client.page(f"/children/?village={village.id}").soup.select("a[href^='/services/batches/new']")
    ]

    page = check(client, link)
    assert stored() == []
    assert "3 trẻ em sẽ được ghi" in page.text
    assert "150.000" in page.text
    confirm(client, page)

    services = stored()
    [batch] = db.session.scalars(select(ServiceBatch))
    assert [service.child_id for service in services] == [child.id for child in children]
    assert {(one.kind, one.cost, one.done_on, one.outcome) for one in services} == {
        (ServiceKind.GIFT, 50_000, date(2026, 6, 1), ServiceOutcome.DONE)
    }
    assert {one.batch_id for one in services} == {batch.id}
    assert batch.count == 3
    changes = db.session.scalars(select(Change).where(Change.record_table == "services")).all()
    assert {change.subject_id for change in changes} == {child.id for child in children}
    assert {change.by_user_id for change in changes} == {officer.id}
    assert len(client.page(f"/services/?batch={batch.id}").rows()) == 3


def test_who_is_left_out_is_told_with_the_reason(client, make, village, children, officer):
    of_child = {"commune_id": officer.commune_id, "kind": ServiceKind.GIFT, "description": "Quà 1/6"}
    make.save(Service(child_id=children[0].id, **of_child, done_on=date(2026, 5, 30)))
    make.save(Service(child_id=children[1].id, **of_child, done_on=date(2025, 6, 1)))
    make.child("Vàng Thị Lớn", village, born=date(2010, 6, 2))
    make.child("Vàng Thị Sắp Sinh", village, born=date(2026, 6, 5))
    client.sign_in(officer)

    page = check(
        client,
        "/services/batches/new?presence=all",
        offered="1",
        ticked=[str(one.id) for one in db.session.scalars(select(Child)) if one.id != children[2].id],
    )

    assert "2 trẻ em sẽ được ghi" in page.text
    assert "Đã bỏ chọn: 1 trẻ em Vàng Thị Chi" in page.text
    assert "chưa sinh hoặc đã đủ 16 tuổi: 1 trẻ em Vàng Thị Sắp Sinh" in page.text
    assert "cùng loại, cùng nội dung: 1 trẻ em Vàng Thị An" in page.text
    confirm(client, page)
    assert {one.child.full_name for one in stored() if one.batch_id} == {"Vàng Thị Bình", "Vàng Thị Lớn"}


def test_the_form_sent_twice_makes_one_batch(client, children, officer):
    page = check(client.sign_in(officer), "/services/batches/new")

    for _time in range(3):
        confirm(client, page)

    assert len(stored()) == 3
    assert len(db.session.scalars(select(ServiceBatch)).all()) == 1


def test_what_was_not_confirmed_is_not_written(client, make, village, children, officer):
    page = check(client.sign_in(officer), "/services/batches/new")
    make.child("Vàng Thị Mới", village)

    again = confirm(client, page)
    assert "danh sách trẻ vừa thay đổi" in again.text
    assert stored() == []
    confirm(client, again)

    assert len(stored()) == 4


def test_one_may_go_back_and_keeps_what_was_typed(client, children, officer):
    page = check(client.sign_in(officer), "/services/batches/new", offered="1", ticked=[str(children[0].id)])

    back = confirm(client, page, step="edit")

    ticked = [box["value"] for box in back.soup.select("input[name=ticked][checked]")]
    assert (back.form()["description"], back.form()["cost"]) == ("Quà 1/6", "50.000")
    assert ticked == [str(children[0].id)]
    assert stored() == []


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [({"description": ""}, {"description"}), ({"done_on": "1/6/2090"}, {"done_on"}), ({"cost": "x"}, {"cost"})],
)
def test_bad_input_is_told_before_anybody_is_asked_to_confirm(client, children, officer, wrong, errors):
    page = check(client.sign_in(officer), "/services/batches/new", **wrong)

    assert (page.status, set(page.errors())) == (422, errors)


def test_an_empty_list_is_told(client, officer):
    page = client.sign_in(officer).send("/services/batches/new", {})

    assert "Không có trẻ em nào trong danh sách" in page.text


def test_a_collaborator_gives_in_her_own_villages(client, make, village, children):
    make.child("Lò Văn Xa", make.village("Thôn Xa"))
    collaborator = make.user("collaborator", village=village)
    client.sign_in(collaborator)

    page = check(client, "/services/batches/new")
    confirm(client, page)

    assert [one.child_id for one in stored()] == [child.id for child in children]
    assert {(one.outcome, one.cost, one.recorded_by_id) for one in stored()} == {
        (ServiceOutcome.DONE, None, collaborator.id)
    }


class TestUndo:
    @pytest.fixture
    def batch(self, client, children, officer) -> ServiceBatch:
        confirm(client, check(client.sign_in(officer), "/services/batches/new"))
        return db.session.scalars(select(ServiceBatch)).one()

    def undo(self, client: Client, batch: ServiceBatch, key: str = "undo") -> Page:
        return client.send(f"/services/batches/{batch.id}/undo", {"form_key": key})

    def test_all_go_and_the_history_tells(self, client, batch):
        page = self.undo(client, batch)

        assert stored() == []
        assert "Đã xóa 3 dịch vụ của đợt" in page.text
        deleted = db.session.scalars(select(Change).where(Change.action == "deleted")).all()
        assert len(deleted) == 3
        assert "đã hoàn tác rồi" in self.undo(client, batch, "again").text

    def test_what_was_edited_since_is_kept_and_told(self, client, batch):
        edited = stored()[1]
        form = client.page(f"/services/{edited.id}/edit").form()
        client.send(f"/services/{edited.id}/edit", {**form, "note": "đổi sang tiền mặt"})

        page = self.undo(client, batch)

        assert [one.id for one in stored()] == [edited.id]
        assert "Giữ lại 1 dịch vụ vì đã được sửa sau khi ghi" in page.text

    def test_only_the_officer_and_who_wrote_it(self, client, make, village, batch):
        client.sign_in(make.user("collaborator", village=village))

        assert client.post(f"/services/batches/{batch.id}/undo", data={"form_key": "1"}).status_code == 404
        assert client.page("/services/batches").soup.select("table") == []
        assert len(stored()) == 3


def test_three_thousand_children_in_one_request(client, make, village, officer):
    db.session.add_all(
        Child(commune_id=village.commune_id, village_id=village.id, code=f"TE-{number}", full_name=f"Lò Thị {number}",
              born_on=date(2018, 1, 1), sex="female")
        for number in range(3000)
    )  # fmt: skip
    db.session.commit()
    page = check(client.sign_in(officer), "/services/batches/new")
    began = clock.now()

    confirm(client, page)
    seconds = (clock.now() - began).total_seconds()

    assert len(stored()) == 3000
    assert seconds < 30, "a few seconds on an office PC; the margin is for a busy test machine"
