"""Signing in, staying signed in, and being signed out."""

import logging
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock, identity, passwords, people
from models import AuditEvent, Language, SignInAttempt, User, UserRole, UserSession, db
from tests.make import PASSWORD, Make
from tests.page import Client, Page

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng"
NEW_PASSWORD = "tre măng nối tiếp"


def sign_in(client: Client, username: str, password: str = PASSWORD, **options: object) -> Page:
    return Page(client.post("/sign-in", data={"username": username, "password": password}, **options))


def at(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


class TestSignIn:
    def test_name_and_password_lead_to_the_work_page(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")

        response = client.post("/sign-in", data={"username": "lan", "password": PASSWORD})

        assert (response.status_code, response.location) == (303, "/")
        assert client.get("/account").status_code == 200

    @pytest.mark.parametrize("typed", ["Lan.Anh", " lan.anh ", "LAN.ANH", "lan.ảnh"])
    def test_the_name_may_be_typed_with_capitals_accents_or_spaces_around(
        self, client: Client, make: Make, typed: str
    ) -> None:
        make.user("collaborator", username="lan.anh")

        assert sign_in(client, typed).status == 303

    @pytest.mark.parametrize(("name", "password"), [("lan", "sai mật khẩu rồi"), ("khong-co", PASSWORD), ("?!", "x")])
    def test_wrong_answers_are_all_answered_alike(self, client: Client, make: Make, name: str, password: str) -> None:
        make.user("collaborator", username="lan")

        page = sign_in(client, name, password)

        assert page.status == 422
        assert page.errors() == {"username": WRONG}

    def test_a_disabled_account_is_answered_like_a_wrong_password(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan", is_enabled=False)

        assert sign_in(client, "lan").errors() == {"username": WRONG}

    def test_the_typed_password_never_comes_back(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")

        response = client.post("/sign-in", data={"username": "lan", "password": "sai-rồi-hì-hì"})

        assert "sai-rồi-hì-hì" not in response.get_data(as_text=True)

    def test_ten_failures_on_one_account_make_this_address_wait_a_quarter_of_an_hour(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make.user("collaborator", username="lan")
        for _ in range(identity.MOST_FAILURES_PER_ACCOUNT):
            assert sign_in(client, "lan", "sai").status == 422

        assert sign_in(client, "Lan").status == 429
        assert sign_in(client, "lan", environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status == 303
        later = clock.now() + timedelta(minutes=identity.FAILURE_MINUTES, seconds=1)
        at(monkeypatch, later)
        assert sign_in(client, "lan").status in (303, 302)

    def test_a_hundred_failures_from_everywhere_leave_it_open_to_her_own_devices(
        self, app: Flask, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(identity, "MOST_FAILURES_FROM_EVERYWHERE", 6)
        make.user("collaborator", username="lan")
        make.user("collaborator", username="mai")
        sign_in(client, "lan")
        client.post("/sign-out")
        foreign = app.test_client()
        sign_in(foreign, "mai")
        foreign.post("/sign-out")
        for number in range(6):
            sign_in(app.test_client(), "lan", "sai", environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"})

        elsewhere = {"environ_overrides": {"REMOTE_ADDR": "10.9.9.9"}}
        assert sign_in(app.test_client(), "lan", **elsewhere).status == 429
        assert sign_in(foreign, "lan", **elsewhere).status == 429
        assert sign_in(client, "lan", **elsewhere).status == 303

    @pytest.mark.parametrize("name", ["lan", "khong-co", "khóa", "?!"])
    def test_every_name_costs_one_hash(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        make.user("collaborator", username="lan")
        make.user("collaborator", username="khoa", is_enabled=False)
        hashed = []
        real = identity._hasher.verify
        monkeypatch.setattr(
            identity, "_hasher", SimpleNamespace(verify=lambda stored, typed: hashed.append(1) or real(stored, typed))
        )

        sign_in(client, name, "sai")

        assert hashed == [1]

    def test_many_names_from_one_address_make_it_wait(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(identity, "MOST_FAILURES_PER_ADDRESS", 4)
        make.user("collaborator", username="lan")
        for number in range(4):
            sign_in(client, f"ai{number}", "sai")

        assert sign_in(client, "lan").status == 429

    def test_attempts_are_kept_without_names_and_addresses(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")

        sign_in(client, "lan", "sai")

        kept = db.session.scalars(select(SignInAttempt)).one()
        assert not {"lan", "127.0.0.1"} & {kept.account_hash, kept.address_hash}
        assert [len(kept.account_hash), len(kept.address_hash)] == [64, 64]

    def test_a_page_asked_for_before_is_the_one_led_to(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")
        client.get("/account?x=1")

        assert client.post("/sign-in", data={"username": "lan", "password": PASSWORD}).location == "/account?x=1"

    @pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"])
    def test_nobody_is_led_out_of_the_house(self, client: Client, make: Make, target: str) -> None:
        make.user("collaborator", username="lan")
        with client.session_transaction() as cookie:
            cookie["after_sign_in"] = target

        response = client.post(f"/sign-in?next={target}", data={"username": "lan", "password": PASSWORD})

        assert response.location == "/"

    def test_the_cookie_holds_neither_name_nor_number(self, client: Client, make: Make) -> None:
        user = make.user("collaborator", username="lan")
        sign_in(client, "lan")

        with client.session_transaction() as cookie:
            held = dict(cookie)

        assert str(user.id) not in map(str, held.values())
        assert "lan" not in str(held).replace("language", "")

    def test_the_cookie_is_not_for_scripts_or_other_sites(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")

        response = client.post(
            "/sign-in", data={"username": "lan", "password": PASSWORD}, base_url="https://mangnon.example"
        )

        cookie = response.headers["Set-Cookie"]
        assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}

    def test_the_cookie_outlasts_the_session_and_is_sent_once(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")

        sign_in(client, "lan")

        cookie = client.get_cookie("mangnon")
        assert cookie.expires >= clock.now() + timedelta(days=30)
        assert "Set-Cookie" not in client.get("/account/").headers

    def test_signing_in_renews_the_cookie(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")
        with client.session_transaction() as cookie:
            cookie["planted"] = "1"

        sign_in(client, "lan")

        with client.session_transaction() as cookie:
            assert "planted" not in cookie


class TestSession:
    def test_signing_out_kills_the_cookie_everywhere_it_was_copied(
        self, app: Flask, client: Client, make: Make
    ) -> None:
        make.user("collaborator", username="lan")
        sign_in(client, "lan")
        copied = client.get_cookie("mangnon").value

        assert client.post("/sign-out").status_code == 303

        thief = app.test_client()
        thief.set_cookie("mangnon", copied)
        assert thief.get("/account").status_code == 303

    def test_disabling_somebody_ends_her_work_at_once(self, client: Client, make: Make) -> None:
        user = make.user("collaborator")
        client.sign_in(user)
        user.is_enabled = False
        db.session.commit()

        assert client.get("/account").status_code == 303

    def test_a_role_taken_away_is_gone_at_once(self, client: Client, make: Make) -> None:
        user = make.user("officer")
        client.sign_in(user)
        assert client.get("/review/").status_code == 200
        user.roles_held = [UserRole(role="collaborator")]
        db.session.commit()

        assert client.get("/review/").status_code == 403

    @pytest.mark.parametrize(
        ("role", "away", "status"),
        [
            ("officer", timedelta(minutes=59), 200),
            ("officer", timedelta(minutes=61), 303),
            ("collaborator", timedelta(days=13), 200),
            ("collaborator", timedelta(days=15), 303),
        ],
    )
    def test_a_session_ends_after_some_time_without_a_click(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch, role: str, away: timedelta, status: int
    ) -> None:
        client.sign_in(make.user(role))
        at(monkeypatch, clock.now() + away)

        assert client.get("/account").status_code == status

    def test_a_session_ends_after_thirty_days_even_with_daily_clicks(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.sign_in(make.user("collaborator"))
        begun = clock.now() - timedelta(minutes=1)
        statuses = []
        for day in range(1, 32):
            at(monkeypatch, begun + timedelta(days=day))
            statuses.append(client.get("/account").status_code)

        assert statuses == [200] * 30 + [303]

    @pytest.mark.parametrize("role", ["officer", "leader", "administrator"])
    def test_who_sees_the_whole_commune_signs_in_anew_each_day(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch, role: str
    ) -> None:
        client.sign_in(make.user(role))
        begun = clock.now() - timedelta(minutes=1)
        statuses = []
        for half_hour in range(1, 26):
            at(monkeypatch, begun + timedelta(minutes=30 * half_hour))
            statuses.append(client.get("/account").status_code)

        assert statuses == [200] * 24 + [303]

    def test_a_click_moves_the_end_of_the_session(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.sign_in(make.user("officer"))
        begun = clock.now()
        for minutes in (40, 80, 120):
            at(monkeypatch, begun + timedelta(minutes=minutes))
            assert client.get("/account").status_code == 200

    def test_sending_a_form_moves_it_too(self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        client.sign_in(make.user("officer"))
        begun = clock.now()
        for minutes in (40, 80, 120):
            at(monkeypatch, begun + timedelta(minutes=minutes))
            assert client.post("/account", data={"language": "vi"}).location == "/account"

    def test_the_key_in_the_table_opens_nothing(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")
        sign_in(client, "lan")
        row = db.session.scalars(select(UserSession)).one()

        with client.session_transaction() as cookie:
            cookie["_user_id"] = row.key_hash

        assert client.get("/account").status_code == 303


class TestPassword:
    def change(self, client: Client, current: str = PASSWORD, new: str = NEW_PASSWORD) -> Page:
        return Page(client.post("/account/password", data={"current": current, "password": new}))

    def test_a_new_password_signs_the_other_devices_out(self, app: Flask, client: Client, make: Make) -> None:
        user = make.user("collaborator", username="lan")
        other = app.test_client().sign_in(user)
        sign_in(client, "lan")

        assert self.change(client).status == 303

        assert client.get("/account").status_code == 200
        assert other.get("/account").status_code == 303
        assert identity.check_password("lan", NEW_PASSWORD) is not None
        assert identity.check_password("lan", PASSWORD) is None

    def test_the_current_password_is_asked_for(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("collaborator", username="lan"))

        page = self.change(client, current="đoán mò thôi mà")

        assert page.errors() == {"current": "Mật khẩu đang dùng không đúng"}
        assert identity.check_password("lan", PASSWORD) is not None

    @pytest.mark.parametrize("path", ["/", "/children/", "/account", "/children/add"])
    def test_somebody_given_a_password_chooses_her_own_before_anything_else(
        self, client: Client, make: Make, path: str
    ) -> None:
        make.user("collaborator", username="lan", must_change_password=True)
        assert sign_in(client, "lan").response.location == "/account/password"

        for method in ("GET", "POST"):
            response = client.open(path, method=method)
            if response.status_code != 405:
                assert (response.status_code, response.location) == (303, "/account/password")
        assert client.get("/account/password").status_code == 200

        self.change(client)
        assert client.get("/account").status_code == 200

    def test_the_given_password_cannot_be_kept(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("collaborator", username="lan", must_change_password=True))

        assert "password" in self.change(client, new=PASSWORD).errors()

    def test_the_given_password_lapses_after_three_days(
        self, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = make.user("collaborator", username="lan")
        given = people.reset_password(None, user)
        db.session.commit()
        later = clock.now() + timedelta(hours=people.ONE_TIME_HOURS, seconds=1)
        at(monkeypatch, later)

        assert sign_in(client, "lan", given).errors() == {"username": WRONG}

    def test_she_may_sign_out_instead(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("collaborator", must_change_password=True))

        assert client.post("/sign-out").location == "/sign-in"

    @pytest.mark.parametrize(
        ("password", "problem"),
        [
            ("ngắn", "short"),
            ("a" * 201, "long"),
            ("1234567890", "common"),
            ("Mật khẩu 123", "common"),
            ("aaaaaaaaaaaa", "common"),
            ("trần thị lan", "common"),
            ("tranthilan2026", "common"),
            ("xã Cao Thắng 1", "common"),
            ("caothang2026", "common"),
            ("qwertyuiop", "common"),
            ("qwer1234asdf", "common"),
            ("abcabcabcabc", "common"),
            ("matkhau@2026", "common"),
            ("0987654321", "common"),
            ("UBND xã 2026", "common"),
            ("1q2w3e4r5t6y", "common"),
            ("liverpool2026!", "common"),
            ("trustno1trustno1", None),
            ("con cò bay lả bay la", None),
            ("🌱🌿🍃🎋🌾🌻🌼🌷🌸🌺", None),
        ],
    )
    def test_length_matters_and_what_everybody_tries_first(
        self, make: Make, password: str, problem: str | None
    ) -> None:
        user = make.user("collaborator", username="lan", full_name="Trần Thị Lan")

        assert passwords.problem_of(password, user) == problem


class TestLanguage:
    def test_it_is_chosen_before_signing_in(self, client: Client, make: Make) -> None:
        make.user("collaborator")

        client.post("/language", data={"language": "en"})

        assert client.page("/sign-in").soup.html["lang"] == "en"

    def test_it_is_each_persons_own(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("collaborator", language=Language.ENGLISH))

        assert client.page("/account").soup.html["lang"] == "en"

    def test_it_is_vietnamese_for_everybody_else(self, client: Client, make: Make) -> None:
        make.user("collaborator")

        client.post("/language", data={"language": "xx"})

        assert client.page("/sign-in").soup.html["lang"] == "vi"


def test_events_of_signing_in_and_out_are_recorded(client: Client, make: Make) -> None:
    user = make.user("collaborator", username="lan")

    sign_in(client, "lan", "sai")
    sign_in(client, "lan")
    client.post("/sign-out")

    told = db.session.execute(select(AuditEvent.event, AuditEvent.user_id).order_by(AuditEvent.id)).all()
    assert [tuple(row) for row in told] == [("sign_in_failed", None), ("signed_in", user.id), ("signed_out", user.id)]


def test_signing_in_writes_no_name_or_password_to_the_log(
    client: Client, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    make.user("collaborator", username="lanvy")

    sign_in(client, "lanvy", "mật-khẩu-sai")
    sign_in(client, "lanvy")

    assert not [word for word in ("lanvy", "mật-khẩu-sai", PASSWORD) if word in caplog.text]


def test_a_user_name_is_stored_plain(make: Make) -> None:
    assert db.session.scalar(select(func.count(User.id)).where(User.username != func.lower(User.username))) == 0
