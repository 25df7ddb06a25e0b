"""The guide as a PDF: all of both pages, by the browser of the machine, or a clear sentence."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app import guide_book

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


def test_every_heading_stands_in_the_contents_and_leads_to_its_chapter() -> None:
    book = guide_book.book()

    assert book.count("<a href") == book.count(' id="h') > 10
    assert '<a href="#h0">Vận hành Măng Non ở xã</a>' in book
    assert "Tập huấn hai giờ trên xã để thử</h1>" in book
    assert not [mark for mark in ("**", "```", "\n## ", "|---") if mark in book]


def test_tables_lists_and_commands_are_told_apart() -> None:
    lines = [
        "| A | B |",
        "|---|---|",
        "| `x` | **y** *z* |",
        "",
        "1. một",
        "   hai",
        "2. ba <b>",
        "",
        "```",
        "a < b",
        "```",
    ]

    assert list(guide_book._blocks(lines, [])) == [
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tr><td><code>x</code></td><td><b>y</b> <i>z</i></td></tr></table>",
        "<ol><li>một\n   hai</li><li>ba &lt;b&gt;</li></ol>",
        "<pre>a &lt; b</pre>",
    ]


def test_without_a_browser_it_says_what_to_do(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide_book, "PROGRAMS", ("khong-co",))

    done = app.test_cli_runner().invoke(args=["guide", "--out", str(tmp_path / "x.pdf")])

    assert done.exit_code == 1
    assert "chưa có Chromium hay Chrome" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not any(map(shutil.which, guide_book.PROGRAMS)), reason="no browser on this machine")
def test_it_writes_a_pdf(app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"

    done = app.test_cli_runner().invoke(args=["guide", "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF-")
