"""What a person decides about a list: columns, children to choose from, blanks, the rows to mend; big lists in the background."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app import jobs
from app.imports import background
from models import AuditEvent, BatchState, Child, ImportBatch, ImportHeading, ImportRow, Job, JobState, User, db
from tests.integration.test_imports import HEAD, officer, plan_of, upload, village
from tests.make import Make
from tests.page import Client
from tests.unit.import_lists import Grid, xlsx

__all__ = ["officer"]

DAY = date(2018, 5, 6)
ODD: Grid = [
    ["TT", "Họ và tên", "Ngày sinh", "Cột lạ", "Thôn"],
    [1, "Nguyễn Văn An", "6/5/2018", "Trần Thị Bình", "Thôn 1"],
]


def sent(client: Client, officer: User, grid: Grid) -> ImportBatch:
    client.sign_in(officer)
    assert upload(client, xlsx(grid)).status == 200
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).unique().one()


def shown(batch: ImportBatch) -> list[tuple[str, dict[str, Any]]]:
    rows = db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.id))
    return [(row.action, row.effects["plan"]["values"]) for row in rows]


def test_a_column_is_corrected_on_a_page_and_the_heading_remembered_for_the_commune(
    client: Client, officer: User, make: Make
) -> None:
    batch = sent(client, officer, ODD)
    assert "mother_name" not in shown(batch)[0][1]
    page = client.get(f"/imports/{batch.id}/columns")
    assert "Cột lạ" in page.text

    client.send(f"/imports/{batch.id}/columns", {"column-0-D": "mother_name"})

    assert shown(batch)[0][1]["mother_name"] == "Trần Thị Bình"
    kept = db.session.scalars(select(ImportHeading)).one()
    assert (kept.heading, kept.meaning, kept.user_id) == ("cot la", "mother_name", officer.id)
    again = sent(client, officer, [ODD[0], [2, "Lê Văn Bảo", "7/5/2018", "Trần Thị Hoa", "Thôn 1"]])
    assert shown(again)[0][1]["mother_name"] == "Trần Thị Hoa"
    abroad = make.user("officer", village=make.village("Thôn 1", make.commune()))
    assert "mother_name" not in shown(sent(client, abroad, ODD))[0][1]


def test_a_sheet_is_given_its_village_and_a_column_is_left_out(client: Client, officer: User) -> None:
    batch = sent(client, officer, [["Họ và tên", "Ngày sinh", "Ghi chú"], ["Nguyễn Văn An", "6/5/2018", "bí mật"]])
    assert shown(batch)[0][0] == "problem"

    client.send(f"/imports/{batch.id}/columns", {"village-0": "Thôn 3", "column-0-C": "ignored"})

    action, values = shown(batch)[0]
    assert (action, values["village"], "note" in values) == ("add", "Thôn 3", False)
    client.send(f"/imports/{batch.id}/columns", {"village-0": "Thôn 3"})
    assert shown(batch)[0][0] == "add"


def test_columns_without_a_name_are_refused_and_nothing_changes(client: Client, officer: User) -> None:
    batch = sent(client, officer, ODD)

    page = client.send(f"/imports/{batch.id}/columns", {"column-0-B": "note"})

    assert page.status == 422
    assert "Phải có một cột là họ và tên của trẻ." in page.text
    assert shown(batch)[0][0] == "add"
    assert db.session.scalars(select(ImportHeading)).all() == []


def twins(make: Make) -> tuple[Child, Child]:
    """Two children of the same name and day, and a row that tells nothing more."""
    place = village("Thôn 1")
    first = make.child("Nguyễn Văn An", village=place, born=DAY, personal_id=None)
    return first, make.child("Nguyễn Văn An", village=place, born=DAY, personal_id=None)


SAME: Grid = [HEAD, [1, "Nguyễn Văn An", "Nam", "6/5/2018", "030218000009", None, "Thôn 1"]]


def test_of_several_children_a_person_chooses_one(client: Client, officer: User, make: Make) -> None:
    _first, second = twins(make)
    batch = sent(client, officer, SAME)
    page = client.get(f"/imports/{batch.id}")
    assert shown(batch)[0][0] == "problem"
    assert second.code in page.text

    looked = client.post(f"/imports/{batch.id}/apply", data={"row-0": f"child:{second.id}"})
    assert looked.location == f"/imports/{batch.id}"
    assert (shown(batch)[0][0], second.personal_id) == ("change", None)
    client.send(f"/imports/{batch.id}/apply", {"row-0": f"child:{second.id}"})

    assert second.personal_id == "030218000009"


@pytest.mark.parametrize(("choice", "action"), [("add", "add"), ("skip", "skip"), ("child:987654321", "problem")])
def test_or_a_new_child_or_none_but_never_one_that_was_not_offered(
    client: Client, officer: User, make: Make, choice: str, action: str
) -> None:
    twins(make)
    batch = sent(client, officer, SAME)

    client.send(f"/imports/{batch.id}/apply", {"row-0": choice})

    assert shown(batch)[0][0] == action


def test_blank_cells_take_away_only_when_asked(client: Client, officer: User, make: Make) -> None:
    child = make.child(
        "Nguyễn Văn An", village=village("Thôn 1"), born=DAY, personal_id="030218000009", school_name="Cũ"
    )
    batch = sent(client, officer, [HEAD, [1, "Nguyễn Văn An", "Nam", "6/5/2018", None, None, "Thôn 1"]])
    assert shown(batch)[0][0] == "same"

    client.send(f"/imports/{batch.id}/columns", {"erases": "y"})
    assert "ô trống trong danh sách xóa giá trị" in client.get(f"/imports/{batch.id}").text
    client.send(f"/imports/{batch.id}/apply")

    assert (child.personal_id, child.school_name) == (None, "Cũ")


def test_the_rows_that_failed_are_taken_away_mended_and_sent_again(client: Client, officer: User) -> None:
    bad = [*HEAD, "Ghi chú"]
    batch = sent(
        client,
        officer,
        [bad, [1, "Nguyễn Văn An", "Nam", "31/2/2018", "030218000009", "Trần Thị Bình", "Thôn 1", "+84 xa nhà"],
         [2, "Lê Thị Na", "Nữ", "1/2/2018", None, "Lò Thị Mai", "Thôn 1", None]],
    )  # fmt: skip

    answer = client.get(f"/imports/{batch.id}/problem-rows")
    book = load_workbook(io.BytesIO(answer.data))
    rows = list(book.active.iter_rows(values_only=True))
    said = dict(zip(rows[0], rows[1], strict=True))

    assert len(rows) == 2
    assert (said["Họ và tên"], said["Ngày sinh"], said["Thôn"]) == ("Nguyễn Văn An", "31/2/2018", "Thôn 1")
    assert "31/2/2018" in said["Lý do chưa ghi"]
    assert said["Ghi chú"] == "+84 xa nhà"
    assert book.active.cell(2, rows[0].index("Ghi chú") + 1).data_type == "s"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "import_problems_taken")).one()
    assert event.details == {"count": 1}
    sheet = book.active
    sheet.cell(2, rows[0].index("Ngày sinh") + 1).value = "28/2/2018"
    mended = io.BytesIO()
    book.save(mended)
    plan = plan_of(officer, mended.getvalue())
    assert [(row.action, row.values["born_on"], row.values["mother_name"]) for row in plan.rows] == [
        ("add", "2018-02-28", "Trần Thị Bình")
    ]
    assert "Lý do" not in str(plan.rows[0].values)


def test_a_list_without_faults_has_no_rows_to_mend(client: Client, officer: User) -> None:
    batch = sent(client, officer, ODD)

    assert client.get(f"/imports/{batch.id}/problem-rows").status_code == 404


def test_a_big_list_is_written_in_the_background(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)
    batch = sent(client, officer, ODD)

    first, second = client.post(f"/imports/{batch.id}/apply"), client.post(f"/imports/{batch.id}/apply")
    job = db.session.scalars(select(Job)).unique().one()
    assert first.location == second.location == f"/jobs/{job.id}"
    assert batch.state is BatchState.READ
    jobs.run_waiting()

    assert (job.state, job.location) == (JobState.DONE, f"/imports/{batch.id}")
    assert batch.state is BatchState.APPLIED
    child = db.session.scalars(select(Child)).one()
    assert (child.full_name, child.created_by_id) == ("Nguyễn Văn An", officer.id)


def test_a_list_thrown_away_before_its_turn_is_not_written(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)
    batch = sent(client, officer, ODD)
    client.send(f"/imports/{batch.id}/apply")
    client.send(f"/imports/{batch.id}/discard")

    jobs.run_waiting()

    job = db.session.scalars(select(Job)).unique().one()
    assert (job.state, job.sentence) == (JobState.FAILED, "Danh sách này đã được ghi hoặc đã bỏ.")
    assert db.session.scalars(select(Child)).all() == []
