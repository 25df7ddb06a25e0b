"""`flask guide`: the operator's guide and the training path as one PDF to print, made by the Chromium or Chrome of this machine."""

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from app.config import ROOT

#: The pages bound together, in order.
PAGES = ("docs/van-hanh.md", "docs/tap-huan.md")
#: Programs that print a page to PDF, the first found.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MOST_SECONDS = 120

_STYLE = """
@page { size: A4; margin: 20mm 18mm 20mm 25mm; @bottom-center { content: counter(page) " / " counter(pages); font: 9pt serif; } }
body { font: 11.5pt/1.5 "Noto Serif", "Times New Roman", "DejaVu Serif", serif; }
h1 { break-before: page; } h1, h2 { break-after: avoid; line-height: 1.35; } .title { break-before: avoid; text-align: center; }
table { border-collapse: collapse; width: 100%; } td, th { border: 0.5pt solid #555; padding: 2pt 5pt; text-align: left; vertical-align: top; }
tr, pre { break-inside: avoid; } code, pre { font: 9.5pt/1.4 "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
a { color: inherit; } nav ul { list-style: none; padding-left: 1.2em; }
"""


def register(app: Flask) -> None:
    """Add the command to the app."""
    app.cli.add_command(guide)


@click.command("guide")
@click.option("--out", default="huong-dan-mang-non.pdf", type=click.Path(path_type=Path), help="Tệp PDF sẽ ghi.")
def guide(out: Path) -> None:
    """Sách hướng dẫn vận hành và tập huấn, PDF khổ A4 để in."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise click.ClickException(
            "Máy này chưa có Chromium hay Chrome để làm PDF. Cài một trong hai (Debian: apt install chromium) rồi chạy lại."
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder, "page.html"), Path(folder, "made.pdf")
        page.write_text(book(), encoding="utf-8")
        _print(program, folder, page, made)
        shutil.copyfile(made, out)
    click.echo(f"Đã ghi {out}.")


def _print(program: str, folder: str, page: Path, made: Path) -> None:
    options = ("--headless", "--disable-gpu", "--no-sandbox", "--no-pdf-header-footer", f"--user-data-dir={folder}/own")
    command = [program, *options, f"--print-to-pdf={made}", page.as_uri()]
    try:
        subprocess.run(command, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise click.ClickException(f"Trình duyệt làm PDF quá {MOST_SECONDS} giây, đã dừng.") from None
    if not made.exists():
        raise click.ClickException("Trình duyệt không làm được PDF. Mở trình duyệt một lần cho quen máy rồi chạy lại.")


def book() -> str:
    """The book as one page: title, contents, then every page of docs/ in order."""
    headings: list[tuple[int, str]] = []
    parts: list[str] = []
    for name in PAGES:
        parts += _blocks((ROOT / name).read_text(encoding="utf-8").split("\n"), headings)
    contents = "".join(
        f'<li style="margin-left:{(level - 1) * 1.5}em"><a href="#h{number}">{_words(text)}</a></li>'
        for number, (level, text) in enumerate(headings)
    )
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Măng Non</title><style>{_STYLE}</style>'
        f'<h1 class="title">Măng Non<br>Hướng dẫn vận hành và tập huấn</h1><nav><h2>Mục lục</h2><ul>{contents}</ul></nav>'
        f"{''.join(parts)}</html>"
    )


def _blocks(lines: list[str], headings: list[tuple[int, str]]) -> Iterator[str]:
    """The blocks of a page: headings, tables, lists, commands, paragraphs; what our docs use of Markdown, and no more."""
    number = 0
    while number < len(lines):
        line = lines[number]
        if heading := re.match(r"(#{1,3}) (.+)", line):
            level = len(heading[1])
            yield f'<h{level} id="h{len(headings)}">{_words(heading[2])}</h{level}>'
            headings.append((level, heading[2]))
            number += 1
        elif line.startswith("```"):
            end = next((i for i in range(number + 1, len(lines)) if lines[i].startswith("```")), len(lines))
            yield f"<pre>{html.escape(chr(10).join(lines[number + 1 : end]))}</pre>"
            number = end + 1
        elif line.strip():
            end = next((i for i in range(number, len(lines)) if _ends(lines, i, number)), len(lines))
            yield _block(lines[number:end])
            number = end
        else:
            number += 1


def _ends(lines: list[str], at: int, start: int) -> bool:
    return at > start and (not lines[at].strip() or lines[at].startswith(("#", "```")))


def _block(lines: list[str]) -> str:
    if lines[0].startswith("|"):
        rows = [
            re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in lines if not re.fullmatch(r"[|\s:-]+", line)
        ]
        cells = [[f"<td>{_words(cell.strip())}</td>" for cell in row] for row in rows]
        head = "".join(cells[0]).replace("td>", "th>")
        body = "".join("<tr>" + "".join(row) + "</tr>" for row in cells[1:])
        return f"<table><thead><tr>{head}</tr></thead>{body}</table>"
    if item := re.match(r"(- |\d+\. )", lines[0]):
        kind = "ul" if item[1] == "- " else "ol"
        items = re.split(r"\n(?=- |\d+\. )", "\n".join(lines))
        inner = "".join(f"<li>{_words(re.sub(r'^(- |[0-9]+[.] )', '', one))}</li>" for one in items)
        return f"<{kind}>{inner}</{kind}>"
    return f"<p>{_words(' '.join(lines))}</p>"


def _words(text: str) -> str:
    """Words of a line: bold, italics, commands, and links as their words."""
    escaped = html.escape(text, quote=False)
    escaped = re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
    escaped = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", escaped)
    escaped = re.sub(r"\*([^*\s][^*]*)\*", r"<i>\1</i>", escaped)
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", escaped)
