"""A list made ready beforehand is written exactly as the ordinary flush would write it, or not at all."""

import json
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select

from app import access, audit, clock, jobs
from app.imports import background, batches, bulk, reader, table
from app.imports.apply import Prepared, apply_plan, count_new, new_codes, prepare_plan
from app.imports.plan import Plan, build_plan
from app.imports.undo import undo
from models import (
    Base,
    BatchState,
    Child,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    ImportBatch,
    Job,
    JobState,
    User,
    clean,
    db,
)
from tests.integration.test_access import undone
from tests.integration.test_imports import SAMPLES, officer, upload, village
from tests.make import Make
from tests.page import Client
from tests.unit.import_lists import Grid, xlsx
from tests.waiting import PATIENCE, until

__all__ = ["officer"]

HEAD = ["STT", "Họ và tên", "Giới tính", "Ngày sinh", "Số định danh", "Họ tên mẹ", "Thôn", "Chủ hộ", "SĐT", "Hộ nghèo",
        "Hoàn cảnh", "Dạng khuyết tật", "Mức độ", "Ghi chú"]  # fmt: skip
GRID: Grid = [
    HEAD,
    [1, "Nguyễn Văn An", "Nam", "6/5/2018", "030218000001", "Trần Thị Bình", "Thôn 1", "Nguyễn Văn Mới", "0912345678", "x",
     "Mồ côi cha", "Vận động", "Nặng", "Đã sửa"],
    [2, "Lê Thị Na", "Nữ", "7/2019", None, "Lò Thị Hoa", "Thôn 2", "Nguyễn Văn Mới", None, None, "Khuyết tật nặng", None, None, None],
    [3, "Lò Văn Bảo", "Nam", "1/2/2017", "030217000002", "Hà Thị Mai", "Thôn 1", "Lò Văn Cũ", "0987654321", "x", None, None, None, None],
    [4, "Hà Minh Khôi", None, "31/2/2017", None, None, "Thôn 1", None, None, None, None, None, None, None],
]  # fmt: skip
#: Columns that differ from one writing to the next.
_PASSING = {"id", "version", "created_at", "updated_at", "at", "submitted_at", "applied_at", "hash", "previous_hash"}


def known(make: Make) -> Child:
    """A child the list changes, with a disability of another kind, and a household it finds."""
    child = make.child("Nguyễn Văn An", village=village("Thôn 1"), born=date(2018, 5, 6), personal_id=None, note="Cũ")
    make.relative(child, full_name="Trần Thị Bình")
    held = Disability(commune_id=child.commune_id, child_id=child.id, severity=DisabilitySeverity.MILD)
    held.kinds = [DisabilityKind.VISION]
    make.save(held)
    make.household("Lò Văn Cũ", village("Thôn 1"))
    return child


def started(user: User, content: bytes) -> tuple[ImportBatch, Plan]:
    plan = build_plan(user, table.read(reader.read_bytes(content, "danh-sach.xlsx"), clock.today()))
    batch = batches.start(user, plan.read, None)
    db.session.commit()
    return batch, plan


def by_flush(user: User, content: bytes) -> None:
    batch, plan = started(user, content)
    apply_plan(user, batch, plan)


def made_ready(user: User, content: bytes) -> tuple[User, ImportBatch, Prepared]:
    batch, plan = started(user, content)
    codes = new_codes(user, count_new(plan))
    db.session.commit()
    ready = prepare_plan(user, batch.id, plan, codes)
    return db.session.get_one(User, user.id), db.session.get_one(ImportBatch, batch.id), ready


def beforehand(user: User, content: bytes) -> None:
    user, batch, ready = made_ready(user, content)
    ready.write(user, batch)


def everything() -> dict[str, list[str]]:
    """All that is stored, without keys and times; keys of new records as the names of what they point to."""
    db.session.flush()
    names: dict[tuple[str, int], str] = {}
    for of in ("children", "households", "disabilities"):
        what = {"children": "full_name", "households": "head_name", "disabilities": "severity"}[of]
        for key, name in db.session.execute(sa.text(f"SELECT id, {what} FROM {of}")):
            names[of, key] = f"{of} {name}"
    found = {}
    for stored in Base.metadata.sorted_tables:
        if stored.name in {"import_batches", "jobs", "user_sessions", "audit_events", "audit_heads", "submitted_forms"}:
            continue
        # In the order written: _merged needs it, and PostgreSQL promises none of its own.
        rows = list(db.session.execute(select(stored).order_by(*stored.primary_key.columns)).mappings())
        if stored.name == "changes":
            rows = _merged(rows)
        found[stored.name] = sorted(json.dumps(_told(stored, row, names), default=str) for row in rows)
    return found


def _merged(rows: list[Any]) -> list[Any]:
    """The changes of one record as one: a flush may insert a household first and give it its phone later."""
    merged: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        first = merged.setdefault((row["record_table"], row["record_id"]), {**row, "fields": {}})
        for name, (old, new) in row["fields"].items():
            first["fields"][name] = [first["fields"].get(name, [old])[0], new]
    return [{**row, "fields": dict(sorted(row["fields"].items()))} for row in merged.values()]


def _told(stored: sa.Table, row: Any, names: dict[tuple[str, int], str]) -> dict[str, Any]:
    told = {}
    for name, value in row.items():
        target = next((key.column.table.name for key in stored.c[name].foreign_keys), None)
        if name in _PASSING or name in {"batch_id", "record_id", "subject_id", "after_change_id"}:
            continue
        if name == "effects":
            value = {
                "plan": value.get("plan"),
                "created": sorted(place for place, _key in value.get("created", [])),
                "changed": [
                    [
                        place,
                        field,
                        before,
                        names.get(("households", after), after) if field == "household_id" else after,
                    ]
                    for place, _key, field, before, after in value.get("changed", [])
                ],
            }
        if name == "fields" and "household_id" in value:
            value = {**value, "household_id": [names.get(("households", key), key) for key in value["household_id"]]}
        told[name] = names.get((target or "", value), value) if isinstance(value, int) and target else value
    return told


@pytest.mark.parametrize("role", ["officer", "collaborator"])
@pytest.mark.parametrize(
    "content", [xlsx(GRID), (SAMPLES / "so-theo-doi-thon-3.xlsx").read_bytes()], ids=["made", "ledger"]
)
def test_both_ways_write_the_same(officer: User, make: Make, content: bytes, role: str) -> None:
    known(make)
    user = officer
    if role == "collaborator":
        user = make.user("collaborator", village=village("Thôn 1"))
    before = everything()

    def stored_by(write: Callable[[User, bytes], None]) -> dict[str, list[str]]:
        with undone():
            write(db.session.get_one(User, user.id), content)
            return everything()

    flushed = stored_by(by_flush)
    ready = stored_by(beforehand)

    assert ready == flushed
    assert flushed != before
    assert everything() == before


def test_what_was_made_ready_is_undone_like_any_other(officer: User, make: Make) -> None:
    child = known(make)
    content = xlsx(GRID)
    user, batch, ready = made_ready(officer, content)
    ready.write(user, batch)
    db.session.commit()
    assert db.session.get_one(Child, child.id).personal_id == "030218000001"

    done, refused = undo(user, batch)

    assert (done, refused) == (3, [])
    again = db.session.get_one(Child, child.id)
    assert (again.personal_id, again.note) == (None, "Cũ")


def test_a_record_edited_meanwhile_overtakes_the_list(officer: User, make: Make) -> None:
    child = known(make)
    user, batch, ready = made_ready(officer, xlsx(GRID))
    db.session.get_one(Child, child.id).note = "Người khác sửa"
    db.session.commit()

    with pytest.raises(bulk.Overtaken), db.session.begin_nested():
        ready.write(user, batch)

    assert db.session.scalars(select(Child.full_name)).all() == ["Nguyễn Văn An"]


def test_an_overtaken_list_is_shown_again_and_nothing_of_it_written(
    client: Client, officer: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = known(make)
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)
    client.sign_in(officer)
    upload(client, xlsx(GRID))
    batch = db.session.scalars(select(ImportBatch)).unique().one()
    client.post(f"/imports/{batch.id}/apply")
    make_ready = batches.make_ready

    def slowly(*args: Any) -> Prepared:
        ready = make_ready(*args)
        seen = access.get_child(db.session.get_one(User, officer.id), child.id)
        seen.full_name = "Nguyễn Văn Ân"
        db.session.commit()
        return ready

    monkeypatch.setattr(batches, "make_ready", slowly)
    jobs.run_waiting()

    job = db.session.scalars(select(Job)).unique().one()
    assert job.sentence == "Sổ đã thay đổi từ lúc đọc danh sách. Hãy xem lại rồi ghi."
    assert batch.state is BatchState.READ
    assert db.session.scalars(select(Child.full_name)).all() == ["Nguyễn Văn Ân"]


def test_what_others_do_elsewhere_does_not_hold_a_list_up(officer: User, make: Make) -> None:
    known(make)
    content = xlsx(GRID)
    looked = batches.look_at(officer, content, "danh-sach.xlsx")
    assert not batches.is_overtaken(officer, looked)

    make.child("Vũ Ai Đó", village=village("Thôn 4"))
    assert not batches.is_overtaken(officer, looked)

    namesake = make.child("Lê Thị Na", village=village("Thôn 2"))
    assert batches.is_overtaken(officer, looked)

    looked = batches.look_at(officer, content, "danh-sach.xlsx")
    namesake.note = "Người khác ghi thêm"
    make.save(namesake)
    assert not batches.is_overtaken(officer, looked)

    make.relative(namesake, full_name="Lê Văn Cha")
    assert batches.is_overtaken(officer, looked)


@pytest.mark.parametrize(("times", "is_anew"), [(1, False), (2, False), (3, True)])
def test_an_overtaken_list_is_made_ready_anew_before_others_must_wait_for_it(
    client: Client, officer: User, make: Make, monkeypatch: pytest.MonkeyPatch, times: int, is_anew: bool
) -> None:
    known(make)
    monkeypatch.setattr(background, "ROWS_AT_ONCE", 0)
    client.sign_in(officer)
    upload(client, xlsx(GRID))
    batch = db.session.scalars(select(ImportBatch)).unique().one()
    client.post(f"/imports/{batch.id}/apply")
    make_ready, plan_under_the_lock, anew = batches.make_ready, batches.write, []

    def overtaken(*args: Any) -> Prepared:
        nonlocal times
        ready = make_ready(*args)
        if times:
            times -= 1
            make.child("Lê Thị Na", village=db.session.merge(village("Thôn 2")), born=clean.year_date(2001 + times))
        return ready

    monkeypatch.setattr(batches, "make_ready", overtaken)
    monkeypatch.setattr(batches, "write", lambda *args: anew.append(True) or plan_under_the_lock(*args))
    jobs.run_waiting()

    job = db.session.scalars(select(Job)).unique().one()
    assert (job.state, job.sentence) == (JobState.DONE, "Đã ghi danh sách vào sổ.")
    assert bool(anew) is is_anew
    assert batch.state is BatchState.APPLIED


def test_two_officers_write_the_same_children_at_once_and_each_is_there_once(served: Flask) -> None:
    grid: Grid = [["STT", "Họ và tên", "Ngày sinh", "Thôn"]]
    grid += [
        [n, f"Lò Văn {'ABCDĐEGHIKLM'[n % 12]}{'aeiou'[n % 5]}", f"{n % 28 + 1}/{n % 12 + 1}/2018", "Thôn 1"]
        for n in range(40)
    ]
    with served.app_context(), audit.writing():
        make = Make()
        home = make.village("Thôn 1")
        for officer_ in (make.user("officer", village=home), make.user("officer", village=home)):
            looked = batches.look_at(officer_, xlsx(grid), "danh-sach.xlsx")
            batch = batches.keep(officer_, xlsx(grid), looked)
            jobs.enqueue(officer_, background.KIND, batch, batch=batch.id)
            db.session.commit()
        wanted = looked.plan.totals["add"]
    overs = [threading.Event(), threading.Event()]
    workers = [threading.Thread(target=jobs.work_on, args=(served, over)) for over in overs]
    for worker in workers:
        worker.start()
    states: list[JobState] = []

    def are_finished() -> bool:
        with served.app_context():
            states[:] = db.session.scalars(select(Job.state).where(Job.finished_at.is_not(None)))
        return len(states) == 2

    until(are_finished)
    for over, worker in zip(overs, workers, strict=True):
        over.set()
        worker.join(PATIENCE)

    with served.app_context():
        assert states == [JobState.DONE, JobState.DONE]
        assert sorted(db.session.scalars(select(ImportBatch.state))) == [BatchState.APPLIED, BatchState.READ]
        assert db.session.scalar(select(sa.func.count(Child.id))) == wanted
