"""A photo beside another form: kept with the record, and never in its way."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from app import attachments, clock, erasing
from models import (
    Attachment,
    AuditEvent,
    CareDecision,
    CareForm,
    CarePlacement,
    CareVisit,
    Case,
    Change,
    Child,
    FollowUp,
    FosterCarer,
    IntakeReport,
    ReportState,
    User,
    Village,
    db,
)
from tests.make import Make
from tests.page import Client

ADD = "/children/add"


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "JPEG")
    return made.getvalue()


def send(client: Client, address: str, content: bytes, **typed: str) -> Any:
    form = client.page(address).form() | typed
    return client.post(
        address, data={**form, "photo": (io.BytesIO(content), "an.jpg")}, content_type="multipart/form-data"
    )


def kept() -> list[Attachment]:
    return list(db.session.scalars(select(Attachment)))


@pytest.fixture
def collaborator(client: Client, make: Make) -> User:
    user = make.user("collaborator", village=make.village())
    client.sign_in(user)
    return user


def test_a_new_child_and_her_photo_sent_twice_are_one_of_each(client: Client, collaborator: User) -> None:
    typed = {
        "full_name": "Đỗ Thị Ảnh",
        "sex": "female",
        "born_on": "5/6/2018",
        "birth_registration": "registered",
        "form_key": "k" * 22,
    }

    answers = [send(client, ADD, picture(), **typed) for _time in range(2)]

    child = db.session.scalars(select(Child)).one()
    assert [answer.location for answer in answers] == [f"/children/{child.id}"] * 2
    assert [(one.child_id, one.slot.value, one.added_by_id) for one in kept()] == [(child.id, "paper", collaborator.id)]


def test_a_photo_that_is_refused_leaves_the_child_saved_and_says_where_to_send_it(
    client: Client, collaborator: User
) -> None:
    answer = send(
        client,
        ADD,
        b"no picture",
        full_name="Đỗ Thị Ảnh",
        sex="female",
        born_on="5/6/2018",
        birth_registration="registered",
    )

    child = db.session.scalars(select(Child)).one()
    assert (answer.location, kept()) == (f"/children/{child.id}/attachments/new", [])
    text = client.page(answer.location).text
    assert "còn ảnh thì chưa: Chỉ nhận ảnh JPEG, PNG hoặc tệp PDF. Gửi lại ảnh ở trang này." in text


def test_too_many_papers_do_not_hold_up_a_correction(
    client: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make.user("officer"))
    child = make.child()
    monkeypatch.setattr(attachments, "MOST", 0)

    answer = send(client, f"/children/{child.id}/edit", picture(), full_name="Nguyễn Văn Sửa")

    assert answer.location == f"/children/{child.id}/attachments/new"
    assert (child.full_name, kept()) == ("Nguyễn Văn Sửa", [])


def test_a_form_with_errors_says_that_the_photo_is_to_be_chosen_again(client: Client, collaborator: User) -> None:
    answer = send(client, ADD, picture(), full_name="Đỗ Thị Ảnh")

    assert answer.status_code == 422
    assert "Ảnh phải chọn lại." in answer.get_data(as_text=True)
    assert (db.session.scalars(select(Child)).all(), kept()) == ([], [])


@pytest.mark.parametrize(("content", "photos"), [(picture(), 1), (b"no picture", 0), (b"", 0)])
def test_a_visit_is_saved_whatever_becomes_of_its_photo(
    content: bytes, photos: int, client: Client, make: Make, collaborator: User
) -> None:
    case = make.case(make.child(village=make.village()), collaborator_id=collaborator.id)

    answer = send(client, f"/cases/{case.id}/follow-up/new", content, observed="Khỏe", visited_on="5/1/2026")

    visit = db.session.scalars(select(FollowUp)).one()
    assert [one.case_id for one in kept()] == [case.id] * photos
    refused = content and not photos
    assert answer.location == (f"/cases/{case.id}/follow-up/{visit.id}/edit" if refused else f"/cases/{case.id}")


WHAT = {"happened": "Nghe trẻ khóc nhiều đêm.", "subject": "at_risk"}


class TestConcern:
    @pytest.fixture
    def report(self, client: Client, collaborator: User) -> IntakeReport:
        client.send("/cases/concerns/new", {"child_name": "Bé Na", "child_sex": "female", "form_key": "k1"})
        return db.session.scalars(select(IntakeReport)).one()

    def sent(self, client: Client, report: IntakeReport, content: bytes = b"", **typed: str) -> Any:
        return send(client, f"/cases/concerns/{report.id}/informant", content, channel="in_person", **typed)

    def case(self, client: Client, make: Make, report: IntakeReport) -> Case:
        """Opened by an officer who is its team."""
        self.sent(client, report)
        client.sign_in(make.user("officer"))
        client.send(f"/cases/concerns/{report.id}/open-case", {"form_key": "k9"})
        return db.session.scalars(select(Case)).one()

    def test_it_goes_along_once_and_its_history_is_the_concerns(
        self, client: Client, collaborator: User, report: IntakeReport
    ) -> None:
        address = f"/cases/concerns/{report.id}/what"

        answers = [send(client, address, picture(), **WHAT, form_key="k" * 22) for _time in range(2)]

        assert [answer.location for answer in answers] == [f"/cases/concerns/{report.id}/informant"] * 2
        assert [(one.report_id, one.child_id, one.case_id) for one in kept()] == [(report.id, None, None)]
        change = db.session.scalars(select(Change).where(Change.record_table == "attachments")).one()
        assert (change.subject_table, change.subject_id) == ("intake_reports", report.id)

    def test_refused_it_holds_up_nothing_and_is_asked_for_again_until_after_sending(
        self, client: Client, report: IntakeReport
    ) -> None:
        answer = send(client, f"/cases/concerns/{report.id}/what", b"no picture", **WHAT)
        assert (report.happened, kept()) == (WHAT["happened"], [])
        assert answer.location == f"/cases/concerns/{report.id}/informant?photo=1"
        page = client.page(answer.location)
        assert "còn ảnh thì chưa" in page.text
        assert page.soup.select_one("input[name=photo]")

        answer = self.sent(client, report, b"no picture")
        assert report.state is ReportState.SENT
        assert answer.location == f"/cases/concerns/{report.id}/attachments/new"
        form = client.page(answer.location).form()
        client.post(
            answer.location,
            data={**form, "slot": "medical", "file": (io.BytesIO(picture()), "giay.jpg")},
            content_type="multipart/form-data",
        )

        assert [(one.report_id, one.slot.value) for one in kept()] == [(report.id, "medical")]
        assert "Đã gửi kèm 1 giấy tờ" in client.page(f"/cases/concerns/{report.id}").text

    def test_its_reporter_sees_it_until_it_is_sent_then_officer_and_leader_and_each_reading_is_recorded(
        self, client: Client, make: Make, collaborator: User, report: IntakeReport
    ) -> None:
        send(client, f"/cases/concerns/{report.id}/what", picture(), **WHAT)
        [paper] = kept()
        address = f"/attachments/{paper.id}"
        assert client.page(f"/cases/concerns/{report.id}/what").soup.select_one(f"a[href='{address}']")
        assert client.get(f"{address}/content").status_code == 200
        assert client.sign_in(make.user("officer")).get(address).status_code == 404

        client.sign_in(collaborator)
        self.sent(client, report)
        assert [client.get(address + part).status_code for part in ("", "/content")] == [404, 404]
        for role in ("officer", "leader"):
            client.sign_in(make.user(role))
            assert client.page(f"/cases/concerns/{report.id}").soup.select_one(f"a[href='{address}']")
            assert "Tin báo về trẻ em" in client.page(address).text
            assert client.get(f"{address}/content").status_code == 200
        for stranger in (
            make.user("collaborator", village=make.village()),
            make.user("officer", commune=make.commune()),
        ):
            assert client.sign_in(stranger).get(address).status_code == 404
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "attachment_read")).all()
        assert len(events) == 3

    def test_once_there_is_a_case_its_team_has_it_among_the_papers_and_nobody_else(
        self, client: Client, make: Make, collaborator: User, report: IntakeReport
    ) -> None:
        send(client, f"/cases/concerns/{report.id}/what", picture(), **WHAT)
        [paper] = kept()
        case = self.case(client, make, report)

        link = f"a[href='/attachments/{paper.id}']"
        assert client.page(f"/cases/{case.id}/attachments").soup.select_one(link)
        assert client.page(f"/cases/concerns/{report.id}").soup.select_one(link)
        assert client.page(f"/attachments/{paper.id}").soup.select_one(f"a[href='/cases/{case.id}/attachments']")
        assert client.get(f"/attachments/{paper.id}/content").status_code == 200

        client.sign_in(make.user("officer"))
        asked = [
            client.get(address).location
            for address in (f"/attachments/{paper.id}", f"/cases/concerns/{report.id}/attachments/new")
        ]
        assert asked == [f"/cases/{case.id}"] * 2  # where a reason is asked for
        assert not client.page(f"/cases/concerns/{report.id}").soup.select(link)
        client.sign_in(collaborator)
        assert client.get(f"/attachments/{paper.id}").status_code == 404
        assert client.get(f"/cases/concerns/{report.id}/attachments/new").status_code == 200

    def test_it_is_erased_with_its_case(self, client: Client, make: Make, report: IntakeReport) -> None:
        send(client, f"/cases/concerns/{report.id}/what", picture(), **WHAT)
        case = self.case(client, make, report)

        erasing.erase_cases({case.id})
        db.session.commit()

        assert (kept(), db.session.scalars(select(IntakeReport)).all()) == ([], [])


class TestVisitInCare:
    @pytest.fixture
    def placement(self, make: Make, collaborator: User) -> CarePlacement:
        day = clock.today() - timedelta(days=60)
        child = make.child(village=db.session.get_one(Village, *collaborator.village_ids))
        carer = make.save(
            FosterCarer(commune_id=child.commune_id, village_id=child.village_id, full_name="Lò Thị Nhận")
        )
        return make.save(
            CarePlacement(
                commune_id=child.commune_id, child_id=child.id, form=CareForm.FAMILY, carer_id=carer.id,
                decision=CareDecision.APPROVED, decided_on=day, handed_over_on=day, collaborator_id=collaborator.id,
            )
        )  # fmt: skip

    def visit(self, client: Client, placement: CarePlacement, content: bytes) -> Any:
        address = f"/care/placements/{placement.id}/visits/new"
        return send(client, address, content, observed="Khỏe, đi học đều", form_key="k" * 22)

    def test_without_a_case_the_photo_is_the_childs_and_sent_twice_one(
        self, client: Client, make: Make, placement: CarePlacement
    ) -> None:
        answers = [self.visit(client, placement, picture()) for _time in range(2)]

        assert [answer.location for answer in answers] == ["/care/"] * 2
        assert [(one.child_id, one.case_id) for one in kept()] == [(placement.child_id, None)]
        assert len(db.session.scalars(select(CareVisit)).all()) == 1

    def test_of_a_case_it_is_the_cases(
        self, client: Client, make: Make, collaborator: User, placement: CarePlacement
    ) -> None:
        case = make.case(placement.child, collaborator_id=collaborator.id)
        placement.case_id = case.id
        db.session.commit()

        self.visit(client, placement, picture())

        assert [(one.child_id, one.case_id) for one in kept()] == [(None, case.id)]

    def test_of_a_case_she_has_no_part_in_no_photo_is_asked_for(
        self, client: Client, make: Make, placement: CarePlacement
    ) -> None:
        placement.case_id = make.case(placement.child).id
        db.session.commit()

        page = client.page(f"/care/placements/{placement.id}/visits/new")
        self.visit(client, placement, picture())

        assert page.soup.select("input[name=photo]") == []
        assert (kept(), len(db.session.scalars(select(CareVisit)).all())) == ([], 1)
        assert client.get(f"/care/placements/{placement.id}/visits/photo").status_code == 404

    def test_refused_it_leaves_the_visit_and_is_sent_again(
        self, client: Client, make: Make, collaborator: User, placement: CarePlacement
    ) -> None:
        placement.case_id = make.case(placement.child, collaborator_id=collaborator.id).id
        db.session.commit()

        answer = self.visit(client, placement, b"no picture")
        assert answer.location == f"/care/placements/{placement.id}/visits/photo"
        assert len(db.session.scalars(select(CareVisit)).all()) == 1
        again = send(client, answer.location, picture())

        assert again.location == "/care/"
        assert [one.case_id for one in kept()] == [placement.case_id]
