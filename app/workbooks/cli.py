"""`flask export`: workbooks from the command line, for scheduled jobs and other software.

Whoever runs it can read the database file itself, so no password is asked; names still need `--named` and a reason.
The workbook is read with the eyes of `access.commune_reader`, and noted in the log of downloads like any other.
"""

from pathlib import Path

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import access, audit, clock, sharing
from app.periods import Period
from app.workbooks import WORKBOOKS, Variant, making, workbook
from models import Commune, Village, clean, db


def register(app: Flask) -> None:
    """Add the command to the app."""
    app.cli.add_command(export)


@click.command()
@click.argument("name", metavar="WORKBOOK", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--period",
    help="2026, 2026-H1, 2026-9M, 2026-Q3, 2026-09, 2026-TK-H1 or 2026-01-15..2026-03-31. Default: this year.",
)
@click.option("--village", help="Only this village (name or number), in lists.")
@click.option("--commune", help="Name or number; needed only where there are several.")
@click.option("--named", is_flag=True, help="With names; needs --reason.")
@click.option("--public", is_flag=True, help="Totals only, small counts hidden.")
@click.option("--reason", help="Why names are needed; kept in the log of downloads.")
@click.option("--protocol", help="Number of the sharing protocol by which names go out.")
@click.option("--list", "list_them", is_flag=True, help="Name the workbooks and end.")
def export(
    name: str | None,
    out: Path | None,
    period: str | None,
    village: str | None,
    commune: str | None,
    named: bool,
    public: bool,
    reason: str | None,
    protocol: str | None,
    list_them: bool,
) -> None:
    """Write a workbook to a file: coded (no names) unless told otherwise."""
    with force_locale("vi"):
        if list_them:
            _list()
            return
        if name not in WORKBOOKS:
            raise click.UsageError(f"Chọn một biểu: {', '.join(WORKBOOKS)}.")
        if out is None:
            raise click.UsageError("Thiếu --out: tên tệp sẽ ghi ra.")
        variant = _variant(name, named, public, reason)
        if village is not None and not making.takes_village(name):
            raise click.UsageError(f"Biểu {name} là của cả xã, không có --village.")
        found = find_commune(commune)
        made_by = "flask export" if named else None
        asked = making.brief(
            found,
            _period(period),
            variant,
            village=_village(found, village),
            made_by=made_by,
            reason=reason,
            protocol_id=_protocol(found, protocol),
        )
        _write(name, asked, out)


def _list() -> None:
    for code in WORKBOOKS:
        variants = ", ".join(variant.value for variant in making.variants(code))
        click.echo(f"{code:16} {workbook(code).TITLE} ({variants})")


def _variant(name: str, named: bool, public: bool, reason: str | None) -> Variant:
    if named and public:
        raise click.UsageError("Chỉ chọn một trong --named và --public.")
    if named and not (reason or "").strip():
        raise click.UsageError("Bản có họ tên phải ghi lý do: --reason.")
    variant = Variant.NAMED if named else Variant.PUBLIC if public else Variant.CODED
    if variant not in making.variants(name):
        held = ", ".join(f"--{held.value}" if held is not Variant.CODED else "coded" for held in making.variants(name))
        raise click.UsageError(f"Biểu {name} không có bản {variant.value}; có: {held}.")
    return variant


def _period(code: str | None) -> Period:
    if code is None:
        return Period.of_year(clock.today().year)
    try:
        return Period.read(code)
    except ValueError:
        raise click.UsageError(f"Không đọc được kỳ {code!r}; ví dụ: 2026, 2026-H1, 2026-9M, 2026-TK-H1.") from None


def find_commune(wanted: str | None) -> Commune:
    """The commune named, or the only one."""
    communes = db.session.scalars(select(Commune).order_by(Commune.id)).all()
    if wanted is not None:
        communes = [one for one in communes if wanted == str(one.id) or clean.fold(one.name) == clean.fold(wanted)]
    if len(communes) != 1:
        raise click.UsageError("Không tìm thấy xã này." if not communes else "Có nhiều xã: chọn bằng --commune.")
    return communes[0]


def _village(commune: Commune, wanted: str | None) -> Village | None:
    if wanted is None:
        return None
    villages = db.session.scalars(access.visible_villages(access.commune_reader(commune.id)))
    found = [one for one in villages if wanted == str(one.position) or clean.fold(one.name) == clean.fold(wanted)]
    if len(found) != 1:
        raise click.UsageError(f"Xã {commune.name} không có thôn {wanted!r}.")
    return found[0]


def _protocol(commune: Commune, number: str | None) -> int | None:
    if number is None:
        return None
    known = sharing.in_force(access.commune_reader(commune.id))
    found = next((one.id for one in known if one.number == number), None)
    if found is None:
        raise click.UsageError(f"Xã {commune.name} không có quy chế {number!r} đang hiệu lực.")
    return found


def _write(name: str, asked: making.Brief, out: Path) -> None:
    try:
        made = making.make(name, asked)
    except making.Refused as why:
        raise click.ClickException(str(why)) from None
    db.session.rollback()
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        unfinished.write_bytes(made.content)
        with audit.writing():
            making.note(name, asked, made, None)
            db.session.commit()
        unfinished.replace(out)
    except OSError as problem:
        raise click.ClickException(f"Không ghi được {out}: {problem.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{out}: {made.row_count} dòng, sha256 {made.sha256}")
