"""Mẫu 01–07: what the decree names has a place in a form page and stands in the printed paper."""

import io

import pytest
from docx import Document

from models import CasePlan, CaseReview, InitialAssessment, db
from tests.integration.test_documents import at

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

#: The wording of Mẫu 01 and Mẫu 03 (NĐ 56/2017 Đ25, Đ27.1), as the page asks.
WORDINGS = {
    "concerns/{report}/edit": (
        "Phỏng đoán hậu quả có thể xảy ra nếu không có hỗ trợ, can thiệp",
        "Những hành động hỗ trợ, can thiệp đã được thực hiện trước khi nhận thông tin",
        "Hoàn cảnh gia đình",
        "Hiện ai là người chăm sóc",
        "Ngày sinh hoặc ước lượng tuổi",
    ),
    "{case}/comprehensive-assessment/new": (
        "b) Hoàn cảnh gia đình, mối quan hệ, năng lực bảo vệ trẻ em của cha, mẹ, thành viên gia đình",
        "c) Các yếu tố làm cho trẻ em có thể bị, tiếp tục bị xâm hại hoặc tiếp tục rơi vào hoàn cảnh đặc biệt",
        "e) Nhu cầu của trẻ em về y tế, trợ giúp xã hội, giáo dục, học nghề, trợ giúp pháp lý, tư vấn, trị liệu tâm lý",
        "h) Ý kiến, nguyện vọng của cha, mẹ, người chăm sóc trẻ em (trừ trường hợp họ là người gây tổn hại)",
    ),
}


@pytest.fixture
def officer(make):
    return make.user("officer")


@pytest.fixture
def case(make, officer):
    child = make.child("Lê Thị Mận")
    return make.case(child, make.report(officer, child), assigned_to_id=officer.id, received_at=at(2, 9))


def words(content: bytes) -> str:
    body = Document(io.BytesIO(content)).element.body
    return "".join(run.text or "" for run in body.iter() if run.tag.endswith("}t"))


def test_the_pages_ask_in_the_words_of_the_forms(client, case, officer):
    client.sign_in(officer)
    keys = {"report": case.report_id, "case": case.id}

    missing = [
        wording
        for address, wordings in WORDINGS.items()
        for wording in wordings
        if wording not in client.page(f"/cases/{address.format(**keys)}").text
    ]

    assert missing == []


def test_a_note_beside_an_item_and_the_measures_stand_in_mau_02(client, case, officer):
    client.sign_in(officer)
    address = f"/cases/{case.id}/initial-assessment/new"
    typed = {"harm_1": "high", "harm_1_note": "gãy tay trái", "risk": "high", "safety": "đưa cháu sang nhà bà ngoại"}
    client.send(address, {**client.page(address).form(), **typed})

    record = db.session.scalars(db.select(InitialAssessment)).one()
    assert (record.levels, record.notes) == ({"harm_1": "high"}, {"harm_1": "gãy tay trái"})
    assert client.page(f"/cases/{case.id}/initial-assessment/{record.id}/edit").form()["harm_1_note"] == "gãy tay trái"
    paper = words(client.get(f"/cases/{case.id}/documents/mau-02").data)
    assert "Mức độ tổn hại của trẻ em (gãy tay trái)" in paper
    assert "bảo đảm an toàn tạm thời: đưa cháu sang nhà bà ngoại" in paper
    page = client.page(f"/cases/{case.id}").text
    assert "gãy tay trái" in page
    assert "Cao: 1 · Trung bình: 0 · Thấp: 0" in page


def test_a_note_stands_in_mau_06(client, case, officer):
    client.sign_in(officer)
    address = f"/cases/{case.id}/review/new"
    typed = {"harm_2": "low", "harm_2_note": "người đó đã chuyển đi", "risk": "low", "conclusion": "ổn định"}
    client.send(address, {**client.page(address).form(), **typed})

    assert db.session.scalars(db.select(CaseReview)).one().notes == {"harm_2": "người đó đã chuyển đi"}
    assert "(người đó đã chuyển đi)" in words(client.get(f"/cases/{case.id}/documents/mau-06").data)


def test_the_facilities_to_be_called_on_stand_in_mau_05(client, case, officer):
    client.sign_in(officer)
    address = f"/cases/{case.id}/plan/new"
    typed = {"goal": "Cháu an toàn", "facilities": "Trạm y tế xã; Trung tâm Công tác xã hội"}
    client.send(address, {**client.page(address).form(), **typed})

    assert db.session.scalars(db.select(CasePlan)).one().facilities == typed["facilities"]
    assert typed["facilities"] in words(client.get(f"/cases/{case.id}/documents/mau-05").data)
