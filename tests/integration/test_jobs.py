"""Long work: asked for in the request's transaction, done once, told while it runs, seen by its owner alone."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import audit, clock, jobs
from app.jobs import Failed, Work
from models import Change, Child, Commune, Job, JobState, User, Village, db
from tests.conftest import rolled_back
from tests.make import Make
from tests.page import Client
from tests.waiting import PATIENCE, until


@pytest.fixture
def kinds() -> Iterator[None]:
    """Kinds of work for these tests only."""
    known = dict(jobs._KINDS)
    yield
    jobs._KINDS.clear()
    jobs._KINDS.update(known)


@pytest.fixture
def officer(make: Make, kinds: None) -> User:
    return make.user("officer", village=make.village("Thôn 1"))


def asked(user: User, name: str = "test", /, **arguments: object) -> Job:
    job = jobs.enqueue(user, name, **arguments)
    db.session.commit()
    return job


def rename(work: Work) -> None:
    """Give the commune's first village another name."""
    work.begin_writing()
    village = db.session.scalars(select(Village).where(Village.commune_id == work.user.commune_id)).unique().first()
    assert village is not None
    village.name = str(work.arguments["name"])
    work.sentence, work.location = "Đã đổi tên.", "/account/"


def test_a_job_does_its_work_and_leads_to_the_result(officer: User, client: Client) -> None:
    jobs.kind("test")(rename)
    job = asked(officer, name="Thôn Mới")
    client.sign_in(officer)

    waiting = client.get(f"/jobs/{job.id}")
    assert jobs.run_waiting() == 1
    assert client.get(f"/jobs/{job.id}", headers={"X-Progress": "1"}).status_code == 204
    done = client.get(f"/jobs/{job.id}")

    assert 'http-equiv="refresh"' in waiting.text
    assert "Đang chờ đến lượt." in waiting.text
    assert (done.status_code, done.location) == (303, "/account/")
    assert db.session.scalars(select(Village.name)).all() == ["Thôn Mới"]
    assert job.state is JobState.DONE


def test_what_a_job_changes_was_changed_by_the_person_who_asked(officer: User, make: Make) -> None:
    make.child("Lò Thị Na", village=db.session.scalars(select(Village)).unique().one())

    def mend(work: Work) -> None:
        work.begin_writing()
        db.session.scalars(select(Child)).unique().one().note = "Đã sửa"

    jobs.kind("test")(mend)
    asked(officer)
    jobs.run_waiting()

    last = db.session.scalars(select(Change).order_by(Change.id.desc()).limit(1)).one()
    assert (last.by_user_id, last.fields) == (officer.id, {"note": [None, "Đã sửa"]})


def test_work_that_fails_changes_nothing_and_says_why(officer: User, client: Client) -> None:
    def fail(work: Work) -> None:
        work.begin_writing()
        db.session.scalars(select(Village)).unique().one().name = "Thôn Hỏng"
        db.session.flush()
        raise Failed("Danh sách đã bị bỏ.")

    jobs.kind("test")(fail)
    job = asked(officer)
    jobs.run_waiting()

    shown = client.sign_in(officer).get(f"/jobs/{job.id}")
    assert "Danh sách đã bị bỏ." in shown.text
    assert 'http-equiv="refresh"' not in shown.text
    assert db.session.scalars(select(Village.name)).all() == ["Thôn 1"]


def test_an_unforeseen_error_is_told_without_what_it_says(officer: User, caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_work: Work) -> None:
        raise ValueError("Lò Thị Na")

    jobs.kind("test")(break_down)
    job = asked(officer)
    jobs.run_waiting()

    assert job.state is JobState.FAILED
    assert f"mã việc {job.id}" in job.sentence
    assert "Lò Thị Na" not in job.sentence + caplog.text


def test_a_job_that_was_not_committed_does_not_exist(officer: User) -> None:
    jobs.kind("test")(rename)
    jobs.enqueue(officer, "test", name="Thôn Mới")
    db.session.rollback()

    assert jobs.run_waiting() == 0


def test_one_unfinished_job_of_a_kind_about_one_thing(officer: User) -> None:
    jobs.kind("test")(rename)
    first = jobs.enqueue(officer, "test", officer, name="Thôn Mới")

    assert jobs.enqueue(officer, "test", officer, name="Thôn Mới") is first
    db.session.commit()
    jobs.run_waiting()
    assert jobs.enqueue(officer, "test", officer, name="Thôn Mới") is not first


def test_a_job_whose_worker_died_is_taken_again_but_not_for_ever(officer: User) -> None:
    jobs.kind("test")(rename)
    job = asked(officer, name="Thôn Mới")
    job.state, job.worker, job.attempts = JobState.RUNNING, "dead", 1
    job.alive_at = clock.now() - timedelta(seconds=jobs.DEAD_AFTER + 1)
    db.session.commit()

    assert jobs.run_waiting() == 1
    assert (job.state, job.attempts) == (JobState.DONE, 2)

    job.state, job.worker, job.attempts = JobState.RUNNING, "dead", jobs.TRIES
    job.alive_at = clock.now() - timedelta(seconds=jobs.DEAD_AFTER + 1)
    db.session.commit()
    assert jobs.run_waiting() == 0
    assert (job.state, job.sentence) == (JobState.FAILED, "Việc này đã dừng giữa chừng 3 lần nên không làm nữa.")


def test_a_worker_that_lives_keeps_its_job(officer: User) -> None:
    jobs.kind("test")(rename)
    job = asked(officer, name="Thôn Mới")
    job.state, job.worker, job.alive_at = JobState.RUNNING, "alive", clock.now()
    db.session.commit()

    assert jobs.run_waiting() == 0


def test_a_worker_that_lost_its_job_changes_nothing(officer: User) -> None:
    def slow(work: Work) -> None:
        job.worker = "another"
        db.session.commit()
        rename(work)

    jobs.kind("test")(slow)
    job = asked(officer, name="Thôn Mới")
    jobs.run_one()

    assert db.session.scalars(select(Village.name)).all() == ["Thôn 1"]
    assert (job.state, job.worker) == (JobState.RUNNING, "another")


def test_nothing_is_done_for_somebody_who_was_locked_out(officer: User) -> None:
    jobs.kind("test")(rename)
    job = asked(officer, name="Thôn Mới")
    officer.is_enabled = False
    db.session.commit()

    jobs.run_waiting()

    assert job.state is JobState.FAILED


def test_a_file_is_for_its_owner_and_goes_after_a_day(officer: User, make: Make, client: Client) -> None:
    def make_file(work: Work) -> None:
        work.file_name, work.content = "bieu.xlsx", b"PK"

    jobs.kind("test")(make_file)
    job = asked(officer)
    jobs.run_waiting()

    assert client.sign_in(officer).get(f"/jobs/{job.id}/file").data == b"PK"
    assert client.sign_in(make.user("officer")).get(f"/jobs/{job.id}/file").status_code == 404
    job.finished_at = clock.now() - timedelta(hours=jobs.KEPT_HOURS, minutes=1)
    db.session.commit()
    jobs.forget_old()
    assert db.session.scalars(select(Job)).unique().all() == []


def test_a_sentence_is_in_the_language_of_the_person(officer: User) -> None:
    officer.language = "en"

    def wait(work: Work) -> None:
        work.tell("…")
        raise RuntimeError

    jobs.kind("test")(wait)
    job = asked(officer)
    jobs.run_waiting()

    assert job.sentence.startswith("An unexpected error")


def test_two_workers_do_every_job_once(served: Flask, kinds: None) -> None:
    done: list[int] = []

    def note(work: Work) -> None:
        time.sleep(0.02)
        work.begin_writing()
        done.append(work.job_id)

    jobs.kind("test")(note)
    with served.app_context(), audit.writing():
        commune = Commune(name="xã Bịa", province_name="tỉnh Bịa")
        user = User(commune=commune, username="bia", full_name="Bịa", password_hash="x")
        db.session.add(user)
        db.session.flush()
        wanted = [jobs.enqueue(user, "test").id for _ in range(12)]
        db.session.commit()
    overs = [threading.Event(), threading.Event()]
    threads = [threading.Thread(target=jobs.work_on, args=(served, over)) for over in overs]
    for thread in threads:
        thread.start()
    until(lambda: len(done) >= 12)
    for over, thread in zip(overs, threads, strict=True):
        over.set()
        thread.join(PATIENCE)

    assert sorted(done) == wanted
    with served.app_context():
        assert set(db.session.scalars(select(Job.state))) == {JobState.DONE}


def test_the_command_does_what_waits(app: Flask, kinds: None) -> None:
    with rolled_back(app):
        make = Make()
        jobs.kind("test")(rename)
        job = asked(make.user("officer", village=make.village("Thôn 1")), name="Thôn Mới")

        done = app.test_cli_runner().invoke(args=["jobs", "run", "--once"])

        assert (done.exit_code, done.output) == (0, "1\n")
        assert db.session.get_one(Job, job.id, populate_existing=True).state is JobState.DONE
