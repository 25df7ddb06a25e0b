"""Filters kept under a name, and columns chosen, on the lists of children, cases and households."""

import pytest
from sqlalchemy import select

from app import clock
from models import Change, ChosenColumns, SavedFilter, Sex, User, db
from tests.make import Make
from tests.page import Client

KEEP = "/my-lists/filters/new?list=children&sex=female"


@pytest.fixture
def officer(client: Client, make: Make) -> User:
    user = make.user("officer")
    client.sign_in(user)
    return user


def links(client: Client, address: str) -> list[str]:
    return [link.get_text() for link in client.page(address).soup.select(".kept-filters a")]


def test_a_filter_is_kept_found_renamed_and_forgotten(client: Client, officer: User) -> None:
    assert links(client, "/children/?sex=female") == ["Giữ bộ lọc này", "Chọn cột"]

    answer = client.post(KEEP, data={"name": "Bé gái"})

    assert (answer.status_code, answer.location) == (303, "/children/?sex=female")
    assert links(client, "/children/") == ["Bé gái", "Chọn cột"]
    kept = db.session.scalars(select(SavedFilter)).one()
    client.post(f"/my-lists/filters/{kept.id}/edit", data={"name": "Nữ"})
    assert links(client, "/children/?sex=female") == ["Nữ", "đổi tên, xóa", "Chọn cột"]
    client.post(f"/my-lists/filters/{kept.id}/delete")
    assert links(client, "/children/") == ["Chọn cột"]


def test_a_filter_deleted_by_mistake_is_taken_back_by_one_button(client: Client, officer: User) -> None:
    client.post(KEEP, data={"name": "Bé gái"})
    kept = db.session.scalars(select(SavedFilter)).one()

    page = client.send(f"/my-lists/filters/{kept.id}/delete")
    assert client.get(f"/my-lists/filters/{kept.id}/edit").status_code == 404
    [button] = page.soup.select(".notice form")
    assert button.get_text(strip=True) == "Hoàn tác"
    page = client.send(button["action"], {"form_key": button.select_one("[name=form_key]")["value"]})

    assert "Đã lấy lại bộ lọc “Bé gái”" in page.text
    assert links(client, "/children/") == ["Bé gái", "Chọn cột"]


def test_what_was_deleted_a_day_ago_goes_for_good(client: Client, officer: User) -> None:
    for name in ("Bé gái", "Bé trai"):
        client.post(KEEP, data={"name": name})
    old, new = db.session.scalars(select(SavedFilter).order_by(SavedFilter.id))
    old.removed_at = clock.days_ago(2)
    db.session.commit()

    client.post(f"/my-lists/filters/{new.id}/delete")

    assert [one.name for one in db.session.scalars(select(SavedFilter))] == ["Bé trai"]


def test_sent_twice_it_is_kept_once(client: Client, officer: User) -> None:
    for _time in range(2):
        assert client.post(KEEP, data={"name": "Bé gái", "form_key": "a" * 22}).status_code == 303

    assert len(db.session.scalars(select(SavedFilter)).all()) == 1


def test_without_a_name_nothing_is_kept(client: Client, officer: User) -> None:
    page = client.send(KEEP, {"name": " "})

    assert (page.status, set(page.errors())) == (422, {"name"})
    assert db.session.scalars(select(SavedFilter)).all() == []


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ("list=children&sex=female&search=abc&words=Lan&sort=x", {"sex": "female"}),
        ("list=cases&due=overdue&search=abc&name=Lan", {"due": "overdue"}),
        ("list=households&village=1&status=poor&search=abc", {"village": "1", "status": "poor"}),
        ("list=households&village=x&status=rich", {}),
    ],
)
def test_only_codes_are_kept_no_words(address: str, filters: dict[str, str], client: Client, officer: User) -> None:
    client.post(f"/my-lists/filters/new?{address}", data={"name": "Lọc"})

    assert db.session.scalars(select(SavedFilter)).one().filters == filters


def test_the_history_does_not_tell_its_name(client: Client, officer: User) -> None:
    client.post(KEEP, data={"name": "Bé gái"})

    told = db.session.scalars(select(Change).where(Change.record_table == "saved_filters")).all()
    assert not any("Bé gái" in str(one.fields) for one in told)


def test_somebody_elses_filter_is_not_found(client: Client, officer: User, make: Make) -> None:
    client.post(KEEP, data={"name": "Bé gái"})
    kept = db.session.scalars(select(SavedFilter)).one()
    client.sign_in(make.user("officer"))

    assert client.get(f"/my-lists/filters/{kept.id}/edit").status_code == 404
    assert client.post(f"/my-lists/filters/{kept.id}/delete").status_code == 404
    assert client.post(f"/my-lists/filters/{kept.id}/restore").status_code == 404
    assert links(client, "/children/") == ["Chọn cột"]


def test_an_unknown_list_is_not_found(client: Client, officer: User) -> None:
    assert client.get("/my-lists/filters/new?list=users").status_code == 404


def test_columns_of_children_are_chosen_shown_and_set_back(client: Client, officer: User, make: Make) -> None:
    make.child("Đỗ Thị Đôi", sex=Sex.FEMALE, school_name="Tiểu học A")
    before = client.page("/children/").rows()
    usual = [box["value"] for box in client.page("/my-lists/columns").soup.select("input[checked]")]

    client.post("/my-lists/columns", data={"columns": ["c5", "c21"]})

    assert client.page("/children/").rows() == [
        {"Họ và tên": "Đỗ Thị Đôi", "Giới tính": "Nữ", "Trường, lớp": "Tiểu học A"}
    ]
    found = client.post("/children/search", data={"words": "doi"}, headers={"X-Fragment": "1"})
    assert "Tiểu học A" in found.get_data(as_text=True)
    client.post("/my-lists/columns", data={"columns": usual})
    assert client.page("/children/").rows() == before
    assert db.session.scalars(select(ChosenColumns)).all() == []


def test_columns_of_cases_and_households_are_chosen(client: Client, officer: User, make: Make) -> None:
    make.household(phone="0912345678")
    make.case(make.child())

    client.post("/my-lists/columns?list=cases", data={"columns": ["child", "worker"]})
    client.post("/my-lists/columns?list=households", data={"columns": ["phone"]})

    assert [list(row) for row in client.page("/cases/").rows()] == [["Số", "Trẻ em", "Người phụ trách"]]
    assert client.page("/households/").rows() == [{"Chủ hộ": "Nguyễn Văn Chủ", "Điện thoại": "0912345678"}]


def test_one_column_at_least(client: Client, officer: User) -> None:
    page = client.send("/my-lists/columns", {"columns": []})

    assert (page.status, set(page.errors())) == (422, {"columns-0"})


def test_a_collaborator_keeps_filters_and_sees_the_usual_columns(client: Client, make: Make) -> None:
    client.sign_in(make.user("collaborator", village=make.village()))

    assert client.post(KEEP, data={"name": "Bé gái"}).status_code == 303
    assert links(client, "/children/?sex=female") == ["Bé gái", "đổi tên, xóa"]
    assert client.get("/my-lists/columns").status_code == 403
