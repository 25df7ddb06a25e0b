"""The audit trail is checked every day by itself, and the administrator told when it does not hold or nobody looks."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from app import audit, audit_checks, clock, jobs, migrating
from models import AuditCheck, AuditEvent, User, db, reach
from tests.make import Make
from tests.waiting import PATIENCE, until

RED = ".notice.alarm"


@pytest.fixture
def own(served: Flask):
    """An installation with some events, not rolled back: a check reads and writes in transactions of its own."""
    with served.app_context():
        with audit.writing():
            officer = Make().user("officer")
            for _ in range(5):
                audit.record("children_searched", officer, count=1)
            db.session.commit()
        yield served


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    now = clock.now()

    def later(**span: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(**span))

    return later


def take_out_an_event() -> None:
    """As somebody with the database's own tools would: the app's role on PostgreSQL may not."""
    names = (
        ["audit_events_no_delete"] if db.engine.dialect.name == "sqlite" else ["audit_events_no_change ON audit_events"]
    )
    db.session.rollback()
    with audit.writing(), migrating.owners_engine() as engine, engine.begin() as connection:
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
        third = connection.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all()[2]
        connection.execute(delete(AuditEvent).where(AuditEvent.id == third))


def checks() -> list[AuditCheck]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditCheck).order_by(AuditCheck.id)))


def test_the_worker_checks_once_a_day(own: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHORES_EVERY", 0.05)
    monkeypatch.setattr(jobs, "LOOK_EVERY", 0.05)
    over = threading.Event()
    worker = threading.Thread(target=jobs.work_on, args=(own, over))
    worker.start()
    until(checks)
    over.wait(1)  # time for many more
    over.set()
    worker.join(PATIENCE)

    assert [(check.is_good, check.event_count) for check in checks()] == [(True, 5)]


def test_it_is_checked_again_the_next_day(own: Flask, at) -> None:
    audit_checks.run_if_due()
    audit_checks.run_if_due()
    at(days=1)
    audit_checks.run_if_due()

    assert len(checks()) == 2


def test_a_new_installation_has_nothing_to_check(served: Flask) -> None:
    with served.app_context():
        assert audit_checks.run_if_due() is None


def test_a_trail_that_does_not_hold_is_kept_and_told_by_the_command(own: Flask) -> None:
    take_out_an_event()

    done = own.test_cli_runner().invoke(args=["audit", "verify"])

    assert done.exit_code == 1
    assert "bị sửa hoặc mất" in done.output
    assert [(check.is_good, check.broken_count) for check in checks()] == [(False, 1)]
    assert audit_checks.warning().startswith("Nhật ký không còn nguyên vẹn")


def test_what_is_written_meanwhile_is_no_finding(own: Flask) -> None:
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            with own.app_context(), reach.declared(reach.INSTALLATION), audit.writing():
                audit.record("children_searched", db.session.scalars(select(User)).unique().first(), count=1)
                db.session.commit()

    writer = threading.Thread(target=write)
    writer.start()
    found = [audit.verify()]
    while found[-1].count < 25 and len(found) < 2000:
        found.append(audit.verify())
    over.set()
    writer.join(PATIENCE)

    assert [(one.broken, one.cut, one.contradicted) for one in found] == [([], [], [])] * len(found)
    assert found[-1].count >= 25


class TestTheRedLine:
    @pytest.fixture
    def administrator(self, make: Make) -> User:
        return make.user("administrator")

    def told(self, client) -> str:
        found = client.page("/").soup.select_one(RED)
        return found.get_text(" ", strip=True) if found else ""

    def keep(self, **values: int) -> None:
        db.session.add(AuditCheck(at=clock.now(), event_count=9, **values))
        db.session.commit()

    def test_a_finding_is_told_to_the_administrator_alone(self, client, make: Make, administrator: User) -> None:
        self.keep(broken_from=7, broken_count=1)

        assert "bắt đầu từ số 7" in self.told(client.sign_in(administrator))
        assert "bắt đầu từ số 7" in client.page("/settings/audit").text
        assert self.told(client.sign_in(make.user("officer"))) == ""

    def test_two_days_without_a_check_are_told(self, client, administrator: User, monkeypatch) -> None:
        self.keep()
        client.sign_in(administrator)
        assert self.told(client) == ""
        assert "9 sự kiện, nguyên vẹn" in client.page("/settings/audit").text
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2, minutes=1))

        assert "chưa được kiểm tra" in self.told(client.sign_in(administrator))

    def test_a_fresh_installation_is_given_two_days(self, client, administrator: User) -> None:
        assert self.told(client.sign_in(administrator)) == ""
