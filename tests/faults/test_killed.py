"""kill -9 in the middle: 0 acknowledged lost, 0 doubled, 0 half-written, and the next start needs no hand work."""

import contextlib
import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.faults.office import ROOT, Office, Person, at_least_once
from tests.waiting import until


def test_saves(office: Office, is_long: bool) -> None:
    acknowledged: dict[str, str] = {}
    unanswered: dict[str, dict[str, str]] = {}
    for round_ in range(6 if is_long else 2):
        office.start()
        village = office.ask("SELECT id FROM villages")[0][0]
        people = [office.person() for _ in range(4)]

        def work(person: Person, mark: str, village: int = village) -> None:
            for number in range(10_000):
                name = f"Lê Văn {mark} {number}"
                try:
                    form = person.new_child(village, name)
                    unanswered[name] = form
                    status, where, _page = person.send("/children/add", form)
                except (OSError, http.client.HTTPException):
                    return
                assert status == 303
                acknowledged[name] = where
                del unanswered[name]

        threads = [
            threading.Thread(target=work, args=(person, f"{'abcd'[at]}{round_}")) for at, person in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        until(lambda wanted=12 * (round_ + 1): len(acknowledged) >= wanted)
        time.sleep(0.37 * round_)
        office.kill()
        for thread in threads:
            thread.join()

    office.start()
    person = office.person()
    for name, form in unanswered.items():  # the browser sends again what got no answer
        again = {**form, "csrf_token": person.form("/children/add")["csrf_token"]}
        status, where, _page = person.send("/children/add", again)
        assert status == 303
        acknowledged[name] = where

    stored = [name for (name,) in office.ask("SELECT full_name FROM children WHERE full_name LIKE 'Lê Văn %'")]
    assert sorted(stored) == sorted(acknowledged)
    assert len(stored) > 10
    codes = [code for (code,) in office.ask("SELECT code FROM children")]
    assert len(codes) == len(set(codes))
    office.assert_whole()
    office.stop()
    assert office.flask("audit", "verify").returncode == 0


def _list(path: Path, rows: int) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Họ tên mẹ"])
    for number in range(rows):
        sheet.append([number, f"Phạm Thị Danh Sách {number}", "05/06/2017", "Nữ", "Thôn Đông", f"Vũ Thị Mẹ {number}"])
    with closing(book):
        book.save(path)
    return path


def test_import(office: Office, tmp_path: Path, is_long: bool) -> None:
    rows = 600
    file = _list(tmp_path / "list.xlsx", rows)
    command = ("import", str(file), "--apply")
    begun = time.monotonic()
    assert office.flask("import", str(file)).returncode == 0
    planning = time.monotonic() - begun
    before = office.database.read_bytes()
    listed = "SELECT count(*) FROM children WHERE full_name LIKE 'Phạm Thị Danh Sách %'"

    def attempt(wait: float) -> bool:
        was_cut = office.killed(wait, *command)
        assert office.ask(listed)[0][0] in (0, rows)
        office.assert_whole()
        office.put_back(before)
        return was_cut

    at_least_once(6 if is_long else 3, 1.5, attempt, after=planning * 0.8)
    assert office.flask(*command).returncode == 0
    assert office.ask(listed) == [(rows,)]


def test_export(office: Office, tmp_path: Path, is_long: bool) -> None:
    out = tmp_path / "out"
    out.mkdir()

    def attempt(wait: float) -> bool:
        was_cut = office.killed(wait, "export", "district", "--out", str(out / "so.xlsx"))
        assert not was_cut or not (out / "so.xlsx").exists() or (out / "so.xlsx").read_bytes()[:2] == b"PK"
        office.assert_whole()
        return was_cut

    at_least_once(5 if is_long else 2, 2.5, attempt)
    assert office.flask("export", "district", "--out", str(out / "so.xlsx")).returncode == 0


def _written_by_people(office: Office) -> dict[str, int]:
    """Rows of what people wrote, with its history; the lists of the law, which an upgrade adds, belong to no commune."""
    counts = office.counts()
    own = office.ask("SELECT count(*) FROM changes WHERE commune_id IS NOT NULL")[0][0]
    return {**{table: counts[table] for table in ("children", "users", "audit_events")}, "changes": own}


def test_migration(office: Office, is_long: bool) -> None:
    assert office.flask("upgrade").returncode == 0
    head = office.ask("SELECT version_num FROM alembic_version")
    office.downgrade("0011")
    before = _written_by_people(office)
    old = office.database.read_bytes()

    def attempt(wait: float) -> bool:
        was_cut = office.killed(wait, "upgrade")
        office.assert_whole()
        assert _written_by_people(office) == before
        if not was_cut:
            office.put_back(old)
        return was_cut

    at_least_once(8 if is_long else 3, 3, attempt, after=1)
    office.start()
    assert office.health()[0] == 200
    assert office.ask("SELECT version_num FROM alembic_version") == head
    assert _written_by_people(office) == before


def test_backup(office: Office, tmp_path: Path, is_long: bool) -> None:
    out = tmp_path / "out"
    first = office.flask("backup", "--to", str(out)).stdout.splitlines()[0]

    def attempt(wait: float) -> bool:
        return office.killed(wait, "backup", "--to", str(out))

    at_least_once(6 if is_long else 3, 1, attempt, after=1)
    for file in out.glob("mangnon-*"):  # whatever bears the name of a backup is one
        assert office.flask("backup", "verify", str(file)).returncode == 0
    assert Path(first).exists()
    office.assert_whole()
    assert office.flask("backup", "--to", str(out)).returncode == 0


def test_daily_backup(office: Office, is_long: bool) -> None:
    """A process that stands still in the middle is waited for, one that died is not: the next try is minutes away."""
    office.settings["MANGNON_BACKUP_HOUR"] = "0"
    until(lambda: _stands_still(office), "no backup was met in the middle")
    long_ago = "UPDATE backup_runs SET started_at = datetime(started_at, '-9 hours')"

    office.change(long_ago)
    assert "tiến trình khác" in office.flask("backup", "daily").stdout
    assert office.ask("SELECT is_good FROM backup_runs") == [(None,)]

    office.kill()
    done = office.flask("backup", "daily")
    assert done.returncode == 0, done.stderr
    assert office.ask("SELECT is_good FROM backup_runs ORDER BY id") == [(0,), (1,)]
    assert office.flask("backup", "verify", done.stdout.strip()).returncode == 0
    assert [path.name for path in (office.folder / "backups").iterdir()] == [Path(done.stdout.strip()).name]


def _stands_still(office: Office) -> bool:
    """Start a day's backup and stop its process before it has ended; False when it was quicker."""
    shutil.rmtree(office.folder / "backups", ignore_errors=True)
    office.change("DELETE FROM backup_runs")
    office.process = subprocess.Popen(
        office.command("backup", "daily"), cwd=ROOT, env=office.environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    while not office.ask("SELECT 1 FROM backup_runs"):
        assert office.process.poll() is None
        time.sleep(0.005)
    os.killpg(office.process.pid, signal.SIGSTOP)
    other = closing(sqlite3.connect(office.database, timeout=0.1, isolation_level=None))
    with contextlib.suppress(sqlite3.OperationalError), other as asked:  # stopped while it wrote down the end: locked
        asked.execute("BEGIN IMMEDIATE")
        if asked.execute("SELECT finished_at FROM backup_runs").fetchall() == [(None,)]:
            return True
    office.kill()
    return False


@pytest.mark.parametrize("replace", [False, True], ids=["into an empty place", "over a database in use"])
def test_restore(office: Office, tmp_path: Path, replace: bool, is_long: bool) -> None:
    file = office.flask("backup", "--to", str(tmp_path / "out")).stdout.splitlines()[0]
    there = Office(tmp_path / "there")
    there.folder.mkdir()
    if replace:
        there.database.write_bytes(office.database.read_bytes())
    command = ("restore", file, *(["--replace"] if replace else []))

    def attempt(wait: float) -> bool:
        was_cut = there.killed(wait, *command)
        if was_cut and there.database.exists():
            there.assert_whole()
        elif was_cut:
            assert not replace
        elif not replace:
            there.database.unlink()
        return was_cut

    at_least_once(6 if is_long else 3, 1, attempt, after=1)
    assert there.flask("restore", file, "--replace").returncode == 0
    assert {**there.counts(), "backup_runs": 0} == {**office.counts(), "backup_runs": 0}
    there.start()
    assert there.health()[0] == 200
    there.kill()
