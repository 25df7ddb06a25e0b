"""`flask wipe`: leave nothing of erased records in the database file, when somebody held it while they were erased."""

import click
from flask import Flask

from app import erasing


def register(app: Flask) -> None:
    """Add the command to the app."""
    app.cli.add_command(wipe)


@click.command("wipe")
def wipe() -> None:
    """Làm sạch tệp cơ sở dữ liệu sau khi xóa hồ sơ; chạy lúc không ai dùng."""
    if not erasing.wipe():
        raise click.ClickException("Có người đang dùng cơ sở dữ liệu; chưa làm sạch được.")
    click.echo("Đã làm sạch tệp cơ sở dữ liệu.")
