"""Starting the server: everything from nothing for `--demo`, or the installation's own database."""

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError

from app import audit, backup_schedule, backups, config, create_app, demo, identity, jobs, migrating
from models import Commune, User, db

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
    parser = argparse.ArgumentParser(prog="run.py", description="Chạy Măng Non trên máy này.")
    parser.add_argument("--demo", action="store_true", help="một xã bịa để thử, trong instance/demo")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (mặc định 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="cổng (mặc định 8000)")
    arguments = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):  # a Windows console may lack Vietnamese letters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app = _make_app(_instance(is_demo=arguments.demo), **({"MANGNON_SECOND_FACTOR_DAYS": -1} if arguments.demo else {}))
    server = _listen(app, arguments.host, arguments.port)
    address = f"http://{arguments.host}:{arguments.port}"
    with app.app_context():
        _prepare()
        (_greet_demo if arguments.demo else _greet)(address)
        db.session.remove()
    signal.signal(signal.SIGTERM, lambda *_anything: sys.exit(0))
    if app.config["MANGNON_WORKER"]:
        jobs.start_worker(app)
    server.run()


def application() -> Flask:
    """The app for another WSGI server (`run:app`); stops with one sentence when it has no good key."""
    return _checked(create_app())


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(1)


def _checked(app: Flask) -> Flask:
    if len(app.config["SECRET_KEY"]) < SHORTEST_KEY:
        _stop(f"Cần biến môi trường SECRET_KEY dài ít nhất {SHORTEST_KEY} ký tự; python run.py tự tạo và giữ một khóa.")
    if any(word in app.config["SECRET_KEY"].lower() for word in DEFAULT_KEYS):
        _stop("SECRET_KEY quá dễ đoán; python run.py tự tạo và giữ một khóa ngẫu nhiên.")
    if app.debug:
        _stop("Không chạy với FLASK_DEBUG: trang lỗi sẽ để lộ dữ liệu.")
    return app


def _instance(*, is_demo: bool) -> Path:
    """The made-up commune never lies in the same folder as real records."""
    folder = Path(os.environ.get("MANGNON_INSTANCE") or config.ROOT / "instance")
    return folder / "demo" if is_demo else folder


def _make_app(instance: Path, **settings: int) -> Flask:
    config.keep_secret_key(instance)
    return _checked(create_app({"MANGNON_INSTANCE": str(instance), **settings}))


def _listen(app: Flask, host: str, port: int) -> Any:
    """The server with its port taken, so that a busy one is told before anything else is done."""
    from waitress import create_server

    try:
        return create_server(app, host=host, port=port, threads=app.config["MANGNON_THREADS"], ident=None)
    except (OSError, ValueError, OverflowError):
        _stop(f"Không mở được {host}:{port}: cổng đang có chương trình khác dùng, hoặc địa chỉ sai. Thử --port khác.")


def _prepare() -> None:
    """Bring the database to this code's migration; one that holds records is backed up first."""
    try:
        if made := backup_schedule.upgrade():
            click.echo(f"Đã sao lưu trước khi nâng cấp: {made.path}")
    except OperationalError:
        _stop("Không mở được cơ sở dữ liệu; kiểm tra DATABASE_URL.")
    except backups.Unusable as problem:
        _stop(f"Chưa nâng cấp: {problem}")


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
