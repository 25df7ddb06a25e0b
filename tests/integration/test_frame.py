"""What stands around every page: the menu, the bar of a phone, the way out at once, light and dark."""

import pytest
from sqlalchemy import select

from app import clock
from models import Role, UserSession, db
from tests.make import Make
from tests.page import Client, Page

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


def _menu(page: Page) -> list[str]:
    return [link.get_text(strip=True) for link in page.soup.select("nav.menu > ul > li:not(.on-phone) > a")]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("collaborator", ["Việc của tôi", "Trẻ em", "Vụ việc", "Hỗ trợ"]),
        ("officer", ["Việc của tôi", "Trẻ em", "Duyệt", "Vụ việc", "Hỗ trợ", "Số liệu, báo cáo", "Cài đặt"]),
        ("leader", ["Việc của tôi", "Trẻ em", "Vụ việc", "Hỗ trợ", "Số liệu, báo cáo"]),
        ("viewer", ["Việc của tôi", "Số liệu, báo cáo"]),
        ("administrator", ["Việc của tôi", "Cài đặt"]),
    ],
)
def test_the_menu_of_a_role_is_one_short_row(client: Client, make: Make, role: str, expected: list[str]) -> None:
    page = client.sign_in(make.user(role)).page("/")

    assert _menu(page) == expected


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_page_of_the_menu_opens(client: Client, make: Make, role: str) -> None:
    client.sign_in(make.user(role))
    links = [link["href"] for link in client.page("/").soup.select("nav.menu a, nav.tabs a")]

    assert {address: client.get(address, follow_redirects=True).status_code for address in links} == dict.fromkeys(
        links, 200
    )


def test_the_pages_of_the_section_stand_under_it(client: Client, make: Make) -> None:
    page = client.sign_in(make.user("officer")).page("/households/")

    here = page.soup.select("nav.submenu a[aria-current=page]")
    assert [link.get_text(strip=True) for link in here] == ["Hộ gia đình"]
    assert page.soup.select_one("nav.menu a.here").get_text(strip=True) == "Trẻ em"


@pytest.mark.parametrize(
    ("role", "address", "section"),
    [
        ("officer", "/privacy/requests", "Cài đặt"),
        ("officer", "/privacy/retention", "Cài đặt"),
        ("officer", "/privacy/of-child/{child_id}", "Trẻ em"),
        ("leader", "/privacy/breaches", "Trẻ em"),
        ("officer", "/my-lists/columns?list=cases", "Vụ việc"),
        ("leader", "/my-lists/filters/new", "Trẻ em"),
    ],
)
def test_a_page_in_no_menu_marks_the_section_it_lies_under(
    client: Client, make: Make, role: str, address: str, section: str
) -> None:
    page = client.sign_in(make.user(role)).page(address.format(child_id=make.child().id))

    here = page.soup.select("nav.menu > ul > li:not(.on-phone) > a.here, nav.menu > ul > li > a[aria-current=page]")
    assert [link.get_text(strip=True) for link in here] == [section]


def test_a_collaborator_has_her_tasks_under_the_thumb(client: Client, make: Make) -> None:
    tabs = client.sign_in(make.user("collaborator")).page("/children/").soup.select("nav.tabs a")

    assert [tab.get_text(strip=True) for tab in tabs] == ["Việc", "Trẻ em", "Báo tin", "Dịch vụ", "Trả lời"]
    assert [tab.get_text(strip=True) for tab in tabs if tab.has_attr("aria-current")] == ["Trẻ em"]
    assert not client.sign_in(make.user("officer")).page("/children/").soup.select("nav.tabs")


def test_leaving_ends_the_session_and_shows_a_calendar_that_tells_nothing(client: Client, make: Make) -> None:
    user = make.user("collaborator")
    form = client.sign_in(user).page("/").form("form[data-module=leave]")

    answer = client.post("/leave", data=form)

    assert answer.location == "/calendar"
    assert db.session.scalars(select(UserSession.ended_at).where(UserSession.user_id == user.id)).all() != [None]
    assert client.get("/children/").status_code == 303
    shown = client.get("/calendar").get_data(as_text=True)
    assert f"{clock.today():%m/%Y}" in shown
    assert not [word for word in ("Măng Non", "trẻ em", "bảo vệ", user.full_name) if word in shown]


def test_leaving_works_when_the_session_is_long_over(client: Client, make: Make) -> None:
    make.user("collaborator")

    assert client.post("/leave", data={"csrf_token": "cũ"}).location == "/calendar"


def test_a_device_is_dark_when_told_so(client: Client, make: Make) -> None:
    client.sign_in(make.user("officer"))
    page = client.page("/account")
    assert not page.soup.html.has_attr("data-bs-theme")

    client.post("/account", data={**page.form(), "theme": "dark"})

    assert client.page("/").soup.html["data-bs-theme"] == "dark"
    assert client.page("/account").form()["theme"] == "dark"
