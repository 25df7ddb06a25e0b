"""Backups: one compressed file with the whole database, the office's own forms and a manifest, proven readable before it counts as made.

A copied SQLite file is no backup: what stands in the write-ahead log would be missing. `VACUUM INTO` takes a
consistent picture while people go on working; on PostgreSQL `pg_dump` does (app/backups_postgresql.py). When a key is set
the file is encrypted (app/backup_cipher.py) and holds the installation's secret key too; without one it never does.
"""

import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlite_utils import Database

from app import audit, backup_cipher, backups_postgresql, clock, config, last_saved, migrating
from app.backup_cipher import Unusable as Unusable
from models import db

#: The file names inside a backup; the office's own forms (app/documents) stand below the last.
_DATABASE, _MANIFEST, _SECRET, _FORMS = "mangnon.sqlite3", "manifest.json", "secret-key", "documents"
#: What the picture of each kind of database is called.
_PICTURES = {"sqlite": _DATABASE, "postgresql": backups_postgresql.PICTURE}
#: A backup larger than this unpacked is not one of ours.
_LARGEST = 64 * 1024**3
STEM = "mangnon-"
_REPLACE = "Muốn thay nó: dừng chương trình, thêm --replace; nó được giữ lại dưới tên mangnon-truoc-….sqlite3."
#: Folders in which a backup is being made, verified or unpacked; one left behind by a crash goes after so many seconds.
_SCRATCH, _SCRATCH_KEPT = ".mangnon-", 3600
#: Why a backup whose process died was not made.
INTERRUPTED = "Bị ngắt giữa chừng: mất điện, máy tắt, hoặc chương trình bị dừng lúc đang sao lưu."
#: Settings that say where other secrets are, or are secrets.
_UNTOLD = frozenset({"SECRET_KEY", "DATABASE_URL", "MIGRATION_DATABASE_URL", "REPORTS_DATABASE_URL"})


@dataclass(frozen=True)
class Backup:
    """What a backup holds, by its manifest."""

    path: Path
    made_at: datetime
    migration: str | None
    sha256: str
    #: Rows by table.
    counts: dict[str, int]
    #: Hashes of the office's own forms, by their place in their folder.
    files: dict[str, str] = field(default_factory=dict)
    #: The installation's settings that are no secrets, as they were.
    settings: dict[str, Any] = field(default_factory=dict)
    #: What the secret key it was made under looks like, without telling it.
    key_mark: str = ""
    #: The kind of database it was taken of, and can be restored into.
    database: str = "sqlite"


# ── Making ─────────────────────────────────────────────────────────────────


def folder() -> Path:
    """Where backups go unless told otherwise."""
    set_by_hand = current_app.config["MANGNON_BACKUP_TO"]
    return Path(set_by_hand) if set_by_hand else Path(current_app.config["MANGNON_INSTANCE"]) / "backups"


def own_forms() -> Path:
    """Where the office's own forms lie; most have none. Papers of children are in the database."""
    return Path(current_app.config["MANGNON_INSTANCE"]) / _FORMS


def key(file: Path | None = None) -> str:
    """The key that encrypts backups; empty when none is set. Raises Unusable for one that cannot be used."""
    place = str(file or current_app.config["MANGNON_BACKUP_KEY_FILE"])
    if not place:
        return ""
    try:
        found = Path(place).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Unusable(
            "Không đọc được tệp khóa của bản sao lưu; xem lại tên tệp (--key-file hay MANGNON_BACKUP_KEY_FILE)."
        ) from None
    if len(backup_cipher.normal(found)) < backup_cipher.SHORTEST_KEY:
        raise Unusable("Khóa của bản sao lưu quá ngắn: chép thiếu, hoặc không phải khóa do flask backup key tạo.")
    return found


def make(to: Path | None = None, stem: str = STEM) -> Backup:
    """Write a backup of the database in use and verify it. Raises Unusable."""
    to = to or folder()
    secret = key()
    if secret and to.resolve() in Path(current_app.config["MANGNON_BACKUP_KEY_FILE"]).resolve().parents:
        raise Unusable("Tệp khóa nằm chung chỗ với bản sao lưu; hãy cất nó ở nơi khác.")
    made_at = clock.now()
    target = to / f"{stem}{clock.local(made_at):%Y%m%d-%H%M%S-%f}.zip{'.enc' if secret else ''}"
    try:
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _scratch(to, f".{stem}") as scratch:
            os.replace(_packed(scratch, made_at, secret), target)
            _sync_folder(to)
    except OSError as problem:
        raise Unusable(f"Chưa sao lưu được: {_why(problem)}.") from None
    if migrating.current() == migrating.head():
        audit.witness()
    return verify(target, stem=stem)


def _packed(scratch: Path, made_at: datetime, secret: str) -> Path:
    """The finished file in the scratch folder."""
    database = db.engine.dialect.name
    picture = scratch / _PICTURES[database]
    counts = _take_picture(picture)
    packed, sealed = scratch / "packed.zip", scratch / "packed.enc"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        manifest = {
            "made_at": made_at.isoformat(),
            "migration": migrating.current(),
            "sha256": _hash(picture),
            "database": database,
            "counts": counts,
            "files": _pack_forms(archive),
            "settings": {s.name: current_app.config[s.name] for s in config.SETTINGS if s.name not in _UNTOLD},
            "key_mark": key_mark(),
        }
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        archive.write(picture, picture.name)
        if secret and current_app.config["SECRET_KEY"]:
            archive.writestr(_SECRET, current_app.config["SECRET_KEY"])
    picture.unlink()
    if secret:
        backup_cipher.encrypt(packed, sealed, secret)
        packed = sealed
    _sync(packed)
    packed.chmod(0o600)
    return packed


def _pack_forms(archive: zipfile.ZipFile) -> dict[str, str]:
    """Put the office's own forms into the file; their hashes by place. One deleted meanwhile is left out."""
    place, hashes = own_forms(), {}
    for path in sorted(place.rglob("*")) if place.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(place).as_posix()
            try:
                hashes[name] = _hash(path)
                archive.write(path, f"{_FORMS}/{name}", zipfile.ZIP_STORED)
            except FileNotFoundError:
                hashes.pop(name, None)
    return hashes


def _take_picture(path: Path) -> dict[str, int]:
    """Rows by table of the picture taken."""
    if path.name == backups_postgresql.PICTURE:
        return backups_postgresql.take_picture(path)
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM INTO ?", (str(path),))
        cursor.close()
        migrating.learn_from(path)
    except sqlite3.Error as problem:
        raise Unusable(f"Chưa sao lưu được: {_why(problem)}.") from None
    finally:
        connection.close()
    path.chmod(0o600)
    return _checked_counts(path)


def _why(problem: Exception) -> str:
    """A failure of the disk or the database in words, without the values or paths in its text."""
    if isinstance(problem, sqlite3.DatabaseError) and "malformed" in str(problem):
        return "cơ sở dữ liệu bị hỏng"
    if "full" in str(problem) or getattr(problem, "errno", None) in (27, 28):  # EFBIG, ENOSPC
        return "đĩa đã đầy"
    if isinstance(problem, PermissionError) or "readonly" in str(problem) or getattr(problem, "errno", None) == 30:
        return "thư mục không cho ghi"
    if "locked" in str(problem):
        return "cơ sở dữ liệu đang bận"
    return "không ghi được vào thư mục đó"


def key_mark() -> str:
    """What tells whether another installation has the same secret key."""
    return _mark(str(current_app.config["SECRET_KEY"]))


def _mark(secret: str) -> str:
    return hmac.new(secret.encode(), b"backup", hashlib.sha256).hexdigest()[:16] if secret else ""


def lacks_key(backup: Backup) -> bool:
    """Whether the next start would have another secret key than the one this backup was made under."""
    kept = config.kept_key(Path(current_app.config["MANGNON_INSTANCE"]))
    secret = os.environ.get("SECRET_KEY") or kept or str(current_app.config["SECRET_KEY"])
    return backup.key_mark not in ("", _mark(secret))


def files_in(place: Path) -> list[Path]:
    """The backups in a folder, by name."""
    return sorted([*place.glob(f"{STEM}*.zip"), *place.glob(f"{STEM}*.zip.enc")]) if place.is_dir() else []


# ── Proving ────────────────────────────────────────────────────────────────


def verify(path: Path, key_file: Path | None = None, stem: str = STEM) -> Backup:
    """Unpack a backup beside itself, check hashes, integrity, foreign keys and row counts. Raises Unusable."""
    try:
        with _scratch(path.parent if os.access(path.parent, os.W_OK) else None, f".{stem}") as scratch:
            return _unpack(path, scratch, key_file)
    except OSError as problem:
        raise Unusable(f"Chưa kiểm được bản sao lưu: {_why(problem)}.") from None


def _unpack(path: Path, scratch: Path, key_file: Path | None = None) -> Backup:
    """What a backup holds, in the scratch folder, checked."""
    try:
        with zipfile.ZipFile(_opened(path, scratch, key_file)) as archive:
            manifest = json.loads(archive.read(_MANIFEST))
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise Unusable("Tệp này lớn bất thường, không phải bản sao lưu của Măng Non.")
            backup = Backup(
                path,
                datetime.fromisoformat(manifest["made_at"]),
                manifest["migration"],
                manifest["sha256"],
                manifest["counts"],
                manifest.get("files", {}),
                manifest.get("settings", {}),
                manifest.get("key_mark", ""),
                manifest.get("database", "sqlite"),
            )
            target = scratch / _PICTURES[backup.database]
            _take_out(archive, target.name, target)
            for name, sha256 in backup.files.items():
                _take_out_form(archive, name, sha256, scratch / _FORMS)
            if _SECRET in archive.namelist():
                _take_out(archive, _SECRET, scratch / _SECRET)
    except (FileNotFoundError, IsADirectoryError):
        raise Unusable("Không tìm thấy tệp sao lưu này.") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, EOFError, RuntimeError):
        raise Unusable("Tệp này hỏng, hoặc không phải bản sao lưu của Măng Non.") from None
    if _hash(target) != backup.sha256:
        raise Unusable("Nội dung bản sao lưu không khớp với mã kiểm tra ghi trong đó.")
    if _checked_counts(target) != backup.counts:
        raise Unusable("Số dòng trong bản sao lưu không khớp với số ghi trong đó.")
    return backup


def _opened(path: Path, scratch: Path, key_file: Path | None) -> Path:
    """The backup itself, or what it says once decrypted."""
    if not backup_cipher.is_encrypted(path):
        return path
    secret = key(key_file)
    if not secret:
        raise Unusable("Bản sao lưu này có khóa: cho biết tệp khóa bằng --key-file hay MANGNON_BACKUP_KEY_FILE.")
    plain = scratch / "plain.zip"
    try:
        backup_cipher.decrypt(path, plain, secret)
    except backup_cipher.WrongKey:
        raise Unusable("Khóa không mở được bản sao lưu này, hoặc tệp đã hỏng.") from None
    return plain


def _take_out(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    with archive.open(name) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1024 * 1024)


def _take_out_form(archive: zipfile.ZipFile, name: str, sha256: str, place: Path) -> None:
    """One form, never outside its folder."""
    target = place / name
    if place.resolve() not in target.resolve().parents:
        raise ValueError(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _take_out(archive, f"{_FORMS}/{name}", target)
    if _hash(target) != sha256:
        raise Unusable("Một tệp đính kèm trong bản sao lưu không khớp với mã kiểm tra ghi trong đó.")


def _checked_counts(path: Path) -> dict[str, int]:
    """Rows by table of a sound picture. Raises Unusable for one that is not sound."""
    if path.name == backups_postgresql.PICTURE:
        return backups_postgresql.counts_in(path)
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


def _sync_folder(place: Path) -> None:
    """Make a new name last through a power cut, where the system can."""
    if os.name == "posix":
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class _scratch(tempfile.TemporaryDirectory[str]):  # noqa: N801 – used as a word, like the class it is made from
    """A folder that goes when the work in it is over; older ones, whose work was killed, go when the next begins."""

    def __init__(self, place: Path | None, prefix: str = _SCRATCH) -> None:
        for leftover in place.glob(f"{_SCRATCH}*") if place is not None and place.is_dir() else ():
            if clock.now().timestamp() - leftover.stat().st_mtime > _SCRATCH_KEPT:
                shutil.rmtree(leftover, ignore_errors=True)
        super().__init__(prefix=prefix, dir=place, ignore_cleanup_errors=True)

    def __enter__(self) -> Path:  # type: ignore[override]
        return Path(super().__enter__())


def forget_halves(stem: str) -> None:
    """Clear up at once after backups of this kind that were cut short; nobody else makes one just now."""
    for leftover in folder().glob(f".{stem}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def copy_to(path: Path, place: Path) -> Path:
    """A second copy of a backup in another folder, compared with the first. Raises Unusable."""
    if not place.is_dir():
        raise Unusable("Không thấy thư mục hay ổ USB để chép bản sao lưu thứ hai; hãy cắm ổ vào hoặc sửa cài đặt.")
    target = place / path.name
    try:
        with _scratch(place) as scratch:
            half = scratch / path.name
            shutil.copyfile(path, half)
            _sync(half)
            if _hash(half) != _hash(path):
                raise Unusable("Bản sao lưu thứ hai không giống bản thứ nhất; ổ đĩa có thể đã hỏng.")
            os.replace(half, target)
            _sync_folder(place)
    except OSError as problem:
        raise Unusable(f"Chưa chép được bản sao lưu thứ hai: {_why(problem)}.") from None
    return target


# ── Restoring ──────────────────────────────────────────────────────────────


def restore(path: Path, into: str | None = None, *, replace: bool = False, key_file: Path | None = None) -> Backup:
    """Put a verified backup in the place of an empty or missing database. Raises Unusable.

    `into`: a file, or an address sqlite:///… or postgresql://…; None: where the app itself keeps its records.
    A database that holds anything is never overwritten; with `replace` it is kept under another name beside the new one.
    Whenever this is interrupted, the old database or the new one stands there whole.
    """
    url = _url(into)
    if url.startswith("postgresql"):
        return _restore_postgresql(path, into, replace, key_file)
    target = _place(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not replace and _holds_people(target):
        raise Unusable(f"Ở nơi khôi phục đã có cơ sở dữ liệu đang dùng. {_REPLACE}")
    try:
        with _scratch(target.parent) as scratch:
            backup = _unpack(path, scratch, key_file)
            if backup.database != "sqlite":
                raise Unusable("Bản sao lưu này của PostgreSQL: chỉ khôi phục được vào PostgreSQL (đặt DATABASE_URL).")
            _refuse_newer(backup)
            unpacked = scratch / _DATABASE
            unpacked.chmod(0o600)
            _sync(unpacked)
            _let_go(target, keep=replace)
            _put_beside(scratch, target.parent, is_own=into is None)
            last_saved.forget(target)
            os.replace(unpacked, target)
            _sync_folder(target.parent)
    except OSError as problem:
        raise Unusable(f"Chưa khôi phục được: {_why(problem)}.") from None
    return backup


def _restore_postgresql(path: Path, into: str | None, replace: bool, key_file: Path | None) -> Backup:
    """Into an empty database, in one transaction; the wall and the rights of the roles come with the upgrade after it."""
    if replace:
        raise Unusable("Trên PostgreSQL không khôi phục đè: hãy tạo một cơ sở dữ liệu mới, rỗng, rồi khôi phục vào đó.")
    instance = Path(current_app.config["MANGNON_INSTANCE"])
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _scratch(instance) as scratch:
            backup = _unpack(path, scratch, key_file)
            if backup.database != "postgresql":
                raise Unusable("Bản sao lưu này của SQLite: chỉ khôi phục được vào SQLite (bỏ trống DATABASE_URL).")
            _refuse_newer(backup)
            picture = scratch / backups_postgresql.PICTURE
            backups_postgresql.restore(
                picture, _url(into), backup.counts, lambda: _put_beside(scratch, instance, is_own=into is None)
            )
    except OSError as problem:
        raise Unusable(f"Chưa khôi phục được: {_why(problem)}.") from None
    return backup


def _refuse_newer(backup: Backup) -> None:
    if backup.migration is not None and not migrating.is_known(backup.migration):
        raise Unusable(
            f"Bản sao lưu này do chương trình mới hơn làm (cơ sở dữ liệu đời {backup.migration}, ở đây đến đời {migrating.head()}): "
            "hãy đặt bản chương trình mới hơn rồi khôi phục."
        )


def _url(into: str | None) -> str:
    """The address of what a backup is restored into: by the owner of the tables where that is another."""
    if into and "://" not in into:
        into = f"sqlite:///{Path(into).resolve()}"
    wanted = into or current_app.config["MIGRATION_DATABASE_URL"] or current_app.config["DATABASE_URL"]
    return config.database_url(wanted, Path(current_app.config["MANGNON_INSTANCE"]))


def _place(url: str) -> Path:
    """The file a backup is restored into."""
    if not url.startswith("sqlite"):
        raise Unusable("Chỉ khôi phục được vào SQLite hay PostgreSQL.")
    file = config.sqlite_file(url)
    if file is None:
        raise Unusable("Cần tên một tệp SQLite để khôi phục vào.")
    db.session.remove()
    db.engine.dispose()
    return file


def _put_beside(scratch: Path, place: Path, *, is_own: bool) -> None:
    """The office's own forms and the secret key, before the database, which needs them.

    Another key in the way belongs to what goes: it is kept under another name, unless the app's own records stay.
    """
    for form in sorted((scratch / _FORMS).rglob("*")):
        if form.is_file():
            target = place / form.relative_to(scratch)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(form, target)
    secret, kept = scratch / _SECRET, place / _SECRET
    if not secret.exists() or (kept.exists() and not is_own):
        return
    secret.chmod(0o600)
    if kept.exists() and kept.read_bytes().strip() != secret.read_bytes().strip():
        _second_name(kept, _aside(kept))
    os.replace(secret, kept)


def _aside(path: Path) -> Path:
    """The name under which something that makes way is kept."""
    return path.with_name(f"{path.stem}-truoc-{clock.local(clock.now()):%Y%m%d-%H%M%S}{path.suffix}")


def _let_go(path: Path, *, keep: bool) -> None:
    """Make way: bring what stands in the log into the file; keep the old database under another name if asked.

    A log that is still there afterwards belongs to a running program, or to a database too damaged to be opened.
    """
    ends = ("", "-wal", "-shm")
    is_sound = settle(path)
    logs = [log for end in ends[1:] if (log := Path(f"{path}{end}")).exists()]
    if logs and is_sound:
        raise Unusable("Chương trình đang chạy trên cơ sở dữ liệu này; hãy dừng nó rồi khôi phục.")
    if keep and path.exists():
        aside = _aside(path)
        for end in ends:
            if Path(f"{path}{end}").exists():
                _second_name(Path(f"{path}{end}"), Path(f"{aside}{end}"))
    for log in logs:
        log.unlink()


def settle(path: Path) -> bool:
    """Bring what stands in the log into a SQLite file; whether it is a database that could be opened, read and closed."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        return False
    return True


def _second_name(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # a drive that knows no second names
        shutil.copy2(path, other)


def _holds_people(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            tables: Any = Database(connection)
            return any(name in tables.table_names() and tables[name].count for name in ("communes", "users"))
    except sqlite3.DatabaseError:
        raise Unusable(
            f"Ở nơi khôi phục có một tệp hỏng, hoặc không phải cơ sở dữ liệu của Măng Non. {_REPLACE}"
        ) from None
