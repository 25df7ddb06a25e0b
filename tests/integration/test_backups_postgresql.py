"""Backups on PostgreSQL: nothing hidden by a policy, equal rows after restoring, whole or not at all, told in sentences."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from app import audit, backup_schedule, backups, backups_postgresql, clock, create_app, migrating
from models import BackupKind, User, db, reach
from tests import postgres
from tests.conftest import SECRET, migrated_app
from tests.make import PASSWORD, Make
from tests.page import Client
from tests.waiting import until

SERVER = os.environ.get("TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="about PostgreSQL")

INSTALLATION = ("SECRET_KEY", "MANGNON_INSTANCE", "DATABASE_URL", "MIGRATION_DATABASE_URL")
KEY = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345-6789-ABCD"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Flask]:
    """An installation with two communes, one officer and a form of its own."""
    with migrated_app(tmp_path / "here", TESTING=True, WTF_CSRF_ENABLED=False) as app, app.app_context():
        make = Make()
        make.user("officer", village=make.village("Thôn Đông"), username="canbo")
        make.child("Trần Thị Bình", note="hai dòng\nvà \\. một gạch\tchéo")
        elsewhere = make.commune("Xã khác")
        make.child("Lý Văn Xa", make.village("Thôn Xa", elsewhere))
        db.session.commit()
        form = tmp_path / "here" / "documents" / "mau-05.docx"
        form.parent.mkdir(parents=True)
        form.write_bytes(b"a form")
        yield app


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a new, empty database, by the role that will own the tables."""
    with postgres.empty_database(SERVER) as url:
        yield url


def rows(url: str) -> dict[str, str]:
    """What each table holds, by the owner who sees everything."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as raw:
        names = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        asked = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') || count(*) FROM {} t"
        return {name: raw.execute(asked.format(name)).fetchone()[0] for (name,) in names}


def elsewhere(folder: Path, url: str) -> Flask:
    """Another installation, whose app works as the bound role."""
    addresses = {"DATABASE_URL": postgres.for_the_app(url), "MIGRATION_DATABASE_URL": url}
    given = {"TESTING": True, "WTF_CSRF_ENABLED": False, "SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder)}
    app = create_app({**given, **addresses})
    app.test_client_class = Client
    return app


def test_restored_elsewhere_every_row_is_equal_and_people_sign_in(office: Flask, empty: str, tmp_path: Path) -> None:
    made = backups.make(tmp_path)
    before = rows(office.config["MIGRATION_DATABASE_URL"])
    assert made.counts["children"] == 2
    assert made.counts.keys() == before.keys()
    assert made.database == "postgresql"

    there = elsewhere(tmp_path / "there", empty)
    with there.app_context():
        backups.restore(made.path)
        assert rows(empty) == before
        assert not migrating.is_walled()
        with reach.declared(reach.INSTALLATION):
            migrating.upgrade()
            assert migrating.is_walled()
            assert audit.broken_links() == []
        db.session.remove()
    assert (tmp_path / "there" / "documents" / "mau-05.docx").read_bytes() == b"a form"
    browser = there.test_client()
    browser.post("/sign-in", data={"username": "canbo", "password": PASSWORD})
    page = browser.page("/children/").text
    assert "Trần Thị Bình" in page
    assert "Lý Văn Xa" not in page
    with there.app_context():
        db.engine.dispose()


def test_the_command_leaves_a_database_ready_to_work(office: Flask, empty: str, tmp_path: Path) -> None:
    migrating.downgrade(f"{int(migrating.head() or 0) - 1:04d}")
    made = backups.make(tmp_path)
    there = elsewhere(tmp_path / "there", empty)

    with there.app_context():
        told = there.test_cli_runner().invoke(args=["restore", str(made.path)])
        assert told.exit_code == 0, told.output
        assert migrating.current() == migrating.head()
        assert migrating.is_walled()
        db.session.remove()
    browser = there.test_client()
    browser.post("/sign-in", data={"username": "canbo", "password": PASSWORD})
    assert "Trần Thị Bình" in browser.page("/children/").text
    with there.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_bound_role_alone_leaves_no_row_out(office: Flask, tmp_path: Path) -> None:
    told = {name: int(digest[32:] or 0) for name, digest in rows(office.config["MIGRATION_DATABASE_URL"]).items()}
    office.config["MIGRATION_DATABASE_URL"] = ""

    made = backups.make(tmp_path)

    assert {name: count for name, count in made.counts.items() if told[name] != count} == {}


def test_an_open_backup_holds_no_password_of_the_database(office: Flask, tmp_path: Path) -> None:
    made = backups.make(tmp_path)

    with zipfile.ZipFile(made.path) as archive:
        told = b"".join(archive.read(name) for name in archive.namelist())
    for url in (office.config["DATABASE_URL"], office.config["MIGRATION_DATABASE_URL"]):
        assert make_url(url).password.encode() not in told


def test_one_role_for_all_leaves_no_row_out_and_is_refused_where_a_policy_hides_some(tmp_path: Path) -> None:
    with postgres.database_of_the_app(SERVER) as url:
        given = {"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(tmp_path / "here")}
        app = create_app({**given, "DATABASE_URL": url, "MIGRATION_DATABASE_URL": ""})
        with app.app_context(), reach.declared(reach.INSTALLATION):
            migrating.upgrade()
            make = Make()
            make.child("Trần Thị Bình")
            make.child("Lý Văn Xa", make.village("Thôn Xa", make.commune("Xã khác")))
            db.session.commit()
            assert backups.make(tmp_path / "out").counts["children"] == 2

            with psycopg.connect(url.replace("+psycopg", "")) as raw:
                raw.execute("DROP POLICY within_reach ON children")
                raw.execute("CREATE POLICY within_reach ON children USING (commune_id = 1)")
            with pytest.raises(backups.Unusable, match="giấu dữ liệu"):
                backups.make(tmp_path / "out")
            assert len(list((tmp_path / "out").iterdir())) == 1
            db.session.remove()
            db.engine.dispose()


def test_with_a_key_nothing_can_be_read_without_it(office: Flask, empty: str, tmp_path: Path) -> None:
    kept = tmp_path / "khoa.txt"
    kept.write_text(KEY)
    office.config["MANGNON_BACKUP_KEY_FILE"] = str(kept)
    made = backups.make(tmp_path / "to")

    assert "Trần Thị Bình".encode() not in made.path.read_bytes()
    wrong = tmp_path / "khac.txt"
    wrong.write_text(KEY[::-1])
    with pytest.raises(backups.Unusable, match="Khóa không mở được"):
        backups.verify(made.path, wrong)
    assert backups.verify(made.path).counts == made.counts


def test_only_an_empty_database_is_filled_and_only_by_its_own_kind(office: Flask, empty: str, tmp_path: Path) -> None:
    made = backups.make(tmp_path)

    with pytest.raises(backups.Unusable, match="phải rỗng"):
        backups.restore(made.path)
    with pytest.raises(backups.Unusable, match="không khôi phục đè"):
        backups.restore(made.path, empty, replace=True)
    with pytest.raises(backups.Unusable, match="chỉ khôi phục được vào PostgreSQL"):
        backups.restore(made.path, str(tmp_path / "other.sqlite3"))
    assert not (tmp_path / "other.sqlite3").exists()

    with create_app(
        {"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(tmp_path / "small"), "DATABASE_URL": ""}
    ).app_context():
        migrating.upgrade()
        small = backups.make(tmp_path / "small")
        db.session.remove()
        db.engine.dispose()
    with pytest.raises(backups.Unusable, match="chỉ khôi phục được vào SQLite"):
        backups.restore(small.path, empty)
    assert rows(empty) == {}


@pytest.mark.parametrize("harm", ["cut", "changed", "another"])
def test_a_harmed_file_restores_nothing(office: Flask, empty: str, tmp_path: Path, harm: str) -> None:
    made = backups.make(tmp_path)
    harmed = tmp_path / "harmed.zip"
    if harm == "cut":
        harmed.write_bytes(made.path.read_bytes()[:-5000])
    else:
        with zipfile.ZipFile(made.path) as good, zipfile.ZipFile(harmed, "w", zipfile.ZIP_DEFLATED) as bad:
            for name in good.namelist():
                content = good.read(name)
                if name == backups_postgresql.PICTURE:
                    content = content.replace(b"B\xc3\xacnh", b"B\xc3\xacmh") if harm == "changed" else b"PGDMP nothing"
                bad.writestr(name, content)

    with pytest.raises(backups.Unusable):
        backups.restore(harmed, empty)

    assert rows(empty) == {}


def test_a_backup_that_is_killed_leaves_no_half_file_and_no_lock(office: Flask, tmp_path: Path) -> None:
    """The program alone is killed, as by a system that runs out of memory; its dump is left to itself."""
    url, out = office.config["MIGRATION_DATABASE_URL"], tmp_path / "out"
    with psycopg.connect(url.replace("+psycopg", "")) as raw:  # enough to be at it for a while
        raw.execute("UPDATE children SET note = repeat(md5(id::text), 1000000)")
    good = backups.make(out)
    settings = {**os.environ, **{name: str(office.config[name]) for name in INSTALLATION}}
    command = [str(Path(sys.executable).parent / "flask"), "--app", "run", "backup", "--to", str(out)]
    for _round in range(3):
        with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and not _is_at_work(url, "pg_dump"):
                pass
            assert process.poll() is None, "the backup was made before it could be killed"
            process.kill()
        until(lambda: not _is_at_work(url, "pg_dump"), "the dump goes on, with its locks")

    assert [path for path in backups.files_in(out) if path != good.path] == []
    with psycopg.connect(url.replace("+psycopg", "")) as raw:
        raw.execute("SET lock_timeout = '5s'")
        raw.execute("LOCK TABLE children, cases, audit_events IN ACCESS EXCLUSIVE MODE")
    again = backups.make(out)
    assert again.counts.items() >= {"children": 2, "communes": 2}.items()
    assert [one.path for one in map(backups.verify, backups.files_in(out))] == [good.path, again.path]


def test_a_restore_that_is_killed_leaves_all_or_nothing(office: Flask, empty: str, tmp_path: Path) -> None:
    made = backups.make(tmp_path)
    settings = {"SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(tmp_path / "there"), "DATABASE_URL": empty}
    command = [str(Path(sys.executable).parent / "flask"), "--app", "run", "restore", str(made.path)]
    full = rows(office.config["MIGRATION_DATABASE_URL"])
    with subprocess.Popen(command, env={**os.environ, **settings}, start_new_session=True) as process:
        while process.poll() is None and not _is_at_work(empty, "pg_restore"):
            pass
        os.killpg(process.pid, signal.SIGKILL)
    _until_nobody_is_there(empty)

    assert rows(empty) in ({}, full)
    if not rows(empty):
        backups.restore(made.path, empty)
    assert rows(empty) == full


def _asked(url: str, question: str, *more: str) -> int:
    with psycopg.connect(SERVER.replace("postgresql+psycopg://", "postgresql://")) as raw:
        return raw.execute(question, [url.rpartition("/")[2], *more]).fetchone()[0]


def _is_at_work(url: str, program: str) -> bool:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name = %s"
    return _asked(url, asked, program) > 0


def _until_nobody_is_there(url: str) -> None:
    while _asked(url, "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"):
        pass


def test_missing_or_older_programs_are_told(office: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(backups.Unusable, match="cũ hơn máy chủ PostgreSQL 99"):
        backups_postgresql._program("pg_dump", 99)
    monkeypatch.setattr(backups_postgresql.Path, "glob", lambda *_anything: iter(()))
    monkeypatch.setattr(backups_postgresql.shutil, "which", lambda _name: None)

    with pytest.raises(backups.Unusable, match="không có chương trình pg_dump"):
        backups.make(tmp_path)


def test_the_days_backup_is_made_once_and_noted(office: Flask) -> None:
    run = backup_schedule.run_if_due()

    assert run is not None
    assert (run.kind, run.is_good, run.problem) == (BackupKind.DAILY, True, None)
    assert run.row_count > 100
    assert backup_schedule.run_if_due() is None
    assert [path.name for path in backups.files_in(backups.folder())] == [run.file_name]


def test_the_days_backup_waits_for_a_process_that_is_at_it_and_not_for_one_that_died(office: Flask) -> None:
    program = (
        "import sys, time; from app import create_app, one_at_a_time\n"
        "with create_app().app_context(), one_at_a_time.alone('backup') as is_ours:\n"
        "    print(is_ours, flush=True); sys.stdin.read()\n"
    )
    settings = {**os.environ, **{name: str(office.config[name]) for name in INSTALLATION}}
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], env=settings, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert backup_schedule.run_if_due() is None
        other.kill()
    until(lambda: backup_schedule.run_if_due() is not None)

    assert len(backups.files_in(backups.folder())) == 1


def test_an_upgrade_makes_a_backup_first(office: Flask) -> None:
    head = migrating.head()
    migrating.downgrade(f"{int(head or 0) - 1:04d}")

    made = backup_schedule.upgrade()

    assert made is not None
    assert made.counts["children"] == 2
    assert migrating.current() == head
    assert migrating.is_walled()


def test_who_is_backed_up_by_others_sees_no_red_line(office: Flask) -> None:
    for person in db.session.scalars(db.select(User)).unique():
        person.created_at = clock.now() - timedelta(days=8)
    db.session.commit()
    assert backup_schedule.is_too_old()

    office.config["MANGNON_BACKUP_HOUR"] = -1

    assert not backup_schedule.is_too_old()
