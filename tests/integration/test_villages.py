"""Villages at a glance: each figure equals the list it opens; the book holds no more than its keeper may know."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from models import AuditEvent, Movement, MovementKind, User, Village, db
from tests.make import Make
from tests.page import Client


@pytest.fixture
def village(make: Make) -> Village:
    return make.village("Thôn Đông")


@pytest.fixture
def collaborator(make: Make, village: Village) -> User:
    return make.user("collaborator", village=village)


def _figures(page: object) -> dict[str, int]:
    return {
        line.dt.get_text(strip=True): int(line.dd.get_text(strip=True).replace(".", ""))
        for line in page.soup.select("dl.counts > div")  # type: ignore[attr-defined]
    }


def test_every_number_of_a_village_opens_exactly_its_list(client: Client, make: Make, village: Village) -> None:
    elsewhere = make.village("Thôn Tây")
    for number in range(3):
        make.child(f"Nguyễn Văn {'ABC'[number]}", village, personal_id=None)
    make.circumstance(make.child("Trần Thị Bình", village), "a.1")
    make.child("Lê Văn Xa", elsewhere)
    client.sign_in(make.user("officer"))

    page = client.page(f"/villages/{village.id}")
    opened = {}
    for link in page.soup.select("dl.counts a[href^='/children']"):
        listed = client.page(link["href"])
        opened[link["href"]] = (link.get_text(strip=True), re.search(r"(\d+) trẻ em", listed.text).group(1))  # type: ignore[union-attr]

    assert _figures(page)["Trẻ em"] == 4
    assert _figures(page)["Hoàn cảnh đặc biệt"] == 1
    assert _figures(page)["Chưa có số định danh"] == 4
    assert opened
    assert [pair for pair in opened.values() if pair[0] != pair[1]] == []


def test_what_is_new_this_month_is_counted_where_it_happened(client: Client, make: Make, village: Village) -> None:
    child = make.child(village=village)
    db.session.add(
        Movement(commune_id=child.commune_id, child=child, kind=MovementKind.MOVED_IN, happened_on=clock.today(), to_village_id=village.id)
    )  # fmt: skip
    db.session.commit()
    client.sign_in(make.user("officer"))

    found = _figures(client.page(f"/villages/{village.id}"))

    assert (found["Mới ghi vào sổ"], found["Chuyển đến"], found["Chuyển đi"]) == (1, 1, 0)


def test_a_village_is_asked_three_things_the_most_pressing_first(client: Client, make: Make, village: Village) -> None:
    case = make.case(make.child(village=village), received_at=clock.now() - timedelta(days=30))
    case.village_id = village.id
    db.session.commit()
    client.sign_in(make.user("officer"))

    asked = [item.get_text(" ", strip=True) for item in client.page(f"/villages/{village.id}").soup.select(".to-do li")]

    assert len(asked) == 3
    assert asked[0].startswith("Làm ngay bước quá hạn của vụ việc")


def test_a_collaborator_sees_her_villages_alone(client: Client, make: Make, collaborator: User) -> None:
    elsewhere = make.village("Thôn Tây")
    client.sign_in(collaborator)

    assert "Thôn Tây" not in client.page("/villages/").text
    assert client.get(f"/villages/{elsewhere.id}").status_code == 404
    assert client.get(f"/villages/{elsewhere.id}/book").status_code == 404


def test_the_book_holds_every_child_and_nothing_secret(
    client: Client, make: Make, collaborator: User, village: Village
) -> None:
    child = make.child("Nguyễn Thị Hoa", village)
    make.relative(child, full_name="Trần Thị Mẹ")
    make.circumstance(child, "a.1")
    secret = make.circumstance(make.child("Lê Văn Kín", village), "đ")
    make.child("Lê Văn Xa", make.village("Thôn Tây"))
    client.sign_in(collaborator)

    page = client.page(f"/villages/{village.id}/book")

    assert [row["Họ và tên"] for row in page.rows()] == ["Nguyễn Thị Hoa", "Lê Văn Kín"]
    assert "Trần Thị Mẹ" in page.text
    assert secret.kind.wording not in page.text
    assert "HIV" not in page.text
    printed = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "list_printed")).one()
    assert (printed.details["what"], printed.details["count"]) == ("village_book", 2)
