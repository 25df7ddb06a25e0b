"""The PostgreSQL half of backups: `pg_dump` takes the picture, `pg_restore` reads it, both found on this machine.

The dump is made within one snapshot in which the rows are counted too, on behalf of the whole installation, so that no
policy hides a row from it. The wall itself is not restored: `flask upgrade` puts it up for the roles of the new place.
"""

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from app import migrating
from app.backup_cipher import Unusable

#: The file name inside a backup.
PICTURE = "mangnon.pgdump"
#: Said in words by app/row_security and rights of roles, which another place has others of.
_NOT_RESTORED = re.compile(rb" (POLICY|ROW SECURITY|ACL|DEFAULT ACL|COMMENT|SCHEMA) ")
_COPY = re.compile(rb'COPY public\."?(\w+)"? \(')
#: Tables whose policies bind this role without showing it the whole installation: a dump would leave rows out, and so would a count.
_HIDDEN = """
SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND row_security_active(c.oid) AND (
    NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd = '*'
                AND pg_get_expr(p.polqual, p.polrelid) LIKE '%mangnon.reach%installation%')
    OR EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))
"""
_REACH = {"PGOPTIONS": "-c mangnon.reach=installation"}
#: What these programs are told of a connection besides its place: they may be older than the library the app uses.
_TOLD = frozenset({"user", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "gssencmode"})


def take_picture(path: Path) -> dict[str, int]:
    """Dump the database in use to a file; rows by table. Raises Unusable."""
    with migrating.owners_engine() as owners:
        connection = owners.engine.raw_connection()
        try:
            raw: Any = connection.driver_connection
            return _dump(raw, path)
        except psycopg.Error as problem:
            raise Unusable(f"Chưa sao lưu được: PostgreSQL báo lỗi ({type(problem).__name__}).") from None
        finally:
            connection.close()


def _dump(raw: "psycopg.Connection[Any]", path: Path) -> dict[str, int]:
    raw.rollback()
    raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    raw.execute("SELECT set_config('mangnon.reach', 'installation', true)")
    (snapshot,) = raw.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
    if raw.execute(_HIDDEN).fetchone() != (0,):
        raise Unusable(
            "Chưa sao lưu: lớp bảo vệ theo hàng giấu dữ liệu với tài khoản này; hãy chạy flask upgrade, hoặc dùng tài khoản sở hữu bảng."
        )
    counts = _counts(raw)
    info = raw.info
    dump = _lines(
        "pg_dump", "--format=custom", "--compress=0", "--schema=public", "--no-owner", "--no-privileges",
        "--enable-row-security", f"--snapshot={snapshot}", "--lock-wait-timeout=60s", f"--dbname={_address(info)}",
        password=info.password, newest=info.server_version // 10000,
    )  # fmt: skip
    # Through a pipe: when this program is killed nobody listens to the dump any more, and it ends with its locks.
    with path.open("wb") as file, contextlib.closing(dump):
        path.chmod(0o600)
        file.writelines(dump)
    raw.rollback()
    return counts


def _address(info: "psycopg.ConnectionInfo") -> str:
    """The server that answers just now, of several that may be named, without the password."""
    known = {name: value for name, value in info.get_parameters().items() if name in _TOLD}
    return make_conninfo(**{**known, "host": info.host, "port": str(info.port), "dbname": info.dbname})


def _counts(raw: "psycopg.Connection[Any]") -> dict[str, int]:
    names = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename").fetchall()
    found = {}
    for (name,) in names:
        (found[name],) = raw.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone() or (0,)
    return found


def counts_in(path: Path) -> dict[str, int]:
    """Rows by table of a dump, read to its end. Raises Unusable for one that cannot be read."""
    found: dict[str, int] = {}
    table: str | None = None
    for line in _lines("pg_restore", "--data-only", "--file=-", str(path)):
        if table is None:
            if begins := _COPY.match(line):
                table = begins[1].decode()
                found[table] = 0
        elif line == b"\\.\n":
            table = None
        else:
            found[table] += 1
    return dict(sorted(found.items()))


def restore(path: Path, url: str, counts: dict[str, int], put_beside: Callable[[], None]) -> None:
    """Fill an empty database, whole or not at all. Raises Unusable.

    What goes beside it is put there before: killed in between, the same command can be given again.
    """
    address = make_url(url)
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, connect_timeout=10) as raw:
            if _counts(raw):
                raise Unusable("Cơ sở dữ liệu để khôi phục vào phải rỗng; hãy tạo một cơ sở dữ liệu mới.")
            put_beside()
            _fill(path, raw.info)
            raw.rollback()
            found = _counts(raw)
    except psycopg.Error:
        raise Unusable("Không nối được tới cơ sở dữ liệu để khôi phục vào.") from None
    if found != counts:
        raise Unusable(
            "Số dòng sau khi khôi phục không khớp với bản sao lưu; hãy khôi phục lại vào cơ sở dữ liệu khác."
        )


def _fill(path: Path, info: "psycopg.ConnectionInfo") -> None:
    wanted = path.with_suffix(".list")
    listed = _lines("pg_restore", "--list", str(path))
    wanted.write_bytes(b"".join(line for line in listed if not _NOT_RESTORED.search(line)))
    _run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--use-list={wanted}", f"--dbname={_address(info)}", str(path),
        password=info.password, newest=info.server_version // 10000,
    )  # fmt: skip


# ── The programs ───────────────────────────────────────────────────────────


def _program(name: str, newest: int = 0) -> str:
    """Where a program of PostgreSQL lies: the newest there is. Raises Unusable when there is none, or only older ones."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    found = next((str(one / name) for one in folders if (one / name).exists()), None) or shutil.which(name)
    if found is None:
        raise Unusable(f"Máy này không có chương trình {name}; hãy cài gói postgresql-client.")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)(?:\.\d+)*", said)
    if version is None or int(version[1]) < newest:
        raise Unusable(
            f"Chương trình {name} trên máy này cũ hơn máy chủ PostgreSQL {newest}; hãy cài gói postgresql-client-{newest}."
        )
    return found


def _run(name: str, *arguments: str, password: str, newest: int) -> None:
    """Run one to its end. Raises Unusable when it fails."""
    for _line in _lines(name, *arguments, password=password, newest=newest):
        pass


def _lines(name: str, *arguments: str, password: str = "", newest: int = 0) -> Generator[bytes]:
    """What one says, line by line. Raises Unusable when it fails in the end.

    The password goes by the environment, which other accounts cannot read.
    """
    command = [_program(name, newest), *arguments]
    told = {**os.environ, **_REACH, **({"PGPASSWORD": password} if password else {})}
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, env=told, stdin=nothing, stdout=pipe, stderr=pipe) as process:
        yield from process.stdout or ()
        said = process.stderr.read() if process.stderr else b""
    if process.returncode:
        raise Unusable(_why(name, said))


def _why(name: str, said: bytes) -> str:
    """A failure in words, without what the program itself says: that may quote a row."""
    for words, sentence in (
        (b"No space left", "đĩa đã đầy"),
        (b"Permission denied", "thư mục không cho ghi"),
        (b"permission denied", "tài khoản nối cơ sở dữ liệu không có quyền"),
        (b"unsupported version", "bản sao lưu do chương trình đời mới hơn làm; hãy cài gói postgresql-client mới hơn"),
        (b"could not connect", "không nối được máy chủ PostgreSQL"),
        (b"connection to server", "máy chủ PostgreSQL dừng hoặc mất nối giữa chừng"),
    ):
        if words in said:
            return f"Chưa xong: {sentence}."
    return f"Chưa xong: chương trình {name} báo lỗi, tệp có thể đã hỏng."
