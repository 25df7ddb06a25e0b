"""Who opened a child's record, as the officer sees it."""

import pytest

from app import audit, clock, record_readers
from app.periods import Period
from app.workbooks import Variant, making
from models import Child, db
from tests.make import Make
from tests.page import Client


def test_the_officer_sees_who_opened_the_record_and_when(client: Client, make: Make) -> None:
    village = make.village()
    child = make.child(village=village)
    other = make.child("Lê Thị Khác", village=village)
    lan = make.user("collaborator", village=village, full_name="Phạm Thị Lan")
    client.sign_in(lan).get(f"/children/{child.id}")
    client.get(f"/children/{other.id}")

    page = client.sign_in(make.user("officer")).page(f"/children/{child.id}/readers")

    assert [(row["Người làm"], row["Việc"]) for row in page.rows()] == [("Phạm Thị Lan", "Xem hồ sơ trẻ em")]
    assert "Lê Thị Khác" not in page.text


def test_a_list_a_search_and_a_file_that_showed_the_child_are_among_them(client: Client, make: Make) -> None:
    village = make.village()
    child = make.child("Đỗ Văn Tìm", village=village)
    far = make.child("Lê Thị Khác", village=make.village())
    officer = make.user("officer")
    client.sign_in(make.user("collaborator", village=village)).get("/children/")
    client.send("/children/search", {"words": "do van tim"}, headers={"X-Fragment": "1"})
    asked = making.brief(make.home, Period.read(str(clock.today().year)), Variant.NAMED, village=village)
    making.note("register", asked, making.make("register", asked), officer)
    db.session.commit()

    def told(child: Child) -> list[str]:
        return [event.event for event in record_readers.of_child(officer, child)]

    assert told(child) == ["workbook_exported", "children_searched", "children_listed"]
    assert told(far) == []
    today = clock.today()
    found = record_readers.between(officer, today, today, {child.id})
    assert [one.event.event for one in found] == told(child)
    assert record_readers.between(officer, today, today, {far.id}) == []


def test_an_event_that_shows_no_children_takes_none(make: Make) -> None:
    with pytest.raises(ValueError, match="signed_in"):
        audit.record("signed_in", make.user("officer"), children=[1])


def test_looking_at_the_readers_is_seen_too(client: Client, make: Make) -> None:
    child = make.child()
    client.sign_in(make.user("officer"))

    client.get(f"/children/{child.id}/readers")

    assert [row["Việc"] for row in client.page(f"/children/{child.id}/readers").rows()] == ["Xem ai đã mở hồ sơ"]


def test_the_title_and_the_address_hold_no_name(client: Client, make: Make) -> None:
    child = make.child("Nguyễn Thị Kín")
    client.sign_in(make.user("officer"))

    assert "Kín" not in client.page(f"/children/{child.id}/readers").soup.title.get_text()


@pytest.mark.parametrize("role", ["collaborator", "leader", "viewer", "administrator"])
def test_others_do_not(client: Client, make: Make, role: str) -> None:
    village = make.village()
    child = make.child(village=village)

    assert client.sign_in(make.user(role, village=village)).get(f"/children/{child.id}/readers").status_code == 403
