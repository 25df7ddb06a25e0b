"""Starting the server: everything from nothing for `--demo`, or the installation's own database."""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.exc import DatabaseError

from app import (
    audit,
    backup_schedule,
    backups,
    config,
    create_app,
    demo,
    health,
    identity,
    jobs,
    last_saved,
    logs,
    memory,
    migrating,
    processes,
)
from models import Commune, User, db, reach, sqlite_log

SHORTEST_KEY = 32
#: Words of keys that stand in examples and templates, where anybody can read them.
DEFAULT_KEYS = (
    "changeme",
    "change-me",
    "change_me",
    "your-secret",
    "your_secret",
    "secretkey",
    "secret-key",
    "password",
)


def main() -> None:
    """Read the command line, migrate, and serve with waitress."""
    arguments = _arguments()
    for stream in (sys.stdout, sys.stderr):  # a Windows console may lack Vietnamese letters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app = _make_app(
            _instance(is_demo=arguments.demo), **({"MANGNON_SECOND_FACTOR_DAYS": -1} if arguments.demo else {})
        )
    except OSError:
        _stop("Không ghi được vào thư mục dữ liệu; kiểm tra ổ đĩa và quyền của thư mục (MANGNON_INSTANCE).")
    if arguments.answer:
        _answer(app, processes.Member(arguments.answer))
        return
    count = arguments.processes or app.config["MANGNON_PROCESSES"]
    if count > 1 and processes.can_share():
        _serve_by_many(app, arguments, count)
    else:
        _serve_alone(app, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py", description="Chạy Măng Non trên máy này.")
    parser.add_argument("--demo", action="store_true", help="một xã bịa để thử, trong instance/demo")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (mặc định 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="cổng (mặc định 8000)")
    parser.add_argument(
        "--processes", type=int, help="số tiến trình cùng trả lời (mặc định MANGNON_PROCESSES; Windows luôn một)"
    )
    parser.add_argument("--answer", help=argparse.SUPPRESS)  # one of many, started by the first
    return parser.parse_args()


def _serve_alone(app: Flask, arguments: argparse.Namespace) -> None:
    server = _listen(app, arguments.host, arguments.port)
    is_ready = _get_ready(app, arguments)
    over = jobs.start_worker(app) if is_ready and app.config["MANGNON_WORKER"] else threading.Event()
    signal.signal(signal.SIGTERM, lambda *_anything: _end_well(server, over))
    try:
        server.run()
    finally:
        _settle(app)


def _serve_by_many(app: Flask, arguments: argparse.Namespace, count: int) -> None:
    """Prepare, then let others answer, and do the jobs meanwhile."""
    try:
        port = processes.take_port(arguments.host, arguments.port)
    except (OSError, ValueError, OverflowError):
        _refuse_port(arguments.host, arguments.port)
    is_ready = _get_ready(app, arguments)
    crew = processes.Crew(processes.command(), count, port, LAST_ANSWERS)
    over = jobs.start_worker(app) if is_ready and app.config["MANGNON_WORKER"] else threading.Event()

    def end(*_anything: object) -> None:
        over.set()
        crew.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    crew.watch()
    _settle(app)


def _answer(app: Flask, member: processes.Member) -> None:
    """Be one of many: what the first prepared is not prepared again."""
    health.share_damage(app, member.folder)
    logs.be_one_of_many(app, member.number)
    server = _waitress(app, sockets=[member.socket])
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_anything: _end_well(server, over))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all: the first one ends us in order
    member.end_with_the_first()
    server.run()


def _get_ready(app: Flask, arguments: argparse.Namespace) -> bool:
    """Prepare the database and say where to go; False when no page can be shown on it."""
    address = f"http://{arguments.host}:{arguments.port}"
    with app.app_context(), reach.declared(reach.INSTALLATION):
        with app.test_request_context():
            is_ready = _prepare()
        if is_ready:
            (_greet_demo if arguments.demo else _greet)(address)
        db.session.remove()
    return is_ready


#: How long answers to what was asked before SIGTERM may take (seconds).
LAST_ANSWERS = 30.0


def _end_well(server: Any, over: threading.Event) -> None:
    """SIGTERM: take no new work, answer what was asked, then stop; a second signal stops at once."""
    if over.is_set():
        sys.exit(0)
    over.set()
    for part in _parts(server):
        if getattr(part, "accepting", False):
            part.accepting = False
    threading.Thread(target=_stop_when_idle, args=(server,), daemon=True).start()


def _settle(app: Flask) -> None:
    """Leave a file that is whole by itself: whether SQLite's log is emptied at the very end depends on what threads do then."""
    file = config.sqlite_file(app.config["SQLALCHEMY_DATABASE_URI"])
    if file is not None:
        backups.settle(file)


def _parts(server: Any) -> list[Any]:
    """What waitress listens on and talks to."""
    return list(dict(getattr(server, "_map", None) or server.map).values())


def _stop_when_idle(server: Any) -> None:
    ends = time.monotonic() + LAST_ANSWERS
    while time.monotonic() < ends:
        busy = [
            part for part in _parts(server) if getattr(part, "requests", None) or getattr(part, "total_outbufs_len", 0)
        ]
        if not busy:
            break
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGTERM)


def application() -> Flask:
    """The app for another WSGI server (`run:app`); stops with one sentence when it has no good key."""
    return _for_serving(create_app())


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(1)


def _checked(app: Flask) -> Flask:
    if len(app.config["SECRET_KEY"]) < SHORTEST_KEY:
        _stop(f"Cần biến môi trường SECRET_KEY dài ít nhất {SHORTEST_KEY} ký tự; python run.py tự tạo và giữ một khóa.")
    if any(word in app.config["SECRET_KEY"].lower() for word in DEFAULT_KEYS):
        _stop("SECRET_KEY quá dễ đoán; python run.py tự tạo và giữ một khóa ngẫu nhiên.")
    if app.config["MANGNON_LOG"] == "json":
        logs.write_json()
    sqlite_log.keep()
    if app.debug:
        _stop("Không chạy với FLASK_DEBUG: trang lỗi sẽ để lộ dữ liệu.")
    return app


def _instance(*, is_demo: bool) -> Path:
    """The made-up commune never lies in the same folder as real records."""
    folder = Path(os.environ.get("MANGNON_INSTANCE") or config.ROOT / "instance")
    return folder / "demo" if is_demo else folder


def _make_app(instance: Path, **settings: int) -> Flask:
    config.keep_secret_key(instance)
    return _for_serving(create_app({"MANGNON_INSTANCE": str(instance), **settings}))


#: Seconds after which a thread that works lets another go on. With Python's own 0.005 a page, which waits for its turn after each
#: question to the database, took half a second and more while the same process read in a list (docs/performance.md).
TURN = 0.0005


def _for_serving(app: Flask) -> Flask:
    """Checked, its memory arranged for serving, and its threads made to take short turns."""
    memory.leave_out_what_is_here()
    sys.setswitchinterval(TURN)
    return _checked(app)


def _listen(app: Flask, host: str, port: int) -> Any:
    """The server with its port taken, so that a busy one is told before anything else is done."""
    try:
        return _waitress(app, host=host, port=port)
    except (OSError, ValueError, OverflowError):
        _refuse_port(host, port)


def _waitress(app: Flask, **where: Any) -> Any:
    from waitress import create_server

    return create_server(
        app,
        threads=app.config["MANGNON_THREADS"],
        ident=None,
        # With a proxy of ours in front its headers are read by ProxyFix; waitress would take them away.
        clear_untrusted_proxy_headers=not app.config["MANGNON_PROXY_COUNT"],
        **where,
    )


def _refuse_port(host: str, port: int) -> NoReturn:
    _stop(f"Không mở được {host}:{port}: cổng đang có chương trình khác dùng, hoặc địa chỉ sai. Thử --port khác.")


def _prepare() -> bool:
    """Bring the database to this code's migration; one that holds records is backed up first.

    False, with the reason told, for a database this program cannot work on: every page and /healthz then say so.
    """
    try:
        current = migrating.current()
        if current is not None and not migrating.is_known(current):
            click.echo(f"{health.check().reason}", err=True)
            return False
        if made := backup_schedule.upgrade():
            click.echo(f"Đã sao lưu trước khi nâng cấp: {made.path}")
        last_saved.look()
        if lost := last_saved.warning():
            click.echo(lost, err=True)
    except DatabaseError as problem:
        ailment = health.of(problem)
        if ailment is not health.DAMAGED:
            _stop(
                f"Không mở được cơ sở dữ liệu ({ailment.title if ailment else type(problem).__name__}); kiểm tra DATABASE_URL."
            )
        health.note_damage()
        click.echo(f"{ailment.title}. Dừng chương trình, rồi chạy flask restore --replace TỆP.", err=True)
        return False
    except backups.Unusable as problem:
        _stop(f"Chưa nâng cấp: {problem}")
    return True


def _has_users() -> bool:
    return bool(db.session.scalar(select(exists().where(User.id.is_not(None)))))


def _greet_demo(address: str) -> None:
    if not _has_users():
        click.echo("Đang tạo xã bịa để thử…")
        with audit.writing():
            demo.fill()
            db.session.commit()
        migrating.analyse()
    if db.session.scalar(select(exists().where(~Commune.is_demo))):
        _stop("Cơ sở dữ liệu này có xã thật; không chạy thử trên đó.")
    click.echo(f"\nMăng Non chạy ở {address}\n")
    for line in demo.sign_ins() or ["Mật khẩu không còn giữ ở đây: xóa cơ sở dữ liệu để thử rồi chạy lại."]:
        click.echo(f"  {line}")
    click.echo("\nMọi người trong xã này đều là bịa. Dừng: Ctrl+C.")


def _greet(address: str) -> None:
    if _has_users():
        click.echo(f"Măng Non chạy ở {address}. Dừng: Ctrl+C.")
        return
    click.echo(f"Mở {address} để thiết lập lần đầu. Mã dùng một lần: {identity.setup_code()}")
