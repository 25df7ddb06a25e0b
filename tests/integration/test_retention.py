"""Retention: a dry run that changes nothing, a second person's yes, what stops erasing, and nothing left to read."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from app import audit, clock, erasing, retention
from models import (
    Case,
    Child,
    Erasure,
    ErasureState,
    Household,
    IntakeReport,
    LegalHold,
    RecordClass,
    ReportState,
    Role,
    SubjectRequest,
    db,
)
from tests.integration.world import World
from tests.make import Make


@pytest.fixture
def officer(make):
    return make.user("officer")


def grown(make, name: str, **values) -> Child:
    return make.child(name, born=date(clock.today().year - 30, 1, 2), **values)


def propose(client) -> Erasure:
    client.send("/privacy/retention/child/propose", {"form_key": "xóa-lần-một"})
    return db.session.scalars(select(Erasure)).one()


def test_the_dry_run_lists_who_is_due_and_changes_nothing(client, make, officer):
    grown(make, "Lý Văn Lớn")
    make.child("Lý Thị Bé", born=date(clock.today().year - 8, 1, 2))
    gone = make.child("Lý Thị Đi", born=date(clock.today().year - 8, 1, 2))
    gone.left_on = clock.today() - timedelta(days=6 * 366)
    db.session.commit()
    client.sign_in(officer)

    page = client.page("/privacy/retention/child").text

    assert "Lý Văn Lớn" in page
    assert "Lý Thị Đi" in page
    assert "Lý Thị Bé" not in page
    assert len(db.session.scalars(select(Child)).all()) == 3


def test_nobody_agrees_to_her_own_proposal(client, make, officer):
    child = grown(make, "Lý Văn Lớn")
    client.sign_in(officer)
    erasure = propose(client)

    client.send(f"/privacy/erasures/{erasure.id}/agree")

    assert erasure.state is ErasureState.PROPOSED
    assert db.session.get(Child, child.id) is not None

    assert "chờ người thứ hai" not in client.page("/").text
    client.sign_in(make.user("leader"))
    assert "Đề nghị xóa hồ sơ chờ người thứ hai" in client.page("/").text
    client.send(f"/privacy/erasures/{erasure.id}/agree")
    assert db.session.scalars(select(Child)).all() == []
    assert db.session.scalars(select(Erasure.state)).one() is ErasureState.DONE
    assert audit.broken_links() == []


@pytest.mark.parametrize(
    ("stop", "sentence"),
    [("case", "đang mở"), ("closed", "chưa hết hạn lưu"), ("hold", "Tòa án yêu cầu"), ("request", "chưa trả lời")],
)
def test_cases_holds_and_open_requests_stop_it_with_a_sentence(client, make, officer, stop, sentence):
    child = grown(make, "Lý Văn Lớn")
    of = {"commune_id": child.commune_id, "child_id": child.id}
    if stop in ("case", "closed"):
        make.case(child, closed_at=clock.now() if stop == "closed" else None)
    elif stop == "hold":
        make.save(LegalHold(**of, reason="Tòa án yêu cầu giữ"))
    else:
        make.save(SubjectRequest(**of, kind="see", asker="child", received_on=clock.today()))
    client.sign_in(officer)

    page = client.page("/privacy/retention/child").text
    client.send("/privacy/retention/child/propose", {"form_key": "một"})

    assert sentence in page
    assert db.session.scalars(select(Erasure)).all() == []


def test_what_is_stopped_after_the_proposal_is_not_erased(client, make, officer):
    child = grown(make, "Lý Văn Lớn")
    client.sign_in(officer)
    erasure = propose(client)
    make.save(LegalHold(commune_id=child.commune_id, child_id=child.id, reason="khiếu nại"))

    client.sign_in(make.user("leader")).send(f"/privacy/erasures/{erasure.id}/agree")

    assert db.session.scalars(select(Child.full_name)).all() == ["Lý Văn Lớn"]


def test_a_request_to_erase_leads_to_a_proposal_or_says_what_stops_it(client, make, officer):
    child = make.child(born=date(clock.today().year - 9, 1, 2))
    case = make.case(child)
    request = make.save(
        SubjectRequest(
            commune_id=child.commune_id, child_id=child.id, kind="erase", asker="child", received_on=clock.today()
        )
    )
    client.sign_in(officer)

    stopped = client.send(f"/privacy/requests/{request.id}/propose-erasing", {"form_key": "một"})
    assert f"Vụ việc {case.number} đang mở" in stopped.text

    case.closed_at = clock.now() - timedelta(days=11 * 366)
    db.session.commit()
    client.send(f"/privacy/requests/{request.id}/propose-erasing", {"form_key": "hai"})
    assert db.session.scalars(select(Erasure)).one().keys == [child.id]


def test_a_report_that_became_nothing_is_erased_when_its_time_has_run_out(client, make, officer):
    by = make.user("collaborator", village=make.village())
    long_ago = clock.now() - timedelta(days=6 * 366)
    answered = {"state": ReportState.ANSWERED, "answered_at": long_ago, "child_name": "Lý Thị Lạ"}
    due = make.report(by, at=long_ago, **answered)
    of_child = make.report(by, make.child("Lý Thị Bé"), at=long_ago, **answered)
    recent = make.report(by, at=long_ago, **answered | {"answered_at": clock.now()})
    waiting = make.report(by, at=long_ago, state=ReportState.SENT)
    opened = make.report(by, at=long_ago, state=ReportState.OPENED, answered_at=long_ago)
    make.case(report=opened)
    stays = [of_child.id, recent.id, waiting.id, opened.id]
    assert [one.key for one in retention.due(officer, RecordClass.CONCERN)] == [due.id]
    client.sign_in(officer)
    assert "Lý Thị Lạ" not in client.page("/privacy/retention/concern").text

    client.send("/privacy/retention/concern/propose", {"form_key": "một"})
    erasure = db.session.scalars(select(Erasure)).one()
    client.sign_in(make.user("leader")).send(f"/privacy/erasures/{erasure.id}/agree")

    assert db.session.scalars(select(IntakeReport.id).order_by(IntakeReport.id)).all() == stays
    assert audit.broken_links() == []


def test_years_are_data_of_the_commune(client, make, officer):
    grown(make, "Lý Văn Lớn")
    client.sign_in(officer)
    address = "/privacy/retention/child/rule"

    client.send(address, {**client.page(address).form(), "years": "20", "source": "Danh mục của xã"})

    assert retention.due(officer, RecordClass.CHILD) == []
    assert "years" in client.send(address, {**client.page(address).form(), "years": "0"}).errors()


def test_a_sibling_keeps_the_household_and_a_last_child_takes_it_along(make, officer):
    home, other = make.household("Lý Văn Chủ"), make.household("Vàng Văn Chủ")
    gone, last = make.child("Lý Văn Một", household=home), make.child("Vàng Văn Một", household=other)
    make.child("Lý Thị Hai", household=home)

    erasing.erase_children([gone.id, last.id])
    db.session.commit()

    assert db.session.scalars(select(Household.head_name)).all() == ["Lý Văn Chủ"]
    assert db.session.scalars(select(Child.full_name)).all() == ["Lý Thị Hai"]


def test_a_case_is_erased_without_the_child(make, officer):
    child = make.child("Lý Văn Còn")
    report = make.report(officer, child)
    case = make.case(child, report, closed_at=clock.now())

    erasing.erase_cases([case.id])
    db.session.commit()

    assert db.session.scalars(select(Case)).all() == []
    assert db.session.scalars(select(Child.full_name)).all() == ["Lý Văn Còn"]


MARK = "Quỳnhxóamất"
#: The same name as search and sort keys write it.
WRITTEN = (MARK, MARK.lower(), "quynhxoamat")


def _world(make: Make) -> tuple[World, World]:
    """A world whose records all bear the mark, and one that stays."""
    village = make.village()
    by = make.user("collaborator", village=village)
    gone = World(make, village, by, MARK)
    return gone, World(make, make.village(), make.user("collaborator"), "Ởlại")


def _erase(gone: World) -> None:
    erasing.erase_children([gone.child.id])
    db.session.commit()


def test_nothing_is_left_to_read_in_the_file_and_its_log(served: Flask, tmp_path: Path) -> None:
    with served.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("the file of SQLite; PostgreSQL has its own test")
        gone, _stays = _world(Make())
        gone.child.full_name = f"Lò Thị {MARK} Hai"
        db.session.commit()
        path = Path(str(db.engine.url.database))
        assert any(word in _raw(path) for word in WRITTEN)

        _erase(gone)
        _forget_what_is_no_childs(gone)
        db.session.remove()
        assert erasing.wipe()

        assert [word for word in WRITTEN if word in _raw(path)] == []
        assert "Ởlại" in _raw(path)
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert audit.broken_links() == []


def _raw(path: Path) -> str:
    files = [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
    return "".join(file.read_bytes().decode("utf-8", "ignore") for file in files if file.exists())


def _forget_what_is_no_childs(gone: World) -> None:
    """The world marks records that are not the child's too: others' carers, lists, imports, settings."""
    for record in (
        gone.carer,
        gone.child_list,
        gone.saved_filter,
        gone.export,
        gone.limit,
        gone.period_report,
        gone.job,
        gone.batch,
        gone.breach,
        gone.service_batch,
        gone.duty,
        gone.duty_done,
        gone.age_band,
        gone.report_wording,
    ):
        _overwrite(record)
    for record in (gone.open_report, gone.draft):
        _overwrite(record)
    db.session.execute(text("UPDATE import_headings SET heading = 'x' || id"))
    db.session.execute(text("UPDATE import_rows SET effects = '{}'"))
    db.session.execute(
        text(
            "DELETE FROM changes WHERE record_table IN ('foster_carers', 'child_lists', 'intake_reports', 'local_limits', 'period_reports', 'breaches', 'service_batches', 'report_duties', 'duties_done', 'age_bands', 'report_wordings')"
        )
    )
    db.session.commit()


def _overwrite(record: object) -> None:
    if inspect(record, raiseerr=False) is None or inspect(record).detached:
        return
    for column in inspect(type(record)).column_attrs:
        value = getattr(record, column.key)
        if isinstance(value, str) and MARK.casefold() in value.casefold():
            setattr(record, column.key, "x")
        if isinstance(value, bytes) and MARK.encode() in value:
            setattr(record, column.key, b"x")


def test_no_text_column_of_a_childs_records_bears_the_name(make: Make) -> None:
    gone, stays = _world(make)

    _erase(gone)
    _forget_what_is_no_childs(gone)

    found = {}
    for table in inspect(db.engine).get_table_names():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for name, value in row.items():
                if any(word in str(value) for word in WRITTEN):
                    found[table, name] = value
    assert found == {}
    assert db.session.get(Child, stays.child.id) is not None
    assert Role.COLLABORATOR in gone.by.roles


def test_a_name_in_what_people_called_their_lists_and_filters_goes_too(make: Make) -> None:
    gone, _stays = _world(make)
    name = gone.child.full_name
    gone.child_list.name, gone.saved_filter.name = f"Danh sách của {name}", f"Như {name}"
    db.session.commit()

    _erase(gone)

    assert name not in gone.child_list.name + gone.saved_filter.name
    assert gone.saved_filter.name.startswith("Như ")
