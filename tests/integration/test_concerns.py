"""Reporting a concern in three screens, and the officer's answer to it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import clock, paging
from models import AuditEvent, Case, IntakeReport, ReportState, User, db
from tests.make import Make
from tests.page import Client, Page


def _controls(page: Page) -> set[str]:
    names = {control["name"] for control in page.soup.select("main [name]") if control.get("type") != "hidden"}
    return {str(name) for name in names}


def _only_report() -> IntakeReport:
    db.session.expire_all()
    return db.session.scalars(select(IntakeReport)).unique().one()


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def collaborator(make: Make, village):
    return make.user("collaborator", village=village)


@pytest.fixture
def officer(make: Make):
    return make.user("officer")


def _report_unknown_child(client: Client) -> IntakeReport:
    client.send("/cases/concerns/new", {"child_sex": "unknown", "child_age": "khoảng 6 tuổi", "form_key": "k1"})
    report = _only_report()
    client.send(
        f"/cases/concerns/{report.id}/what",
        {
            "subject": "at_risk",
            "village_id": str(report.village_id),
            "happened": "Khóc nhiều đêm liền",
            "version": str(report.version),
            "form_key": "k2",
        },
    )
    report = _only_report()
    client.send(
        f"/cases/concerns/{report.id}/informant",
        {"channel": "in_person", "version": str(report.version), "form_key": "k3"},
    )
    return _only_report()


def test_a_concern_about_an_unknown_child_is_sent_in_three_screens(client, make, village, collaborator):
    client.sign_in(collaborator)

    report = _report_unknown_child(client)

    assert (report.state, report.child_id, report.village_id) == (ReportState.SENT, None, village.id)
    assert report.child_age == "khoảng 6 tuổi"
    assert report.is_anonymous
    assert clock.now() - report.received_at < timedelta(minutes=1)


def test_the_three_screens_ask_at_most_twelve_things_beside_a_photo(client, make, collaborator):
    client.sign_in(collaborator)
    first = client.page("/cases/concerns/new")
    client.send("/cases/concerns/new", {"child_sex": "unknown", "form_key": "k1"})
    report = _only_report()
    second = client.page(f"/cases/concerns/{report.id}/what")
    report.happened = "x"
    db.session.commit()
    third = client.page(f"/cases/concerns/{report.id}/informant")

    asked = [name for page in (first, second, third) for name in sorted(_controls(page)) if name != "photo"]

    assert len(asked) <= 12, asked


def test_who_where_and_what_are_enough_and_less_is_not(client, make, village, collaborator):
    client.sign_in(collaborator)
    client.send("/cases/concerns/new", {"child_sex": "unknown", "form_key": "k1"})
    report = _only_report()

    page = client.send(
        f"/cases/concerns/{report.id}/what",
        {"subject": "at_risk", "village_id": "", "version": str(report.version), "form_key": "k2"},
    )

    assert page.status == 422
    assert set(page.errors()) == {"village_id", "happened"}


def test_a_draft_is_kept_between_screens_and_counted_as_unsent(client, make, collaborator):
    client.sign_in(collaborator)
    client.send("/cases/concerns/new", {"child_name": "Bé Na", "child_sex": "female", "form_key": "k1"})

    page = client.page("/cases/concerns?state=draft")

    assert _only_report().state is ReportState.DRAFT
    assert [row["Trẻ em"] for row in page.rows()] == ["Bé Na"]


def test_a_known_child_is_found_by_name_and_chosen(client, make, village, collaborator):
    child = make.child("Lò Thị Hòa", village)
    make.child("Lò Thị Hòa", make.village("Thôn Khác"))
    client.sign_in(collaborator)

    found = client.send("/cases/concerns/find", {"words": "hoa"})
    client.send("/cases/concerns/find", {"child_id": str(child.id), "form_key": "k1"})

    assert [row["Thôn"] for row in found.rows()] == ["Thôn Một"]
    assert (_only_report().child_id, _only_report().village_id) == (child.id, village.id)


def test_a_child_of_another_village_cannot_be_chosen(client, make, collaborator):
    other = make.child("Lò Thị Hòa", make.village("Thôn Khác"))
    client.sign_in(collaborator)

    assert client.post("/cases/concerns/find", data={"child_id": str(other.id), "form_key": "k1"}).status_code == 404


def test_the_same_first_screen_sent_twice_makes_one_report(client, make, collaborator):
    client.sign_in(collaborator)
    form = {"child_name": "Bé Na", "child_sex": "female", "form_key": "same"}

    first = client.post("/cases/concerns/new", data=form)
    second = client.post("/cases/concerns/new", data=form)

    assert first.location == second.location
    assert db.session.scalar(select(func.count(IntakeReport.id))) == 1


def test_a_draft_is_nobody_elses(client, make, village, collaborator, officer):
    draft = make.report(collaborator, state=ReportState.DRAFT)
    neighbour = make.user("collaborator", village=village)

    for other in (neighbour, officer, make.user("leader")):
        assert client.sign_in(other).get(f"/cases/concerns/{draft.id}").status_code == 404
        assert client.get(f"/cases/concerns/{draft.id}/what").status_code in (403, 404)


def test_the_officer_sees_the_report_at_once_with_the_twelve_hours_running(client, make, collaborator, officer):
    make.report(collaborator, at=clock.now() - timedelta(hours=8, minutes=30))

    row = client.sign_in(officer).page("/cases/concerns?state=waiting").rows()[0]

    assert "còn 3 giờ" in row["Tình trạng"]


def test_the_officer_answers_without_a_case_and_the_reporter_reads_it(client, make, collaborator, officer):
    report = make.report(collaborator)
    client.sign_in(officer).send(
        f"/cases/concerns/{report.id}/answer", {"answer": "Đã gặp gia đình, cháu an toàn", "form_key": "k"}
    )

    page = client.sign_in(collaborator).page("/cases/concerns?state=unseen")
    client.send(f"/cases/concerns/{report.id}/seen", {"form_key": "k2"})

    assert "Đã gặp gia đình" in page.text
    assert _only_report().state is ReportState.ANSWERED
    assert client.page("/cases/concerns?state=unseen").soup.select("table") == []


def test_an_answer_needs_a_word(client, make, collaborator, officer):
    report = make.report(collaborator)

    page = client.sign_in(officer).send(f"/cases/concerns/{report.id}/answer", {"answer": " ", "form_key": "k"})

    assert page.status == 422
    assert set(page.errors()) == {"answer"}


def test_opening_a_case_takes_over_what_the_report_says(client, make, village, collaborator, officer):
    received = clock.now() - timedelta(hours=2)
    report = make.report(collaborator, at=received, village_id=village.id)

    client.sign_in(officer).send(f"/cases/concerns/{report.id}/open-case", {"form_key": "k"})

    case = db.session.scalars(select(Case)).unique().one()
    assert (case.report_id, case.received_at, case.village_id) == (report.id, received, village.id)
    assert (case.assigned_to_id, case.collaborator_id) == (officer.id, collaborator.id)
    assert case.number.startswith("VV-")
    assert _only_report().state is ReportState.OPENED


def test_a_report_has_one_case_at_most(client, make, collaborator, officer):
    report = make.report(collaborator)
    client.sign_in(officer)

    for key in ("k1", "k1", "k2"):
        client.post(f"/cases/concerns/{report.id}/open-case", data={"form_key": key})

    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_the_officer_links_the_report_to_a_child_of_the_register(client, make, village, collaborator, officer):
    child = make.child("Vàng Thị Mai", village)
    report = make.report(collaborator, child_name="Mai")
    client.sign_in(officer)

    found = client.send(f"/cases/concerns/{report.id}/child", {"words": "vang mai", "form_key": "k0"})
    client.send(f"/cases/concerns/{report.id}/child", {"child_id": str(child.id), "form_key": "k"})

    assert len(found.rows()) == 1
    assert _only_report().child_id == child.id


SECRETS = {
    "happened": "đánh bằng roi",
    "informant_name": "Hờ Thị Kín",
    "informant_phone": "0912345678",
    "informant_address": "cạnh giếng làng",
    "informant_note": "đừng nói với ai",
}


def test_the_informant_is_read_by_officer_and_leader_only(client, make, collaborator, officer):
    report = make.report(collaborator, **SECRETS)

    def seen(user: User, page: str = "") -> list[str]:
        text = str(client.sign_in(user).page(f"/cases/concerns/{report.id}{page}").soup)
        return [word for word in SECRETS.values() if word in text]

    leader = make.user("leader")
    assert [seen(user) for user in (officer, leader, collaborator)] == [["đánh bằng roi"], ["đánh bằng roi"], []]
    informant = list(SECRETS.values())[1:]
    who = "/informant-details"
    assert [seen(user, who) for user in (officer, leader, collaborator)] == [informant, informant, []]
    events = db.session.scalars(select(AuditEvent.event).where(AuditEvent.event == "informant_read")).all()
    assert len(events) == 2


def test_a_report_is_not_found_by_others(client, make, village, collaborator):
    report = make.report(collaborator)
    far = make.commune()

    for other in (make.user("collaborator", village=village), make.user("officer", commune=far)):
        assert client.sign_in(other).get(f"/cases/concerns/{report.id}").status_code == 404
        assert client.page("/cases/concerns").soup.select("table") == []


def test_what_waits_stands_first_the_overdue_on_top_on_every_page(client, make, collaborator, officer, monkeypatch):
    monkeypatch.setattr(paging.page, "__kwdefaults__", {"size": 3})

    def report(hours: int, **values) -> IntakeReport:
        return make.report(collaborator, at=clock.now() - timedelta(hours=hours), **values)

    answered, newest_answered = (report(hours, state=ReportState.ANSWERED) for hours in (50, 1))
    fresh, urgent, older = report(2), report(1, is_urgent=True), report(3)
    overdue, long_overdue = report(13), report(40)
    wanted = [long_overdue, overdue, urgent, older, fresh, newest_answered, answered]
    client.sign_in(officer)

    page, shown = client.page("/cases/concerns"), []
    while page:
        shown += [int(link["href"].rsplit("/", 1)[-1]) for link in page.soup.select("tbody th a")]
        further = page.soup.select_one("a[rel=next]")
        page = client.page(further["href"]) if further else None

    assert shown == [one.id for one in wanted]


def test_the_officer_completes_the_form_and_a_stale_copy_is_told(client, make, collaborator, officer):
    report = make.report(collaborator)
    address = f"/cases/concerns/{report.id}/edit"
    form = {
        "received_at": "2026-01-05T08:00",
        "channel": "phone",
        "subject": "abused",
        "child_sex": "unknown",
        "village_id": "",
        "version": str(report.version),
    }
    client.sign_in(officer).send(address, {**form, "family_words": "Bố đi làm xa", "form_key": "k1"})

    stale = client.send(address, {**form, "family_words": "Ở với bà", "form_key": "k2"})

    assert stale.status == 409
    assert "Có người vừa sửa hồ sơ này" in stale.text
    assert _only_report().family_words == "Bố đi làm xa"


def test_the_officer_says_when_the_information_came_but_not_ahead_of_time(client, make, officer):
    draft = make.report(officer, state=ReportState.DRAFT)
    form = {"channel": "phone", "version": str(draft.version)}
    client.sign_in(officer)

    ahead = client.send(
        f"/cases/concerns/{draft.id}/informant", {**form, "received_at": "2090-01-05T08:00", "form_key": "1"}
    )
    client.send(f"/cases/concerns/{draft.id}/informant", {**form, "received_at": "2026-01-05T08:00", "form_key": "2"})

    assert set(ahead.errors()) == {"received_at"}
    assert clock.local(_only_report().received_at).isoformat() == "2026-01-05T08:00:00+07:00"


def test_an_informant_who_leaves_no_name_is_anonymous_and_one_who_saw_it_herself_is_not(client, make, collaborator):
    client.sign_in(collaborator)
    anonymous = {}
    for channel in ("in_person", "observed"):
        draft = make.report(collaborator, state=ReportState.DRAFT)
        client.send(
            f"/cases/concerns/{draft.id}/informant",
            {"channel": channel, "version": str(draft.version), "form_key": channel},
        )
        db.session.expire_all()
        anonymous[channel] = draft.is_anonymous

    assert anonymous == {"in_person": True, "observed": False}
