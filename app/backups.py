"""Backups: one compressed file with the whole database and a manifest, proven readable before it counts as made.

A copied SQLite file is no backup: what stands in the write-ahead log would be missing. `VACUUM INTO` takes a
consistent picture while people go on working. docs/decisions has the measurements.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import make_url
from sqlite_utils import Database

from app import audit, clock, config, migrating
from models import db

#: The file names inside a backup.
_DATABASE, _MANIFEST = "mangnon.sqlite3", "manifest.json"
#: A backup larger than this unpacked is not one of ours.
_LARGEST = 64 * 1024**3
_STEM = "mangnon-"


class Unusable(Exception):
    """A backup that cannot be made, read or restored; the message says why, in one sentence."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds, by its manifest."""

    path: Path
    made_at: datetime
    migration: str | None
    sha256: str
    #: Rows by table.
    counts: dict[str, int]


# ── Making ─────────────────────────────────────────────────────────────────


def folder() -> Path:
    """Where backups go unless told otherwise."""
    return Path(current_app.config["MANGNON_INSTANCE"]) / "backups"


def make(to: Path | None = None) -> Backup:
    """Write a backup of the database in use and verify it. Raises Unusable."""
    if db.engine.dialect.name != "sqlite":
        raise Unusable(
            "Cơ sở dữ liệu PostgreSQL được sao lưu bằng pg_dump: pg_dump --format=custom --file=TỆP TÊN_CSDL."
        )
    to = to or folder()
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    made_at = clock.now()
    target = to / f"{_STEM}{clock.local(made_at):%Y%m%d-%H%M%S-%f}.zip"
    with tempfile.TemporaryDirectory(dir=to) as scratch:
        picture = Path(scratch) / _DATABASE
        _take_picture(picture)
        counts = _checked_counts(picture)
        manifest = {
            "made_at": made_at.isoformat(),
            "migration": migrating.current(),
            "sha256": _hash(picture),
            "counts": counts,
        }
        packed = Path(scratch) / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
            archive.write(picture, _DATABASE)
        _sync(packed)
        packed.chmod(0o600)
        os.replace(packed, target)
    if migrating.current() == migrating.head():
        audit.witness()
    return verify(target)


def _take_picture(path: Path) -> None:
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(path),))
        cursor.close()
    except sqlite3.Error as problem:
        raise Unusable(f"Chưa sao lưu được: {problem}.") from None
    finally:
        connection.close()
    path.chmod(0o600)


def latest() -> Path | None:
    """The newest backup in the usual folder."""
    found = sorted(folder().glob(f"{_STEM}*.zip")) if folder().exists() else []
    return found[-1] if found else None


# ── Proving ────────────────────────────────────────────────────────────────


def verify(path: Path) -> Backup:
    """Unpack a backup beside itself, check hash, integrity, foreign keys and row counts. Raises Unusable."""
    with tempfile.TemporaryDirectory(dir=path.parent if path.parent.exists() else None) as scratch:
        return _unpack(path, Path(scratch) / _DATABASE)


def _unpack(path: Path, target: Path) -> Backup:
    """The database of a backup at `target`, checked."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if archive.getinfo(_DATABASE).file_size > _LARGEST:
                raise Unusable("Tệp này lớn bất thường, không phải bản sao lưu của Măng Non.")
            with archive.open(_DATABASE) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1024 * 1024)
        backup = Backup(
            path,
            datetime.fromisoformat(manifest["made_at"]),
            manifest["migration"],
            manifest["sha256"],
            manifest["counts"],
        )
    except FileNotFoundError:
        raise Unusable("Không tìm thấy tệp sao lưu này.") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unusable("Tệp này hỏng, hoặc không phải bản sao lưu của Măng Non.") from None
    if _hash(target) != backup.sha256:
        raise Unusable("Nội dung bản sao lưu không khớp với mã kiểm tra ghi trong đó.")
    if _checked_counts(target) != backup.counts:
        raise Unusable("Số dòng trong bản sao lưu không khớp với số ghi trong đó.")
    return backup


def _checked_counts(path: Path) -> dict[str, int]:
    """Rows by table of a sound database file. Raises Unusable for one that is not sound."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Unusable("Cơ sở dữ liệu trong bản sao lưu bị hỏng.")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise Unusable("Bản sao lưu có dòng trỏ đến bản ghi không còn.")
            tables = Database(connection)
            return {name: tables[name].count for name in sorted(tables.table_names()) if not name.startswith("sqlite_")}
    except sqlite3.DatabaseError:
        raise Unusable("Cơ sở dữ liệu trong bản sao lưu bị hỏng.") from None


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# ── Restoring ──────────────────────────────────────────────────────────────


def restore(path: Path, into: str | None = None) -> Backup:
    """Put a verified backup in the place of an empty or missing database. Raises Unusable.

    `into`: a file, or an address sqlite:///…; None: where the app itself keeps its records.
    A database that holds anything is never overwritten: move it away first.
    """
    if into and "://" not in into:
        into = f"sqlite:///{Path(into).resolve()}"
    url = config.database_url(into or current_app.config["DATABASE_URL"], Path(current_app.config["MANGNON_INSTANCE"]))
    if not url.startswith("sqlite"):
        raise Unusable("Chỉ khôi phục được vào SQLite; với PostgreSQL hãy dùng pg_restore.")
    name = make_url(url).database
    if not name or name == ":memory:":
        raise Unusable("Cần tên một tệp SQLite để khôi phục vào.")
    target = Path(name)
    if _holds_people(target):
        raise Unusable("Ở nơi khôi phục đã có cơ sở dữ liệu đang dùng; hãy chuyển nó đi chỗ khác trước.")
    db.session.remove()
    db.engine.dispose()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        unpacked = Path(scratch) / _DATABASE
        backup = _unpack(path, unpacked)
        unpacked.chmod(0o600)
        _sync(unpacked)
        for leftover in (f"{target}-wal", f"{target}-shm"):
            Path(leftover).unlink(missing_ok=True)
        os.replace(unpacked, target)
    return backup


def _holds_people(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            tables: Any = Database(connection)
            return any(name in tables.table_names() and tables[name].count for name in ("communes", "users"))
    except sqlite3.DatabaseError:
        raise Unusable("Ở nơi khôi phục có một tệp khác, không phải cơ sở dữ liệu của Măng Non.") from None
