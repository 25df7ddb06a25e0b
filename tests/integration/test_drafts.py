"""What was typed and not saved: kept for its writer when the session had ended, and while a long form is typed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, drafts
from models import Child, FormDraft, User, UserSession, db
from tests.make import PASSWORD, Make
from tests.page import Client, Page


@pytest.fixture
def officer(client: Client, make: Make) -> User:
    user = make.user("officer", village=make.village(), username="canbo")
    client.sign_in(user)
    return user


def new_child(page: Page, name: str = "Trần Thị Bình") -> dict[str, str]:
    chosen = {"sex": "female", "born_on": "5/6/2019", "birth_registration": "registered"}
    return {**page.form(), **chosen, "full_name": name}


def end_sessions() -> None:
    for row in db.session.scalars(select(UserSession)):
        row.ended_at = clock.now()
    db.session.commit()


def sign_in_again(client: Client, name: str) -> str:
    page = client.page("/sign-in")
    answer = client.post("/sign-in", data={**page.form(), "username": name, "password": PASSWORD})
    assert answer.status_code == 303
    return str(answer.location)


class TestAfterTheSessionEnded:
    def test_signing_in_again_brings_the_form_back_and_it_saves_once(self, client: Client, officer: User) -> None:
        typed = new_child(client.page("/children/add"))
        end_sessions()
        sent = client.post("/children/add", data=typed)
        assert sent.location == "/sign-in"

        address = sign_in_again(client, "canbo")
        page = client.page(address)

        assert "Bình" not in address
        assert "chưa lưu" in page.text
        again = page.form()
        assert {name: again[name] for name in typed if name != "csrf_token"} == {
            name: value for name, value in typed.items() if name != "csrf_token"
        }
        for _time in range(2):
            assert client.post(address, data=again).status_code == 303
        assert [child.full_name for child in db.session.scalars(select(Child)).unique()] == ["Trần Thị Bình"]
        assert db.session.scalars(select(FormDraft)).all() == []

    def test_a_reason_to_read_what_is_kept_apart_comes_back_too(self, client: Client, make: Make) -> None:
        client.sign_in(make.user("leader", username="lanhdao"))
        path = f"/children/{make.child().id}/read-apart"
        typed = {**client.page(path).form(), "reason": "Họp với công an xã"}
        end_sessions()
        client.post(path, data=typed)

        page = client.page(sign_in_again(client, "lanhdao"))

        assert page.form()["reason"] == "Họp với công an xã"

    def test_an_idle_officer_loses_nothing(
        self, client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        typed = new_child(client.page("/children/add"))
        later = clock.now() + timedelta(hours=3)
        monkeypatch.setattr(clock, "now", lambda: later)

        client.post("/children/add", data=typed)

        assert client.page(sign_in_again(client, "canbo")).form()["full_name"] == "Trần Thị Bình"

    def test_an_edit_made_stale_meanwhile_is_still_told(self, client: Client, officer: User, make: Make) -> None:
        child = make.child("Nguyễn Văn An", note="ban đầu")
        address = f"/children/{child.id}/edit"
        typed = {**client.page(address).form(), "note": "tôi gõ"}
        end_sessions()
        client.post(address, data=typed)
        child.note = "người khác sửa"
        db.session.commit()

        back = sign_in_again(client, "canbo")
        page = Page(client.post(back, data=client.page(back).form()))

        assert page.status == 409
        assert "người khác sửa" in page.text
        assert page.form()["note"] == "tôi gõ"

    def test_somebody_else_at_the_same_screen_sees_nothing_of_it(
        self, client: Client, officer: User, make: Make
    ) -> None:
        make.user("officer", username="khac")
        typed = new_child(client.page("/children/add"), "Đỗ Thị Kín")
        end_sessions()
        client.post("/children/add", data=typed)

        address = sign_in_again(client, "khac")

        assert "Kín" not in client.get(address).get_data(as_text=True)
        assert "Kín" not in client.get("/drafts/").get_data(as_text=True)

    def test_a_form_without_a_page_of_its_own_can_be_sent_again(
        self, client: Client, officer: User, make: Make
    ) -> None:
        report = make.report(make.user("collaborator", village=make.village()))
        sent_to = f"/cases/concerns/{report.id}/answer"
        typed = {**client.page(f"/cases/concerns/{report.id}").form(f"form[action='{sent_to}']"), "answer": "Đã nhận."}
        end_sessions()
        client.post(sent_to, data=typed)

        address = sign_in_again(client, "canbo")
        page = client.page(address)

        assert address == "/drafts/"
        assert "Đã nhận." in page.text
        assert client.post(sent_to, data=page.form(f"form[action='{sent_to}']")).status_code == 303

    def test_passwords_are_never_kept(self, client: Client, officer: User) -> None:
        typed = {**client.page("/account/password").form(), "current": "old secret", "password": "new secret"}
        end_sessions()

        client.post("/account/password", data=typed)

        assert db.session.scalars(select(FormDraft)).all() == []

    def test_a_stranger_without_a_session_keeps_nothing(self, client: Client, make: Make) -> None:
        make.user("officer")

        client.post("/children/add", data={"full_name": "x" * 20, "form_key": "k"})

        assert db.session.scalars(select(FormDraft)).all() == []


class TestWhileTyping:
    def keep(self, client: Client, page: str, **typed: str) -> int:
        return client.post("/drafts/keep", data={"draft_page": page, **typed}).status_code

    def test_a_form_opened_again_offers_what_was_typed_and_saving_forgets_it(
        self, client: Client, officer: User
    ) -> None:
        typed = new_child(client.page("/children/add"))
        assert self.keep(client, "/children/add", **typed) == 204

        offered = client.page("/children/add")
        link = offered.soup.select_one("main a[href*='draft=1']")
        assert offered.form("form[data-draft]")["full_name"] == ""
        filled = client.page(link["href"]).form("form[data-draft]")  # type: ignore[index, arg-type]
        assert (filled["full_name"], filled["sex"]) == ("Trần Thị Bình", "female")

        client.post("/children/add", data=filled)
        assert db.session.scalars(select(FormDraft)).all() == []

    def test_it_can_be_thrown_away(self, client: Client, officer: User) -> None:
        self.keep(client, "/children/add", full_name="Trần Thị Bình")
        page = client.page("/children/add")

        client.post("/drafts/discard", data=page.form("form[action='/drafts/discard']"))

        assert "gõ dở" not in client.page("/children/add").text

    def test_the_last_one_counts_and_it_lies_sealed(self, client: Client, officer: User) -> None:
        for name in ("Trần", "Trần Thị", "Trần Thị Bình"):
            self.keep(client, "/children/add", full_name=name)

        (row,) = db.session.scalars(select(FormDraft))
        assert "Bình" not in row.sealed
        assert client.page("/children/add?draft=1").form("form[data-draft]")["full_name"] == "Trần Thị Bình"

    def test_one_that_arrives_after_the_save_is_not_kept(self, client: Client, officer: User) -> None:
        typed = new_child(client.page("/children/add"))
        client.post("/children/add", data=typed)

        self.keep(client, "/children/add", **typed)

        assert db.session.scalars(select(FormDraft)).all() == []

    @pytest.mark.parametrize("page", ["/settings/audit", "/account/password", "/khong-co"])
    def test_nothing_is_kept_for_a_page_one_may_not_open(self, client: Client, officer: User, page: str) -> None:
        assert self.keep(client, page, full_name="Trần Thị Bình") == 404

    def test_a_record_out_of_scope_shows_no_draft(self, app: Flask, client: Client, make: Make) -> None:
        here, there = make.village(), make.village()
        child = make.child(village=there)
        user = make.user("collaborator", village=here)
        client.sign_in(user)
        self.keep(client, f"/children/{child.id}/edit", note="chữ đã gõ")

        assert client.get(f"/children/{child.id}/edit?draft=1").status_code == 404

    def test_others_and_later_weeks_see_nothing(
        self, app: Flask, client: Client, officer: User, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.keep(client, "/children/add", full_name="Trần Thị Bình")
        other = app.test_client()
        other.sign_in(make.user("officer", username="khac"))  # type: ignore[attr-defined]
        assert "Bình" not in other.get("/children/add?draft=1").get_data(as_text=True)

        later = clock.now() + drafts.KEPT + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        client.sign_in(officer)
        assert "Bình" not in client.get("/children/add?draft=1").get_data(as_text=True)
        drafts.forget_old()
        assert db.session.scalars(select(FormDraft)).all() == []

    def test_nobody_fills_the_disk_with_them(self, client: Client, officer: User) -> None:
        for number in range(drafts.MOST + 5):
            self.keep(client, f"/children/add?sibling={number}", full_name="Trần Thị Bình")
        self.keep(client, "/children/add", full_name="x" * (drafts.LARGEST + 1))

        assert len(db.session.scalars(select(FormDraft)).all()) == drafts.MOST
