"""The first run of an empty installation, and the page that says whether it works."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import identity, migrating
from app.clock import today
from models import AuditEvent, CalendarDay, Commune, OfficeLevel, ReceivingOffice, Role, User, Village, db
from tests.make import Make
from tests.page import Client


@pytest.fixture
def answers(app: Flask) -> dict[str, str]:
    """A form filled in rightly."""
    with app.app_context():
        code = identity.setup_code()
    return {
        "code": code,
        "name": "xã Cao Thắng",
        "district_name": "huyện Thanh Miện",
        "province_name": "tỉnh Hải Dương",
        "villages": "1. Thôn Đông\r\n2. Thôn Đoài\r\n\r\n- Thôn  Bắc ",
        "office_name": "Sở Y tế thành phố Hải Phòng",
        "office_level": "province",
        "administrator_name": "Vũ Văn Máy",
        "administrator_username": "quantri",
        "administrator_password": "giữ cái máy này chạy",
        "officer_name": "Trần Thị Cán",
        "officer_username": "canbo",
        "officer_password": "sổ trẻ em của xã",
    }


def test_an_empty_installation_leads_to_the_first_page(client: Client) -> None:
    response = client.get("/", follow_redirects=True)

    assert response.request.path == "/setup"
    assert response.status_code == 200


def test_the_first_page_makes_commune_villages_office_holidays_and_two_people(
    client: Client, answers: dict[str, str]
) -> None:
    response = client.post("/setup", data=answers)

    assert (response.status_code, response.location) == (303, "/sign-in")
    commune = db.session.scalars(select(Commune)).one()
    assert (commune.name, commune.province_name, commune.is_demo) == ("xã Cao Thắng", "tỉnh Hải Dương", False)
    villages = db.session.scalars(select(Village).order_by(Village.position))
    assert [(village.name, village.position) for village in villages] == [
        ("Thôn Đông", 1),
        ("Thôn Đoài", 2),
        ("Thôn Bắc", 3),
    ]
    office = db.session.scalars(select(ReceivingOffice)).one()
    assert (office.name, office.level) == ("Sở Y tế thành phố Hải Phòng", OfficeLevel.PROVINCE)
    years = {day.year for day in db.session.scalars(select(CalendarDay.day))}
    assert years == {today().year - 1, today().year, today().year + 1}
    people = db.session.scalars(select(User).order_by(User.id)).unique().all()
    assert [(user.username, set(user.roles), user.must_change_password) for user in people] == [
        ("quantri", {Role.ADMINISTRATOR}, False),
        ("canbo", {Role.OFFICER}, False),
    ]
    assert "installation_set_up" in set(db.session.scalars(select(AuditEvent.event)))


@pytest.mark.parametrize("who", ["administrator", "officer"])
def test_both_sign_in_afterwards(client: Client, answers: dict[str, str], who: str) -> None:
    client.post("/setup", data=answers)

    page = client.send("/sign-in", {"username": answers[f"{who}_username"], "password": answers[f"{who}_password"]})

    assert (page.status, page.soup.h1.get_text()) == (200, "Việc của tôi")


def test_the_page_is_gone_once_there_is_somebody(client: Client, make: Make, answers: dict[str, str]) -> None:
    make.user("officer")

    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data=answers).status_code == 404
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_a_wrong_code_stores_nothing_and_keeps_what_was_typed(client: Client, answers: dict[str, str]) -> None:
    page = client.send("/setup", {**answers, "code": "0000000000"})

    assert page.status == 422
    assert list(page.errors()) == ["code"]
    assert page.soup.select_one("#name")["value"] == "xã Cao Thắng"
    assert "Thôn Đoài" in page.soup.select_one("#villages").get_text()
    assert db.session.scalar(select(func.count(Commune.id))) == 0


def test_the_code_may_be_typed_in_small_letters_with_spaces(client: Client, answers: dict[str, str]) -> None:
    code = answers["code"].lower()

    assert client.post("/setup", data={**answers, "code": f" {code[:5]} {code[5:]} "}).status_code == 303


def test_after_ten_wrong_codes_one_must_wait(client: Client, answers: dict[str, str]) -> None:
    for _attempt in range(10):
        client.post("/setup", data={**answers, "code": "wrong"})

    assert client.post("/setup", data=answers).status_code == 429
    assert db.session.scalar(select(func.count(User.id))) == 0


def test_everything_missing_is_told_at_once(client: Client) -> None:
    page = client.send("/setup", {})

    assert page.status == 422
    assert set(page.errors()) == {
        "code", "name", "province_name", "villages", "office_name", "office_level-0",
        "administrator_name", "administrator_username", "administrator_password",
        "officer_name", "officer_username", "officer_password",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("villages", "Thôn 1\nthôn 1"),
        ("villages", "---"),
        ("administrator_username", "Quản trị"),
        ("officer_username", "quantri"),
        ("officer_password", "ngắn"),
        ("officer_password", "canbo12345"),
        ("administrator_password", "1234567890"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    client: Client, answers: dict[str, str], field: str, value: str
) -> None:
    page = client.send("/setup", {**answers, field: value})

    assert page.status == 422
    assert list(page.errors()) == [field]
    assert db.session.scalar(select(func.count(Commune.id))) == 0


def test_the_code_is_hard_to_guess(app: Flask) -> None:
    with app.app_context():
        assert re.fullmatch(r"[0-9A-F]{10}", identity.setup_code())


def test_health_is_told_to_everybody(client: Client) -> None:
    response = client.get("/healthz")

    state: dict[str, Any] = response.get_json()
    assert response.status_code == 200
    assert state["status"] == "ok"
    assert state["database"] in {"sqlite", "postgresql"}
    assert state["migration"] == migrating.head()


def test_a_database_behind_the_code_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "head", lambda: "9999")

    response = client.get("/healthz")

    assert response.status_code == 503
    assert "flask upgrade" in response.get_json()["reason"]


def test_a_silent_database_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_connection: object) -> str:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(migrating, "current", silent)

    response = client.get("/healthz")

    assert (response.status_code, response.get_json()["reason"]) == (503, "Cơ sở dữ liệu không trả lời.")
