"""`flask upgrade`, `flask audit verify`, `flask access explain`, `flask users`: keeping an installation."""

import click
from flask import Flask
from flask.cli import AppGroup

from app import audit, migrating
from models import db

audit_commands = AppGroup("audit", help="The chain of audit events.")


def register(app: Flask) -> None:
    """Add these commands to the app."""
    app.cli.add_command(upgrade)
    app.cli.add_command(audit_commands)


@click.command()
def upgrade() -> None:
    """Bring the database to this code's migration."""
    migrating.upgrade()
    click.echo(f"{migrating.current()}")


@audit_commands.command("verify")
def verify() -> None:
    """Check that no audit event was changed or taken out."""
    broken = audit.broken_links()
    db.session.rollback()
    if broken:
        raise click.ClickException(f"{len(broken)} sự kiện bị sửa hoặc mất, bắt đầu từ số {broken[0]}")
    click.echo("Chuỗi sự kiện nguyên vẹn.")
