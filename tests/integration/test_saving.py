"""One form makes one record; nobody's words are lost; what was acknowledged is stored."""

import io
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import audit, clock, procedure, saving, uploads
from models import Attachment, AuditEvent, CalendarDay, Case, Child, Counter, InitialAssessment, Role, User, db, reach
from models.sqlite import BUSY_TIMEOUT_MS
from tests.make import PASSWORD, Make
from tests.page import Client, Page
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
_PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005"
    "fe02fe0def46b80000000049454e44ae426082"
)


def children() -> list[str | None]:
    return list(db.session.scalars(select(Child.full_name).order_by(Child.id)))


def new_child(page: Page, name: str = "Trần Thị Bình") -> dict[str, str]:
    chosen = {"sex": "female", "born_on": "5/6/2019", "birth_registration": "registered"}
    return {**page.form(), **chosen, "full_name": name}


@pytest.fixture
def officer(client: Client, make: Make) -> Client:
    return client.sign_in(make.user("officer", village=make.village()))


class TestTheSameForm:
    def test_sent_twice_makes_one_record_and_leads_to_it_both_times(self, officer: Client) -> None:
        sent = new_child(officer.page("/children/add"))

        first, second = officer.post("/children/add", data=sent), officer.post("/children/add", data=sent)

        assert children() == ["Trần Thị Bình"]
        assert (first.status_code, second.status_code) == (303, 303)
        assert first.location == second.location

    def test_sent_again_tomorrow_still_makes_one(
        self, officer: Client, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent = new_child(officer.page("/children/add"))
        first = officer.post("/children/add", data=sent)
        tomorrow = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: tomorrow)

        officer.sign_in(db.session.scalars(select(User)).first())
        again = officer.post("/children/add", data=sent)

        assert again.location == first.location
        assert len(children()) == 1

    @pytest.mark.parametrize(
        ("page", "typed"),
        [
            ("/children/{child}/edit", {"note": "chữ mới"}),
            ("/households/{household}/edit", {"head_name": "Lê Thị Chủ Hộ"}),
            ("/account", {"full_name": "Trần Thị Mới"}),
        ],
        ids=["child", "household", "account"],
    )
    def test_after_its_own_change_an_edit_sent_again_is_no_stale_one(
        self, officer: Client, make: Make, page: str, typed: dict[str, str]
    ) -> None:
        child = make.child("Nguyễn Văn An", household=make.household())
        address = page.format(child=child.id, household=child.household_id)
        form = {**officer.page(address).form(), **typed}

        first, second = (officer.post(address, data=form) for _time in range(2))

        assert (first.status_code, second.status_code) == (303, 303), second.text
        assert first.location == second.location

    def test_with_other_content_is_refused_and_shows_what_was_typed(self, officer: Client) -> None:
        sent = new_child(officer.page("/children/add"))
        officer.post("/children/add", data=sent)

        page = Page(officer.post("/children/add", data={**sent, "full_name": "Đỗ Văn Khác"}))

        assert page.status == 409
        assert "Đỗ Văn Khác" in page.text
        assert children() == ["Trần Thị Bình"]

    def test_of_somebody_else_is_refused(self, app: Flask, officer: Client, make: Make) -> None:
        sent = new_child(officer.page("/children/add"))
        officer.post("/children/add", data=sent)
        other = app.test_client().sign_in(make.user("officer"))

        assert other.post("/children/add", data=sent).status_code == 409
        assert len(children()) == 1

    def test_corrected_after_an_error_is_accepted(self, officer: Client) -> None:
        sent = new_child(officer.page("/children/add"))
        page = Page(officer.post("/children/add", data={**sent, "born_on": "32/13/2019"}))
        assert page.status == 422

        assert officer.post("/children/add", data={**page.form(), "born_on": "5/6/2019"}).status_code == 303
        assert len(children()) == 1

    @pytest.mark.parametrize("button", ["disable", "enable", "second-factor/remove"])
    def test_a_button_pressed_twice_is_answered_and_noted_once(self, client: Client, make: Make, button: str) -> None:
        other = make.user("collaborator", village=make.village())
        client.sign_in(make.user("administrator"))
        sent = {"form_key": "k"}

        answers = [client.post(f"/settings/people/{other.id}/{button}", data=sent) for _ in range(2)]

        assert {(answer.status_code, answer.location) for answer in answers} == {(303, answers[0].location)}
        noted = select(func.count(AuditEvent.id)).where(
            AuditEvent.record_id == other.id, AuditEvent.event != "signed_in"
        )
        assert db.session.scalar(noted) == 1

    def test_a_day_deleted_twice_leads_to_the_calendar_both_times(self, officer: Client) -> None:
        officer.post(
            "/settings/calendar", data={**officer.page("/settings/calendar").form(), "day": "1/9/2026", "name": "Nghỉ"}
        )
        day = db.session.scalars(select(CalendarDay.id).where(CalendarDay.name == "Nghỉ")).one()
        sent = {"form_key": "xóa"}

        answers = [officer.post(f"/settings/calendar/{day}/delete", data=sent) for _ in range(2)]

        assert [(answer.status_code, answer.location) for answer in answers] == [
            (303, "/settings/calendar?year=2026")
        ] * 2

    def test_with_other_content_for_what_is_gone_since_is_a_conflict(self, officer: Client, make: Make) -> None:
        child = make.child()
        path = f"/children/{child.id}/remove"
        sent = {**officer.page(path).form(), "reason": "Ghi nhầm hai lần", "sure": "y"}
        assert officer.post(path, data=sent).status_code == 303

        page = Page(officer.post(path, data={**sent, "reason": "Trẻ của xã khác"}))

        assert page.status == 409
        assert "Trẻ của xã khác" in page.text


class TestTooLate:
    def test_what_somebody_else_ended_meanwhile_is_told_with_what_was_typed(self, officer: Client, make: Make) -> None:
        case = make.case(make.child(), opened_by=db.session.scalars(select(User)).first())
        path = f"/cases/{case.id}/close"
        hers = {**officer.page(path).form(), "reason": "safe", "closure_note": "Cháu đã về với bà ngoại"}
        case.closed_at, case.closed_by_id = clock.now(), case.opened_by_id
        db.session.commit()

        page = Page(officer.post(path, data=hers))

        assert page.status == 409
        assert "Vụ việc này đã kết thúc rồi." in page.text
        assert "Cháu đã về với bà ngoại" in page.text
        assert officer.get(path).location == f"/cases/{case.id}"

    def test_a_choice_no_longer_offered_is_told_in_vietnamese(self, officer: Client) -> None:
        page = Page(
            officer.post("/children/add", data={**new_child(officer.page("/children/add")), "village_id": "987654"})
        )

        assert page.status == 422
        assert "Chọn trong danh sách" in page.errors()["village_id"]


class TestStale:
    def test_the_second_of_two_editors_sees_both_versions_and_keeps_her_words(
        self, officer: Client, make: Make
    ) -> None:
        child = make.child("Nguyễn Văn An", note="ban đầu")
        path = f"/children/{child.id}/edit"
        hers = {**officer.page(path).form(), "note": "của tôi gõ"}
        officer.post(path, data={**officer.page(path).form(), "note": "người khác lưu"})

        page = Page(officer.post(path, data=hers))

        assert page.status == 409
        told = {"Lúc bạn mở": "ban đầu", "Đang lưu": "người khác lưu", "Bạn gõ": "của tôi gõ"}
        assert {"Mục": "Ghi chú", **told} in page.rows()
        assert page.form()["note"] == "của tôi gõ"
        db.session.refresh(child)
        assert child.note == "người khác lưu"

        assert officer.post(path, data=page.form()).status_code == 303
        db.session.refresh(child)
        assert child.note == "của tôi gõ"

    def test_told_a_second_time_before_is_what_she_was_told_last(self, officer: Client, make: Make) -> None:
        child = make.child("Nguyễn Văn An", note="ban đầu")
        path = f"/children/{child.id}/edit"
        hers = {**officer.page(path).form(), "note": "của tôi gõ", "born_on": "không phải ngày"}
        refused = Page(officer.post(path, data=hers))
        assert refused.status == 422
        officer.post(path, data={**officer.page(path).form(), "note": "người khác lưu"})
        told = Page(officer.post(path, data={**refused.form(), "born_on": ""}))
        assert [row["Lúc bạn mở"] for row in told.rows() if row["Mục"] == "Ghi chú"] == ["ban đầu"]
        officer.post(path, data={**officer.page(path).form(), "note": "lại sửa"})

        again = Page(officer.post(path, data=told.form()))

        assert again.status == 409
        told = {"Lúc bạn mở": "người khác lưu", "Đang lưu": "lại sửa", "Bạn gõ": "của tôi gõ"}
        assert {"Mục": "Ghi chú", **told} in again.rows()

    def test_with_the_words_that_stand_there_already_it_is_saved_and_leads_on(
        self, officer: Client, make: Make
    ) -> None:
        child = make.child("Nguyễn Văn An", note="ban đầu")
        path = f"/children/{child.id}/edit"
        forms = [{**officer.page(path).form(), "note": "cùng một lời"} for _ in range(2)]

        answers = [officer.post(path, data=form) for form in forms]

        assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/children/{child.id}")] * 2
        db.session.refresh(child)
        assert (child.note, child.version) == ("cùng một lời", 2)

    @pytest.mark.parametrize("before", ["", "{", "[1]", '"x"', "{}", "[" * 5000])
    def test_a_form_that_has_lost_what_was_before_is_told_all_the_same(
        self, officer: Client, make: Make, before: str
    ) -> None:
        child = make.child("Nguyễn Văn An", note="ban đầu")
        path = f"/children/{child.id}/edit"
        hers = {**officer.page(path).form(), "note": "của tôi gõ", "shown_before": before}
        officer.post(path, data={**officer.page(path).form(), "note": "người khác lưu"})

        page = Page(officer.post(path, data=hers))

        assert (page.status, page.rows()[0]["Lúc bạn mở"]) == (409, "–")

    def test_marks_and_notes_of_an_assessment_are_told_and_not_overwritten(self, officer: Client, make: Make) -> None:
        case = make.case(make.child())
        path = f"/cases/{case.id}/initial-assessment/new"
        item = procedure.INITIAL_HARM[0].code
        officer.send(path, {**officer.page(path).form(), item: "low", f"{item}_note": "ban đầu", "risk": "low"})
        record = db.session.scalars(select(InitialAssessment)).one()
        path = f"/cases/{case.id}/initial-assessment/{record.id}/edit"
        hers = {**officer.page(path).form(), item: "medium", f"{item}_note": "của tôi gõ"}
        officer.post(path, data={**officer.page(path).form(), item: "high", f"{item}_note": "người khác lưu"})

        page = Page(officer.post(path, data=hers))

        assert page.status == 409
        level, note = page.rows()[:2]
        assert [level[name].partition(":")[0] for name in ("Lúc bạn mở", "Đang lưu", "Bạn gõ")] == [
            "Thấp",
            "Cao",
            "Trung bình",
        ]
        assert [note[name] for name in ("Lúc bạn mở", "Đang lưu", "Bạn gõ")] == [
            "ban đầu",
            "người khác lưu",
            "của tôi gõ",
        ]
        db.session.refresh(record)
        assert (record.levels[item], record.notes[item]) == ("high", "người khác lưu")

    def test_roles_given_meanwhile_are_told_and_not_taken_back(self, app: Flask, client: Client, make: Make) -> None:
        village = make.village("Thôn Đông")
        other = make.user("collaborator", village=village)
        client.sign_in(make.user("administrator"))
        path = f"/settings/people/{other.id}"
        hers = client.page(path).form()
        client.post(path, data={**client.page(path).form(), "roles": ["collaborator", "officer"]})

        page = Page(client.post(path, data={**hers, "roles": "viewer"}))

        assert page.status == 409
        rows = [row for row in page.rows() if row["Mục"] == "Vai trò"]
        assert [rows[0]["Lúc bạn mở"], rows[0]["Bạn gõ"]] == [Role.COLLABORATOR.label, Role.VIEWER.label]
        db.session.refresh(other)
        assert other.roles == {Role.COLLABORATOR, Role.OFFICER}

    def test_saving_without_a_change_changes_nothing(self, officer: Client, make: Make) -> None:
        child = make.child("Nguyễn Văn An", note="ghi chú\nhai dòng")
        version = child.version

        officer.post(f"/children/{child.id}/edit", data=officer.page(f"/children/{child.id}/edit").form())

        db.session.refresh(child)
        assert child.version == version


class TestErrorPages:
    @pytest.fixture
    def strict(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        """As it is served: tokens checked, exceptions answered."""
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def check(self, page: Page, status: int) -> None:
        assert page.status == status
        assert page.soup.html["lang"] == "vi"
        assert f"Mã: {status}" in page.text
        assert not {"Traceback", "Error", "Exception", "Werkzeug"} & set(page.text.replace(":", " ").split())

    def test_400_a_form_without_its_token_keeps_what_was_typed(self, officer: Client, strict: None) -> None:
        page = Page(officer.post("/children/add", data={"full_name": "Trần Thị Bình", "password": "bí mật lắm"}))

        self.check(page, 400)
        assert "Trần Thị Bình" in page.text
        assert "bí mật lắm" not in page.text
        assert children() == []

    @pytest.mark.parametrize("cut", [24, 3, 0])
    def test_400_a_form_with_a_file_that_was_cut_and_called_whole_says_so(
        self, officer: Client, strict: None, cut: int
    ) -> None:
        """As a proxy would that counts only what came: the last line between the parts is missing."""
        form = new_child(officer.page("/children/add"))
        told = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{form[name]}\r\n' for name in form]
        body = ("".join(told) + "--x--\r\n").encode()[: -cut - 5]

        page = Page(officer.post("/children/add", data=body, content_type="multipart/form-data; boundary=x"))

        self.check(page, 400)
        assert "Biểu không đến trọn vẹn" in page.text
        assert children() == []

    def test_403(self, client: Client, make: Make) -> None:
        self.check(client.sign_in(make.user("viewer")).page("/children/"), 403)

    def test_404_says_the_same_of_a_foreign_and_of_no_record(self, officer: Client, make: Make) -> None:
        foreign = make.child(village=make.village(commune=make.commune()))

        pages = [officer.page("/children/987654321"), officer.page(f"/children/{foreign.id}"), officer.page("/x")]

        for page in pages:
            self.check(page, 404)
        assert len({page.text for page in pages}) == 1

    def test_405(self, officer: Client) -> None:
        self.check(Page(officer.delete("/children/")), 405)

    def test_413_a_body_too_large(self, officer: Client, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2000)

        self.check(Page(officer.post("/children/add", data={"note": "x" * 3000})), 413)

    def test_500_keeps_what_was_typed_and_logs_no_values(
        self, officer: Client, strict: None, app: Flask, monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

        def fail(*_values: object) -> None:
            raise ValueError(" ".join(["INSERT", "Trần", "Thị", "Bình"]))

        monkeypatch.setattr(saving, "child_code", fail)
        page = Page(officer.post("/children/add", data=new_child(officer.page("/children/add"))))

        self.check(page, 500)
        assert "Trần Thị Bình" in page.text
        assert "ValueError" in caplog.text
        assert "Trần Thị Bình" not in caplog.text
        assert "INSERT Trần" not in caplog.text
        assert children() == []

    def test_every_answer_carries_the_security_headers(self, officer: Client, app: Flask) -> None:
        for address in ("/", "/children/", "/x", "/sign-in", "/static/css/mangnon.css"):
            with officer.get(address) as response:
                headers = response.headers
            assert "default-src 'none'" in headers["Content-Security-Policy"], address
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"
            stored = "immutable" if address.startswith("/static") else "no-store"
            assert stored in headers["Cache-Control"]

    def test_plain_http_is_given_up_once_the_site_came_by_tls(self, officer: Client) -> None:
        answer = officer.get("/sign-in", base_url="https://mangnon.example")

        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def ready(app: Flask) -> tuple[int, int]:
    """An officer and a village on the served app's own database; the officer's and the village's key."""
    with app.app_context(), audit.writing():
        make = Make()
        village = make.village("Thôn Đông")
        officer = make.user("officer", username="canbo", village=village)
        found = officer.id, village.id
        db.session.remove()
    return found


def signed_in(app: Flask, user_id: int) -> Client:
    with app.app_context(), audit.writing():
        client = app.test_client().sign_in(db.session.get_one(User, user_id))
        db.session.remove()
    return client


class TestAtTheSameTime:
    def test_one_form_sent_five_times_makes_one_record(self, served: Flask) -> None:
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        sent = {**new_child(client.page("/children/add")), "village_id": str(village_id)}
        cookie = client.get_cookie("mangnon").value

        def send(_number: int) -> tuple[int, str]:
            copy = served.test_client()
            copy.set_cookie("mangnon", cookie)
            response = copy.post("/children/add", data=sent)
            return response.status_code, response.location

        with ThreadPoolExecutor(5, initializer=reach.declare, initargs=[reach.INSTALLATION]) as pool:
            answers = list(pool.map(send, range(5)))

        assert len(set(answers)) == 1
        assert answers[0][0] == 303
        with served.app_context():
            assert children() == ["Trần Thị Bình"]

    def test_a_copy_saved_while_the_photo_is_made_small_is_led_to_and_no_stale_edit(
        self, served: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The lock is given back meanwhile."""
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        client.post("/children/add", data={**new_child(client.page("/children/add")), "village_id": str(village_id)})
        with served.app_context():
            path = f"/children/{db.session.scalars(select(Child.id)).one()}/edit"
        form = {**client.page(path).form(), "note": "mới"}
        real, answers, copies = uploads.clean, [], iter([True])

        def slow(content: bytes) -> uploads.Cleaned:
            if next(copies, False):
                answers.append(client.post(path, data=sent()))
            return real(content)

        def sent() -> dict[str, object]:
            return {**form, "photo": (io.BytesIO(_PHOTO), "a.png")}

        monkeypatch.setattr(uploads, "clean", slow)
        answers.append(client.post(path, data=sent()))

        assert [(answer.status_code, answer.location) for answer in answers] == [(303, path.removesuffix("/edit"))] * 2
        with served.app_context():
            assert db.session.scalar(select(func.count(Attachment.id))) == 1

    def test_sixteen_writers_get_sixteen_numbers(self, served: Flask) -> None:
        officer_id, _village_id = ready(served)

        def open_cases(_number: int) -> None:
            for _ in range(5):
                with served.app_context(), audit.writing():
                    user = db.session.get_one(User, officer_id)
                    now = clock.now()
                    number = saving.case_number(user.commune_id)
                    db.session.add(
                        Case(
                            commune_id=user.commune_id, number=number, opened_at=now, received_at=now,
                            opened_by_id=user.id,
                        )
                    )  # fmt: skip
                    audit.record("case_read", user)
                    db.session.commit()

        with ThreadPoolExecutor(16, initializer=reach.declare, initargs=[reach.INSTALLATION]) as pool:
            list(pool.map(open_cases, range(16)))

        with served.app_context():
            year = clock.today().year
            numbers = sorted(db.session.scalars(select(Case.number)))
            assert numbers == [f"VV-{year}-{number:04d}" for number in range(1, 81)]
            assert audit.broken_links() == []

    def test_no_update_is_lost(self, served: Flask) -> None:
        officer_id, _village_id = ready(served)
        with served.app_context(), audit.writing():
            commune_id = db.session.get_one(User, officer_id).commune_id
            db.session.add(Counter(commune_id=commune_id, name="trial", last=0))
            db.session.commit()

        def count_up(_number: int) -> None:
            for _ in range(20):
                with served.app_context(), audit.writing():
                    query = select(Counter).where(Counter.name == "trial").with_for_update()
                    db.session.scalars(query).one().last += 1
                    db.session.commit()

        with ThreadPoolExecutor(4, initializer=reach.declare, initargs=[reach.INSTALLATION]) as pool:
            list(pool.map(count_up, range(4)))

        with served.app_context():
            assert db.session.scalar(select(Counter.last).where(Counter.name == "trial")) == 80

    def test_two_editors_at_once_of_one_version_store_one_and_tell_the_other(self, served: Flask) -> None:
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        with served.app_context(), audit.writing():
            commune_id = db.session.get_one(User, officer_id).commune_id
            child = Child(commune_id=commune_id, village_id=village_id, full_name="Lê An", code="TE-1")
            db.session.add(child)
            db.session.commit()
            path = f"/children/{child.id}/edit"
        forms = [{**client.page(path).form(), "note": note} for note in ("một", "hai")]
        cookie = client.get_cookie("mangnon").value

        def send(form: dict[str, str]) -> int:
            copy = served.test_client()
            copy.set_cookie("mangnon", cookie)
            return copy.post(path, data=form).status_code

        with ThreadPoolExecutor(2, initializer=reach.declare, initargs=[reach.INSTALLATION]) as pool:
            assert sorted(pool.map(send, forms)) == [303, 409]

    def test_a_form_after_a_quiet_quarter_of_an_hour_does_not_wait_for_itself(
        self, served: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer_id, _village_id = ready(served)
        client = signed_in(served, officer_id)
        form = client.page("/account").form()
        later = clock.now() + timedelta(minutes=15)
        monkeypatch.setattr(clock, "now", lambda: later)

        begun = time.monotonic()
        response = client.post("/account", data=form)

        assert response.status_code == 303
        assert time.monotonic() - begun < BUSY_TIMEOUT_MS / 1000

    @pytest.mark.parametrize(
        ("page", "event"), [("children.edit", "record_not_found"), ("care.decide", "access_refused")]
    )
    def test_a_refused_form_does_not_wait_for_itself_to_be_told(self, served: Flask, page: str, event: str) -> None:
        officer_id, _village_id = ready(served)
        client = signed_in(served, officer_id)
        form = client.page("/account").form()
        path = {"children.edit": "/children/987654321/edit", "care.decide": "/care/placements/1/decide"}[page]

        assert client.post(path, data=form).status_code in (403, 404)

        with served.app_context():
            told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == event)).all()
            assert [(one.user_id, one.details) for one in told] == [(officer_id, {"page": page})]
            assert audit.broken_links() == []


class TestServed:
    @pytest.mark.parametrize("missing", [1, 40, 5000])
    def test_a_server_that_hands_a_cut_body_on_as_whole_stores_nothing_either(
        self, served: Flask, missing: int
    ) -> None:
        """As gunicorn does: the stream ends, and is said to be complete."""
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        body = urlencode({**new_child(client.page("/children/add")), "village_id": str(village_id)}).encode()

        answer = client.post(
            "/children/add",
            input_stream=io.BytesIO(body),
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(body) + missing)},
        )

        assert answer.status_code == 400
        with served.app_context():
            assert children() == []

    def test_after_an_answer_that_got_lost_the_same_form_leads_to_its_record(self, served: Flask, server: str) -> None:
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        form = {**new_child(client.page("/children/add")), "village_id": str(village_id)}
        body = urlencode(form).encode()
        place = urlsplit(server)
        head = (
            f"POST /children/add HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: mangnon={client.get_cookie('mangnon').value}\r\n\r\n"
        )
        with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as connection:
            connection.sendall(head.encode() + body)  # and gone before any answer

        def is_there() -> bool:
            with served.app_context():
                return bool(children())

        until(is_there)

        again = client.post("/children/add", data=form)

        assert again.status_code == 303
        with served.app_context():
            assert children() == ["Trần Thị Bình"]
            assert again.location == f"/children/{db.session.scalars(select(Child.id)).one()}"

    def test_a_body_cut_short_stores_nothing(self, served: Flask, server: str) -> None:
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        form = {**new_child(client.page("/children/add")), "village_id": str(village_id)}
        body = urlencode(form).encode()
        place = urlsplit(server)
        head = (
            f"POST /children/add HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(body) + 40}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: mangnon={client.get_cookie('mangnon').value}\r\n\r\n"
        )
        with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as connection:
            connection.sendall(head.encode() + body)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(3)
            try:
                answer = connection.recv(1000)
            except TimeoutError:
                answer = b""
        assert not answer.startswith(b"HTTP/1.1 303")

        time.sleep(0.2)
        with served.app_context():
            assert children() == []

    def test_a_whole_one_is_stored(self, served: Flask, server: str) -> None:
        officer_id, village_id = ready(served)
        client = signed_in(served, officer_id)
        form = {**new_child(client.page("/children/add")), "village_id": str(village_id)}

        assert client.post("/children/add", data=form).status_code == 303


#: Saves numbered children for as long as it lives, and says each number once it is acknowledged.
SAVER = """
import sys
from app import audit, create_app
from models import Child, db, reach

app = create_app()
with app.app_context(), reach.declared(reach.INSTALLATION):
    for number in range(100_000):
        with audit.writing():
            db.session.add(Child(commune_id=int(sys.argv[1]), village_id=int(sys.argv[2]), code=f"TE-{number}",
                                 full_name=f"Lê Văn {number}"))
            db.session.commit()
        print(number, flush=True)
"""


@pytest.mark.slow
def test_every_acknowledged_save_survives_a_killed_process(served: Flask, tmp_path: Path) -> None:
    officer_id, village_id = ready(served)
    with served.app_context():
        commune_id = db.session.get_one(User, officer_id).commune_id
    environment = {
        **os.environ,
        "DATABASE_URL": served.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": "x" * 40,
        "PYTHONPATH": str(ROOT),
    }
    acknowledged = set()
    for _round in range(3):
        command = [sys.executable, "-c", SAVER, str(commune_id), str(village_id)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(40):
                acknowledged.add(process.stdout.readline().strip())
            process.kill()
            acknowledged |= {line for line in process.stdout.read().split("\n") if line}

    with served.app_context():
        stored = set(db.session.scalars(select(Child.code)))
        assert {f"TE-{number}" for number in acknowledged} <= stored
        assert served.test_client().get("/sign-in").status_code == 200
        if db.engine.dialect.name == "sqlite":
            assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert db.session.connection().exec_driver_sql("PRAGMA foreign_key_check").first() is None


def test_signing_in_works_with_tokens_checked(served: Flask) -> None:
    ready(served)
    client = served.test_client()
    form = {**client.page("/sign-in").form(), "username": "canbo", "password": PASSWORD}

    assert client.post("/sign-in", data={**form, "csrf_token": "x"}).status_code == 400
    assert client.post("/sign-in", data=form).status_code == 303
    with served.app_context():
        assert db.session.scalar(select(func.count(User.id))) == 1
