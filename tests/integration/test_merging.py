"""Two records of one child made one, taken apart again, or told apart for good."""

from datetime import date

import pytest
from sqlalchemy import select

from app import access, likely_pairs, merging
from models import (
    AuditEvent,
    Case,
    Child,
    DistinctPair,
    Merge,
    Relative,
    RelativeKind,
    Service,
    ServiceKind,
    Sex,
    db,
)


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


@pytest.fixture
def officer(make, village):
    return make.user("officer")


@pytest.fixture
def twice(make, village):
    """One child put down twice: what each record knows differs."""
    kept = make.child("Nguyễn Văn Đức", village, date(2018, 5, 6), school_name="Lớp 2A")
    gone = make.child("Nguyễn Van Đức", village, date(2018, 5, 6), Sex.MALE, personal_id="030218000001", note="ghi chú")
    make.relative(kept, RelativeKind.MOTHER, "Trần Thị Bình")
    make.relative(gone, RelativeKind.MOTHER, "Trần Thị Bình")
    make.relative(gone, RelativeKind.FATHER, "Nguyễn Văn Tài")
    make.circumstance(gone, "d.2")
    make.save(Service(commune_id=gone.commune_id, child_id=gone.id, kind=ServiceKind.GIFT))
    make.case(gone)
    return kept, gone


def merge(client, kept, gone, **chosen: str):
    address = f"/duplicates/{gone.id}/with/{kept.id}"
    page = client.page(address)
    return client.send(address, {**page.form(), **chosen})


def test_the_fuller_is_proposed_and_everything_moves(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)

    page = client.page(f"/duplicates/{gone.id}/with/{kept.id}").form()
    assert (page["personal_id"], page["note"], page["school_name"], page["full_name"]) == (
        "gone",
        "gone",
        "kept",
        "kept",
    )
    merge(client, kept, gone)

    db.session.expire_all()
    assert (kept.full_name, kept.personal_id, kept.note, kept.school_name) == (
        "Nguyễn Văn Đức", "030218000001", "ghi chú", "Lớp 2A",
    )  # fmt: skip
    assert sorted(one.full_name for one in kept.relatives) == ["Nguyễn Văn Tài", "Trần Thị Bình"]
    assert [one.kind_code for one in kept.circumstances] == ["d.2"]
    assert len(kept.services) == 1
    assert db.session.scalars(select(Case)).unique().one().child_id == kept.id
    assert (gone.merged_into_id, gone.personal_id) == (kept.id, None)
    assert db.session.scalars(access.visible_children(officer).with_only_columns(Child.id)).all() == [kept.id]
    assert [event for event in db.session.scalars(select(AuditEvent.event)) if event == "children_merged"]


def test_the_old_address_leads_to_the_child_and_shows_both_histories(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    page = client.page(f"/children/{gone.id}/edit")
    client.send(f"/children/{gone.id}/edit", {**page.form(), "note": "sửa ở hồ sơ kia"})
    merge(client, kept, gone)

    answer = client.get(f"/children/{gone.id}")

    assert (answer.status_code, answer.location) == (303, f"/children/{kept.id}")
    assert "sửa ở hồ sơ kia" in client.page(f"/children/{kept.id}").text


def test_a_merge_is_taken_back(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    merge(client, kept, gone)

    client.send(f"/duplicates/merges/{db.session.scalars(select(Merge.id)).one()}/undo", {"form_key": "undo"})

    db.session.expire_all()
    assert (kept.personal_id, kept.note, gone.personal_id, gone.removed_at) == (None, None, "030218000001", None)
    assert [len(one.relatives) for one in twice] == [1, 2]
    assert [len(one.circumstances) for one in twice] == [0, 1]
    assert db.session.scalars(select(Case)).unique().one().child_id == gone.id


def test_what_was_edited_since_stays_and_is_told(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    merge(client, kept, gone)
    page = client.page(f"/children/{kept.id}/edit")
    client.send(f"/children/{kept.id}/edit", {**page.form(), "note": "viết lại sau khi gộp"})

    said = client.send(f"/duplicates/merges/{db.session.scalars(select(Merge.id)).one()}/undo", {"form_key": "undo"})

    db.session.expire_all()
    assert "Ghi chú đã được sửa sau khi gộp: giữ nguyên" in str(said.soup)
    assert kept.note == "viết lại sau khi gộp"


def test_a_number_given_to_another_child_since_is_not_taken_back(client, make, village, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    merge(client, kept, gone)
    db.session.expire_all()
    kept.personal_id = None
    db.session.commit()
    third = make.child("Lê Văn Ba", village, personal_id="030218000001")

    said = client.send(f"/duplicates/merges/{db.session.scalars(select(Merge.id)).one()}/undo", {"form_key": "undo"})

    db.session.expire_all()
    assert said.status == 200
    assert "Số định danh cá nhân nay ở hồ sơ khác: không trả lại" in str(said.soup)
    assert (third.personal_id, gone.personal_id, gone.removed_at) == ("030218000001", None, None)


def test_a_relative_edited_since_stays_with_the_kept_record(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    merge(client, kept, gone)
    db.session.expire_all()
    father = next(one for one in kept.relatives if one.kind is RelativeKind.FATHER)
    father.occupation = "thợ xây"
    db.session.commit()

    said = client.send(f"/duplicates/merges/{db.session.scalars(select(Merge.id)).one()}/undo", {"form_key": "undo"})

    db.session.expire_all()
    assert "Một mục đã được sửa sau khi gộp: để lại ở hồ sơ được giữ" in str(said.soup)
    assert father.child_id == kept.id


def test_the_same_form_twice_makes_one_merge(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    address = f"/duplicates/{gone.id}/with/{kept.id}"
    form = client.page(address).form()

    answers = [client.post(address, data=form).status_code for _time in range(2)]

    assert answers[0] == 303
    assert len(db.session.scalars(select(Merge)).unique().all()) == 1


def test_a_record_edited_meanwhile_is_shown_again(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    address = f"/duplicates/{gone.id}/with/{kept.id}"
    form = client.page(address).form()
    edit = client.page(f"/children/{gone.id}/edit")
    client.send(f"/children/{gone.id}/edit", {**edit.form(), "note": "mới hơn"})

    answer = client.send(address, form)

    assert answer.status == 409
    assert "mới hơn" in answer.text
    assert db.session.scalars(select(Merge)).unique().all() == []


def test_two_children_told_apart_are_never_shown_again(client, officer, twice):
    kept, gone = twice
    client.sign_in(officer)
    assert len(likely_pairs.pairs(officer)) == 1

    for key in ("one", "two"):
        client.send(f"/duplicates/{gone.id}/with/{kept.id}/apart", {"form_key": key})

    assert likely_pairs.pairs(officer) == []
    assert len(db.session.scalars(select(DistinctPair)).all()) == 1


def test_a_collaborator_may_not_merge(client, make, village, twice):
    kept, gone = twice
    client.sign_in(make.user("collaborator", village=village))

    assert client.get(f"/duplicates/{gone.id}/with/{kept.id}").status_code == 403


def test_every_table_of_children_is_moved():
    tables = {table.name for table, _column in merging.keys_to_children()}

    assert {"relatives", "circumstances", "disabilities", "allowances", "services", "movements", "cases"} <= tables
    assert {"intake_reports", "consents", "review_items", "import_rows"} <= tables
    assert tables.isdisjoint(merging.STAY)
    assert Relative.__tablename__ in tables
