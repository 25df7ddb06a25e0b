"""The dashboard: equal to a recount after every change, quick, every number opening its list, nothing secret by village."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event

from app import casework, clock, dashboard, likely_pairs, register, remembered, trends, worklist
from app.child_filters import ChildFilters
from app.entitlements import lists as entitlement_lists
from models import Child, Disability, PopulationCheck, Schooling, Service, ServiceKind, User, Village, db
from tests.make import Make
from tests.page import Client


@pytest.fixture
def village(make: Make) -> Village:
    return make.village("Thôn Đông")


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def test_remembered_counts_equal_a_recount_after_every_kind_of_change(
    make: Make, village: Village, officer: User
) -> None:
    child = make.child(village=village)
    steps = [
        lambda: make.child("Trần Thị Hai", village),
        lambda: make.circumstance(child, "a.1"),
        lambda: make.circumstance(child, "đ"),
        lambda: make.save(Disability(commune_id=child.commune_id, child=child)),
        lambda: setattr(child, "personal_id", "030218000019"),
        lambda: setattr(child, "population_check", PopulationCheck.MATCHED),
        lambda: setattr(child, "schooling", Schooling.DROPPED_OUT),
        lambda: make.relative(child),
        lambda: setattr(child, "left_on", date(2026, 1, 1)),
        lambda: db.session.delete(make.circumstance(child, "b.1")),
    ]
    for step in steps:
        dashboard.counts(officer)
        step()
        db.session.commit()

        assert dashboard.counts(officer) == dashboard.recount(officer, clock.today())


def test_unchanged_counts_are_told_without_reading_the_register(make: Make, village: Village, officer: User) -> None:
    make.child(village=village)
    dashboard.counts(officer)
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "set_config" not in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        dashboard.counts(officer)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(asked) == 1  # the last changes of the commune
    assert "FROM changes" in asked[0]


def test_another_commune_has_its_own_counts(make: Make, village: Village, officer: User) -> None:
    make.child(village=village)
    other = make.user("officer", commune=make.commune("xã Bên"))

    assert (dashboard.counts(officer).total("children"), dashboard.counts(other).total("children")) == (1, 0)


def test_every_number_opens_a_list_of_as_many(client: Client, make: Make, village: Village, officer: User) -> None:
    child = make.child(village=village)
    make.circumstance(child, "a.1")
    make.circumstance(make.child("Trần Thị Hai", village), "r.divorced")

    known = dashboard.counts(officer)
    beside = dashboard.village_lines(officer, known)
    for chart in dashboard.charts(officer, known, casework.case_lines(officer), beside):
        for bar in chart.bars:
            for value, opens in zip(bar.values, bar.opens, strict=False):
                if opens is not None and opens[0] == "children":
                    assert register.count_children(officer, opens[1]) == value, (chart.code, bar.label)


def test_nothing_secret_is_told_by_village(make: Make, village: Village, officer: User) -> None:
    make.circumstance(make.child(village=village), "đ")

    known = dashboard.counts(officer)

    (line,) = dashboard.village_lines(officer, known)
    assert line.counts[1] == 0
    assert known.total("group_đ") == 1


def test_the_page_shows_charts_with_tables_and_no_inline_style(client: Client, make: Make, village: Village) -> None:
    child: Child = make.child(village=village)
    make.circumstance(child, "a.1")
    make.save(Service(commune_id=child.commune_id, child=child, kind=ServiceKind.GIFT, done_on=clock.today(), cost=50))

    text = client.sign_in(make.user("leader")).get("/dashboard/").text

    assert text.count('<div class="bars"') >= 7
    assert text.count("<details") >= 7
    assert " style=" not in text
    assert "1; 50 đ" in text
    assert child.full_name not in re.sub(r"<header.*?</header>", "", text, flags=re.S)


def test_the_trend_is_told_by_the_periods_asked_for(client: Client, make: Make, village: Village) -> None:
    make.circumstance(make.child(village=village), "a.1", started_on=date(2025, 1, 1))
    client.sign_in(make.user("leader"))

    page = client.page("/dashboard/?step=year&count=2")

    table = next(
        table for table in page.soup.select(".chart table") if "Qua các kỳ" in table.select_one("th").get_text()
    )
    year = clock.today().year
    days = [row.select_one("th").get_text() for row in table.select("tbody tr")]
    assert days == [f"31/12/{year - 2}", f"31/12/{year - 1}", "hôm nay"]
    for link in table.select("a"):
        assert f"{link.get_text()} trẻ em" in client.page(link["href"]).text


def test_only_officer_and_leader_see_it(app: Flask, make: Make, village: Village) -> None:
    answers = {
        role: app.test_client().sign_in(make.user(role, village=village)).get("/dashboard/").status_code
        for role in ("officer", "leader", "viewer", "collaborator", "administrator")
    }

    assert answers == {"officer": 200, "leader": 200, "viewer": 403, "collaborator": 403, "administrator": 403}


def test_the_page_asks_a_fixed_number_of_times(client: Client, make: Make, village: Village) -> None:
    for number in range(5):
        child = make.child(f"Trần Thị {number}", village)
        make.circumstance(child, "a.1")
        make.case(child, village_id=village.id)
    client.sign_in(make.user("leader"))
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get("/dashboard/")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(asked) <= 45, len(asked)
    assert ChildFilters() in dashboard.VILLAGE_QUESTIONS.values()


def test_every_figure_kept_in_memory_equals_one_made_anew_after_every_kind_of_change(
    app: Flask, make: Make, village: Village, officer: User
) -> None:
    child = make.child(village=village, born_on=date(2021, 3, 4))
    case = make.case(child)
    steps = [
        lambda: make.child("Trần Thị Hai", village),
        lambda: make.relative(child),
        lambda: make.circumstance(child, "a.1"),
        lambda: make.child(child.full_name, village, born_on=child.born_on),
        lambda: make.case(make.child("Lê Thị Ba", village)),
        lambda: setattr(case, "closed_at", clock.now()),
        lambda: make.save(
            Service(commune_id=child.commune_id, child=child, kind=ServiceKind.GIFT, done_on=clock.today(), cost=50)
        ),
        lambda: setattr(child, "born_on", date(2018, 3, 4)),
        lambda: setattr(child, "left_on", date(2026, 1, 1)),
    ]

    def told() -> dict[str, object]:
        with app.test_request_context("/"):
            return {
                "work page": worklist.register_figures(officer),
                "changes of age": entitlement_lists.count_coming(officer),
                "trend": dashboard.trend(officer, trends.Asked()),
                "months": dashboard.cases_by_month(officer),
                "times": dashboard.times_kept(officer, []),
                "services": dashboard.services(officer),
                "pairs": likely_pairs.pairs(officer),
            }

    before = told()
    for step in steps:
        step()
        db.session.commit()
        kept = told()
        remembered.forget()
        assert kept == told()

    assert {name for name, value in kept.items() if value != before[name]} >= {"work page", "months", "services"}
