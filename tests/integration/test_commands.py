"""The commands that keep an installation: each says what it did, and fails with one sentence and a status."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app import backups, config, create_app, generated_docs, migrating
from app.permissions import PERMISSIONS, READERS
from models import Role, db
from tests.make import Make


def _app(folder: Path) -> Flask:
    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "only for tests, only for tests",
            "MANGNON_INSTANCE": str(folder),
            "DATABASE_URL": "",
        }
    )


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small made-up commune, made once, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    app = _app(folder)
    with app.app_context():
        assert run(app, "demo", "--children", "300").exit_code == 0
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    return folder / "mangnon.sqlite3"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Flask]:
    """An app with an SQLite database of its own, not rolled back."""
    app = _app(tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def filled(own: Flask, picture: Path, tmp_path: Path) -> Flask:
    """The same with a small made-up commune in it."""
    shutil.copy(picture, tmp_path / "mangnon.sqlite3")
    return own


def run(app: Flask, *words: str) -> Result:
    return FlaskCliRunner(app).invoke(args=list(words))


def _count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return count


# ── Demo ───────────────────────────────────────────────────────────────────


def test_demo_fills_an_empty_database_and_prints_the_sign_ins(own: Flask) -> None:
    result = run(own, "demo", "--children", "300", "--seed", "3")

    assert result.exit_code == 0
    assert "canbo / " in result.output


def test_demo_refuses_a_database_that_holds_anything(filled: Flask) -> None:
    result = run(filled, "demo")

    assert result.exit_code == 1
    assert "đã có dữ liệu" in result.stderr
    assert result.stdout == ""


# ── People ─────────────────────────────────────────────────────────────────


def test_users_are_added_listed_reset_and_disabled(filled: Flask) -> None:
    added = run(
        filled, "users", "add", "vanthu", "--name", "Vũ Thị Thư", "--role", "collaborator", "--village", "thon 7"
    )
    listed = run(filled, "users", "list")
    reset = run(filled, "users", "reset", "vanthu")
    disabled = run(filled, "users", "disable", "vanthu")

    assert [result.exit_code for result in (added, listed, reset, disabled)] == [0, 0, 0, 0]
    assert added.stdout.startswith("vanthu / ")
    assert "vanthu\tVũ Thị Thư\tcollaborator\txã Cao Thắng" in listed.stdout
    assert reset.stdout != added.stdout
    assert run(filled, "users", "list").stdout.count("\tkhóa") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "Ông X", "--name", "X", "--role", "leader"), "Tên đăng nhập chỉ gồm"),
        (("add", "canbo", "--name", "X", "--role", "leader"), "đã có người dùng"),
        (("add", "moi", "--name", "X", "--role", "collaborator"), "ít nhất một thôn"),
        (("add", "moi", "--name", "X", "--role", "collaborator", "--village", "Thôn 99"), "không có thôn này"),
        (("add", "moi", "--name", "X", "--role", "leader", "--commune", "xã Nào"), "Không có xã này"),
        (("reset", "khongai"), "Không có người dùng này"),
        (("disable", "quantri"), "ít nhất một người quản trị"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(filled: Flask, words: tuple[str, ...], sentence: str) -> None:
    result = run(filled, "users", *words)

    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stdout == ""


# ── Access, audit ──────────────────────────────────────────────────────────


def test_access_is_explained(app: Flask, make: Make) -> None:
    village, other = make.village(), make.village()
    child = make.child(village=village)
    make.user("collaborator", village=village, username="gan")
    make.user("collaborator", village=other, username="xa")
    make.user("administrator", username="may")

    near, far, machine = (run(app, "access", "explain", name, f"child:{child.id}") for name in ("gan", "xa", "may"))

    assert near.stdout.splitlines()[-1] == "ĐƯỢC XEM"
    assert far.stdout.splitlines()[-1] == "KHÔNG ĐƯỢC XEM"
    assert "thôn của bản ghi: không phụ trách" in far.stdout
    assert "child.show: không vai trò nào" in machine.stdout
    assert machine.stdout.splitlines()[-1] == "KHÔNG ĐƯỢC XEM"


@pytest.mark.parametrize("record", ["child:0", "child:x", "planet:1", "7"])
def test_a_record_that_is_none_cannot_be_explained(app: Flask, make: Make, record: str) -> None:
    make.user("officer", username="canbo")

    assert run(app, "access", "explain", "canbo", record).exit_code == 1


def test_a_whole_chain_of_events_is_told(filled: Flask) -> None:
    assert run(filled, "audit", "verify").exit_code == 0


def test_a_changed_event_is_found(filled: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mangnon.sqlite3")) as connection:
        connection.execute("DROP TRIGGER audit_events_no_update")
        connection.execute("UPDATE audit_events SET event = 'signed_in' WHERE id = 1")
        connection.commit()

    result = run(filled, "audit", "verify")

    assert result.exit_code == 1
    assert "bắt đầu từ số 1" in result.stderr


def test_an_older_database_put_in_its_place_is_found(filled: Flask, tmp_path: Path) -> None:
    path = tmp_path / "mangnon.sqlite3"
    assert run(filled, "backup").exit_code == 0
    db.session.rollback()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER audit_events_no_delete")
        connection.execute("DELETE FROM audit_events")
        connection.execute("DELETE FROM audit_heads")
        connection.commit()

    result = run(filled, "audit", "verify")

    assert result.exit_code == 1
    assert "audit-witness" in result.stderr


# ── Backup ─────────────────────────────────────────────────────────────────


def test_a_backup_is_restored_elsewhere_with_every_row(filled: Flask, tmp_path: Path) -> None:
    made = run(filled, "backup", "--to", str(tmp_path / "out"))
    file = Path(made.stdout.splitlines()[0])
    verified = run(filled, "backup", "verify", str(file))
    restored = run(filled, "restore", str(file), "--into", str(tmp_path / "new" / "copy.sqlite3"))

    assert (made.exit_code, verified.exit_code, restored.exit_code) == (0, 0, 0)
    for table in ("children", "cases", "audit_events", "changes"):
        assert _count(tmp_path / "new" / "copy.sqlite3", table) == _count(tmp_path / "mangnon.sqlite3", table) > 0


def test_what_is_still_in_the_log_is_in_the_backup(filled: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mangnon.sqlite3")) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("INSERT INTO saved_searches (key, user_id, at, words) VALUES ('k', 1, '2026-01-01', 'x')")
        writer.commit()

        made = backups.make()

    assert made.counts["saved_searches"] == 1


def test_a_backup_is_readable_by_its_owner_only(filled: Flask) -> None:
    assert oct(backups.make().path.stat().st_mode)[-3:] == "600"


def test_a_database_in_use_is_never_overwritten(filled: Flask) -> None:
    file = backups.make().path

    result = run(filled, "restore", str(file))

    assert result.exit_code == 1
    assert "đang dùng" in result.stderr


def test_an_empty_installation_is_restored_in_place(filled: Flask, tmp_path: Path) -> None:
    file = backups.make(tmp_path / "out").path
    db.session.remove()
    db.engine.dispose()
    for leftover in tmp_path.glob("mangnon.sqlite3*"):
        leftover.unlink()
    migrating.upgrade()
    db.session.remove()

    result = run(filled, "restore", str(file))

    assert result.exit_code == 0
    assert _count(tmp_path / "mangnon.sqlite3", "children") > 300


def _cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [_cut_short, _flip, lambda _content: b"", lambda _content: b"PK\x03\x04 no"])
def test_a_damaged_backup_is_told_and_nothing_is_restored(filled: Flask, tmp_path: Path, damage: object) -> None:
    good = backups.make().path
    bad = tmp_path / "bad.zip"
    bad.write_bytes(damage(good.read_bytes()))  # type: ignore[operator]

    verified = run(filled, "backup", "verify", str(bad))
    restored = run(filled, "restore", str(bad), "--into", str(tmp_path / "never.sqlite3"))

    assert (verified.exit_code, restored.exit_code) == (1, 1)
    assert not (tmp_path / "never.sqlite3").exists()


def test_a_backup_with_rows_taken_out_is_told(filled: Flask, tmp_path: Path) -> None:
    good = backups.make().path
    with zipfile.ZipFile(good) as archive:
        database, manifest = archive.read("mangnon.sqlite3"), json.loads(archive.read("manifest.json"))
    manifest["counts"]["children"] += 1
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("mangnon.sqlite3", database)
        archive.writestr("manifest.json", json.dumps(manifest))

    with pytest.raises(backups.Unusable, match="Số dòng"):
        backups.verify(bad)


def test_nothing_is_left_beside_a_backup(filled: Flask, tmp_path: Path) -> None:
    made = backups.make(tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == [made.path]


# ── Docs, upgrade, start ───────────────────────────────────────────────────


def test_upgrade_prints_the_migration(own: Flask) -> None:
    result = run(own, "upgrade")

    assert (result.exit_code, result.stdout.strip()) == (0, migrating.head())


def test_generated_pages_name_every_permission_setting_and_role(app: Flask, session: object) -> None:
    access_page = generated_docs.access_page()

    assert all(f"`{name}`" in access_page for name in [*PERMISSIONS, *(level.value for level in READERS)])
    assert all(f"`{setting.name}`" in generated_docs.settings_page() for setting in config.SETTINGS)
    assert all(role.value in access_page for role in Role)
    assert "| `full_name` | Họ và tên |" in generated_docs.fields_page()


def test_stale_pages_are_found(app: Flask, session: object, tmp_path: Path) -> None:
    assert generated_docs.stale(tmp_path) == ["access.md", "settings.md", "fields.md", "indicators.md", "sbom.cdx.json"]
    generated_docs.write(tmp_path)
    assert generated_docs.stale(tmp_path) == []
    (tmp_path / "access.md").write_text("old")
    assert generated_docs.stale(tmp_path) == ["access.md"]


@pytest.mark.any_database
def test_another_wsgi_server_gets_one_sentence_without_a_key(tmp_path: Path) -> None:
    environment = {**os.environ, "MANGNON_INSTANCE": str(tmp_path), "SECRET_KEY": ""}

    result = subprocess.run(
        [sys.executable, "-c", "import run; run.app"],
        cwd=config.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr.startswith("Cần biến môi trường SECRET_KEY")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.any_database
def test_another_wsgi_server_gets_the_app_with_a_key(tmp_path: Path) -> None:
    environment = {**os.environ, "MANGNON_INSTANCE": str(tmp_path), "SECRET_KEY": "k" * 32}

    result = subprocess.run(
        [sys.executable, "-c", "import run; print(run.app.name)"],
        cwd=config.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stdout.strip()) == (0, "app")
