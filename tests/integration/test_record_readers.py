"""Who opened a child's record, as the officer sees it."""

import pytest

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
