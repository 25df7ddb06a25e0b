"""Attacks tried from outside: forged, stale and foreign tokens and cookies, hosts, addresses, markup, extra fields, sizes."""

import http.client
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule

from app import clock, create_app, identity, security, serving
from app.permissions import PERMISSIONS
from models import AuditEvent, Role, User, db
from tests.conftest import SECRET, rolled_back
from tests.integration.test_access import GUARDED, _named, address_of, let_go, send
from tests.integration.world import World
from tests.make import PASSWORD, Make
from tests.page import Client, Page
from tests.waiting import PATIENCE

MARKUP = "<img src=x onerror=alert(1)>"


class TestHeaders:
    @pytest.mark.parametrize(
        "address", ["/", "/sign-in", "/khong-co", "/healthz", "/static/css/mangnon.css", "/static/khong-co", "/phone"]
    )
    def test_every_answer_is_hardened(self, client: Client, make: Make, address: str) -> None:
        make.user("officer")

        with client.get(address) as response:
            headers = response.headers

        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers

    @pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
    def test_an_answer_to_another_method_is_too(self, client: Client, make: Make, method: str) -> None:
        make.user("officer")
        response = client.open("/sign-in", method=method)

        assert response.status_code == 405
        assert "Content-Security-Policy" in response.headers

    def test_by_tls_only_tls_is_allowed_from_then_on(self, client: Client, make: Make) -> None:
        make.user("officer")

        secure = client.get("/sign-in", base_url="https://mangnon.example").headers
        plain = client.get("/sign-in").headers

        assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "Strict-Transport-Security" not in plain

    def test_by_tls_the_cookie_cannot_be_set_by_other_hosts(self, client: Client, make: Make) -> None:
        make.user("officer", username="hoa")
        address = {"base_url": "https://mangnon.example"}

        response = client.post("/sign-in", data={"username": "hoa", "password": PASSWORD}, **address)

        names = {line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")}
        assert "__Host-mangnon" in names
        assert client.get("/account", **address).status_code == 200

    def test_signing_out_clears_the_browser(self, client: Client, make: Make) -> None:
        make.user("officer", username="hoa")
        address = {"base_url": "https://mangnon.example"}
        client.post("/sign-in", data={"username": "hoa", "password": PASSWORD}, **address)

        headers = client.post("/sign-out", headers={"Referer": "https://mangnon.example/"}, **address).headers

        assert headers["Cache-Control"] == "no-store"
        assert headers["Clear-Site-Data"] == '"cache", "storage"'

    def test_the_server_does_not_say_what_it_is(self, server: str) -> None:
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=PATIENCE)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        connection.close()

        assert answer.getheader("Server") is None


@pytest.mark.parametrize(
    "address", ["/static/", "/static/js/", "/static/../models/user.py", "/.git/config", "/instance/"]
)
def test_no_folder_is_listed(client: Client, make: Make, address: str) -> None:
    make.user("officer")

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "changeme" * 5}, "SECRET_KEY"),
        ({"SECRET_KEY": "this-is-your-secret-key-for-production"}, "SECRET_KEY"),
        ({"DEBUG": True}, "FLASK_DEBUG"),
    ],
)
def test_debug_and_poor_keys_refuse_to_start(
    settings: dict[str, object], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app({"SECRET_KEY": SECRET, "DATABASE_URL": "sqlite://", **settings})

    with pytest.raises(SystemExit):
        serving._checked(app)

    assert word in capsys.readouterr().err


class TestHosts:
    @pytest.fixture
    def strict(self) -> Client:
        settings = {"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://", "MANGNON_TRUSTED_HOSTS": "mangnon.example"}
        client: Client = create_app(settings).test_client()
        return client

    @pytest.mark.parametrize("host", ["evil.example", "mangnon.example.evil.example", "127.0.0.1"])
    def test_a_forged_host_is_refused(self, strict: Client, host: str) -> None:
        answer = strict.get("/static/icon.svg", base_url=f"http://{host}")

        assert answer.status_code == 400
        assert host not in answer.get_data(as_text=True)
        assert "Content-Security-Policy" in answer.headers

    def test_the_declared_one_is_served(self, strict: Client) -> None:
        with strict.get("/static/icon.svg", base_url="http://mangnon.example") as answer:
            assert answer.status_code == 200

    def test_forwarded_headers_are_not_believed_without_a_declared_proxy(self, client: Client, make: Make) -> None:
        lan = make.user("collaborator", village=make.village())
        client.sign_in(make.user("officer"))

        page = client.post(
            f"/settings/people/{lan.id}/phone-code",
            headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        )

        assert "evil.example" not in page.get_data(as_text=True)
        assert "Strict-Transport-Security" not in page.headers

    def test_a_forged_address_does_not_escape_the_brake(self, client: Client, make: Make) -> None:
        make.user("collaborator", username="lan")
        for number in range(identity.MOST_FAILURES_PER_ACCOUNT):
            client.post(
                "/sign-in", data={"username": "lan", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
            )

        answer = client.post(
            "/sign-in", data={"username": "lan", "password": PASSWORD}, headers={"X-Forwarded-For": "10.0.0.99"}
        )
        assert answer.status_code == 429

    def test_a_declared_proxy_is_believed_for_one_step_only(self) -> None:
        app = create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://", "MANGNON_PROXY_COUNT": 1})
        seen = []
        app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(_address()))

        app.test_client().get("/static/icon.svg", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.7"}).close()

        assert seen == ["10.0.0.7"]


def _address() -> str | None:
    from flask import request

    return request.remote_addr


class TestTokens:
    """On an app as it is served, with its tokens."""

    @pytest.fixture
    def guarded(self, app: Flask, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch) -> Client:
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        make.user("officer", username="hoa")
        return client

    def token(self, client: Client, address: str = "/sign-in") -> str:
        return str(client.page(address).soup.select_one("input[name=csrf_token]")["value"])

    def come_in(self, client: Client, token: str) -> Page:
        return Page(client.post("/sign-in", data={"username": "hoa", "password": PASSWORD, "csrf_token": token}))

    def test_a_form_without_a_token_changes_nothing(self, guarded: Client) -> None:
        assert self.come_in(guarded, "").status == 400

    @pytest.mark.parametrize("end", ["", "x", ".x"])
    def test_a_forged_token_changes_nothing(self, guarded: Client, end: str) -> None:
        assert self.come_in(guarded, self.token(guarded)[:-4] + end).status == 400

    def test_anothers_token_changes_nothing(self, guarded: Client) -> None:
        foreign = self.token(guarded.application.test_client())
        self.token(guarded)

        assert self.come_in(guarded, foreign).status == 400

    def test_a_token_of_before_signing_in_is_not_taken_after(self, guarded: Client) -> None:
        before = self.token(guarded)
        assert self.come_in(guarded, before).status == 303

        assert guarded.post("/account", data={"language": "en", "csrf_token": before}).status_code == 400

    def test_a_token_outlives_a_long_form(self, guarded: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        import time

        token = self.token(guarded)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 11 * 3600)

        assert self.come_in(guarded, token).status == 303

    def test_a_form_sent_by_another_site_is_refused_even_with_the_cookie(self, guarded: Client) -> None:
        self.come_in(guarded, self.token(guarded))

        answer = guarded.post("/account", data={"language": "en"}, headers={"Origin": "https://evil.example"})

        assert answer.status_code == 400


class TestCookies:
    def test_a_cookie_signed_with_another_key_opens_nothing(self, app: Flask, client: Client, make: Make) -> None:
        user = make.user("officer")
        client.sign_in(user)
        with client.session_transaction() as cookie:
            held = dict(cookie)
        forged = URLSafeTimedSerializer("another key", salt="cookie-session").dumps(held)
        thief = app.test_client()
        thief.set_cookie("mangnon", forged)

        assert thief.get("/account").status_code == 303

    @pytest.mark.parametrize("value", ["", "x", "a.b.c", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "%00", "đ" * 300])
    def test_rubbish_opens_nothing_and_breaks_nothing(self, client: Client, make: Make, value: str) -> None:
        make.user("officer")
        client.set_cookie("mangnon", value)
        client.set_cookie(identity.KNOWN_DEVICE, value)
        client.set_cookie("mangnon-phone", value)

        assert client.get("/account").status_code == 303
        assert client.get("/sign-in").status_code == 200

    def test_a_user_number_in_a_cookie_signed_by_us_opens_nothing(self, client: Client, make: Make) -> None:
        user = make.user("officer")
        with client.session_transaction() as cookie:
            cookie["_user_id"] = str(user.id)

        assert client.get("/account").status_code == 303


class TestForms:
    def test_fields_that_were_not_asked_for_are_ignored(self, client: Client, make: Make) -> None:
        user = make.user("collaborator", village=make.village())
        client.sign_in(user)

        client.post("/account", data={"language": "en", "roles": "administrator", "commune_id": "1", "is_enabled": ""})

        again = db.session.get(User, user.id)
        assert (again.roles, again.is_enabled, again.language.value) == ({Role.COLLABORATOR}, True, "en")

    def test_an_officer_cannot_make_herself_administrator(self, client: Client, make: Make) -> None:
        officer = make.user("officer")
        client.sign_in(officer)
        form = client.page(f"/settings/people/{officer.id}").form()

        client.post(f"/settings/people/{officer.id}", data=form | {"roles": ["officer", "administrator"]})

        assert db.session.get(User, officer.id).roles == {Role.OFFICER}

    def test_a_request_too_large_is_refused(self, client: Client, make: Make) -> None:
        make.user("officer")

        assert client.post("/sign-in", data={"username": "x" * 3_000_000}).status_code == 413

    @pytest.mark.parametrize(
        "address",
        ["/children/2147483648", "/children/99999999999999999999/edit", "/attachments/9223372036854775808", "/%00",
         "/children/?search=%00", "/children/?village=1%00", "/settings/risks/%00"],
    )  # fmt: skip
    def test_an_address_that_no_record_can_have_is_none_of_ours(self, client: Client, make: Make, address: str) -> None:
        answer = client.sign_in(make.user("officer")).get(address)

        assert answer.status_code == 404
        assert "Không tìm thấy trang" in answer.get_data(as_text=True)

    @pytest.mark.parametrize(
        "address",
        ["/children/add?sibling={}", "/children/add?household={}", "/services/new?child={}", "/imports/?after={}"],
    )
    @pytest.mark.parametrize("number", ["2147483648", "9" * 30])
    def test_a_number_too_large_for_a_key_breaks_no_page(
        self, client: Client, make: Make, address: str, number: str
    ) -> None:
        make.village()

        assert client.sign_in(make.user("officer")).get(address.format(number)).status_code in (200, 303, 404)

    @pytest.mark.parametrize("key", ["a\0b", "k" * 101, "a\nb"])
    def test_a_form_key_that_is_none_of_ours_is_refused(self, client: Client, make: Make, key: str) -> None:
        form = {"head_name": "Trần Văn Bình", "form_key": key}

        answer = client.sign_in(make.user("officer")).post("/households/new", data=form)

        assert answer.status_code == 400
        assert "Trần Văn Bình" in answer.get_data(as_text=True)

    def test_a_field_without_a_name_is_refused(self, client: Client, make: Make) -> None:
        part = b"--x\r\nContent-Disposition: form-data%s\r\n\r\nTr\xe1\xba\xa7n\r\n"
        body = part % b'; name="head_name"' + part % b"" + b"--x--\r\n"

        client.sign_in(make.user("officer"))
        answer = client.post("/households/new", data=body, content_type="multipart/form-data; boundary=x")

        assert answer.status_code == 400
        assert "Yêu cầu không đọc được" in answer.get_data(as_text=True)

    @pytest.mark.parametrize("name", ["next", "url", "target", "continue", "back"])
    def test_no_parameter_leads_out_of_the_house(self, client: Client, make: Make, name: str) -> None:
        make.user("officer", username="hoa")

        answer = client.post(
            f"/sign-in?{name}=https://evil.example",
            data={"username": "hoa", "password": PASSWORD, name: "//evil.example"},
        )

        assert answer.location == "/"

    @pytest.mark.parametrize("path", ["//evil.example/", "/%5Cevil.example", "/\\evil.example"])
    def test_an_address_asked_for_before_signing_in_stays_inside(self, client: Client, make: Make, path: str) -> None:
        make.user("officer", username="hoa")
        client.get(path)

        location = client.post("/sign-in", data={"username": "hoa", "password": PASSWORD}).location

        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


def test_a_refused_page_is_told_to_the_administrator(client: Client, make: Make) -> None:
    viewer = make.user("viewer")

    client.sign_in(viewer).get("/children/?q=Nguyễn+Văn+An")

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "access_refused")).one()
    assert (told.user_id, told.details) == (viewer.id, {"page": "children.index"})


def test_a_refusal_is_told_even_when_the_database_no_longer_answers(
    client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make.user("viewer"))

    def fails(*_anything: object) -> None:
        raise OperationalError("", {}, Exception("the connection is lost"))

    def and_then_it_is_gone(_response: object) -> str:
        monkeypatch.setattr(User, "is_active", property(fails))
        return "access_refused"

    monkeypatch.setattr(security, "_refused", and_then_it_is_gone)

    assert client.get("/children/").status_code == 403


def test_a_record_that_is_not_there_for_her_is_told_to_the_administrator(client: Client, make: Make) -> None:
    officer, abroad = make.user("officer"), make.child(village=make.village(commune=make.commune()))
    client.sign_in(officer)

    for child_id in (abroad.id, 987_654_321):
        assert client.get(f"/children/{child_id}").status_code == 404
    assert client.get("/khong-co").status_code == 404

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "record_not_found")).all()
    assert [(one.user_id, one.details) for one in told] == [(officer.id, {"page": "children.show"})] * 2


def test_a_form_without_its_token_is_told_to_the_administrator(
    app: Flask, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, child = make.user("officer"), make.child()
    client.sign_in(officer)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    assert client.post(f"/children/{child.id}/edit", data={"full_name": "Nguyễn Văn Giả"}).status_code == 400

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "token_refused")).one()
    assert (told.user_id, told.details) == (officer.id, {"page": "children.edit"})


def test_by_tls_the_mark_of_a_device_has_the_prefix_too(client: Client, make: Make) -> None:
    make.user("officer", username="hoa")

    answer = client.post("/sign-in", data={"username": "hoa", "password": PASSWORD}, base_url="https://mangnon.example")

    marks = [line for line in answer.headers.getlist("Set-Cookie") if identity.KNOWN_DEVICE in line]
    assert len(marks) == 1
    assert marks[0].startswith(f"__Host-{identity.KNOWN_DEVICE}=")
    assert "; Secure" in marks[0]
    assert "Path=/" in marks[0]


def test_a_foreign_host_name_is_noted_without_it(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["mangnon.example"])

    assert client.get("/sign-in", base_url="http://ke-gian.example").status_code == 400

    assert "foreign host" in caplog.text
    assert "ke-gian" not in caplog.text


def test_a_session_that_ended_cannot_be_replayed(
    app: Flask, client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make.user("officer"))
    copied = client.get_cookie("mangnon").value
    later = clock.now() + timedelta(minutes=app.config["MANGNON_IDLE_MINUTES"] + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    thief = app.test_client()
    thief.set_cookie("mangnon", copied)

    assert thief.get("/children/").location == "/sign-in"


@pytest.fixture(scope="module")
def marked(app: Flask) -> Iterator[tuple[dict[Role, Client], World]]:
    """Records with markup wherever a text is kept, and a browser per role."""
    with rolled_back(app):
        make = Make()
        village = make.village(f"Thôn {MARKUP}")
        users = {role: make.user(role.value, village=village, full_name=f"Vũ {MARKUP}") for role in Role}
        world = World(make, village, users[Role.COLLABORATOR], MARKUP)
        browsers = {role: app.test_client().sign_in(user) for role, user in users.items()}
        let_go()
        yield browsers, world


@pytest.mark.parametrize("rule", [rule for rule in GUARDED if "GET" in rule.methods], ids=_named)
def test_markup_in_a_record_is_shown_as_text(rule: Rule, marked: tuple[dict[Role, Client], World]) -> None:
    browsers, world = marked
    holders = PERMISSIONS[rule_permission(rule)]

    pages = [send(browsers[role], "GET", address_of(rule, world))[1] for role in sorted(holders)]

    assert not [page for page in pages if "<img src=x" in page.lower()]


def rule_permission(rule: Rule) -> str:
    from tests.integration.test_access import _permission

    return _permission(rule)
