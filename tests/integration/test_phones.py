"""A collaborator's phone: the officer's code, the PIN, and losing the phone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, identity, people, phones
from models import AuditEvent, Phone, User, db
from tests.make import PASSWORD, Make
from tests.page import Client, Page

PIN = "583920"


@pytest.fixture
def lan(make: Make) -> User:
    return make.user("collaborator", username="lan", village=make.village())


@pytest.fixture
def code(make: Make, lan: User) -> str:
    code = phones.new_code(make.user("officer"), lan)
    db.session.commit()
    return code


def enrol(client: Client, code: str, pin: str = PIN) -> Page:
    return Page(client.post("/phone", data={"code": code, "pin": pin}))


def open_with(client: Client, pin: str = PIN) -> Page:
    return Page(client.post("/sign-in/pin", data={"pin": pin}))


def test_the_officer_makes_a_code_shown_once(client: Client, make: Make, lan: User) -> None:
    client.sign_in(make.user("officer"))

    page = Page(client.post(f"/settings/people/{lan.id}/phone-code"))

    code = page.soup.select("dd")[2].get_text(strip=True)
    assert page.status == 200
    phone = client.application.test_client()
    assert enrol(phone, code).response.location == "/"
    assert phone.get("/children/").status_code == 200


@pytest.mark.parametrize("roles", [("officer",), ("collaborator", "officer"), ("viewer",)])
def test_only_a_collaborators_phone_is_enrolled(client: Client, make: Make, roles: tuple[str, ...]) -> None:
    client.sign_in(make.user("officer"))
    other = make.user(*roles)

    assert client.post(f"/settings/people/{other.id}/phone-code").location == f"/settings/people/{other.id}"


def test_the_code_is_taken_once_and_within_the_hour(
    app: Flask, client: Client, code: str, monkeypatch: pytest.MonkeyPatch, make: Make, lan: User
) -> None:
    assert enrol(client, code.upper().replace("-", " ")).status == 303
    assert enrol(app.test_client(), code).errors() == {
        "code": "Mã không đúng hoặc đã hết hạn. Nhờ công chức tạo mã khác."
    }
    late = phones.new_code(make.user("officer"), lan)
    db.session.commit()
    later = clock.now() + timedelta(minutes=phones.CODE_MINUTES, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert enrol(app.test_client(), late).status == 422


def test_a_new_code_ends_the_one_before(app: Flask, client: Client, code: str, make: Make, lan: User) -> None:
    phones.new_code(make.user("officer"), lan)
    db.session.commit()

    assert enrol(client, code).status == 422


def test_guessing_codes_is_slowed_down(client: Client, code: str) -> None:
    for _ in range(identity.MOST_FAILURES_PER_ACCOUNT):
        enrol(client, "aaaa-bbbb-cccc")

    assert enrol(client, code).status == 429


@pytest.mark.parametrize("pin", ["123456", "000000", "654321", "789012", "121212", "12345", "abcdef", "１２３９５８"])
def test_a_pin_everybody_tries_first_is_refused_and_the_code_stays(client: Client, code: str, pin: str) -> None:
    assert "pin" in enrol(client, code, pin).errors()
    assert enrol(client, code).status == 303


class TestPin:
    @pytest.fixture(autouse=True)
    def enrolled(self, client: Client, code: str) -> None:
        enrol(client, code)
        client.post("/sign-out")

    def test_the_phone_opens_with_its_pin(self, client: Client) -> None:
        assert client.get("/sign-in").location == "/sign-in/pin"
        assert open_with(client).response.location == "/"
        assert client.get("/account").status_code == 200

    def test_the_password_still_opens_too(self, client: Client) -> None:
        assert client.page("/sign-in?password=1").status == 200
        assert client.post("/sign-in", data={"username": "lan", "password": PASSWORD}).status_code == 303

    def test_it_locks_after_half_an_hour(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        open_with(client)
        later = clock.now() + timedelta(minutes=31)
        monkeypatch.setattr(clock, "now", lambda: later)

        assert client.get("/account").status_code == 303

    def test_the_fifth_wrong_pin_ends_the_enrolment(self, client: Client) -> None:
        for _ in range(phones.MOST_WRONG_PINS - 1):
            assert open_with(client, "111111").status == 422
        assert open_with(client, "111111").status == 429

        assert open_with(client).response.location == "/sign-in?password=1"

    def test_a_right_pin_forgives_the_wrong_ones_before(self, client: Client) -> None:
        for _ in range(3):
            for _ in range(phones.MOST_WRONG_PINS - 1):
                open_with(client, "111111")
            assert open_with(client).status == 303

    def test_without_the_phone_nobody_can_try_a_pin(self, app: Flask, client: Client) -> None:
        stranger = app.test_client()
        stranger.set_cookie(phones.COOKIE, "a" * 43)

        assert open_with(stranger).response.location == "/sign-in?password=1"
        assert db.session.scalars(select(Phone.failures)).all() == [0]

    def test_a_withdrawn_phone_is_out_at_once(self, client: Client, make: Make, lan: User) -> None:
        open_with(client)
        phones.end_all(make.user("officer"), lan)
        db.session.commit()

        assert client.get("/account").status_code == 303
        assert open_with(client).response.location == "/sign-in?password=1"

    def test_the_officer_withdraws_it_on_a_page(self, app: Flask, client: Client, make: Make, lan: User) -> None:
        officer = app.test_client().sign_in(make.user("officer"))
        assert "Thu hồi các điện thoại này" in officer.page(f"/settings/people/{lan.id}").text

        assert officer.post(f"/settings/people/{lan.id}/phones/end").status_code == 303

        assert open_with(client).response.location == "/sign-in?password=1"

    def test_somebody_who_became_an_officer_needs_the_password_again(
        self, client: Client, make: Make, lan: User
    ) -> None:
        people.change(None, lan, ["officer"], [])
        db.session.commit()

        assert open_with(client).response.location == "/sign-in?password=1"

    def test_a_new_password_by_the_officer_ends_it_too(self, client: Client, make: Make, lan: User) -> None:
        people.reset_password(make.user("officer"), lan)
        db.session.commit()

        assert open_with(client).response.location == "/sign-in?password=1"

    def test_neither_key_nor_pin_is_stored(self, client: Client) -> None:
        phone = db.session.scalars(select(Phone)).one()
        kept = client.get_cookie(phones.COOKIE).value

        assert kept != phone.key_hash
        assert phone.pin_hash.startswith("$argon2id$")

    def test_the_cookie_is_not_for_scripts(self, app: Flask, make: Make, lan: User) -> None:
        code = phones.new_code(make.user("officer"), lan)
        db.session.commit()

        response = app.test_client().post("/phone", data={"code": code, "pin": PIN}, base_url="https://mangnon.example")

        cookie = next(
            line for line in response.headers.getlist("Set-Cookie") if line.startswith(f"__Host-{phones.COOKIE}=")
        )
        assert {"HttpOnly", "Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_events_are_recorded_without_code_or_pin(client: Client, code: str) -> None:
    enrol(client, code)
    client.post("/sign-out")
    open_with(client, "111111")

    told = [event.event for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert told == ["phone_code_made", "phone_enrolled", "signed_in", "signed_out", "sign_in_failed"]
