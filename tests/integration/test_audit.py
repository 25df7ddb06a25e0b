"""The chain of audit events: what was changed or taken out is found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app import audit
from models import AuditEvent, AuditHead, db
from tests.conftest import migrated_app
from tests.make import Make


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """With the rights of somebody who has the database's own tools: the app's own role may change no event at all."""
    with migrated_app(tmp_path_factory.mktemp("audit"), as_owner=True, TESTING=True, WTF_CSRF_ENABLED=False) as app:
        yield app


@pytest.fixture
def events(session: object, make: Make) -> list[AuditEvent]:
    here, there = make.user("officer"), make.user("officer", commune=make.commune())
    for user in (here, there, here, here, there):
        audit.record("children_searched", user, count=3, children=[])
    audit.record("sign_in_failed", None, reason="wrong")
    audit.record("sign_in_failed", None, reason="wrong")
    db.session.commit()
    found = list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    _let_events_be_changed()
    return found


def _let_events_be_changed() -> None:
    """As somebody with the database's own tools would; undone with the test."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER audit_events_no_update"))
        db.session.execute(text("DROP TRIGGER audit_events_no_delete"))
    else:
        db.session.execute(text("DROP TRIGGER audit_events_no_change ON audit_events"))


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET user_id = NULL", "DELETE FROM audit_events"])
def test_the_database_refuses_to_change_or_delete_an_event(make: Make, statement: str) -> None:
    audit.record("children_searched", make.user("officer"), count=3, children=[])
    db.session.commit()

    with pytest.raises(DBAPIError, match="never changed or deleted"), db.session.begin_nested():
        db.session.execute(text(statement))


def test_events_cut_off_the_end_are_found(events: list[AuditEvent]) -> None:
    assert audit.cut_chains() == []
    db.session.execute(delete(AuditEvent).where(AuditEvent.id == events[4].id))

    assert audit.broken_links() == []
    assert audit.cut_chains() == [events[1].commune_id]


def test_a_head_forged_without_the_key_is_found(events: list[AuditEvent]) -> None:
    db.session.execute(delete(AuditEvent).where(AuditEvent.id == events[6].id))
    db.session.execute(update(AuditHead).where(AuditHead.chain == 0).values(count=1, hash=events[5].hash))

    assert audit.cut_chains() == [0]


def test_a_whole_chain_taken_out_with_its_head_is_found_by_the_witness(
    app: Flask, events: list[AuditEvent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MANGNON_INSTANCE", str(tmp_path))
    audit.witness()
    assert audit.contradicted() == []
    db.session.execute(delete(AuditEvent).where(AuditEvent.commune_id.is_(None)))
    db.session.execute(delete(AuditHead).where(AuditHead.chain == 0))

    assert audit.cut_chains() == []
    assert audit.contradicted() == [0]


def test_a_witness_on_another_disk_is_asked_too(
    app: Flask, events: list[AuditEvent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    monkeypatch.setitem(app.config, "MANGNON_INSTANCE", str(here))
    monkeypatch.setitem(app.config, "MANGNON_BACKUP_COPY_TO", str(there))
    audit.witness()
    db.session.execute(delete(AuditEvent).where(AuditEvent.commune_id.is_(None)))
    db.session.execute(delete(AuditHead).where(AuditHead.chain == 0))
    (here / "audit-witness").unlink()

    assert audit.contradicted() == [0]


def test_a_line_forged_in_the_witness_says_nothing(
    app: Flask, events: list[AuditEvent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MANGNON_INSTANCE", str(tmp_path))
    (tmp_path / "audit-witness").write_text(f"0 99 {'a' * 64} {'b' * 64}\nrubbish\n")

    assert audit.contradicted() == []


def test_an_untouched_chain_holds(events: list[AuditEvent]) -> None:
    assert len(events) == 7
    assert audit.broken_links() == []


@pytest.mark.parametrize(
    "change",
    [{"details": {"count": 0}}, {"user_id": None}, {"event": "signed_out"}, {"record_id": 1}, {"hash": "0" * 64}],
)
def test_a_changed_event_is_found(events: list[AuditEvent], change: dict[str, object]) -> None:
    db.session.execute(update(AuditEvent).where(AuditEvent.id == events[2].id).values(**change))
    db.session.expire_all()

    assert audit.broken_links()[0] == events[2].id


def test_an_event_taken_out_is_found_at_the_next_of_its_commune(events: list[AuditEvent]) -> None:
    db.session.execute(delete(AuditEvent).where(AuditEvent.id == events[2].id))
    db.session.expire_all()

    assert audit.broken_links() == [events[3].id]


def test_an_event_moved_to_another_commune_is_found(events: list[AuditEvent]) -> None:
    db.session.execute(update(AuditEvent).where(AuditEvent.id == events[2].id).values(commune_id=events[1].commune_id))
    db.session.expire_all()

    assert events[2].id in audit.broken_links()


@pytest.mark.parametrize(("event", "details"), [("eaten", {}), ("child_read", {"name": "An"}), ("sign_in_failed", {})])
def test_an_unknown_event_or_other_details_are_refused(make: Make, event: str, details: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=event):
        audit.record(event, make.user("officer"), **details)


def test_reading_a_child_is_an_event(client, make: Make) -> None:
    officer = make.user("officer")
    child = make.child()

    client.sign_in(officer).get(f"/children/{child.id}")

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "child_read")).one()
    assert (told.user_id, told.record_table, told.record_id) == (officer.id, "children", child.id)
    assert audit.broken_links() == []


def test_a_list_leaves_its_filters_and_its_count_and_no_names(client, make: Make) -> None:
    officer = make.user("officer")
    child = make.child("Nguyễn Văn An")

    client.sign_in(officer).get("/children/?sex=male")

    told = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "children_listed")).one()
    assert told.details == {"filters": {"sex": "male"}, "count": 1, "children": f",{child.id},"}
