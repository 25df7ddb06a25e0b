"""The `flask` commands that keep an installation: thin doors to the functions that do the work."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app import (
    audit,
    audit_checks,
    backup_cipher,
    backup_schedule,
    backups,
    config,
    demo,
    explaining,
    generated_docs,
    health,
    migrating,
    people,
    rekeying,
    second_factor,
)
from models import Commune, Role, User, Village, clean, db

audit_commands = AppGroup("audit", help="The chain of audit events.")
key_commands = AppGroup("keys", help="The installation's secret key.")
access_commands = AppGroup("access", help="Who may see what.")
user_commands = AppGroup("users", help="The people who sign in.")


def register(app: Flask) -> None:
    """Add these commands to the app."""
    for command in (
        upgrade,
        make_migration,
        fill_demo,
        write_docs,
        backup,
        restore,
        audit_commands,
        key_commands,
        access_commands,
        user_commands,
    ):
        app.cli.add_command(command)


def _stop(sentence: str) -> click.ClickException:
    """An error for standard error, with exit status 1."""
    return click.ClickException(sentence)


def _failure(problem: SQLAlchemyError) -> str:
    """Of the disk or the database, in words; another by its kind."""
    ailment = health.of(problem)
    return str(ailment.title) if ailment is not None else type(problem).__name__


# ── Database ───────────────────────────────────────────────────────────────


@click.command()
def upgrade() -> None:
    """Bring the database to this code's migration; a backup is made first."""
    try:
        made = backup_schedule.upgrade()
    except backups.Unusable as problem:
        raise _stop(f"Chưa nâng cấp: {problem}") from None
    except SQLAlchemyError as problem:
        raise _stop(f"Chưa nâng cấp được cơ sở dữ liệu: {_failure(problem)}.") from None
    click.echo(f"{migrating.current()}")
    if made is not None:
        click.echo(f"Đã sao lưu trước khi nâng cấp: {made.path}", err=True)
        click.echo("Đường lui: đặt lại bản chương trình cũ, chạy flask restore --replace TỆP đó.", err=True)


@click.command("make-migration")
@click.argument("message")
def make_migration(message: str) -> None:
    """Write a migration from what the models have and the database has not; read it before using it."""
    migrating.make_revision(message)


@click.command("demo")
@click.option("--children", default=2000, show_default=True, help="Children living in each commune.")
@click.option("--communes", default=1, show_default=True, help="How many communes.")
@click.option("--seed", default=2024, show_default=True, help="The same seed makes the same people.")
def fill_demo(children: int, communes: int, seed: int) -> None:
    """Fill an empty database with made-up communes."""
    migrating.upgrade()
    try:
        with audit.writing():
            demo.fill(children, communes, seed)
            db.session.commit()
    except demo.Refused as refusal:
        raise _stop(str(refusal)) from None
    migrating.analyse()
    click.echo(f"Đã tạo {communes} xã để thử, mỗi xã {children} trẻ em. Mọi người trong đó đều là bịa.")
    for line in demo.sign_ins():
        click.echo(f"  {line}")


@click.group(invoke_without_command=True)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), help="Folder; default: instance/backups.")
@click.pass_context
def backup(context: click.Context, to: Path | None) -> None:
    """Write the whole database to one verified file, or `backup verify FILE`."""
    if context.invoked_subcommand is not None:
        return
    try:
        made = backup_schedule.by_hand(to)
    except backups.Unusable as problem:
        raise _stop(str(problem)) from None
    _tell(made)


_key_file = click.option(
    "--key-file", type=click.Path(path_type=Path), help="The key of an encrypted backup; default: as set."
)


@backup.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@_key_file
def verify_backup(file: Path, key_file: Path | None) -> None:
    """Check that a backup can be restored: hash, integrity, keys, row counts."""
    try:
        _tell(backups.verify(file, key_file))
    except backups.Unusable as problem:
        raise _stop(str(problem)) from None


@backup.command("daily")
def daily_backup() -> None:
    """Make the day's backup if it is due, as the server does by itself; for a scheduler of one's own."""
    run = backup_schedule.run_if_due()
    if run is None:
        click.echo("Chưa đến lúc, hôm nay đã sao lưu, hoặc đang có tiến trình khác sao lưu.")
    elif run.problem or run.copy_problem:
        raise _stop(str(run.problem or run.copy_problem))
    else:
        click.echo(f"{backups.folder() / str(run.file_name)}")


@backup.command("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Make a key for encrypted backups, write it to FILE and print it; keep it away from the backups."""
    key = backup_cipher.new_key()
    try:
        with file.open("x", encoding="utf-8") as kept:
            kept.write(f"{key}\n")
        file.chmod(0o600)
    except OSError:
        raise _stop("Không tạo được tệp này; có thể đã có tệp cùng tên.") from None
    click.echo(key)
    click.echo("Chép khóa này ra giấy, cất nơi khóa được. Mất khóa thì không mở được bản sao lưu nào.", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", metavar="URL", help="A file, sqlite:///… or postgresql://…; default: the app's own database.")
@click.option("--replace", is_flag=True, help="Also over a database in use or damaged; it is kept under another name.")
@_key_file
def restore(file: Path, into: str | None, replace: bool, key_file: Path | None) -> None:
    """Put a backup in the place of an empty or missing database."""
    try:
        restored = backups.restore(file, into, replace=replace, key_file=key_file)
    except backups.Unusable as problem:
        raise _stop(str(problem)) from None
    _tell(restored)
    changed = {s.name: restored.settings[s.name] for s in config.SETTINGS if s.name in restored.settings}
    for name, value in changed.items():
        if value != current_app.config[name] and name != "MANGNON_INSTANCE":
            click.echo(f"Cài đặt lúc sao lưu khác máy này: {name}={value}")
    if into:
        click.echo("Đã khôi phục. Trước khi dùng cơ sở dữ liệu đó, chạy flask upgrade trên nó.")
        return
    if backups.lacks_key(restored):
        click.echo(
            f"Khóa ở đây không phải khóa của bản sao lưu: chép tệp secret-key của máy cũ vào {current_app.config['MANGNON_INSTANCE']}"
            " (hoặc đặt SECRET_KEY như cũ). Không còn nó thì giấy tờ đã đính kèm không mở được nữa, và ai không qua được ứng dụng"
            " xác thực thì flask users reset TÊN."
        )
    try:
        if backup_schedule.bring_up():
            click.echo(f"Cơ sở dữ liệu nay ở đời {migrating.current()}, như chương trình này.")
    except SQLAlchemyError as problem:
        raise _stop(
            f"Đã khôi phục đủ, nhưng chưa nâng lên đời của chương trình ({_failure(problem)}); chạy flask upgrade."
        ) from None
    click.echo("Đã khôi phục. Khởi động chương trình: python run.py.")


def _tell(made: backups.Backup) -> None:
    click.echo(f"{made.path}")
    click.echo(f"sha256 {made.sha256}, migration {made.migration}, {sum(made.counts.values())} dòng:")
    for table, count in made.counts.items():
        click.echo(f"  {table} {count}")


@click.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; fail when a page is stale.")
def write_docs(check: bool) -> None:
    """Write the generated pages of docs/: access, settings, fields."""
    folder = config.ROOT / "docs"
    if not check:
        generated_docs.write(folder)
    elif stale := generated_docs.stale(folder):
        raise _stop(f"Chạy flask docs để làm lại: {', '.join(stale)}.")


# ── Audit and access ───────────────────────────────────────────────────────


@audit_commands.command("verify")
def verify() -> None:
    """Check that no audit event was changed or taken out."""
    check = audit_checks.run()
    if not check.is_good:
        raise _stop(audit_checks.problem(check))
    click.echo("Chuỗi sự kiện nguyên vẹn.")


@key_commands.command("reseal")
@click.argument("old_key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def reseal(old_key_file: Path) -> None:
    """After SECRET_KEY was changed: seal papers and authenticator apps anew, which the key in OLD_KEY_FILE opens."""
    with audit.writing():
        done = rekeying.reseal(old_key_file.read_text(encoding="utf-8").strip())
        db.session.commit()
    click.echo(f"{done.papers} giấy tờ, {done.apps} ứng dụng xác thực, {done.chains} chuỗi nhật ký nay theo khóa mới.")
    if done.lost:
        raise _stop(f"{done.lost} mục không khóa nào mở được.")


@access_commands.command("explain")
@click.argument("username", metavar="USER")
@click.argument("record")
def explain(username: str, record: str) -> None:
    """Say which rule gives or refuses RECORD (child:123, case:7, …) to USER."""
    try:
        found = explaining.explain(_user(username), record)
    except explaining.NoSuchRecord as problem:
        raise _stop(str(problem)) from None
    for rule in found.rules:
        click.echo(f"- {rule}")
    click.echo("ĐƯỢC XEM" if found.is_allowed else "KHÔNG ĐƯỢC XEM")


# ── People ─────────────────────────────────────────────────────────────────


def _user(username: str) -> User:
    user = people.find(username)
    if user is None:
        raise _stop("Không có người dùng này.")
    return user


@user_commands.command("list")
def list_users() -> None:
    """Everybody who can sign in."""
    for user in db.session.scalars(people.everybody()).unique():
        roles = ", ".join(role.value for role in Role if role in user.roles)
        state = "" if user.is_enabled else "\tkhóa"
        click.echo(f"{user.username}\t{user.full_name}\t{roles}\t{user.commune.name}{state}")


@user_commands.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--village", "villages", multiple=True, help="Name of a village a collaborator answers for.")
@click.option("--commune", help="Name of the commune, where there are several.")
def add_user(username: str, name: str, roles: tuple[str, ...], villages: tuple[str, ...], commune: str | None) -> None:
    """Add somebody and print a one-time password."""
    with audit.writing():
        place = _commune(commune)
        held = [_village(place, village) for village in villages]
        wanted = {role for role in Role if role.value in roles}
        problem = people.username_problem(username) or people.roles_problem(None, wanted, [v.id for v in held])
        if problem:
            raise _stop(f"{problem}.")
        user = people.add(None, place, username, clean.person_name(name) or name, wanted, held)
        password = people.reset_password(None, user)
        db.session.commit()
    click.echo(f"{username} / {password}")


@user_commands.command("reset")
@click.argument("username")
def reset_user(username: str) -> None:
    """Give somebody a new one-time password and print it; an authenticator app the secret key no longer opens goes."""
    with audit.writing():
        user = _user(username)
        password = people.reset_password(None, user)
        if second_factor.is_unreadable(user):
            second_factor.remove(None, user)
        db.session.commit()
    click.echo(f"{username} / {password}")


@user_commands.command("disable")
@click.argument("username")
def disable_user(username: str) -> None:
    """Let somebody sign in no longer; every device is signed out at once."""
    with audit.writing():
        user = _user(username)
        if people.is_last_administrator(user):
            raise _stop("Cần giữ lại ít nhất một người quản trị.")
        people.set_enabled(None, user, enabled=False)
        db.session.commit()
    click.echo(f"{username} không đăng nhập được nữa.")


def _commune(name: str | None) -> Commune:
    found = [c for c in db.session.scalars(people.communes()) if name is None or clean.fold(c.name) == clean.fold(name)]
    if len(found) != 1:
        raise _stop("Không có xã này." if not found else "Có nhiều xã; chọn một xã bằng --commune.")
    return found[0]


def _village(commune: Commune, name: str) -> Village:
    found = db.session.scalars(people.villages_of(commune, name)).first()
    if found is None:
        raise _stop("Xã không có thôn này.")
    return found
