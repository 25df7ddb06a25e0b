"""A full, read-only or damaged disk, a lost log, another version: each told in a sentence, nothing acknowledged lost."""

import contextlib
import io
import itertools
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image

from tests.faults.office import ROOT, Office, Person, copy, words
from tests.waiting import PATIENCE, until


def _village(office: Office) -> int:
    return int(office.ask("SELECT id FROM villages")[0][0])


def _stored(office: Office, name: str) -> int:
    return int(office.ask(f"SELECT count(*) FROM children WHERE full_name = '{name}'")[0][0])


def _fill(office: Office, village: int) -> tuple[list[str], str, str, dict[str, str]]:
    """Save until something fails: the names acknowledged, and the answer, name and form of the one that was not."""
    person = office.person()
    acknowledged = []
    for number in range(3000):
        name = f"Vũ Thị Đầy {number}"
        form = {**person.new_child(village, name), "note": "chữ " * 200}
        status, _where, page = person.send("/children/add", form)
        if status != 303:
            assert status == 503
            return acknowledged, page, name, form
        acknowledged.append(name)
    raise AssertionError("the disk never got full")


def photo() -> tuple[str, bytes]:
    """A picture no program makes much smaller."""
    made = io.BytesIO()
    Image.frombytes("RGB", (400, 300), os.urandom(400 * 300 * 3)).save(made, "JPEG")
    return "anh.jpg", made.getvalue()


def listed(path: Path, rows: int) -> tuple[str, bytes]:
    """A list of children."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Họ tên mẹ"])
    for number in range(rows):
        sheet.append([number, f"Phạm Thị Danh Sách {number}", "05/06/2017", "Nữ", "Thôn Đông", f"Vũ Thị Mẹ {number}"])
    book.save(path)
    return path.name, path.read_bytes()


class TestFull:
    def test_a_file_that_may_not_grow(self, office: Office) -> None:
        most = office.database.stat().st_size + 64 * 1024
        office.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
        acknowledged, page, name, form = _fill(office, _village(office))
        assert name in page
        assert "Chưa lưu được" in words(page)
        office.kill()

        office.start()
        person = office.person()
        again = {**form, "csrf_token": person.form("/children/add")["csrf_token"]}
        assert person.send("/children/add", again)[0] == 303
        assert [_stored(office, one) for one in [*acknowledged, name]] == [1] * (len(acknowledged) + 1)
        office.assert_whole()

    @pytest.fixture
    def small_disk(self, picture: Path, tmp_path: Path) -> Iterator[Office]:
        place = tmp_path / "disk"
        place.mkdir()
        size = sum(file.stat().st_size for file in picture.iterdir()) + 6 * 1024 * 1024
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("no disk can be mounted here")
        office = copy(picture, place / "office")
        office.log = tmp_path / "log"
        yield office
        if office.process is not None and office.process.poll() is None:
            office.kill()
        subprocess.run(["umount", str(place)], check=True)

    def test_a_disk(self, small_disk: Office) -> None:
        office = small_disk.start()
        block = office.folder.parent / "somebody else's"
        free = shutil.disk_usage(office.folder).free
        block.write_bytes(b"x" * (free - 600 * 1024))
        status, told = office.health()
        assert (status, told["reason"]) == (503, "Đĩa của máy chủ đã đầy")

        acknowledged, page, name, form = _fill(office, _village(office))
        assert "Đĩa của máy chủ đã đầy" in words(page)
        assert name in page
        assert office.flask("backup").returncode == 1
        block.unlink()

        person = office.person()
        again = {**form, "csrf_token": person.form("/children/add")["csrf_token"]}
        assert person.send("/children/add", again)[0] == 303
        assert office.health()[0] == 200
        assert [_stored(office, one) for one in [*acknowledged, name]] == [1] * (len(acknowledged) + 1)
        office.assert_whole()

    @contextlib.contextmanager
    def full(self, office: Office, left: int) -> Iterator[None]:
        """Somebody else has filled the disk but for so many bytes."""
        block = office.folder.parent / "somebody else's"
        block.write_bytes(b"x" * (shutil.disk_usage(office.folder).free - left))
        yield
        block.unlink()

    def test_papers(self, small_disk: Office) -> None:
        office = small_disk.start()
        person = office.person()
        address = f"/children/{office.ask('SELECT min(id) FROM children')[0][0]}/attachments/new"
        kept = 0
        with self.full(office, 1_500_000):
            while True:
                form = {**person.form(address), "slot": "school", "note": f"tờ {kept}"}
                status, page = person.upload(address, form, photo())
                if status != 303:
                    break
                kept += 1
        assert status == 503
        assert "Đĩa của máy chủ đã đầy" in words(page)
        assert f"tờ {kept}" in page
        assert kept > 0

        form = {**person.form(address), "slot": "school", "note": f"tờ {kept}"}
        assert person.upload(address, form, photo())[0] == 303
        assert office.ask("SELECT note FROM attachments ORDER BY id") == [(f"tờ {one}",) for one in range(kept + 1)]
        office.assert_whole()

    def test_a_list_written_in_the_background(self, small_disk: Office, tmp_path: Path) -> None:
        office = small_disk.start()
        person = office.person()
        status, where = person.upload("/imports/", person.form("/imports/"), listed(tmp_path / "list.xlsx", 1500))
        assert status == 303, where
        batch = office.ask("SELECT max(id) FROM import_batches")[0][0]
        with self.full(office, 300_000):
            status, job, _page = person.send(f"/imports/{batch}/apply", person.form(f"/imports/{batch}"))
            assert status == 303
            until(lambda: office.ask("SELECT state FROM jobs") == [("failed",)])
            assert "Đĩa của máy chủ đã đầy. Chưa ghi gì" in words(person.get(job)[1])
        assert office.ask("SELECT count(*) FROM children") == [(200,)]

        status, job, _page = person.send(f"/imports/{batch}/apply", person.form(f"/imports/{batch}"))
        until(lambda: person.get(job)[0] == 303)
        assert office.ask("SELECT count(*) FROM children") == [(1700,)]
        office.assert_whole()

    def test_a_list_written_by_a_command(self, small_disk: Office, tmp_path: Path) -> None:
        office = small_disk
        listed(tmp_path / "list.xlsx", 1500)
        command = ("import", str(tmp_path / "list.xlsx"), "--apply")
        with self.full(office, 1_000_000):
            done = office.flask(*command)
            assert done.returncode == 1
            assert "Đĩa của máy chủ đã đầy" in done.stderr
            assert "Traceback" not in done.stderr
        assert office.ask("SELECT count(*) FROM children") == [(200,)]
        office.assert_whole()

        assert office.flask(*command).returncode == 0
        assert office.ask("SELECT count(*) FROM children") == [(1700,)]

    def test_an_upgrade(self, small_disk: Office, tmp_path: Path) -> None:
        """Once the backup before it is made, in another place."""
        office = small_disk
        office.settings["MANGNON_BACKUP_TO"] = str(tmp_path / "backups")
        office.downgrade("0011")
        before = office.ask("SELECT count(*), sum(length(full_name)) FROM children")
        with self.full(office, 200_000):
            done = office.flask("upgrade")
            assert done.returncode == 1
            assert "Đĩa của máy chủ đã đầy" in done.stderr
            assert "Traceback" not in done.stderr
            office.start(ready=False)
            assert office.process is not None
            assert office.process.wait(PATIENCE) == 1
            assert "Đĩa của máy chủ đã đầy" in office.said()
        assert office.ask("SELECT count(*), sum(length(full_name)) FROM children") == before
        office.assert_whole()

        office.start()
        assert office.health()[0] == 200
        assert office.ask("SELECT version_num FROM alembic_version") == [(_head(office),)]
        assert office.ask("SELECT count(*), sum(length(full_name)) FROM children") == before


class TestReadOnly:
    def test_a_folder_that_may_not_be_written_to_is_told_at_the_start(self, office: Office, tmp_path: Path) -> None:
        with _read_only(office, tmp_path) as here:
            here.start(ready=False)
            assert here.process is not None
            assert here.process.wait(PATIENCE) == 1
            assert len(here.said().splitlines()) == 1
            assert "không ghi được" in here.said() or "Không mở được" in here.said()
            for words_ in (("backup", "--to", str(tmp_path / "out")), ("import", "none.xlsx")):
                done = here.flask(*words_)
                assert "Traceback" not in done.stderr

    def test_while_the_program_runs_the_text_is_kept_and_it_goes_on_by_itself_afterwards(self, office: Office) -> None:
        """As when the system mounts a failing disk for reading only: what is open may no longer be written to either."""
        office.start()
        village, person = _village(office), office.person()
        assert person.send("/children/add", person.new_child(village, "Lê Thị Trước"))[0] == 303
        form = person.new_child(village, "Lê Thị Giữa")
        files = [office.database, Path(f"{office.database}-wal")]
        if os.getuid() != 0 or subprocess.run(["chattr", "+i", *files], capture_output=True, check=False).returncode:
            pytest.skip("no file can be made unchangeable here")
        try:
            status, _where, page = person.send("/children/add", form)
            assert status == 503
            assert "Máy chủ không ghi được vào thư mục dữ liệu" in words(page)
            assert "Lê Thị Giữa" in page
            assert office.health()[0] == 503
            assert office.health()[1]["reason"] == "Máy chủ không ghi được vào thư mục dữ liệu"
        finally:
            subprocess.run(["chattr", "-i", *files], check=True)

        again = {**form, "csrf_token": person.form("/children/add")["csrf_token"]}
        answers = []
        while not answers or (answers[-1] == 503 and len(answers) < 5):  # somebody presses again; nobody restarts
            answers.append(person.send("/children/add", again)[0])
        assert answers[-1] == 303, answers
        assert office.health()[0] == 200
        assert [_stored(office, name) for name in ("Lê Thị Trước", "Lê Thị Giữa")] == [1, 1]
        office.assert_whole()


@contextlib.contextmanager
def _read_only(office: Office, tmp_path: Path) -> Iterator[Office]:
    """The office on a disk that may only be read: mounted so for root, forbidden for others."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.getuid() == 0:
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False).returncode:
            pytest.skip("no disk can be mounted here")
        here = copy(office.folder, place / "office")
        here.log = tmp_path / "log"
        try:
            subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
            yield here
        finally:
            subprocess.run(["umount", str(place)], check=True)
        return
    here = copy(office.folder, place / "office")
    for path in (*here.folder.iterdir(), here.folder):
        path.chmod(0o555)
    try:
        yield here
    finally:
        for path in (here.folder, *here.folder.iterdir()):
            path.chmod(0o755)


class TestDamage:
    def test_a_damaged_page_is_told_and_restoring_mends_it(self, office: Office, tmp_path: Path) -> None:
        file = office.flask("backup", "--to", str(tmp_path / "out")).stdout.splitlines()[0]
        office.start()
        person = office.person()
        form = person.new_child(_village(office), "Lê Thị Sau Hỏng")
        office.stop()
        root = office.ask("SELECT rootpage FROM sqlite_master WHERE name = 'children'")[0][0]
        size = office.ask("PRAGMA page_size")[0][0]
        with office.database.open("r+b") as broken:
            broken.seek((root - 1) * size)
            broken.write(b"\xff" * size)

        office.start()
        status, told = office.health()
        assert (status, told["reason"]) == (503, "Cơ sở dữ liệu bị hỏng")
        status, page = person.get("/children/")
        assert status == 503
        assert "Cơ sở dữ liệu bị hỏng" in words(page)
        status, _where, page = person.send("/children/add", form)
        assert status == 503
        assert "Lê Thị Sau Hỏng" in page
        assert office.flask("backup", "--to", str(tmp_path / "out")).returncode == 1
        office.kill()

        assert office.flask("restore", file, "--replace").returncode == 0
        office.start()
        assert office.health()[0] == 200
        assert office.counts()["children"] == 200

    def test_while_the_program_runs(self, office: Office) -> None:
        office.start()
        office.person()
        root = office.ask("SELECT rootpage FROM sqlite_master WHERE name = 'changes'")[0][0]
        with office.database.open("r+b") as broken:
            broken.seek((root - 1) * office.ask("PRAGMA page_size")[0][0])
            broken.write(b"\xff" * 4096)
        until(lambda: office.health()[0] == 503)

        assert office.health()[1]["reason"] == "Cơ sở dữ liệu bị hỏng"

    def test_no_database_at_all(self, office: Office) -> None:
        office.database.write_bytes(b"no database at all " * 5000)

        office.start()

        assert office.health()[0] == 503
        assert "flask restore --replace" in office.said()
        assert "Traceback" not in office.said()

    def test_a_lost_log_leaves_what_was_before_it(self, office: Office) -> None:
        office.start()
        village, person = _village(office), office.person()
        assert person.send("/children/add", person.new_child(village, "Lê Thị Trước"))[0] == 303
        office.stop()
        office.start()
        person = office.person()
        assert person.send("/children/add", person.new_child(village, "Lê Thị Sau"))[0] == 303
        office.kill()
        for log in office.folder.glob("mangnon.sqlite3-*"):
            log.unlink()

        office.start()
        assert office.health()[0] == 200
        assert _stored(office, "Lê Thị Trước") == 1
        office.assert_whole()
        assert "không còn trong cơ sở dữ liệu" in office.said()
        assert "không còn trong cơ sở dữ liệu" in office.health()[1].get("note", "")
        person = office.person()
        assert person.send("/children/add", person.new_child(village, "Lê Thị Nữa"))[0] == 303
        office.kill()

        (office.folder / "mangnon.sqlite3.lost").unlink()
        office.start()
        assert "không còn" not in office.health()[1].get("note", "")

    @pytest.mark.parametrize(
        ("deleted", "processes"),
        [("mangnon.sqlite3-wal", "1"), ("mangnon.sqlite3-*", "2")],
        ids=["the log", "and its map, many processes"],
    )
    def test_a_log_deleted_while_the_program_runs_is_put_back(
        self, office: Office, deleted: str, processes: str
    ) -> None:
        """With people at work; then the power goes, and everything acknowledged is there."""
        office.settings["MANGNON_PROCESSES"] = processes
        office.start()
        village = _village(office)
        people = [office.person() for _ in range(3)]
        saved: list[str] = []
        over = threading.Event()

        def work(person: Person, mark: str) -> None:
            for number in itertools.count():
                if over.is_set():
                    return
                name = f"Lê Văn {mark} {number}"
                status, _where, _page = person.send("/children/add", person.new_child(village, name))
                assert status == 303
                saved.append(name)

        with ThreadPoolExecutor(3) as pool:
            working = [pool.submit(work, person, "abc"[at]) for at, person in enumerate(people)]
            for _round in range(3):
                wanted = len(saved) + 4
                for log in office.folder.glob(deleted):
                    log.unlink()
                until(lambda wanted=wanted: len(saved) >= wanted or any(one.done() for one in working))
            over.set()
            for one in working:
                one.result()
        office.kill()

        office.start()
        stored = [name for (name,) in office.ask("SELECT full_name FROM children WHERE full_name LIKE 'Lê Văn %'")]
        assert sorted(stored) == sorted(saved)
        office.assert_whole()
        assert "was put back" in office.said()
        assert "không còn" not in office.health()[1].get("note", "")
        office.stop()
        assert [path.name for path in office.folder.glob(".mangnon.sqlite3*")] == []

    def test_a_process_that_starts_just_then_finds_the_log_the_others_use(self, office: Office) -> None:
        """Before anybody has noticed: it must not begin another log beside theirs."""
        program = (
            "import sys; from sqlalchemy import create_engine, text; from models import sqlite_log; sqlite_log.keep()\n"
            "engine = create_engine('sqlite:///' + sys.argv[1])\n"
            "for word in sys.stdin:\n"
            "    with engine.begin() as one: one.execute(text('INSERT INTO words VALUES (:word)'), {'word': word.strip()})\n"
            "    print('saved', flush=True)\n"
        )
        office.change("CREATE TABLE words (word TEXT)")
        command = [sys.executable, "-c", program, str(office.database)]
        with contextlib.ExitStack() as stack:
            started = [
                subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
                )
                for _ in range(2)
            ]
            for process in started:
                stack.enter_context(process)
                stack.callback(process.kill)

            def save(at: int, word: str) -> None:
                stdin, stdout = started[at].stdin, started[at].stdout
                assert stdin is not None
                assert stdout is not None
                print(word, file=stdin, flush=True)
                assert stdout.readline() == "saved\n"

            save(0, "one")
            for log in office.folder.glob("mangnon.sqlite3-*"):
                log.unlink()
            save(1, "two")
            save(0, "three")
            save(1, "four")

        assert office.ask("SELECT word FROM words ORDER BY rowid") == [("one",), ("two",), ("three",), ("four",)]
        office.assert_whole()


class TestVersions:
    def test_an_old_program_on_a_newer_database_says_so_and_changes_nothing(self, office: Office) -> None:
        office.start()
        person = office.person()
        form = person.new_child(_village(office), "Lê Thị Cũ Mới")
        office.stop()
        office.change("UPDATE alembic_version SET version_num = '9999'")

        office.start()
        status, told = office.health()
        assert status == 503
        assert "mới hơn chương trình này" in told["reason"]
        assert "mới hơn chương trình này" in office.said()
        assert person.get("/children/")[0] == 503
        status, _where, page = person.send("/children/add", form)
        assert status == 503
        assert "không cùng phiên bản" in words(page)
        assert "Lê Thị Cũ Mới" in page
        assert office.ask("SELECT version_num FROM alembic_version") == [("9999",)]
        assert "Traceback" not in office.said()

    def test_a_database_that_turns_newer_under_a_running_program_is_not_written_to(self, office: Office) -> None:
        office.start()
        person = office.person()
        form = person.new_child(_village(office), "Lê Thị Đang Chạy")
        office.change("UPDATE alembic_version SET version_num = '9999'")

        assert person.send("/children/add", form)[0] == 503
        assert office.health()[0] == 503
        office.change("UPDATE alembic_version SET version_num = '" + _head(office) + "'")
        assert person.send("/children/add", form)[0] == 303

    def test_a_new_program_on_an_older_database_upgrades_it_after_a_backup(self, office: Office) -> None:
        head = _head(office)
        office.downgrade("0011")

        office.start()

        assert office.health()[0] == 200
        assert office.ask("SELECT version_num FROM alembic_version") == [(head,)]
        assert len(list((office.folder / "backups").glob("mangnon-truoc-*"))) == 1


def _head(office: Office) -> str:
    return max(path.name[:4] for path in (Path(__file__).parents[2] / "migrations" / "versions").glob("[0-9]*.py"))
