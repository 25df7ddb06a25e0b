"""Backups by themselves: one a day whoever asks, proven, encrypted when a key is set, copied, rotated, told when missing."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from app import audit, backup_cipher, backup_schedule, backups, clock, config, create_app, migrating, one_at_a_time
from models import BackupKind, BackupRun, Child, User, Village, db, sqlite
from tests.conftest import SECRET
from tests.make import Make
from tests.page import Client

KEY = "ABCD-EFGH-JKLM-NPQR-STUV-WXYZ-2345-6789-ABCD"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Set the clock to a Viet Nam date, hour and minute."""

    def set_to(day: str, hour: int = 12, minute: int = 0) -> None:
        instant = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=clock.LOCAL).astimezone(UTC)
        monkeypatch.setattr(clock, "now", lambda: instant)

    return set_to


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Flask]:
    """An installation on SQLite with one officer and a form of its own, not rolled back."""
    app = _app(tmp_path / "here")
    with app.app_context():
        migrating.upgrade()
        with audit.writing():
            make = Make()
            make.user("officer", village=make.village(), username="canbo")
            make.child("Trần Thị Bình")
            db.session.commit()
        form = tmp_path / "here" / "documents" / "ab" / "mau-05.docx"
        form.parent.mkdir(parents=True)
        form.write_bytes(b"a form")
        yield app
        db.session.remove()
        db.engine.dispose()


def _app(folder: Path, **settings: object) -> Flask:
    given = {"TESTING": True, "SECRET_KEY": SECRET, "MANGNON_INSTANCE": str(folder), "DATABASE_URL": ""}
    return create_app({**given, **settings})


def _with_key(app: Flask, folder: Path) -> Path:
    file = folder / "keys" / "key"
    file.parent.mkdir()
    file.write_text(KEY + "\n")
    app.config["MANGNON_BACKUP_KEY_FILE"] = str(file)
    return file


def runs() -> list[BackupRun]:
    db.session.rollback()
    return list(db.session.scalars(select(BackupRun).order_by(BackupRun.id)))


def daily_files(app: Flask) -> list[str]:
    return [path.name[13:21] for path in backups.files_in(backups.folder()) if "-auto-" in path.name]


class TestOnceADay:
    def test_the_first_is_made_at_once_and_proven(self, own: Flask) -> None:
        backup_schedule.run_if_due()

        (run,) = runs()
        assert (run.kind, run.is_good, run.problem, run.is_encrypted) == (BackupKind.DAILY, True, None, False)
        assert run.migration == migrating.head()
        assert backups.verify(backups.folder() / str(run.file_name)).sha256 == run.sha256

    def test_another_is_made_the_next_day_at_its_hour_and_no_earlier(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        for day, hour in (("2026-03-01", 12), ("2026-03-01", 23), ("2026-03-02", 10), ("2026-03-02", 11)):
            at(day, hour)
            backup_schedule.run_if_due()

        assert daily_files(own) == ["20260301", "20260302"]

    def test_one_that_is_overdue_does_not_wait_for_the_hour(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        for day, hour in (("2026-03-01", 12), ("2026-03-05", 7)):
            at(day, hour)
            backup_schedule.run_if_due()

        assert daily_files(own) == ["20260301", "20260305"]

    def test_a_clock_put_back_a_year_makes_one_again(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        for day in ("2027-03-01", "2026-02-28", "2026-02-28"):
            at(day)
            backup_schedule.run_if_due()

        assert daily_files(own) == ["20260228", "20270301"]

    def test_five_processes_at_once_make_one(self, own: Flask) -> None:
        def ask(_number: int) -> None:
            with own.app_context():
                backup_schedule.run_if_due()
                db.session.remove()

        with ThreadPoolExecutor(5) as five:
            list(five.map(ask, range(5)))

        assert [run.is_good for run in runs()] == [True]
        assert len(daily_files(own)) == 1

    def test_an_empty_installation_makes_none(self, tmp_path: Path) -> None:
        with _app(tmp_path / "empty").app_context():
            migrating.upgrade()
            assert backup_schedule.run_if_due() is None
            db.session.remove()

    def test_one_that_fails_is_told_and_tried_again_an_hour_later(self, own: Flask, at, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        (tmp_path / "file").write_text("in the way")
        own.config["MANGNON_BACKUP_TO"] = str(tmp_path / "file" / "below")
        at("2026-03-01", 12)
        backup_schedule.run_if_due()
        backup_schedule.run_if_due()
        assert [(run.is_good, (run.problem or "")[:18]) for run in runs()] == [(False, "Chưa sao lưu được:")]

        own.config["MANGNON_BACKUP_TO"] = ""
        at("2026-03-01", 14)
        backup_schedule.run_if_due()
        assert [run.is_good for run in runs()] == [False, True]

    def test_one_that_was_killed_is_made_again_minutes_later_and_is_told(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        at("2026-03-01", 12)
        killed("2026-03-01 1")
        backup_schedule.run_if_due()
        assert daily_files(own) == []

        at("2026-03-01", 12, 6)
        backup_schedule.run_if_due()
        assert daily_files(own) == ["20260301"]
        assert [(run.is_good, run.problem) for run in runs()] == [(False, backups.INTERRUPTED), (True, None)]
        assert not list(backups.folder().glob(".mangnon-*"))

    def test_one_that_kills_its_process_each_time_is_tried_less_and_less(  # type: ignore[no-untyped-def]
        self, own: Flask, at, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(backup_schedule, "_carry_out", lambda *_anything: None)
        tried: list[int] = []
        for minute in range(0, 6 * 60, 2):
            at("2026-03-01", 12 + minute // 60, minute % 60)
            count = len(runs())
            backup_schedule.run_if_due()
            tried += [minute] if len(runs()) > count else []

        assert tried == [0, 6, 18, 40, 82, 144, 206, 268, 330]

    def test_while_one_is_being_made_no_other_begins_however_long_it_takes(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        at("2026-03-01", 12)
        killed("2026-03-01 1")
        at("2026-03-01", 20)
        with one_at_a_time.alone("backup") as is_ours:
            assert is_ours
            assert backup_schedule.run_if_due() is None
        assert [run.is_good for run in runs()] == [None]

        backup_schedule.run_if_due()
        assert [run.is_good for run in runs()] == [False, True]


def killed(slot: str) -> None:
    """A daily backup whose process died just now, and what it left behind."""
    with audit.writing():
        db.session.add(BackupRun(kind=BackupKind.DAILY, slot=slot, started_at=clock.now()))
        db.session.commit()
    half = backups.folder() / ".mangnon-auto-half"
    half.mkdir(parents=True)
    (half / "mangnon.sqlite3").write_bytes(b"half")


class TestWhatThePlannerKnows:
    """After years of ordinary growth nobody has run ANALYZE."""

    def test_is_of_today_after_the_days_backup_for_connections_open_before_too(self, own: Flask) -> None:
        migrating.analyse()
        with closing(sqlite3.connect(_file(own))) as other:
            asked = "EXPLAIN QUERY PLAN SELECT * FROM children WHERE village_id = 1 AND household_id = 1"
            before = other.execute(asked).fetchall()
            with audit.writing():
                make = Make()
                village = db.session.scalars(select(Village)).first()
                for number in range(60):
                    make.child(f"Trần Thị {number}", village, household=make.household(village=village))
                db.session.commit()
            assert other.execute(asked).fetchall() == before

            assert backup_schedule.run_if_due().is_good  # type: ignore[union-attr]

            figures = "SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_children_household_id'"
            assert other.execute(figures).fetchone()[0].split()[0] == "61"
            assert "ix_children_household_id" not in str(before)
            # Another text, for Python keeps the answer to the same one prepared.
            assert "ix_children_household_id" in str(other.execute(f"{asked} ").fetchall())
            assert "ix_children_household_id" in str(db.session.connection().exec_driver_sql(asked).all())

    def test_a_backup_is_made_even_while_somebody_writes_for_long(
        self, own: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 10)
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(_file(own), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

            assert backups.make(tmp_path / "out").counts["children"] == 1


def _file(app: Flask) -> Path:
    return Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"


class TestLettingGo:
    def test_days_weeks_and_months_are_kept_and_what_people_made_is_never_touched(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        own.config.update(MANGNON_BACKUP_DAYS=3, MANGNON_BACKUP_WEEKS=2, MANGNON_BACKUP_MONTHS=3)
        at("2026-01-10")
        by_hand = backup_schedule.by_hand(None).path
        day = date(2026, 1, 10)
        while day <= date(2026, 4, 8):
            at(day.isoformat())
            (backups.folder() / f"mangnon-auto-{day:%Y%m%d}-120000-000000.zip").write_bytes(b"")
            backup_schedule.let_go(backups.folder())
            day += timedelta(days=1)

        # three days, two weeks (5/4 a Sunday, and the newest), three months
        assert daily_files(own) == ["20260228", "20260331", "20260405", "20260406", "20260407", "20260408"]
        assert by_hand.exists()

    def test_a_clock_years_ahead_deletes_nothing_more(self, own: Flask, at) -> None:  # type: ignore[no-untyped-def]
        for day in ("2026-03-01", "2026-03-02", "2036-03-03"):
            at(day)
            backup_schedule.run_if_due()

        assert daily_files(own) == ["20260301", "20260302", "20360303"]


class TestTheSecondPlace:
    def test_gets_the_same_file(self, own: Flask, tmp_path: Path) -> None:
        usb = tmp_path / "usb"
        usb.mkdir()
        own.config["MANGNON_BACKUP_COPY_TO"] = str(usb)

        backup_schedule.run_if_due()

        (first,), (second,) = backups.files_in(backups.folder()), backups.files_in(usb)
        assert first.read_bytes() == second.read_bytes()
        assert runs()[0].copy_problem is None
        assert sorted(usb.iterdir()) == sorted([second, usb / "audit-witness"])

    def test_that_is_missing_is_told_and_the_first_still_counts(self, own: Flask, tmp_path: Path) -> None:
        own.config["MANGNON_BACKUP_COPY_TO"] = str(tmp_path / "not plugged in")

        backup_schedule.run_if_due()

        (run,) = runs()
        assert run.is_good
        assert str(run.copy_problem).startswith("Không thấy thư mục hay ổ USB")
        assert not (tmp_path / "not plugged in").exists()


class TestRestoring:
    def test_on_another_machine_gives_equal_rows_hashes_and_forms(self, own: Flask, tmp_path: Path) -> None:
        made = backups.make(tmp_path / "out")
        there = _app(tmp_path / "there")

        with there.app_context():
            restored = backups.restore(made.path)
            again = backups.make(tmp_path / "again")
            db.session.remove()

        assert (restored.counts, restored.sha256, restored.files) == (made.counts, made.sha256, made.files)
        assert (again.counts, again.files) == (made.counts, made.files)
        assert (tmp_path / "there" / "documents" / "ab" / "mau-05.docx").read_bytes() == b"a form"

    def test_over_a_database_in_use_only_when_told_and_the_old_one_is_kept(self, own: Flask, tmp_path: Path) -> None:
        file = backups.make(tmp_path / "out").path
        with audit.writing():
            Make().child("Lê Văn Sau")
            db.session.commit()
        db.session.remove()
        with pytest.raises(backups.Unusable, match="đang dùng"):
            backups.restore(file)

        backups.restore(file, replace=True)

        (kept,) = (tmp_path / "here").glob("mangnon-truoc-*.sqlite3")
        assert (_children(tmp_path / "here" / "mangnon.sqlite3"), _children(kept)) == (1, 2)

    def test_over_a_running_program_is_refused_and_touches_nothing(self, own: Flask, tmp_path: Path) -> None:
        file = backups.make(tmp_path / "out").path
        (tmp_path / "here" / "documents" / "ab" / "mau-05.docx").write_bytes(b"a newer form")
        with closing(sqlite3.connect(tmp_path / "here" / "mangnon.sqlite3")) as running:
            running.execute("SELECT count(*) FROM users").fetchone()

            with pytest.raises(backups.Unusable, match="đang chạy"):
                backups.restore(file, replace=True)
        assert (tmp_path / "here" / "documents" / "ab" / "mau-05.docx").read_bytes() == b"a newer form"

    def test_of_a_newer_program_is_refused_and_what_is_there_stays(self, own: Flask, tmp_path: Path) -> None:
        made = backups.make(tmp_path / "out").path
        newer = _changed(made, "manifest.json", _manifest(made, migration="9999"))
        db.session.remove()

        with pytest.raises(backups.Unusable, match="mới hơn"):
            backups.restore(newer, replace=True)
        assert _children(tmp_path / "here" / "mangnon.sqlite3") == 1
        assert not list((tmp_path / "here").glob("*-truoc-*"))

    def test_of_an_older_program_leaves_a_database_of_this_one(self, own: Flask, tmp_path: Path) -> None:
        migrating.downgrade("0040")
        made = backups.make(tmp_path / "out")
        assert made.migration == "0040"

        with _app(tmp_path / "there").app_context():
            told = current_app.test_cli_runner().invoke(args=["restore", str(made.path)])
            assert told.exit_code == 0
            assert f"nay ở đời {migrating.head()}" in told.output
            assert migrating.current() == migrating.head()
            assert db.session.scalar(select(func.count(Child.id))) == 1
            db.session.remove()
            db.engine.dispose()

    def test_over_a_damaged_database_is_possible(self, own: Flask, tmp_path: Path) -> None:
        file = backups.make(tmp_path / "out").path
        db.session.remove()
        db.engine.dispose()
        (tmp_path / "here" / "mangnon.sqlite3").write_bytes(b"no database at all" * 1000)

        backups.restore(file, replace=True)

        assert _children(tmp_path / "here" / "mangnon.sqlite3") == 1

    def test_a_form_that_was_changed_is_told(self, own: Flask, tmp_path: Path) -> None:
        bad = _changed(backups.make(tmp_path / "out").path, "documents/ab/mau-05.docx", b"another form")

        with pytest.raises(backups.Unusable, match="đính kèm"):
            backups.verify(bad)

    @pytest.mark.parametrize("name", ["../escaped", "/etc/escaped", "ab/../../../escaped"])
    def test_a_form_never_lands_outside_its_folder(self, own: Flask, tmp_path: Path, name: str) -> None:
        bad = _changed(backups.make(tmp_path / "out").path, f"documents/{name}", b"x", listed=name)

        with pytest.raises(backups.Unusable, match="hỏng"):
            backups.restore(bad, str(tmp_path / "there" / "x.sqlite3"))
        assert not list(tmp_path.rglob("escaped"))


class TestEncryption:
    def test_nothing_can_be_read_without_the_key_and_everything_with_it(self, own: Flask, tmp_path: Path) -> None:
        key_file = _with_key(own, tmp_path)
        made = backups.make(tmp_path / "out")

        assert made.path.suffix == ".enc"
        assert b"SQLite format" not in made.path.read_bytes()
        there = _app(tmp_path / "there", SECRET_KEY="")
        with there.app_context():
            with pytest.raises(backups.Unusable, match="--key-file"):
                backups.restore(made.path)
            restored = backups.restore(made.path, key_file=key_file)
            db.session.remove()
        assert restored.counts == made.counts
        assert (tmp_path / "there" / "secret-key").read_text() == SECRET

    def test_the_secret_key_comes_along_and_the_one_in_the_way_is_kept(
        self, own: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On the new machine somebody has started the program before restoring."""
        monkeypatch.delenv("SECRET_KEY", raising=False)
        key_file = _with_key(own, tmp_path)
        made = backups.make(tmp_path / "out")
        config.keep_secret_key(tmp_path / "there")
        first = (tmp_path / "there" / "secret-key").read_text()
        there = _app(tmp_path / "there", SECRET_KEY="")

        with there.app_context():
            migrating.upgrade()
            told = there.test_cli_runner().invoke(args=["restore", str(made.path), "--key-file", str(key_file)])
            db.session.remove()
            db.engine.dispose()

        assert told.exit_code == 0
        assert "chép tệp secret-key" not in told.output
        assert (tmp_path / "there" / "secret-key").read_text() == SECRET
        (kept,) = (tmp_path / "there").glob("secret-key-truoc-*")
        assert kept.read_text() == first

    def test_restored_elsewhere_for_a_look_the_secret_key_in_use_stays(self, own: Flask, tmp_path: Path) -> None:
        key_file = _with_key(own, tmp_path)
        made = backups.make(tmp_path / "out")
        (tmp_path / "here" / "secret-key").write_text("the key in use, changed since")

        backups.restore(made.path, str(tmp_path / "here" / "look.sqlite3"), key_file=key_file)

        assert (tmp_path / "here" / "secret-key").read_text() == "the key in use, changed since"

    def test_a_backup_without_its_secret_key_says_what_is_missing(
        self, own: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SECRET_KEY", raising=False)
        made = backups.make(tmp_path / "out")
        there = _app(tmp_path / "there", SECRET_KEY="")

        with there.app_context():
            told = there.test_cli_runner().invoke(args=["restore", str(made.path)])
            db.session.remove()
            db.engine.dispose()

        assert "chép tệp secret-key của máy cũ" in told.output

    def test_another_key_does_not_open_it(self, own: Flask, tmp_path: Path) -> None:
        key_file = _with_key(own, tmp_path)
        made = backups.make(tmp_path / "out")
        key_file.write_text(backup_cipher.new_key())

        with pytest.raises(backups.Unusable, match="không mở được"):
            backups.verify(made.path)

    def test_a_key_may_be_typed_without_groups_and_in_small_letters(self, own: Flask, tmp_path: Path) -> None:
        key_file = _with_key(own, tmp_path)
        made = backups.make(tmp_path / "out")
        key_file.write_text(KEY.replace("-", " ").lower())

        assert backups.verify(made.path).counts == made.counts

    @pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
    def test_any_size_comes_back_and_no_piece_can_be_cut_off(self, tmp_path: Path, size: int) -> None:
        plain, sealed, back = (tmp_path / name for name in ("plain", "sealed", "back"))
        plain.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))

        backup_cipher.encrypt(plain, sealed, KEY)
        backup_cipher.decrypt(sealed, back, KEY)

        assert back.read_bytes() == plain.read_bytes()
        sealed.write_bytes(sealed.read_bytes()[: -(1024 * 1024 + 16) if size > 1024 * 1024 else -1])
        with pytest.raises(backup_cipher.WrongKey):
            backup_cipher.decrypt(sealed, back, KEY)

    def test_a_missing_key_makes_no_open_backup_instead(self, own: Flask, tmp_path: Path) -> None:
        own.config["MANGNON_BACKUP_KEY_FILE"] = str(tmp_path / "lost")

        assert backup_schedule.run_if_due().problem.startswith("Không đọc được tệp khóa")  # type: ignore[union-attr]
        assert backups.files_in(backups.folder()) == []

    def test_the_key_may_not_lie_with_the_backups(self, own: Flask) -> None:
        backups.folder().mkdir()
        (backups.folder() / "key").write_text(KEY)
        own.config["MANGNON_BACKUP_KEY_FILE"] = str(backups.folder() / "key")

        with pytest.raises(backups.Unusable, match="nơi khác"):
            backups.make()

    def test_an_open_backup_holds_no_secret(self, own: Flask, tmp_path: Path) -> None:
        with zipfile.ZipFile(backups.make(tmp_path / "out").path) as archive:
            assert "secret-key" not in archive.namelist()
            assert SECRET.encode() not in archive.read("manifest.json")


class TestBeingTold:
    RED = "Hơn 7 ngày chưa có bản sao lưu tốt"

    @pytest.mark.parametrize("role", ["officer", "administrator"])
    def test_a_week_without_a_backup_is_a_red_line(self, client: Client, make: Make, role: str) -> None:
        user = make.user(role, village=make.village())
        client.sign_in(user)
        assert self.RED not in client.page("/").text

        for person in db.session.scalars(select(User)).unique():
            person.created_at = clock.now() - timedelta(days=8)
        db.session.commit()
        page = client.page("/")
        assert self.RED in page.text
        assert self.RED in client.page("/settings/health").text

        db.session.add(BackupRun(kind=BackupKind.DAILY, started_at=clock.now() - timedelta(days=6), is_good=True))
        db.session.commit()
        assert self.RED not in client.page("/").text

    def test_a_collaborator_is_not_told(self, client: Client, make: Make) -> None:
        user = make.user("collaborator", village=make.village())
        user.created_at = clock.now() - timedelta(days=30)
        db.session.commit()

        assert self.RED not in client.sign_in(user).page("/").text

    def test_the_runs_are_listed_with_why_one_failed(self, client: Client, make: Make) -> None:
        when = clock.now()
        db.session.add(
            BackupRun(
                kind=BackupKind.DAILY, started_at=when, finished_at=when, is_good=False,
                problem="Chưa sao lưu được: đĩa đã đầy.",
            )
        )  # fmt: skip
        db.session.commit()

        assert "đĩa đã đầy" in client.sign_in(make.user("administrator")).page("/settings/health").text


def test_an_upgrade_makes_a_backup_first_and_notes_it(own: Flask) -> None:
    migrating.downgrade("-1")
    db.session.remove()

    made = backup_schedule.upgrade()

    assert made is not None
    assert made.migration != migrating.current() == migrating.head()
    assert db.session.scalar(select(func.count(BackupRun.id)).where(BackupRun.kind == BackupKind.BEFORE_UPGRADE)) == 1


def test_the_backup_before_an_upgrade_is_the_way_back(own: Flask) -> None:
    migrating.downgrade("-1")
    old = migrating.current()
    db.session.remove()
    made = backup_schedule.upgrade()
    assert made is not None

    backups.restore(made.path, replace=True)

    assert migrating.current() == old
    assert migrating.current() != migrating.head()
    backup_schedule.upgrade()
    assert migrating.current() == migrating.head()


def _children(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM children").fetchone()[0])


def _changed(path: Path, name: str, content: bytes, listed: str = "") -> Path:
    """A copy of a backup in which one file has another content, or one more is listed."""
    bad = path.with_name("bad.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bad, "w") as target:
        for entry in source.namelist():
            told = source.read(entry)
            if listed and entry == "manifest.json":
                manifest = json.loads(told)
                told = json.dumps({**manifest, "files": {**manifest["files"], listed: "0"}}).encode()
            target.writestr(entry, content if entry == name else told)
        if listed:
            target.writestr(name, content)
    shutil.copymode(path, bad)
    return bad


def _manifest(file: Path, **changed: object) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return json.dumps({**json.loads(archive.read("manifest.json")), **changed}).encode()
