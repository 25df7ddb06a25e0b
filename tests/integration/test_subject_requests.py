"""Requests about personal data: who may ask, within what time, what a withdrawal brings with it."""

from datetime import date, timedelta

import pytest

from app import clock, subject_requests
from app.subject_requests import Which
from models import (
    Consent,
    ConsentAnswer,
    ConsentGiver,
    ConsentPurpose,
    Referral,
    RequestKind,
    RequestLimit,
    SubjectRequest,
    db,
)


@pytest.fixture
def officer(make):
    return make.user("officer")


def ask(client, child, **typed: str):
    address = f"/privacy/of-child/{child.id}/requests/new"
    typed = {"kind": "see", "asker": "representative", "asker_name": "Trần Thị Bình", **typed}
    return client.send(address, {**client.page(address).form(), **typed})


def step(client, request, what: str, **typed: str):
    address = f"/privacy/requests/{request.id}/{what}"
    return client.send(address, {**client.page(address).form(), **typed})


def only() -> SubjectRequest:
    return db.session.scalars(db.select(SubjectRequest)).one()


def test_a_child_under_seven_asks_through_its_representative(client, make, officer):
    small = make.child(born=date(clock.today().year - 6, 1, 1))
    client.sign_in(officer)

    refused = ask(client, small, asker="child")

    assert "người đại diện yêu cầu thay" in str(refused.errors())
    assert db.session.scalars(db.select(SubjectRequest)).all() == []


def test_what_was_typed_stays_when_a_day_is_wrong(client, make, officer):
    client.sign_in(officer)

    refused = ask(client, make.child(), received_on="01/01/2099", details="xem sổ của cháu")

    assert "received_on" in refused.errors()
    assert refused.form()["details"] == "xem sổ của cháu"


def test_two_working_days_to_answer_and_ten_days_to_show(make, officer):
    friday = date(2026, 3, 6)
    request = make.save(
        SubjectRequest(
            commune_id=officer.commune_id, child_id=make.child().id, kind=RequestKind.SEE,
            asker=ConsentGiver.REPRESENTATIVE, asker_name="Trần Thị Bình", received_on=friday,
        )
    )  # fmt: skip

    def due() -> dict[str, tuple[date, str]]:
        return {
            str(one.what): (one.due_on, one.article) for one in subject_requests.line_of(officer, request).deadlines
        }

    article = "NĐ 356/2025/NĐ-CP Đ5"
    assert due() == {"request_answer": (date(2026, 3, 10), article), "request_done": (date(2026, 3, 16), article)}

    request.answered_on, request.extended_on = date(2026, 3, 9), date(2026, 3, 12)
    assert due() == {"request_done": (date(2026, 3, 26), article)}

    request.closed_on = date(2026, 3, 20)
    assert due() == {}


def test_a_limit_of_the_commune_stands_in_the_decrees_place_from_its_day(make, officer):
    of = {"commune_id": officer.commune_id, "kind": RequestKind.SEE}
    make.save(
        RequestLimit(
            **of, starts_on=date(2026, 6, 1), answer_days=1, done_days=5, extension_days=0, article="Thông tư mới"
        )
    )
    limits = list(db.session.scalars(subject_requests.known_limits(officer)))

    before = subject_requests.limit_of(limits, RequestKind.SEE, date(2026, 5, 31))
    after = subject_requests.limit_of(limits, RequestKind.SEE, date(2026, 6, 1))

    assert (before.done_days, after.done_days, after.article) == (10, 5, "Thông tư mới")


def test_a_request_is_extended_once_and_a_refusal_says_why(client, make, officer):
    child = make.child()
    client.sign_in(officer)
    ask(client, child, kind="erase")
    request = only()

    step(client, request, "extend", extension_reason="phải tìm hồ sơ giấy")
    again = client.get(f"/privacy/requests/{request.id}/extend")
    silent = step(client, request, "close", outcome="refused")

    assert request.extension_reason == "phải tìm hồ sơ giấy"
    assert again.status_code == 303
    assert "outcome_note" in silent.errors()
    assert request.closed_on is None

    step(client, request, "close", outcome="refused", outcome_note="vụ việc đang mở")
    assert request.closed_on == clock.today()


def test_a_form_sent_twice_makes_one_request(client, make, officer):
    child = make.child()
    client.sign_in(officer)
    address = f"/privacy/of-child/{child.id}/requests/new"
    typed = {**client.page(address).form(), "kind": "see", "asker": "representative", "asker_name": "Trần Thị Bình"}

    client.send(address, typed)
    client.send(address, typed)

    assert only().child_id == child.id


def test_a_withdrawal_ends_the_consent_and_says_who_must_be_told(client, make, officer):
    child = make.child(born=date(clock.today().year - 9, 1, 1))
    case = make.case(child, opened_by=officer)
    of = {"commune_id": child.commune_id, "case_id": case.id}
    make.save(Referral(**of, referred_on=clock.today(), recipient="Trung tâm Công tác xã hội", purpose="tư vấn"))
    consent = make.save(
        Consent(
            commune_id=child.commune_id, child_id=child.id, giver=ConsentGiver.CHILD, purpose=ConsentPurpose.SHARE,
            answer=ConsentAnswer.AGREED, asked_on=clock.today() - timedelta(days=3),
        )
    )  # fmt: skip
    client.sign_in(officer)
    before = client.page(f"/consents/{consent.id}/edit").text

    address = f"/privacy/of-child/{child.id}/requests/new?consent={consent.id}"
    form = client.page(address).form()
    client.send(address, {**form, "asker": "child"})

    assert form["kind"] == "withdraw"
    assert consent.withdrawn_on == clock.today()
    shown = client.page(f"/privacy/requests/{only().id}").text
    for text in (before, shown):
        assert "Báo Trung tâm Công tác xã hội" in text
        assert "một bên rút lại là đủ để dừng" in text


def test_overdue_requests_come_first_on_the_work_list(client, make, officer):
    child = make.child()
    for days in (1, 60):
        make.save(
            SubjectRequest(
                commune_id=child.commune_id, child_id=child.id, kind=RequestKind.SEE, asker=ConsentGiver.CHILD,
                received_on=clock.today() - timedelta(days=days),
            )
        )  # fmt: skip
    client.sign_in(officer)

    lines = subject_requests.lines(officer)

    assert [line.is_overdue for line in lines] == [True, False]
    assert len(subject_requests.lines(officer, Which.OVERDUE)) == 1
    assert "Yêu cầu về dữ liệu cá nhân quá hạn" in client.page("/").text


def test_a_collaborator_learns_nothing_of_a_request(client, make, officer):
    village = make.village()
    child = make.child(village=village)
    client.sign_in(officer)
    ask(client, child, details="xin bản trích")
    client.sign_in(make.user("collaborator", village=village))

    assert "Yêu cầu về dữ liệu" not in client.page(f"/children/{child.id}").text
    assert client.get(f"/privacy/requests/{only().id}").status_code == 403
