"""`flask import FILE`: read a list, print what it would do, and do it when told to."""

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import audit, clock
from app.imports import batches, mapping, reader, table
from app.imports.apply import apply_plan
from app.imports.decisions import Decisions
from app.imports.plan import Plan, build_plan, plan_without_register
from app.imports.reader import Unreadable
from models import BatchState, CheckSource, Role, User, UserRole, db


def register(app: Flask) -> None:
    """Add the command to the app."""
    app.cli.add_command(import_list)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice([*table.LAYOUT_NAMES, *(one.value for one in CheckSource)]),
    help="Loại danh sách, khi không muốn để máy đoán; hoặc nguồn đối chiếu (police, insurance…): chỉ điền ô của nguồn đó.",
)
@click.option("--village", help="Thôn, khi danh sách không ghi.")
@click.option("--user", "username", help="Tên đăng nhập của người nhập; mặc định là công chức đầu tiên.")
@click.option("--apply", "is_applied", is_flag=True, help="Ghi vào sổ; không có thì chỉ xem.")
@click.option("--json", "as_json", is_flag=True, help="In kế hoạch thành một đối tượng JSON.")
@with_appcontext
def import_list(
    file: Path, layout: str | None, village: str | None, username: str | None, is_applied: bool, as_json: bool
) -> None:
    """Đọc một danh sách trẻ em (.xlsx, .xls, .ods, .csv, .tsv) và cho biết sẽ làm gì với sổ."""
    user = _importer(username)
    source = CheckSource.of_code(layout)
    decisions = Decisions(village=village, source=source)
    layout = None if source else layout
    try:
        known = mapping.remembered(user) if user else None
        read = table.read(reader.read_path(file), clock.today(), village=village, layout=layout, remembered=known)
    except Unreadable as unreadable:
        raise click.ClickException(str(unreadable)) from None
    if user is None:
        if is_applied:
            raise click.ClickException(_("Chưa có công chức nào trong hệ thống nên không ghi được."))
        click.echo(_("Chưa có sổ để đối chiếu: chỉ đọc tệp."), err=True)
        _print(plan_without_register(read), as_json)
        return
    if not is_applied:
        _print(build_plan(user, read, decisions), as_json)
        return
    db.session.rollback()
    with audit.writing():
        db.session.info.update(user_id=user.id, commune_id=user.commune_id)
        batches.wait_for_other_lists(user)
        plan = build_plan(user, read, decisions)
        _apply(user, plan)
    _print(plan, as_json)


def _importer(username: str | None) -> User | None:
    """The officer on whose behalf a list is read."""
    query = select(User).join(UserRole).where(User.is_enabled.is_(True)).order_by(User.id)
    query = query.where(User.username == username) if username else query.where(UserRole.role == Role.OFFICER)
    try:
        user = db.session.scalars(query.limit(1)).unique().one_or_none()
    except (OperationalError, ProgrammingError):
        db.session.rollback()
        user = None
    if username and user is None:
        raise click.ClickException(_("Không có người dùng “%(name)s”.", name=username))
    return user


def _apply(user: User, plan: Plan) -> None:
    earlier = batches.applied_before(user, plan.read.sha256)
    if earlier is not None:
        click.echo(batches.told_before(earlier), err=True)
    batch = batches.start(user, plan.read, None)
    batch.state = BatchState.READ
    apply_plan(user, batch, plan)
    db.session.commit()


def _print(plan: Plan, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(plan.as_json(), ensure_ascii=False, indent=1))
        return
    for sheet in plan.read.sheets:
        columns = ", ".join(f"{letter}={name}" for letter, name in sheet.columns.items())
        click.echo(f"{sheet.name or plan.read.name} [{sheet.layout}, {sheet.encoding}] {columns}")
        for note in sheet.notes:
            click.echo(f"  {note}")
    for row in plan.rows:
        _print_row(row)
    click.echo(", ".join(f"{action} {count}" for action, count in plan.totals.items()))


def _print_row(row: Any) -> None:
    values = row.values
    told = [
        values.get("full_name") or "–",
        values.get("sex") or "?",
        values.get("born_on") or "?",
        values.get("village") or "?",
    ]
    click.echo(f"{row.action:8} {row.sheet}:{row.row} " + " · ".join(str(part) for part in told))
    for change in row.changes:
        click.echo(f"         {change.field}: {change.before} → {change.after}")
    for note in row.warnings:
        click.echo(f"         ! {note.field}: {note.message}")
    for note in row.errors:
        click.echo(f"         ✗ {note.field}: {note.message}")
