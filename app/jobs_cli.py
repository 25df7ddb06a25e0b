"""`flask jobs run`: a worker in a process of its own, beside the server or instead of its thread."""

import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import jobs

job_commands = AppGroup("jobs", help="Việc chạy nền.")


def register(app: Flask) -> None:
    """Add the commands to the app."""
    app.cli.add_command(job_commands)


@job_commands.command("run")
@click.option("--once", is_flag=True, help="Làm hết việc đang chờ rồi thôi.")
def run(once: bool) -> None:
    """Làm các việc đang chờ; chạy mãi đến khi được bảo dừng (Ctrl+C)."""
    if once:
        click.echo(f"{jobs.run_waiting()}")
        return
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_anything: over.set())
    try:
        jobs.work_on(current_app._get_current_object(), over)  # type: ignore[attr-defined]
    except KeyboardInterrupt:
        over.set()
