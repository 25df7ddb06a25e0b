"""The second factor: set up, asked for, never taken twice, required of those who see the whole commune."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, identity, people, sealing, second_factor
from models import AuditEvent, RecoveryCode, Role, SecondFactor, User, UserSession, db
from tests.make import PASSWORD, Make
from tests.page import Client, Page


def code_of(secret: str, *, later: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // 30 + later)


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer", username="hoa")


@pytest.fixture
def secret(officer: User) -> str:
    """The secret of an authenticator app set up a while ago."""
    secret = pyotp.random_base32()
    db.session.add(
        SecondFactor(
            user_id=officer.id,
            sealed_secret=sealing.seal(secret, "authenticator secret"),
            confirmed_at=clock.now(),
            last_step=0,
        )
    )
    db.session.commit()
    return secret


def password_step(client: Client) -> str:
    return str(client.post("/sign-in", data={"username": "hoa", "password": PASSWORD}).location)


def code_step(client: Client, code: str) -> Page:
    return Page(client.post("/sign-in/code", data={"code": code}))


class TestSigningIn:
    def test_the_password_alone_opens_nothing(self, client: Client, secret: str) -> None:
        assert password_step(client) == "/sign-in/code"

        assert client.get("/account").status_code == 303
        assert client.page("/sign-in/code").status == 200

    def test_password_and_code_lead_to_the_page_asked_for(self, client: Client, secret: str) -> None:
        client.get("/review/")
        password_step(client)

        assert code_step(client, code_of(secret)).response.location == "/review/"
        assert client.get("/account").status_code == 200

    def test_a_code_seen_over_the_shoulder_is_not_taken_again(self, app: Flask, client: Client, secret: str) -> None:
        password_step(client)
        code = code_of(secret)
        code_step(client, code)
        thief = app.test_client()
        password_step(thief)

        assert code_step(thief, code).status == 422
        assert code_step(thief, code_of(secret, later=-1)).status == 422

    @pytest.mark.parametrize(("later", "status"), [(-1, 303), (1, 303), (-3, 422), (3, 422)])
    def test_clocks_may_differ_by_half_a_minute(self, client: Client, secret: str, later: int, status: int) -> None:
        password_step(client)

        assert code_step(client, code_of(secret, later=later)).status == status

    def test_a_code_without_the_password_leads_back(self, client: Client, secret: str) -> None:
        assert code_step(client, code_of(secret)).response.location == "/sign-in"

    def test_the_password_is_forgotten_after_ten_minutes(
        self, client: Client, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        password_step(client)
        later = clock.now() + timedelta(minutes=identity.WAITING_MINUTES, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)

        assert code_step(client, code_of(secret)).response.location == "/sign-in"

    def test_the_key_of_the_first_step_is_no_session(self, client: Client, secret: str) -> None:
        password_step(client)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cookie["second_step"]

        assert client.get("/account").status_code == 303

    def test_the_session_gets_a_new_key(self, client: Client, secret: str) -> None:
        password_step(client)
        with client.session_transaction() as cookie:
            first = cookie["second_step"]
        code_step(client, code_of(secret))

        with client.session_transaction() as cookie:
            assert "second_step" not in cookie
            assert cookie["_user_id"] != first

    def test_guessing_codes_is_slowed_down(self, client: Client, secret: str) -> None:
        password_step(client)
        wrong = f"{(int(code_of(secret)) + 500_000) % 1_000_000:06}"
        for _ in range(identity.MOST_FAILURES_PER_ACCOUNT):
            code_step(client, wrong)

        assert code_step(client, code_of(secret)).status == 429

    def test_a_recovery_code_opens_once(self, app: Flask, client: Client, officer: User, secret: str) -> None:
        codes = second_factor.new_recovery_codes(officer)
        db.session.commit()
        password_step(client)
        assert code_step(client, codes[0].upper()).status == 303
        other = app.test_client()
        password_step(other)

        assert code_step(other, codes[0]).status == 422
        assert second_factor.codes_left(officer) == second_factor.RECOVERY_CODES - 1

    def test_a_recovery_code_of_an_earlier_version_opens_too(self, officer: User) -> None:
        kept = sealing.keyed_hash("abcdefghjk", second_factor._RECOVERY)
        db.session.add(RecoveryCode(user_id=officer.id, code_hash=kept))
        db.session.commit()

        assert not second_factor.accepts(officer, "abcde-fghjm")
        assert second_factor.accepts(officer, "abcde-fghjk")
        assert not second_factor.accepts(officer, "abcde-fghjk")

    def test_recovery_codes_are_kept_by_a_slow_hash(self, officer: User) -> None:
        codes = second_factor.new_recovery_codes(officer)

        kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert all(one.startswith("$argon2id$") for one in kept)
        assert len(set(kept)) == len(codes) == second_factor.RECOVERY_CODES

    def test_anothers_recovery_code_opens_nothing(self, client: Client, make: Make, secret: str) -> None:
        codes = second_factor.new_recovery_codes(make.user("leader"))
        db.session.commit()
        password_step(client)

        assert code_step(client, codes[0]).status == 422


class TestSettingUp:
    def send(self, client: Client, **changes: str) -> tuple[Page, str]:
        form = client.page("/account/second-factor").form()
        user = db.session.scalars(select(User).where(User.username == "hoa")).unique().one()
        secret = str(second_factor.offered(user, form["offer"]))
        form |= {"code": code_of(secret), "current": PASSWORD} | changes
        return Page(client.post("/account/second-factor", data=form)), secret

    def test_a_scanned_code_sets_it_up_and_shows_recovery_codes_once(self, client: Client, officer: User) -> None:
        client.sign_in(officer)

        page, secret = self.send(client)

        assert len(page.soup.select("main code")) == second_factor.RECOVERY_CODES
        assert second_factor.is_asked_of(officer)
        assert secret not in db.session.get(SecondFactor, officer.id).sealed_secret
        shown = page.soup.select_one("main code").get_text()
        assert shown.replace("-", "") not in str([code.code_hash for code in db.session.scalars(select(RecoveryCode))])

    def test_the_other_devices_are_signed_out(self, app: Flask, client: Client, officer: User) -> None:
        other = app.test_client().sign_in(officer)
        client.sign_in(officer)
        self.send(client)

        assert other.get("/account").status_code == 303
        assert client.get("/account").status_code == 200

    @pytest.mark.parametrize("changes", [{"current": "đoán mò thôi mà"}, {"code": "12345"}, {"offer": "giả mạo"}])
    def test_a_wrong_password_code_or_offer_sets_nothing_up(
        self, client: Client, officer: User, changes: dict[str, str]
    ) -> None:
        client.sign_in(officer)

        assert self.send(client, **changes)[0].status == 422
        assert not second_factor.is_asked_of(officer)

    def test_an_offer_made_to_somebody_else_is_refused(self, client: Client, officer: User, make: Make) -> None:
        client.sign_in(officer)

        assert self.send(client, offer=second_factor.offer(make.user("leader")))[0].status == 422

    def test_the_picture_is_part_of_the_page(self, client: Client, officer: User) -> None:
        client.sign_in(officer)

        assert client.page("/account/second-factor").soup.select_one("main img")["src"].startswith("data:image/svg+xml")

    def test_it_is_taken_away_after_the_password_once_more(self, client: Client, officer: User, secret: str) -> None:
        client.sign_in(officer)

        assert client.post("/account/second-factor/remove", data={"current": "sai"}).status_code == 422
        assert client.post("/account/second-factor/remove", data={"current": PASSWORD}).status_code == 303
        assert not second_factor.is_asked_of(officer)

    def test_new_recovery_codes_end_the_old(self, client: Client, officer: User, secret: str) -> None:
        old = second_factor.new_recovery_codes(officer)
        db.session.commit()
        client.sign_in(officer)

        page = client.send("/account/second-factor/codes", {"current": PASSWORD})

        assert len(page.soup.select("main code")) == second_factor.RECOVERY_CODES
        assert not second_factor.accepts(officer, old[0])


class TestRequired:
    @pytest.mark.parametrize("role", ["officer", "leader", "administrator"])
    def test_after_the_days_of_grace_it_comes_before_any_work(
        self, app: Flask, client: Client, make: Make, role: str
    ) -> None:
        user = make.user(role, created_at=clock.now() - timedelta(days=app.config["MANGNON_SECOND_FACTOR_DAYS"] + 1))
        client.sign_in(user)

        assert client.get("/").location == "/account/second-factor"
        assert client.page("/account/second-factor").status == 200

    def test_within_them_a_notice_tells_how_many_are_left(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("officer", created_at=clock.now() - timedelta(days=4, minutes=-5)))

        assert client.get("/").status_code == 200
        assert "Còn 10 ngày" in client.page("/account").text

    def test_they_count_from_the_day_the_role_was_given(self, client: Client, make: Make) -> None:
        village = make.village()
        user = make.user("collaborator", village=village, created_at=clock.now() - timedelta(days=400))
        people.change(None, user, {Role.COLLABORATOR, Role.OFFICER}, [village.id])
        db.session.commit()

        assert client.sign_in(user).get("/").status_code == 200
        assert "Còn 13 ngày" in client.page("/account").text

    def test_another_role_gives_no_new_days(self, client: Client, make: Make) -> None:
        user = make.user("leader", created_at=clock.now() - timedelta(days=400))
        people.change(None, user, {Role.LEADER, Role.ADMINISTRATOR}, [])
        db.session.commit()

        assert client.sign_in(user).get("/").location == "/account/second-factor"

    @pytest.mark.parametrize("role", ["collaborator", "viewer"])
    def test_others_are_only_offered_it(self, client: Client, make: Make, role: str) -> None:
        client.sign_in(make.user(role, created_at=clock.now() - timedelta(days=400)))

        assert client.get("/account").status_code == 200

    def test_the_setting_switches_it_off(
        self, app: Flask, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "MANGNON_SECOND_FACTOR_DAYS", -1)
        client.sign_in(make.user("officer", created_at=clock.now() - timedelta(days=400)))

        assert client.get("/").status_code == 200


def test_an_administrator_takes_it_away_from_somebody_who_lost_it(
    client: Client, make: Make, officer: User, secret: str
) -> None:
    client.sign_in(make.user("administrator"))

    assert client.post(f"/settings/people/{officer.id}/second-factor/remove").status_code == 303

    assert not second_factor.is_asked_of(officer)
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "second_factor_removed")).one()
    assert told.record_id == officer.id


class TestDevices:
    def test_one_of_ones_own_is_signed_out(self, app: Flask, client: Client, officer: User) -> None:
        other = app.test_client().sign_in(officer)
        client.sign_in(officer)
        page = client.page("/account")
        assert len(page.rows()) == 2

        form = page.soup.select_one("main input[name=device]")
        assert client.post("/account/devices/end", data={"device": form["value"]}).status_code == 303

        assert other.get("/account").status_code == 303
        assert client.get("/account").status_code == 200

    def test_all_others_at_once(self, app: Flask, client: Client, officer: User) -> None:
        others = [app.test_client().sign_in(officer) for _ in range(3)]
        client.sign_in(officer)

        client.post("/account/devices/end-all")

        assert [other.get("/account").status_code for other in others] == [303] * 3
        assert client.get("/account").status_code == 200

    def test_anothers_device_stays_signed_in(self, app: Flask, client: Client, make: Make, officer: User) -> None:
        other = app.test_client().sign_in(officer)
        key = db.session.scalars(select(UserSession.key_hash).where(UserSession.user_id == officer.id)).one()
        client.sign_in(make.user("leader"))

        client.post("/account/devices/end", data={"device": key})

        assert other.get("/account").status_code == 200
