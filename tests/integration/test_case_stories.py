"""Twelve stories of cases played through the pages by the people of the commune, deadlines worked out by hand."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select

from app import casework, clock, procedure, transfers
from app.procedure import Step
from models import (
    CalendarDay,
    Case,
    DayKind,
    IntakeReport,
    LimitKind,
    LocalLimit,
    ReportState,
    Sex,
    User,
    base as models_base,
    db,
)
from tests.make import Make
from tests.page import Client, Page


class Play:
    """Moves the clock, signs people in, fills in forms as a browser would."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self.client = client
        self._now = clock.now()
        self._user: User | None = None
        play = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return play._now.astimezone(tz)

        monkeypatch.setattr(clock, "now", lambda: self._now)
        monkeypatch.setattr(models_base, "datetime", Moved)

    def at(self, when: str) -> "Play":
        """A moment by the Viet Nam clock: "2026-02-16 23:40"."""
        self._now = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=clock.LOCAL).astimezone(UTC)
        if self._user is not None:
            self.by(self._user)  # sessions end when nobody clicks for an hour
        return self

    def by(self, user: User) -> "Play":
        """Somebody sits down at the machine."""
        self._user = user
        self._now += timedelta(microseconds=1)  # no two sign-ins at the same instant
        self.client.sign_in(user)
        return self

    def fill(self, address: str, selector: str = "main form[method=post]", **typed: str) -> Page:
        """Open a page, fill in its form, send it."""
        page = self.client.page(address)
        form = page.soup.select_one(selector)
        assert form is not None, page.text[:400]
        sent = self.client.send(form.get("action") or address, {**page.form(selector), **typed})
        assert sent.status == 200, sent.text[:600]
        return sent

    def refused(self, address: str, **typed: str) -> dict[str, str]:
        """What a page says is wrong with what was filled in."""
        return self.client.send(address, {**self.client.page(address).form(), **typed}).errors()

    def press(self, address: str, action: str) -> Page:
        """Open a page and press the button that posts to an address ending so."""
        page = self.client.page(address)
        form = page.soup.select_one(f"form[method=post][action$='{action}']")
        assert form is not None, f"no button {action} on {address}"
        hidden = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden]")}
        return self.client.send(form["action"], hidden)

    def text(self, address: str) -> str:
        """The words of a page."""
        return self.client.page(address).text


def kept(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case).where(Case.id == case_id)).unique().one()


def step(case: Case) -> Step:
    return procedure.step_of(casework.facts_of(kept(case.id)))


def due(case: Case) -> dict[str, str]:
    """{what: when by the Viet Nam clock} of everything due: a moment for hours, a day for days."""
    found = procedure.next_deadlines(casework.facts_of(kept(case.id)), casework.calendar_of(case.commune_id))
    return {
        one.what.value: f"{clock.local(one.due_at):%H:%M %d/%m/%Y}" if one.unit == "hours" else f"{one.due_on:%d/%m/%Y}"
        for one in found
    }


@pytest.fixture
def play(client: Client, monkeypatch: pytest.MonkeyPatch) -> Play:
    return Play(client, monkeypatch)


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Đông")


@pytest.fixture
def officer(make: Make, village):
    return make.user("officer", full_name="Vũ Thị Hạnh")


@pytest.fixture
def leader(make: Make, village):
    return make.user("leader", full_name="Phạm Văn Chủ")


@pytest.fixture
def collaborator(make: Make, village):
    return make.user("collaborator", village=village, full_name="Đỗ Thị Lan")


def report(play: Play, by: User, **typed: str) -> IntakeReport:
    """A concern in its three screens."""
    play.by(by)
    # Nobody of the register was chosen: the second form of the first screen.
    play.fill("/cases/concerns/new", "form:has([name=child_name])", **{
        name: typed.pop(name) for name in ("child_name", "child_age", "child_sex") if name in typed
    })  # fmt: skip
    found = db.session.scalars(select(IntakeReport).order_by(IntakeReport.id.desc())).unique().first()
    assert found is not None
    play.fill(f"/cases/concerns/{found.id}/what", **{"happened": "Nghe trẻ kêu khóc", **typed})
    play.fill(f"/cases/concerns/{found.id}/informant")
    db.session.expire_all()
    return found


def open_case(play: Play, by: User, of: IntakeReport) -> Case:
    play.by(by).press(f"/cases/concerns/{of.id}", "/open-case")
    return db.session.scalars(select(Case).where(Case.report_id == of.id)).unique().one()


def known_case(play: Play, make: Make, officer: User, when: str, **values: Any) -> Case:
    """A case of a child of the register, opened by the officer."""
    play.at(when)
    child = values.pop("child", None) or make.child(values.pop("name", "Lê Thị Mận"), values.pop("village"))
    told = make.report(
        make.user("collaborator", village=child.village), child, clock.now(), village_id=child.village_id
    )
    return open_case(play, officer, told)


def assess(play: Play, case: Case, **typed: str) -> None:
    play.fill(f"/cases/{case.id}/initial-assessment/new", **{"harm_1": "high", "risk": "high", **typed})


def submit_plan(play: Play, case: Case, **typed: str) -> int:
    """A plan with one action, submitted."""
    play.fill(f"/cases/{case.id}/plan/new", **{"goal": "Trẻ an toàn", "ends_on": "30/9/2026", **typed})
    plan = kept(case.id).plans[-1]
    play.fill(f"/cases/{case.id}/plan/{plan.id}/actions/new", description="Tư vấn gia đình", ends_on="30/6/2026")
    play.press(f"/cases/{case.id}", f"/plan/{plan.id}/submit")
    return plan.id


def decide(play: Play, leader: User, case: Case, plan_id: int, **typed: str) -> None:
    play.by(leader).fill(f"/cases/{case.id}/plan/{plan_id}/decision", **{"decision": "approved", **typed})


def test_1_an_unknown_child_and_an_anonymous_informant_on_the_eve_of_tet(play, make, village, officer, collaborator):
    for day in (16, 17, 18, 19, 20):  # Monday to Friday: the five days of Tết Bính Ngọ
        make.save(CalendarDay(commune_id=make.home.id, day=date(2026, 2, day), kind=DayKind.HOLIDAY, name="Tết"))

    play.at("2026-02-16 23:40")
    told = report(
        play, collaborator, place="Gần chợ", child_age="khoảng 6 tuổi", happened="Một cháu bé bị nhốt ngoài cổng"
    )
    case = open_case(play, officer, told)

    assert (told.child_id, told.child_name, told.is_anonymous, told.state) == (None, None, True, ReportState.OPENED)
    # 12 clock hours, holidays included; five working days from Monday the 23rd: 23, 24, 25, 26, 27.
    assert due(case) == {"initial": "11:40 17/02/2026", "plan": "27/02/2026"}
    assert "còn 11 giờ" in play.text("/cases/")
    assert "NĐ 56/2017 Đ26.2, 26.3" in play.text(f"/cases/{case.id}")

    assess(play.at("2026-02-17 02:00"), case, is_emergency="y")
    assert due(case)["emergency"] == "11:40 17/02/2026"
    play.at("2026-02-17 12:00")
    assert "quá hạn" in play.by(officer).text("/cases/?due=overdue")
    play.fill(f"/cases/{case.id}/emergency-measure/new", measure="Đưa cháu đến trạm y tế")  # late, and never refused
    assert due(case) == {"plan": "27/02/2026"}


def test_2_a_separation_extended_beyond_15_days(play, make, village, officer, leader):
    case = known_case(play, make, officer, "2026-03-02 08:00", village=village)
    assess(play, case, is_emergency="y")
    play.fill(
        f"/cases/{case.id}/emergency-measure/new",
        measure="Cách ly khỏi cha dượng", is_separation="y", separated_until="10/3/2026", safe_place="Nhà bà ngoại",
    )  # fmt: skip
    # The day it begins is not counted: 3 to 17 March are the fifteen days.
    assert (due(case)["separation_end"], due(case)["separation_limit"]) == ("10/03/2026", "17/03/2026")

    measure = kept(case.id).emergency_measures[0]
    play.at("2026-03-10 09:00").by(officer)
    extension = f"/cases/{case.id}/emergency-measure/{measure.id}/extensions/new"
    typed = {"decision_number": "9/QĐ-UBND", "reason": "Cha dượng còn đe dọa"}
    for until, refused in (("10/3/2026", "phải sau ngày 10/03/2026"), ("18/3/2026", "chỉ được đến 17/03/2026")):
        assert refused in play.refused(extension, **typed, until=until)["until"]
    play.fill(extension, **typed, until="17/3/2026")
    assert (due(case)["separation_end"], due(case)["separation_limit"]) == ("17/03/2026", "17/03/2026")

    play.at("2026-03-16 09:00").by(officer)
    court = {"decision_number": "12/QĐ-UBND", "reason": "Chưa có nơi an toàn", "authority": "Tòa án, văn bản số 4"}
    play.fill(extension, **court, until="25/3/2026")
    assert (due(case)["separation_end"], due(case)["separation_limit"]) == ("25/03/2026", "17/03/2026")
    text = play.text(f"/cases/{case.id}")
    assert "Gia hạn đến 17/03/2026, quyết định số 9/QĐ-UBND ngày 10/03/2026: Cha dượng còn đe dọa" in text
    assert "12/QĐ-UBND ngày 16/03/2026" in text
    assert text.count("Gia hạn tạm thời cách ly") == 2  # in the history, one of each decision
    assert "quyết định số 12/QĐ-UBND" in play.text(f"/cases/{case.id}/timeline")

    play.at("2026-03-19 09:00").by(officer)
    assert "quá hạn 2 ngày" in play.text(f"/cases/{case.id}")
    play.fill(
        f"/cases/{case.id}/emergency-measure/{measure.id}/edit",
        beyond_reason="Đã đánh giá lại, đề nghị Tòa án gia hạn",
    )  # fmt: skip
    assert "đề nghị Tòa án gia hạn" in play.by(leader).text(f"/cases/{case.id}")  # a separation waits for the chair
    play.by(officer).fill(f"/cases/{case.id}/emergency-measure/{measure.id}/edit", ended_on="19/3/2026")
    assert not {"separation_end", "separation_limit"} & set(due(case))


def test_3_two_siblings_one_family_two_cases(play, make, village, officer, collaborator):
    household = make.household(village=village)
    an = make.child("Hoàng Văn An", village, household=household)
    binh = make.child("Hoàng Thị Bình", village, date(2020, 1, 2), Sex.FEMALE, household=household)
    first = known_case(play, make, officer, "2026-04-06 08:00", child=an)
    second = known_case(play, make, officer, "2026-04-06 09:00", child=binh)
    assess(play, first)

    assert (step(first), step(second)) == (Step.ASSESSMENT, Step.INITIAL)
    assert first.number != second.number
    assert second.number not in play.by(officer).text(f"/cases/{first.id}")
    assert "Hoàng Thị Bình" in play.text(f"/children/{an.id}")
    assert first.number in play.text(f"/children/{an.id}/timeline")
    assert second.number not in play.text(f"/children/{an.id}/timeline")


def test_4_a_child_moves_to_another_commune_in_mid_plan(play, make, village, officer, leader, client):
    case = known_case(play, make, officer, "2026-04-06 08:00", village=village, name="Lê Thị Mận")
    kept(case.id).report.informant_name = "Người Báo Kín"
    db.session.commit()
    assess(play, case, conclusion="Cháu bị bỏ mặc nhiều ngày")
    decide(play, leader, case, submit_plan(play, case))
    away = make.village("Thôn Xa", make.commune("xã Thanh Miện"))
    play.at("2026-05-04 08:00")
    receiver = make.user("officer", village=away, commune=away.commune)

    play.by(officer).fill(
        f"/cases/{case.id}/transfers/new",
        other_commune="xã Thanh Miện", reason="Theo mẹ chuyển đến", password="mot mat khau dai",
    )  # fmt: skip
    transfer = kept(case.id).transfers[0]
    package = client.get(f"/cases/{case.id}/transfers/{transfer.id}/file").data
    slip = client.get(f"/cases/{case.id}/documents/phieu-chuyen").data
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(slip)).paragraphs)
    assert transfer.checksum in words
    assert "Mận" not in words
    assert b"M\xe1\xba\xadn" not in package
    assert kept(case.id).closed_at is None  # ours until they have signed

    def take(password: str) -> Page:
        page = play.by(receiver).client.page("/cases/transfers/receive")
        assert page.status == 200, page.text
        data = {**page.form(), "file": (io.BytesIO(package), "ho-so.mnhs"), "password": password}
        return client.send("/cases/transfers/receive", data, content_type="multipart/form-data")

    assert "Mật khẩu không đúng" in take("sai mật khẩu này").text
    take("mot mat khau dai")
    take("mot mat khau dai")
    taken = db.session.scalars(select(Case).where(Case.commune_id == away.commune_id)).unique().all()
    assert len(taken) == 1
    page = play.text(f"/cases/{taken[0].id}/transfers/{taken[0].transfers[0].id}")
    assert "Lê Thị Mận" in page
    assert "Cháu bị bỏ mặc nhiều ngày" in page
    assert "Tư vấn gia đình" in page
    assert "Người Báo Kín" not in page
    assert "Đã phê duyệt" in page
    assert "Mức độ tổn hại của trẻ em Cao" in page
    assert "Dự kiến kết thúc: 30/06/2026" in page
    assert due(taken[0])["initial"] == "20:00 04/05/2026"  # theirs to protect from now on

    # Packed again, it is still the same case over there.
    play.by(officer)
    again = {"other_commune": "xã Thanh Miện", "reason": "Gửi lại", "password": "mot mat khau dai"}
    assert "đang chuyển cho một xã" in client.send(f"/cases/{case.id}/transfers/new", again).text
    client.send(f"/cases/{case.id}/transfers/{transfer.id}/withdraw", {"form_key": "hủy"})
    assert client.get(f"/cases/{case.id}/transfers/{transfer.id}/file").status_code == 404
    play.fill(f"/cases/{case.id}/transfers/new", **again)
    transfer = kept(case.id).transfers[1]
    package = client.get(f"/cases/{case.id}/transfers/{transfer.id}/file").data
    take("mot mat khau dai")
    assert len(db.session.scalars(select(Case).where(Case.commune_id == away.commune_id)).unique().all()) == 1

    play.by(officer).fill(
        f"/cases/{case.id}/transfers/{transfer.id}", receipt_on="4/5/2026", receipt_by="Nguyễn Văn Nhận"
    )
    closed = kept(case.id)
    assert (closed.closure_reason.value, step(closed), closed.transfers[1].receipt_by) == (
        "transferred", Step.CLOSED, "Nguyễn Văn Nhận",
    )  # fmt: skip
    assert client.get(f"/cases/{case.id}/transfers/{transfer.id}/file").status_code == 404


def test_5_the_leader_refuses_a_plan(play, make, village, officer, leader):
    case = known_case(play, make, officer, "2026-06-01 08:00", village=village)
    assess(play, case)
    play.at("2026-06-03 10:00").by(officer)
    plan_id = submit_plan(play, case)
    assert due(case)["approval"] == "05/06/2026"

    refused = play.at("2026-06-04 09:00").by(leader).client.page(f"/cases/{case.id}/plan/{plan_id}/decision")
    data = {**refused.form(), "decision": "refused", "decision_note": ""}
    answer = play.client.send(f"/cases/{case.id}/plan/{plan_id}/decision", data)
    assert (answer.status, answer.errors()["decision_note"]) == (422, "Nhập lý do không phê duyệt")
    decide(play, leader, case, plan_id, decision="refused", decision_note="Thiếu dự toán kinh phí")
    assert step(case) is Step.PLAN
    assert due(case)["plan"] == "08/06/2026"

    assert "Thiếu dự toán kinh phí" in play.by(officer).text(f"/cases/{case.id}")
    play.press(f"/cases/{case.id}", f"/plan/{plan_id}/submit")
    decide(play.at("2026-06-05 16:00"), leader, case, plan_id)
    assert step(case) is Step.FOLLOW_UP
    facts = casework.facts_of(kept(case.id))
    assert procedure.approved_in_time(facts, casework.calendar_of(case.commune_id)) is True


def test_6_a_case_is_closed_and_reopened(play, make, village, officer, leader):
    case = known_case(play, make, officer, "2026-01-05 08:00", village=village)
    assess(play, case)
    decide(play, leader, case, submit_plan(play, case))
    play.at("2026-03-02 08:00").by(officer)
    play.fill(f"/cases/{case.id}/review/new", risk="low", conclusion="Ổn định", can_close="y")
    play.fill(f"/cases/{case.id}/close", closure_reason="safe")
    assert (step(case), due(case)) == (Step.CLOSED, {})
    stands = dict(procedure.progress(casework.facts_of(kept(case.id))))
    done = procedure.Progress.DONE
    assert (stands[Step.PLAN], stands[Step.APPROVAL], stands[Step.REVIEW]) == (done, done, done)

    play.at("2026-05-04 10:00").by(officer).fill(f"/cases/{case.id}/reopen", reopening_reason="Cháu lại bị đánh")
    assert step(case) is Step.INITIAL
    assert due(case) == {"initial": "22:00 04/05/2026", "plan": "11/05/2026"}
    assert "Mở lại vụ việc" in play.text(f"/cases/{case.id}/timeline")


def test_7_the_officer_changes_and_hands_everything_over(play, make, village, officer):
    cases = [known_case(play, make, officer, f"2026-02-0{day} 08:00", village=village) for day in (2, 3)]
    successor = make.user("officer", full_name="Ngô Thị Kế")
    play.by(successor)
    assert "không ở trong nhóm phụ trách" in play.text(f"/cases/{cases[0].id}")

    play.at("2026-02-04 08:00").by(officer)
    assert "09/02/2026" in play.text("/cases/hand-over")  # what is due stands beside each case
    play.fill("/cases/hand-over", to_user_id=str(successor.id), note="Bà nội đang giữ giấy khai sinh")

    assert [kept(case.id).assigned_to_id for case in cases] == [successor.id, successor.id]
    play.by(successor)
    assert "Bà nội đang giữ giấy khai sinh" in play.text(f"/cases/{cases[0].id}/team")
    assert "Bàn giao cho Ngô Thị Kế" in play.text(f"/cases/{cases[1].id}/timeline?kind=team")


def test_8_a_referral_waits_for_its_reply(play, make, village, officer, client):
    case = known_case(play, make, officer, "2026-06-01 08:00", village=village)
    play.fill(
        f"/cases/{case.id}/referrals/new",
        recipient="Bệnh viện Nhi tỉnh", purpose="Khám, giám định thương tích", reply_due_on="8/6/2026",
    )  # fmt: skip
    assert due(case)["referral"] == "08/06/2026"
    letter = Document(io.BytesIO(client.get(f"/cases/{case.id}/documents/giay-chuyen?scope=provider").data))
    words = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "Bệnh viện Nhi tỉnh" in words
    assert "Khám, giám định thương tích" in words

    play.at("2026-06-10 08:00").by(officer)
    assert "Trả lời giấy chuyển" in play.text(f"/cases/{case.id}")
    referral = kept(case.id).referrals[0]
    play.fill(
        f"/cases/{case.id}/referrals/{referral.id}/edit",
        reply="done",
        replied_on="9/6/2026",
        reply_note="Không gãy xương",
    )
    assert "referral" not in due(case)


def test_9_the_unknown_child_turns_out_to_be_one_of_the_register(play, make, village, officer, collaborator):
    play.at("2026-06-01 08:00")
    told = report(play, collaborator, place="Sân đình", child_name="cháu Tí")
    case = open_case(play, officer, told)
    child = make.child("Nguyễn Văn Tí", make.village("Thôn Tây"))

    play.fill(f"/cases/{case.id}/child", words="nguyen van ti")
    page = play.client.send(f"/cases/{case.id}/child", {"words": "nguyen van ti"})
    assert "Nguyễn Văn Tí" in page.text
    play.client.send(f"/cases/{case.id}/child", {"child_id": str(child.id), "form_key": "link"})

    assert kept(case.id).child_id == child.id  # lives elsewhere; the case stays where it happened
    assert kept(case.id).village_id == told.village_id


def test_10_a_collaborator_learns_nothing_she_may_not(play, make, village, officer, leader, collaborator, client):
    play.at("2026-06-01 08:00")
    told = report(play, collaborator, place="Nhà cháu", happened="Cháu kể bị sàm sỡ")
    case = open_case(play, officer, told)
    assess(play, case, conclusion="Kết luận kín")
    play.fill(f"/cases/{case.id}/edit", perpetrator="Người Gây Hại", abuse_form="sexual", note="Ghi chép kín")

    play.by(collaborator)
    seen = play.text(f"/cases/{case.id}") + play.text(f"/cases/concerns/{told.id}") + play.text("/cases/")
    for secret in ("Kết luận kín", "Người Gây Hại", "Ghi chép kín", "Xâm hại tình dục"):
        assert secret not in seen
    for closed in ("edit", "team", "timeline", "documents/", "hand-over", "transfers/new", "initial-assessment/new"):
        assert client.get(f"/cases/{case.id}/{closed}").status_code == 403
    assert client.get(f"/cases/concerns/{told.id}/informant-details").status_code == 403


def test_11_an_officer_outside_the_team_breaks_the_glass(play, make, village, officer, leader):
    case = known_case(play, make, officer, "2026-06-01 08:00", village=village)
    play.fill(f"/cases/{case.id}/edit", perpetrator="Người Gây Hại", note="Ghi chép kín")
    stranger = make.user("officer", full_name="Lý Văn Ngoài")

    play.by(stranger)
    outside = play.text(f"/cases/{case.id}")
    assert "Người Gây Hại" not in outside
    assert "còn 11 giờ" in outside
    assert "Ghi chép kín" not in play.text(f"/cases/{case.id}/edit")
    report_id, child_id = case.report_id, case.child_id
    play.client.post(f"/cases/concerns/{report_id}/child", data={"child_id": str(make.child().id), "form_key": "x"})
    assert kept(case.id).report.child_id == child_id
    play.fill(f"/cases/{case.id}", "form[action$='/look']", reason="Trực đêm, công an hỏi gấp")
    assert "Ghi chép kín" in play.text(f"/cases/{case.id}")

    play.by(officer)
    assert "Người ngoài nhóm đã xem vụ việc của bạn" in play.text("/")
    assert "Trực đêm, công an hỏi gấp" in play.text("/cases/looks")
    play.press("/cases/looks", "/looks/read")
    assert "Người ngoài nhóm đã xem vụ việc của bạn" not in play.text("/")

    play.at("2026-06-01 11:01").by(stranger)
    assert "Ghi chép kín" not in play.text(f"/cases/{case.id}")
    assert "Ghi chép kín" not in play.by(leader).text(f"/cases/{case.id}")  # nothing waits for the chair


def test_12_a_ward_that_allows_eight_hours(play, make, village, officer):
    make.save(
        LocalLimit(
            commune_id=make.home.id, kind=LimitKind.EMERGENCY_HOURS, amount=8, valid_from=date(2026, 6, 1),
            source="QĐ 12/QĐ-UBND",
        )
    )  # fmt: skip
    before = known_case(play, make, officer, "2026-05-31 20:00", village=village)
    after = known_case(play, make, officer, "2026-06-01 08:00", village=village)

    assert (due(before)["initial"], due(after)["initial"]) == ("08:00 01/06/2026", "16:00 01/06/2026")
    assert "QĐ 12/QĐ-UBND" in play.text(f"/cases/{after.id}")
    page = play.client.page("/settings/limits/new")
    longer = {**page.form(), "kind": "emergency_hours", "amount": "13", "valid_from": "1/7/2026", "source": "QĐ 13"}
    refused = play.client.send("/settings/limits/new", longer)
    assert refused.errors()["amount"] == "Từ 1 đến 12: chỉ được rút ngắn so với nghị định"


def test_a_sealed_file_with_unexpected_contents_is_one_sentence(make, officer):
    for contents in ("[]", '{"format": 1}', '{"format": 1, "subject": "new code"}'):
        sealed = transfers._sealed(contents.encode(), "mot mat khau dai")

        with pytest.raises(transfers.Unreadable, match="mới hơn"):
            transfers.receive(officer, sealed, "mot mat khau dai")
