"""Lists in: planned against the register, written as a whole, taken back."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock, reference
from app.imports import batches, reader, table
from app.imports.apply import apply_plan
from app.imports.cli import import_list
from app.imports.plan import Plan, build_plan
from app.imports.undo import undo
from models import (
    BatchState,
    Change,
    Child,
    Circumstance,
    Disability,
    Household,
    HouseholdStatus,
    ImportBatch,
    PartialDate,
    Precision,
    RelativeKind,
    RelativeState,
    ReviewItem,
    Sex,
    User,
    Village,
    clean,
    db,
)
from tests.make import Make
from tests.page import Client
from tests.unit.import_lists import Grid, xlsx

SAMPLES = Path(__file__).parent.parent / "data" / "imports"
HEAD = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Số định danh", "Họ tên mẹ", "Thôn"]


@pytest.fixture
def officer(make: Make) -> User:
    reference.load()
    for number in range(1, 7):
        make.village(f"Thôn {number}")
    return make.user("officer")


def village(name: str) -> Village:
    return db.session.scalars(select(Village).where(Village.name == name)).one()


def plan_of(user: User, content: bytes | Grid) -> Plan:
    data = xlsx(content) if isinstance(content, list) else content
    return build_plan(user, table.read(reader.read_bytes(data, "danh-sach.xlsx"), clock.today()))


def written(user: User, content: bytes | Grid) -> tuple[ImportBatch, Plan]:
    plan = plan_of(user, content)
    batch = batches.start(user, plan.read, None)
    apply_plan(user, batch, plan)
    db.session.commit()
    return batch, plan


def outcome(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(row.action, [change.field for change in row.changes]) for row in plan.rows]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.truth.json")), ids=lambda path: path.name[:20])
def test_a_practice_list_is_written_whole_and_changes_nothing_the_second_time(officer: User, path: Path) -> None:
    content = path.with_name(path.name.removesuffix(".truth.json")).read_bytes()
    count = len(json.loads(path.read_text(encoding="utf-8")))

    _batch, first = written(officer, content)

    assert first.totals == {"add": count, "change": 0, "same": 0, "problem": 0, "skip": 0}
    assert plan_of(officer, content).totals["same"] == count
    assert db.session.scalar(select(func.count(Child.id))) == count


def test_a_new_child_comes_with_family_household_and_circumstances(officer: User) -> None:
    written(
        officer,
        [
            ["DANH SÁCH NĂM 2026"],
            [*HEAD, "Chủ hộ", "SĐT", "Hộ nghèo", "Hoàn cảnh", "Người chăm sóc", "Dân tộc", "Ghi chú"],
            [1, "TRẦN MINH KHÔI", "Nam", "5/2015", "030215000001", "Lê Thị Na", "thôn 2", "Trần Văn Bảy", 912345678, "x",
             "Mồ côi cha, mẹ đang chấp hành án phạt tù", "Bà nội Phạm Thị Mơ", "Mường", "Ở xa trường"],
        ],
    )  # fmt: skip

    child = db.session.scalars(select(Child)).one()
    told = {r.kind: (r.full_name, r.state, r.relationship_words) for r in child.relatives}
    status = db.session.scalars(select(HouseholdStatus)).one()
    assert (child.full_name, child.sex, child.birth, child.personal_id, child.village.name) == (
        "Trần Minh Khôi", Sex.MALE, clean.month_date(2015, 5), "030215000001", "Thôn 2",
    )  # fmt: skip
    assert told == {
        RelativeKind.MOTHER: ("Lê Thị Na", RelativeState.IN_PRISON, None),
        RelativeKind.FATHER: (None, RelativeState.DEAD, None),
        RelativeKind.CAREGIVER: ("Phạm Thị Mơ", RelativeState.UNKNOWN, "bà nội"),
    }
    assert child.household is not None
    assert (child.household.head_name, child.household.phone) == ("Trần Văn Bảy", "0912345678")
    assert (status.year, status.status) == (2026, "poor")
    held = db.session.scalars(select(Circumstance)).one()
    assert (held.kind_code, held.confirmed_by_id) == ("c.3", officer.id)
    assert held.original_words == "Mồ côi cha, mẹ đang chấp hành án phạt tù"
    assert (child.ethnicity_code, child.note) == ("06", "Ở xa trường")
    assert child.code == "TE-000001"


def test_only_what_differs_is_changed_and_blanks_erase_nothing(officer: User, make: Make) -> None:
    child = make.child(
        "Nguyễn Văn An", village=village("Thôn 1"), born=clean.year_date(2018), personal_id=None, note="Cũ"
    )
    make.relative(child, full_name="Trần Thị Bình")

    batch, plan = written(officer, [HEAD, [1, "NGUYỄN VĂN AN", "Nam", "6/5/2018", "030218000001", None, "Thôn 1"]])

    assert outcome(plan) == [("change", ["personal_id", "born_on"])]
    assert (child.birth, child.note) == (PartialDate(date(2018, 5, 6)), "Cũ")
    assert child.relatives[0].full_name == "Trần Thị Bình"
    changes = db.session.scalars(select(Change).where(Change.batch_id == batch.id)).all()
    assert [set(change.fields) for change in changes] == [{"personal_id", "born_on"}]


def test_a_less_exact_date_never_replaces_a_better_one(officer: User, make: Make) -> None:
    make.child("Nguyễn Văn An", village=village("Thôn 1"), born=date(2018, 5, 6))

    assert outcome(plan_of(officer, [HEAD, [1, "Nguyễn Văn An", "Nam", "2018", None, None, "Thôn 1"]])) == [
        ("same", [])
    ]


def test_twins_and_neighbours_of_the_same_name_are_kept_apart(officer: User, make: Make) -> None:
    first = make.child("Nguyễn Văn An", village=village("Thôn 1"), born=date(2018, 5, 6), personal_id="030218000001")
    make.relative(first, full_name="Trần Thị Bình")

    plan = plan_of(
        officer,
        [
            HEAD,
            [1, "Nguyễn Văn An", "Nam", "6/5/2018", "030218000002", "Trần Thị Bình", "Thôn 1"],
            [2, "Nguyễn Văn An", "Nam", "6/5/2018", None, "Lê Thị Hoa", "Thôn 1"],
            [3, "Nguyễn Văn Anh", "Nam", "6/5/2018", None, "Trần Thị Bình", "Thôn 1"],
            [4, "Nguyễn Văn An", "Nam", None, None, None, "Thôn 1"],
        ],
    )

    assert [row.action for row in plan.rows] == ["add", "add", "add", "add"]
    assert [w.field for w in plan.rows[3].warnings] == ["match"]


def test_two_candidates_are_left_to_a_person(officer: User, make: Make) -> None:
    for _twice in range(2):
        make.child("Nguyễn Văn An", village=village("Thôn 1"), born=date(2018, 5, 6))

    plan = plan_of(officer, [HEAD, [1, "Nguyễn Văn An", "Nam", "6/5/2018", None, None, "Thôn 1"]])

    assert [row.action for row in plan.rows] == ["problem"]


def test_a_newborn_gets_the_name_the_list_brings(officer: User, make: Make) -> None:
    child = make.child(None, village=village("Thôn 1"), born=date(2026, 10, 1), sex=Sex.FEMALE)
    make.relative(child, full_name="Lê Thị Hoa")

    plan = plan_of(officer, [HEAD, [1, "Trần Thị Mây", "Nữ", "1/10/2026", "030326000001", "Lê Thị Hoa", "Thôn 1"]])

    assert outcome(plan) == [("change", ["full_name", "personal_id"])]


def test_rows_of_one_household_with_two_phones_take_the_first_and_stay_the_same_next_time(officer: User) -> None:
    grid = [
        [*HEAD, "Chủ hộ", "SĐT"],
        [1, "Lê Thị Hoa", "Nữ", "7/8/2019", None, "Vũ Thị Lan", "Thôn 2", "Lê Văn Tư", "0912345678"],
        [2, "Lê Thị Huệ", "Nữ", "7/8/2020", None, "Vũ Thị Lan", "Thôn 2", "Lê Văn Tư", "0987654321"],
    ]

    _batch, first = written(officer, grid)

    assert [w.field for w in first.rows[1].warnings] == ["phone"]
    assert db.session.scalars(select(Household.phone)).all() == ["0912345678"]
    assert outcome(plan_of(officer, grid)) == [("same", []), ("same", [])]


def test_an_unknown_village_is_an_error_with_the_nearest_offered(officer: User) -> None:
    plan = plan_of(officer, [HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 66"]])

    assert plan.rows[0].action == "problem"
    assert plan.rows[0].errors[0].field == "village"
    assert plan.rows[0].warnings[-1].proposed == "Thôn 6"


def test_the_plan_is_told_as_json(officer: User) -> None:
    told = plan_of(officer, [HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", 30216000001, None, "Thôn 6"]]).as_json()

    assert set(told) >= {"file", "sha256", "sheets", "rows", "totals"}
    assert told["rows"][0]["values"]["personal_id"] == "030216000001"
    assert told["rows"][0]["warnings"][0]["proposed"] == "030216000001"
    assert told["sheets"][0]["columns"]["B"] == "full_name"


def test_a_collaborator_writes_in_her_villages_only_and_waits_for_review(officer: User, make: Make) -> None:
    worker = make.user("collaborator", village=village("Thôn 2"))
    elsewhere = make.child("Lê Văn Xa", village=village("Thôn 3"), personal_id="030216000009")

    _batch, plan = written(
        worker,
        [
            [*HEAD, "Hoàn cảnh"],
            [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 2", "Khuyết tật nặng"],
            [2, "Trần Văn Tí", "Nam", "1/1/2017", None, None, "Thôn 3", None],
            [3, "Lê Văn Xa", "Nam", "1/1/2017", elsewhere.personal_id, None, "Thôn 2", None],
            [4, "Trần Văn Tư", "Nam", "1/1/2018", None, None, "Thôn 2", "Nhiễm HIV"],
        ],
    )

    assert [row.action for row in plan.rows] == ["add", "problem", "problem", "add"]
    assert {item.submitted_by_id for item in db.session.scalars(select(ReviewItem))} == {worker.id}
    held = db.session.scalars(select(Circumstance)).all()
    assert [(one.kind_code, one.confirmed_on) for one in held] == [("d.2", None)]


def test_a_written_list_can_be_taken_back(officer: User, make: Make) -> None:
    known = make.child("Nguyễn Văn An", village=village("Thôn 1"), born=clean.year_date(2018))
    batch, _plan = written(
        officer,
        [
            [*HEAD, "Chủ hộ", "Hoàn cảnh"],
            [
                1,
                "Nguyễn Văn An",
                "Nam",
                "6/5/2018",
                "030218000001",
                "Trần Thị Bình",
                "Thôn 1",
                "Nguyễn Văn Ba",
                "KT nhẹ",
            ],
            [2, "Lê Thị Hoa", "Nữ", "7/8/2019", None, "Vũ Thị Lan", "Thôn 2", "Lê Văn Bốn", None],
        ],
    )

    done, refused = undo(officer, batch)
    db.session.commit()
    db.session.expire_all()

    assert (done, refused, batch.state) == (2, [], BatchState.UNDONE)
    assert (known.born_precision, known.personal_id, known.household, known.relatives) == (
        Precision.YEAR,
        None,
        None,
        [],
    )
    assert [child.removed_at is None for child in db.session.scalars(select(Child).order_by(Child.id))] == [True, False]
    for model in (Household, Circumstance, Disability):
        assert db.session.scalars(select(model)).all() == []


def test_a_row_edited_since_is_not_taken_back(officer: User) -> None:
    batch, _plan = written(
        officer,
        [
            HEAD,
            [1, "Lê Thị Hoa", "Nữ", "7/8/2019", None, "Vũ Thị Lan", "Thôn 2"],
            [2, "Lê Thị Huệ", "Nữ", "7/8/2020", None, "Vũ Thị Lan", "Thôn 2"],
        ],
    )
    edited = db.session.scalars(select(Child).where(Child.full_name == "Lê Thị Hoa")).one()
    edited.note = "Đã gặp"
    db.session.commit()

    done, refused = undo(officer, batch)

    assert (done, [one.row.child_id for one in refused], batch.state) == (1, [edited.id], BatchState.APPLIED)


# ── Pages ──


def upload(client: Client, content: bytes, name: str = "danh-sach.xlsx") -> Any:
    return client.send("/imports/", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_a_list_is_looked_at_and_then_written(client: Client, officer: User) -> None:
    client.sign_in(officer)
    content = (SAMPLES / "tre-em-hoan-canh-dac-biet.xlsx").read_bytes()

    page = upload(client, content)
    before = db.session.scalar(select(func.count(Child.id)))
    batch = db.session.scalars(select(ImportBatch)).one()
    after = client.send(f"/imports/{batch.id}/apply")

    assert "Thêm mới: 40" in page.text
    assert "030217661150" in page.text
    assert before == 0
    assert "Đã ghi danh sách vào sổ" in after.text
    assert db.session.scalar(select(func.count(Child.id))) == 40
    assert db.session.get_one(ImportBatch, batch.id).content is None


def test_a_proposal_that_is_not_accepted_is_left_out(client: Client, officer: User) -> None:
    client.sign_in(officer)
    upload(client, xlsx([HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", 30216000001, None, "Thôn 6"]]))
    batch = db.session.scalars(select(ImportBatch)).one()

    client.send(f"/imports/{batch.id}/apply", {"offered": "0:personal_id"})

    assert db.session.scalars(select(Child.personal_id)).all() == [None]


def test_the_register_changed_meanwhile_so_the_plan_is_shown_again(client: Client, officer: User, make: Make) -> None:
    client.sign_in(officer)
    upload(client, xlsx([HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, "Lê Thị Na", "Thôn 6"]]))
    batch = db.session.scalars(select(ImportBatch)).one()
    child = make.child("Trần Văn Tú", village=village("Thôn 6"), born=date(2016, 1, 1))
    make.relative(child, full_name="Lê Thị Na")

    page = client.send(f"/imports/{batch.id}/apply")

    assert "Sổ đã thay đổi" in page.text
    assert db.session.scalar(select(func.count(Child.id))) == 1


def test_the_same_file_again_says_so(client: Client, officer: User) -> None:
    client.sign_in(officer)
    content = xlsx([HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 6"]])
    upload(client, content)
    client.send(f"/imports/{db.session.scalars(select(ImportBatch.id)).one()}/apply")

    page = upload(client, content)

    assert "Chính tệp này đã được ghi vào sổ" in page.text
    assert "Không đổi: 1" in page.text


def test_a_bad_file_is_told_in_one_sentence_and_nothing_is_kept(client: Client, officer: User) -> None:
    client.sign_in(officer)

    page = upload(client, b"%PDF-1.7", "a.xlsx")

    assert page.status == 422
    assert page.errors() == {"file": "Tệp không phải bảng tính. Hãy dùng .xlsx, .xls, .ods, .csv hoặc .tsv."}
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_no_file_is_told(client: Client, officer: User) -> None:
    client.sign_in(officer)

    assert client.send("/imports/").errors() == {"file": "Chọn tệp danh sách"}


def test_a_list_can_be_thrown_away(client: Client, officer: User) -> None:
    client.sign_in(officer)
    upload(client, xlsx([HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 6"]]))

    client.send(f"/imports/{db.session.scalars(select(ImportBatch.id)).one()}/discard")

    assert db.session.scalars(select(ImportBatch)).all() == []


def test_a_written_list_is_undone_from_its_page(client: Client, officer: User) -> None:
    client.sign_in(officer)
    batch, _plan = written(officer, [HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 6"]])

    page = client.send(f"/imports/{batch.id}/undo")

    assert "Đã hoàn tác 1 dòng" in page.text
    assert page.rows()[0]["Đã làm"] == "Thêm mới đã hoàn tác"


def test_a_collaborator_does_not_see_others_lists_and_cannot_undo(client: Client, officer: User, make: Make) -> None:
    batch, _plan = written(officer, [HEAD, [1, "Trần Văn Tú", "Nam", "1/1/2016", None, None, "Thôn 6"]])
    client.sign_in(make.user("collaborator", village=village("Thôn 2")))

    assert client.get(f"/imports/{batch.id}").status_code == 404
    assert client.post(f"/imports/{batch.id}/undo").status_code == 403


# ── The command ──


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(import_list, arguments)


def test_the_command_prints_the_plan_as_json(app: Flask, officer: User) -> None:
    result = run(app, str(SAMPLES / "danh-sach-tre-em-thon-6.csv"), "--json")

    plan = json.loads(result.stdout)
    assert (result.exit_code, plan["totals"]["add"]) == (0, 30)
    assert plan["rows"][0]["values"]["village"] == "Thôn 6"
    assert db.session.scalar(select(func.count(Child.id))) == 0


def test_the_command_writes_when_told_to(app: Flask, officer: User) -> None:
    result = run(app, str(SAMPLES / "so-theo-doi-thon-3.xlsx"), "--apply")

    assert result.exit_code == 0, result.output
    assert "add 49" in result.stdout
    assert db.session.scalar(select(func.count(Child.id))) == 49


def test_the_command_reads_where_there_is_no_register_yet(app: Flask, session: object) -> None:
    path = str(SAMPLES / "tre-em-khuyet-tat-vntime.xlsx")

    assert json.loads(run(app, path, "--json").stdout)["totals"]["add"] == 24
    assert run(app, path, "--apply").exit_code == 1


def test_the_command_refuses_a_bad_file(app: Flask, session: object, tmp_path: Path) -> None:
    bad = tmp_path / "a.xlsx"
    bad.write_bytes(b"")

    result = run(app, str(bad))

    assert result.exit_code == 1
    assert "Tệp rỗng" in result.stderr
