"""`flask deadlines`."""

import json
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import clock, create_app
from models import IntakeReport, db
from tests.make import Make


def received(make: Make, at: datetime) -> None:
    """An open case from a report received at this instant."""
    make.case(make.child("Trần Văn Kín"), received_at=at)


def test_it_tells_the_twelve_hours_with_their_article_and_no_name(app: Flask, make: Make) -> None:
    received(make, datetime(2026, 6, 1, 8, 0, tzinfo=clock.LOCAL))

    result = app.test_cli_runner().invoke(args=["deadlines", "--today", "2/6/2026", "--json"])

    first = json.loads(result.stdout)[0]
    assert result.exit_code == 0
    assert first["due"] == "20:00 01/06/2026"
    assert first["overdue"] is True
    assert "26.3" in first["article"]
    assert "Trần Văn Kín" not in result.stdout


def test_the_day_before_nothing_is_overdue(app: Flask, make: Make) -> None:
    received(make, datetime(2026, 6, 2, 8, 0, tzinfo=clock.LOCAL))

    result = app.test_cli_runner().invoke(args=["deadlines", "--today", "2026-06-01"])

    assert "QUÁ HẠN" not in result.stdout
    assert "NĐ 56/2017" in result.stdout


def test_an_unreadable_day_is_said_on_standard_error(app: Flask, make: Make) -> None:
    result = app.test_cli_runner().invoke(args=["deadlines", "--today", "hôm kia"])

    assert result.exit_code != 0
    assert "Không đọc được ngày" in result.stderr
    assert db.session.scalars(db.select(IntakeReport)).all() == []


def test_a_command_on_an_old_database_says_what_to_run(tmp_path: Path) -> None:
    app = create_app(
        {"TESTING": True, "SECRET_KEY": "k" * 40, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    )

    result = app.test_cli_runner().invoke(args=["users", "list"])

    assert result.exit_code == 1
    assert result.stderr == ("Error: Cơ sở dữ liệu chưa ở phiên bản của chương trình này. Chạy: flask upgrade\n")
