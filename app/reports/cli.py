"""`flask report`: a period's figures as JSON, freezing and filing them, and what was corrected since.

A report goes out only with the leader's approval: the one given in the program, or one given on paper, whose number is told
and kept with the report (docs/decisions/0057-approval-on-paper.md).
"""

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import force_locale, gettext as _

from app import audit, clock, documents
from app.periods import Period
from app.reports import addressees, content, differences, lifecycle
from app.workbooks.cli import find_commune
from models import Commune, PeriodReport, ReportKind, clean, db

report_commands = AppGroup("report", help="Reports on a period: show, send, diff.")

_KINDS = click.Choice([kind.value for kind in ReportKind])


def register(app: Flask) -> None:
    """Add the commands to the app."""
    app.cli.add_command(report_commands)


@report_commands.command("show")
@click.argument("period")
@click.option("--commune", help="Name or number; needed only where there are several.")
@click.option("--sent", is_flag=True, help="As it was sent, not as the records say now.")
@click.option("--json", "as_json", is_flag=True, help="JSON; it is what is printed anyway.")
def show(period: str, commune: str | None, sent: bool, as_json: bool) -> None:
    """Print the figures of a period as JSON. PERIOD: 2026, 2026-H1, 2026-9M, 2026-Q3, 2026-06, 2026-TK-H1, day..day."""
    with force_locale("vi"):
        found, asked = find_commune(commune), _period(period)
        if sent:
            report = _sent(found, asked, ReportKind.FIGURES)
            figures, on = report.figures, report.counted_on
        else:
            on = asked.counted_on(clock.today())
            figures = content.take(found, asked, on).figures
        _print({
            "commune": found.name,
            "period": {
                "code": asked.code, "label": asked.label,
                "first": asked.first.isoformat(), "last": asked.last.isoformat(),
            },
            "counted_on": on.isoformat(),
            "sent": sent,
            "figures": figures,
        })  # fmt: skip


@report_commands.command("send")
@click.argument("period")
@click.option("--commune", help="Name or number; needed only where there are several.")
@click.option("--kind", type=_KINDS, default=ReportKind.FIGURES.value, show_default=True, help="Which report.")
@click.option("--to", "sent_to", multiple=True, help="Whom it goes to; default: the office in force.")
@click.option("--approved-on-paper", metavar="NUMBER", help="Number of the paper by which a leader approved it.")
@click.option("--approved-by", help="Who approved it on paper, kept with the report.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder to write the files into too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was filed as JSON.")
def send(
    period: str, commune: str | None, kind: str, sent_to: tuple[str, ...], approved_on_paper: str | None,
    approved_by: str | None, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Freeze and file a period's report: the one the leader approved, or one made now and approved on paper."""
    with force_locale("vi"):
        found, asked, which = find_commune(commune), _period(period), ReportKind(kind)
        report = _file(found, asked, which, "\n".join(sent_to), _paper(approved_on_paper, approved_by))
        if out is not None:
            _write(report, out)
        files = [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in report.files]
        if as_json:
            _print({"report": report.id, "period": report.period, "sent_to": (report.sent_to or "").splitlines(),
                    "sent_at": report.sent_at.isoformat() if report.sent_at else None, "files": files})  # fmt: skip
            return
        click.echo(f"Đã gửi báo cáo số {report.id}, {asked.label}.")
        for file in files:
            click.echo(f"{file['name']}: sha256 {file['sha256']}")


def _file(commune: Commune, period: Period, kind: ReportKind, sent_to: str, paper: str | None) -> PeriodReport:
    try:
        report = lifecycle.find_approved(commune, period, kind)
        if report is None and paper is None:
            raise lifecycle.Refused(
                _("Lãnh đạo chưa duyệt báo cáo này. Đã duyệt trên giấy thì thêm --approved-on-paper SỐ.")
            )
        made = None if report else lifecycle.prepare(commune, period, kind, None)
        db.session.rollback()
        with audit.writing():
            report = report or _approve(commune, made, paper)
            lifecycle.send(report, None, sent_to or addressees.usual(commune, kind))
            db.session.commit()
    except (lifecycle.Refused, documents.BrokenTemplate) as why:
        raise click.ClickException(str(why)) from None
    return report


def _paper(number: str | None, approved_by: str | None) -> str | None:
    """What is kept of an approval on paper; None where none is told."""
    number = clean.text(number)
    if not number:
        return None
    by = clean.text(approved_by)
    return (
        _("Duyệt trên giấy số %(number)s, %(who)s", number=number, who=by)
        if by
        else _("Duyệt trên giấy số %(number)s", number=number)
    )


def _approve(commune: Commune, made: lifecycle.Prepared | None, paper: str | None) -> PeriodReport:
    """A report made now, noted as approved on paper."""
    if made is None:
        raise lifecycle.Refused(_("Chưa có báo cáo nào để gửi."))
    report = lifecycle.submit(commune, made, None)
    lifecycle.decide(report, None, approved=True, note=paper)
    return report


def _write(report: PeriodReport, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in report.files:
            (folder / file.name).write_bytes(file.content)
    except OSError as problem:
        raise click.ClickException(f"Không ghi được vào {folder}: {problem.strerror}.") from None


@report_commands.command("diff")
@click.argument("period")
@click.option("--commune", help="Name or number; needed only where there are several.")
@click.option("--kind", type=_KINDS, default=ReportKind.FIGURES.value, show_default=True, help="Which report.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(period: str, commune: str | None, kind: str, as_json: bool) -> None:
    """Print what was corrected since a period's report was sent."""
    with force_locale("vi"):
        found = differences.compare(_sent(find_commune(commune), _period(period), ReportKind(kind)))
        if as_json:
            _print(differences.as_json(found))
            return
        for one in found.differences:
            click.echo(f"{one.code}. {one.label}: {one.sent} → {one.now}")
            for reason in one.reasons:
                codes = "" if one.is_secret else f" ({', '.join(reason.codes)})"
                click.echo(f"    {reason.text}{codes}")
        if found.corrections:
            click.echo("Sửa đổi ghi sau khi lập báo cáo:")
        for correction in found.corrections:
            click.echo(f"    {clock.local(correction.at):%d/%m/%Y %H:%M} {correction.code}: {correction.what}")
        if not found.differences and not found.corrections:
            click.echo("Không có sửa đổi nào.")


def _sent(commune: Commune, period: Period, kind: ReportKind) -> PeriodReport:
    report = lifecycle.find_sent(commune, period, kind)
    if report is None:
        raise click.ClickException(f"Chưa gửi báo cáo nào của kỳ {period.code}.")
    return report


def _period(code: str) -> Period:
    try:
        return Period.read(code)
    except ValueError:
        raise click.UsageError(
            f"Không đọc được kỳ {code!r}; ví dụ: 2026, 2026-H1, 2026-9M, 2026-Q3, 2026-06, 2026-TK-H1, "
            "2026-01-15..2026-03-31."
        ) from None


def _print(told: dict[str, Any]) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
