"""A photo beside another form: kept with the record, and never in its way."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from app import attachments
from models import Attachment, Child, FollowUp, User, db
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
