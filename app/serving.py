"""Starting the server: everything from nothing for `--demo`, or the installation's own database."""

import argparse
import os
from pathlib import Path

from sqlalchemy import exists, select

from app import config, create_app, identity, migrating
from models import User, db


def main() -> None:
    """Read the command line, migrate, and serve with waitress."""
    parser = argparse.ArgumentParser(prog="run.py", description="Chạy Măng Non trên máy này.")
    parser.add_argument("--demo", action="store_true", help="một xã bịa để thử, trong instance/demo")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (mặc định 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="cổng (mặc định 8000)")
    arguments = parser.parse_args()
    settings = {}
    if arguments.demo:
        folder = config.ROOT / "instance" / "demo"
        settings = {"MANGNON_INSTANCE": str(folder), "DATABASE_URL": os.environ.get("DATABASE_URL", "")}
    instance = Path(settings.get("MANGNON_INSTANCE") or os.environ.get("MANGNON_INSTANCE") or config.ROOT / "instance")
    config.keep_secret_key(instance)
    app = create_app(settings)
    with app.app_context():
        migrating.upgrade()
        address = f"http://{arguments.host}:{arguments.port}"
        if arguments.demo:
            _fill_demo(address)
        else:
            _greet(address)
        db.session.remove()
    from waitress import serve

    serve(app, host=arguments.host, port=arguments.port, threads=app.config["MANGNON_THREADS"], ident=None)


def _fill_demo(address: str) -> None:
    from app import demo

    if not db.session.scalar(select(exists().where(User.id.is_not(None)))):
        print("Đang tạo xã bịa để thử (khoảng nửa phút)…", flush=True)
        demo.fill()
    print(f"\nMăng Non chạy ở {address}\n", flush=True)
    for line in demo.sign_ins():
        print("  " + line, flush=True)
    print("\nMọi người trong xã này đều là bịa. Dừng: Ctrl+C.", flush=True)


def _greet(address: str) -> None:
    if db.session.scalar(select(exists().where(User.id.is_not(None)))):
        print(f"Măng Non chạy ở {address}. Dừng: Ctrl+C.", flush=True)
        return
    print(f"Mở {address} để thiết lập lần đầu. Mã dùng một lần: {identity.setup_code()}", flush=True)
