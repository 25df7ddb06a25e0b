"""Report deadlines: told until sent, by rules the commune edits."""

import json
from datetime import date, datetime

import pytest
from flask import Flask

from app import clock, report_duties
from app.reports import lifecycle
from models import (
    DutyDone,
    PeriodReport,
    PeriodReportState,
    PeriodRule,
    ReportDuty,
    ReportKind,
    User,
    db,
)
from tests.make import Make
from tests.page import Client


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=clock.LOCAL)
    monkeypatch.setattr(clock, "now", lambda: moment)


def owed(user: User) -> list[tuple[str, str, date, bool]]:
    return [
        (line.duty.name, line.period.code, line.deadline.due_on, line.is_overdue) for line in report_duties.lines(user)
    ]


def action_month(make: Make, **values: object) -> ReportDuty:
    facts = {
        "name": "Báo cáo Tháng hành động", "kind": ReportKind.ACTION_MONTH, "rule": PeriodRule.JUNE, "months_after": 1,
        "due_day": 9, "source": "TT 28/2019/TT-BLĐTBXH Đ5", "valid_from": date(2026, 1, 1), **values,
    }  # fmt: skip
    duty: ReportDuty = make.save(ReportDuty(commune_id=make.home.id, **facts))
    return duty


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 6, 23), []),
        (date(2026, 6, 24), [("Báo cáo Tháng hành động", "2026-06", date(2026, 7, 9), False)]),
        (date(2026, 7, 9), [("Báo cáo Tháng hành động", "2026-06", date(2026, 7, 9), False)]),
        (date(2026, 7, 10), [("Báo cáo Tháng hành động", "2026-06", date(2026, 7, 9), True)]),
        (date(2027, 6, 1), [("Báo cáo Tháng hành động", "2026-06", date(2026, 7, 9), True)]),
    ],
    ids=["16 days before", "15 days before", "the last day", "before 10 July is over", "until it is sent"],
)
def test_the_action_month_report_is_due_before_10_july(
    make: Make, officer: User, monkeypatch: pytest.MonkeyPatch, day: date, found: list[object]
) -> None:
    action_month(make)
    at(monkeypatch, day)

    assert owed(officer) == found


def test_a_period_that_was_due_before_the_rule_began_or_after_it_ended_is_not_told(
    make: Make, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    action_month(make, valid_from=date(2026, 7, 10), valid_to=date(2027, 7, 8))
    at(monkeypatch, date(2028, 1, 1))

    assert owed(officer) == []


@pytest.mark.parametrize(
    ("period", "still"),
    [("2026-TK-H1", []), ("2026-H1", []), ("2026", ["2026-TK-H1"]), ("2025-TK-H1", ["2026-TK-H1"])],
    ids=["this very period", "the same half by the other calendar", "another length", "another year"],
)
def test_a_report_sent_meets_its_duty(
    make: Make, officer: User, monkeypatch: pytest.MonkeyPatch, period: str, still: list[str]
) -> None:
    action_month(make, kind=ReportKind.WORK, rule=PeriodRule.STATISTICAL_HALF, months_after=0, due_day=10)
    report = make.save(
        PeriodReport(
            commune_id=officer.commune_id, period=period, kind=ReportKind.WORK, counted_on=date(2026, 6, 8),
            frozen_at=clock.now(), state=PeriodReportState.APPROVED,
        )
    )  # fmt: skip
    at(monkeypatch, date(2026, 6, 9))
    assert [code for _name, code, _due, _late in owed(officer)] == ["2026-TK-H1"]

    lifecycle.send(report, officer, "Sở Y tế")
    db.session.commit()

    assert [code for _name, code, _due, _late in owed(officer)] == still


def test_the_work_list_counts_what_its_page_lists(
    client: Client, make: Make, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    action_month(make)
    action_month(make, name="Danh sách quý", kind=None, rule=PeriodRule.QUARTER, months_after=0, due_day=31)
    at(monkeypatch, date(2026, 9, 20))
    client.sign_in(officer)

    page = client.page("/")
    late, soon = (client.page(f"/reports/deadlines?which={which}").rows() for which in ("overdue", "soon"))

    assert "Báo cáo định kỳ quá hạn gửi" in page.text
    assert "Báo cáo định kỳ đến hạn trong 15 ngày" in page.text
    assert sorted(row["Kỳ"] for row in late) == ["quý I năm 2026", "quý II năm 2026", "tháng 6 năm 2026"]
    assert [row["Kỳ"] for row in soon] == ["quý III năm 2026"]


def test_noting_a_sending_ends_it_once_and_may_be_taken_back(
    client: Client, make: Make, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = action_month(make)
    at(monkeypatch, date(2026, 7, 12))
    client.sign_in(officer)
    path = f"/reports/deadlines/{duty.id}/done?period=2026-06"

    late = client.send(path, {"sent_on": "13/7/2026"})
    client.send(path, {"sent_on": "8/7/2026", "note": "12/BC-UBND"})
    owed_then = owed(officer)
    twice = client.page(path)
    note = db.session.scalars(db.select(DutyDone)).one()
    client.send(f"/reports/deadlines/done/{note.id}/delete")

    assert late.errors() == {"sent_on": "Ngày gửi không được ở sau hôm nay"}
    assert owed_then == []
    assert "Kỳ này không còn nợ báo cáo" in twice.text
    assert [code for _name, code, _due, _late in owed(officer)] == ["2026-06"]


def test_the_rules_are_edited_in_the_settings(client: Client, make: Make, officer: User) -> None:
    client.sign_in(officer)
    wrong = client.send(
        "/settings/report-duties/new",
        {"name": "Báo cáo tháng", "rule": "month", "months_after": "1", "due_day": "32", "source": "CV 1", "valid_from": "1/1/2026"},
    )  # fmt: skip
    client.send("/settings/report-duties/fill")
    client.send("/settings/report-duties/fill")
    rows = client.page("/settings/report-duties").rows()

    assert wrong.errors() == {"due_day": "Từ 1 đến 31"}
    assert len(rows) == 5
    assert {row["Văn bản quy định"] for row in rows} >= {"TT 28/2019/TT-BLĐTBXH Đ5", "Luật Trẻ em Đ90.3"}


def test_flask_deadlines_tells_them(app: Flask, make: Make) -> None:
    action_month(make)

    found = json.loads(app.test_cli_runner().invoke(args=["deadlines", "--today", "10/7/2026", "--json"]).stdout)

    assert [(one["what"], one["case"], one["due"], one["overdue"], one["article"]) for one in found] == [
        ("Báo cáo Tháng hành động", "2026-06", "09/07/2026", True, "TT 28/2019/TT-BLĐTBXH Đ5")
    ]
