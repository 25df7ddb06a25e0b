"""The extract of one child's record: all of the child's, nothing of others, and who got and saw it."""

from datetime import date

import pytest
from sqlalchemy import select

from app import clock
from app.periods import Period
from app.workbooks import Variant, making
from models import (
    AuditEvent,
    ConsentGiver,
    PerpetratorRelation,
    Referral,
    RequestKind,
    SubjectRequest,
    db,
)


@pytest.fixture
def officer(make):
    return make.user("officer", full_name="Phạm Thị Xuất")


@pytest.fixture
def child(make):
    return make.child("Lò Thị Trích", born=date(2015, 3, 4), school_name="Trường Hoa Ban", note="hay ốm")


def asked(make, child, asker: ConsentGiver) -> str:
    record = make.save(
        SubjectRequest(
            commune_id=child.commune_id, child_id=child.id, kind=RequestKind.SEE, asker=asker,
            asker_name="Lò Thị Mẹ", received_on=clock.today(),
        )
    )  # fmt: skip
    return f"/privacy/requests/{record.id}/extract"


def case_of(make, child, officer, relation: PerpetratorRelation):
    report = make.report(
        officer, child, happened="bị đánh", informant_name="Người Báo Kín", informant_phone="0912345678"
    )
    case = make.case(child, report, opened_by=officer, perpetrator="Kẻ Đánh Kín", note="ghi chú kín")
    case.perpetrator_relation = relation
    db.session.commit()
    return case


def test_the_childs_data_are_there_and_nothing_of_others(client, make, officer, child):
    make.relative(child, full_name="Lò Thị Mẹ", phone="0987654321", occupation="làm ruộng")
    make.circumstance(child)
    case_of(make, child, officer, PerpetratorRelation.NEIGHBOUR)
    client.sign_in(officer)

    page = client.page(asked(make, child, ConsentGiver.CHILD))

    for words in ("Lò Thị Trích", "04/03/2015", "Trường Hoa Ban", "hay ốm", "Lò Thị Mẹ", "VV-"):
        assert words in page.text
    for words in ("Người Báo Kín", "0912345678", "Kẻ Đánh Kín", "ghi chú kín", "bị đánh", "0987654321", "làm ruộng"):
        assert words not in page.text
    assert "Trích" not in page.soup.title.get_text().removeprefix("Bản trích")


def test_a_representative_is_not_told_of_a_case_against_the_family(client, make, officer, child):
    case = case_of(make, child, officer, PerpetratorRelation.PARENT)
    make.circumstance(child, "l")
    client.sign_in(officer)

    for_parent = client.page(asked(make, child, ConsentGiver.REPRESENTATIVE)).text
    for_child = client.page(asked(make, child, ConsentGiver.CHILD)).text

    assert case.number not in for_parent
    assert "có vụ việc không in cho người đại diện" in for_parent
    assert "xâm hại tình dục" not in for_parent
    assert case.number in for_child


def test_it_names_to_whom_it_went_and_who_read_it(client, make, officer, child):
    case = case_of(make, child, officer, PerpetratorRelation.STRANGER)
    of = {"commune_id": child.commune_id, "case_id": case.id}
    make.save(Referral(**of, referred_on=clock.today(), recipient="Trung tâm Bình Yên", purpose="tư vấn"))
    brief = making.brief(make.home, Period.of_year(clock.today().year), Variant.NAMED, reason="họp xã")
    making.note("register", brief, making.make("register", brief), officer)
    db.session.commit()
    client.sign_in(officer).get(f"/children/{child.id}")

    page = client.page(asked(make, child, ConsentGiver.CHILD))

    for words in ("Trung tâm Bình Yên", "Phạm Thị Xuất", "Xem hồ sơ trẻ em", "Có họ tên", "Tải biểu"):
        assert words in page.text
    made = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "extract_made")).one()
    assert (made.user_id, made.record_id, made.details) == (officer.id, child.id, {"asker": "child"})


@pytest.mark.parametrize("role", ["collaborator", "leader", "administrator", "viewer"])
def test_others_do_not_print_it(client, make, officer, child, role):
    address = asked(make, child, ConsentGiver.CHILD)

    assert client.sign_in(make.user(role, village=child.village)).get(address).status_code == 403
