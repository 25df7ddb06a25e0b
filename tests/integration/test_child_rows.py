"""A line of the list of children, and what stands around the lines."""

from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from app import access, child_rows, clock
from app.child_filters import ChildFilters
from models import LeftReason, PartialDate, Precision, RelativeKind, UserVillage, clean, db
from tests.make import Make
from tests.page import Client


def rows(client: Client, address: str = "/children/") -> list[dict[str, Any]]:
    return client.page(address).rows()  # type: ignore[no-any-return]


def test_a_line_tells_who_where_with_whom_and_in_what_circumstances(client: Client, make: Make) -> None:
    village = make.village("Thôn Đông")
    child = make.child("Trần Thị Lan", village, born=clean.month_date(2020, 6))
    make.relative(child, RelativeKind.FATHER, "Trần Văn Cha")
    make.relative(child, RelativeKind.MOTHER, "Lê Thị Mẹ")
    make.circumstance(child, "d.2")
    make.circumstance(child, "d.1", confirmed=False)
    client.sign_in(make.user("officer"))

    page = client.page("/children/")

    (row,) = page.rows()
    assert list(row.values())[:5] == ["Trần Thị Lan", "Nam", "06/2020", "Thôn Đông", "Trần Văn Cha, Lê Thị Mẹ"]
    tags = page.soup.select("tbody .tag")
    assert [(tag.get_text(strip=True), "warning" in tag["class"]) for tag in tags] == [("d.2", False), ("d.1", True)]
    assert page.soup.select_one("tbody th a")["href"] == f"/children/{child.id}"


def test_without_named_parents_the_head_of_the_household_stands_there(client: Client, make: Make) -> None:
    village = make.village()
    household = make.household("Phạm Văn Chủ", village)
    child = make.child(None, village, household=household, born=PartialDate(clock.today(), Precision.ESTIMATED))
    make.relative(child, full_name=None)
    client.sign_in(make.user("officer"))

    (row,) = rows(client)

    assert row["Họ và tên"] == "(chưa đặt tên)"
    assert row["Ngày sinh"] == f"khoảng {clock.today().year}"
    assert row["Cha, mẹ hoặc chủ hộ"] == "Phạm Văn Chủ"


def test_who_has_left_is_marked(client: Client, make: Make) -> None:
    make.child(left_on=clock.today(), left_reason=LeftReason.MOVED_OUT)
    client.sign_in(make.user("officer"))

    (row,) = rows(client, "/children/?presence=left")

    assert "Chuyển đi" in row["Hoàn cảnh"]


def test_a_line_keeps_what_lists_do_not_tell(client: Client, make: Make) -> None:
    make.circumstance(make.child("Trần Thị Kín"), "đ")
    client.sign_in(make.user("officer"))

    (row,) = rows(client)

    assert row["Hoàn cảnh"] == ""


def test_the_count_kept_in_memory_follows_every_change(client: Client, make: Make) -> None:
    village = make.village()
    make.child("Trần Một", village)
    client.sign_in(make.user("officer"))
    assert "1 trẻ em" in client.page("/children/").text

    second = make.child("Trần Hai", village)
    assert "2 trẻ em" in client.page("/children/").text

    second.left_on, second.left_reason = clock.today(), LeftReason.DIED
    make.save(second)
    assert "1 trẻ em" in client.page("/children/").text


def test_a_village_made_since_is_offered(client: Client, make: Make) -> None:
    client.sign_in(make.user("officer"))
    client.page("/children/")

    make.village("Thôn Mới Lập")

    offered = client.page("/children/").soup.select("#filter-village option")
    assert "Thôn Mới Lập" in [option.get_text() for option in offered]


def test_who_works_in_one_village_counts_and_is_offered_only_it(client: Client, make: Make) -> None:
    here, there = make.village("Thôn Đây"), make.village("Thôn Kia")
    make.child("Trần Đây", here)
    make.child("Trần Kia", there)
    client.sign_in(make.user("officer")).page("/children/")

    page = client.sign_in(make.user("collaborator", village=here)).page("/children/")

    assert "1 trẻ em" in page.text
    assert [option.get_text() for option in page.soup.select("#filter-village option")][1:] == ["Thôn Đây"]


def test_questions_kept_for_a_scope_follow_a_new_village_at_once(client: Client, make: Make) -> None:
    east, west = make.village("Thôn Đông"), make.village("Thôn Tây")
    make.child("Trần Một", east)
    make.child("Trần Hai", west)
    user = make.user("collaborator", village=east)
    client.sign_in(user)
    assert [row["Họ và tên"] for row in rows(client)] == ["Trần Một"]

    user.villages_held.append(UserVillage(village=west))
    make.save(user)

    assert [row["Họ và tên"] for row in rows(client)] == ["Trần Hai", "Trần Một"]


@pytest.mark.parametrize("role", ["collaborator", "officer", "leader", "viewer", "administrator"])
def test_a_question_kept_for_a_scope_is_what_the_person_herself_would_ask(make: Make, role: str) -> None:
    user = make.user(role, village=make.village("Thôn Đông"))
    stranger = access.Scope.of(user).person()
    filters = ChildFilters(village=user.villages_held[0].village_id)

    for ask in (access.visible_children, access.visible_relatives, access.visible_circumstances):
        assert spelled(ask(stranger)) == spelled(ask(user))
    kept = child_rows._kept_lines(access.Scope.of(user), filters, clock.today())
    assert spelled(kept.children) == spelled(child_rows._lines(user, filters, "").children)
    assert stranger not in db.session


def spelled(query: Any) -> str:
    return str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def test_narrowing_keeps_the_search(client: Client, make: Make) -> None:
    make.child("Trần Một")
    client.sign_in(make.user("officer"))

    page = client.send("/children/search", {"words": "mot"})

    (row,) = page.rows()
    hidden = page.soup.select_one("input[type=hidden][name=search]")
    assert page.soup.select_one(f"form#{hidden['form']}[method=get] select[name=village]")
    assert client.page(f"/children/?search={hidden['value']}&sex=male").rows() == [row]
