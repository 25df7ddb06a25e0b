"""The hot queries use their indexes, and no page asks too often."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, Select, event, func, insert, select
from sqlalchemy.dialects import sqlite

from app import access, audit_log, clock, register, saving, visible_history
from app.child_filters import ChildFilters
from models import (
    AbuseForm,
    Allowance,
    AuditEvent,
    Base,
    BreakGlass,
    CarePlacement,
    Child,
    FollowUp,
    LegalHold,
    PlanAction,
    Relative,
    ReviewItem,
    Role,
    Service,
    ServiceKind,
    User,
    Village,
    clean,
    db,
)
from tests.integration.world import World
from tests.make import Make
from tests.page import Client

#: More statements than this make a page slow on an office PC.
MOST_STATEMENTS = 25


@pytest.fixture
def village(make: Make) -> Village:
    """A village with enough villages and communes around for the planner to have something to choose."""
    communes = [make.home, *(make.commune(f"xã {number}") for number in range(4))]
    villages = [make.village(commune=commune) for commune in communes for _ in range(5)]
    rows = []
    for number in range(5000):
        place = villages[number % 25]
        name = f"Nguyễn Văn {chr(65 + number % 26)}{number}"
        rows.append(
            {
                "commune_id": place.commune_id, "village_id": place.id, "code": f"TE-{number}",
                "full_name": name, "name_key": clean.fold(name), "sort_key": clean.name_sort_key(name),
                "search_key": f"|{clean.fold(name)}|", "born_on": date(2015, 1, 1 + number % 28), "sex": "male",
                "birth_registration": "unknown", "residence": "permanent", "schooling": "unknown",
                "population_check": "unchecked", "born_precision": "day",
            }
        )  # fmt: skip
    db.session.execute(insert(Child), rows)
    saving.next_number(make.home.id, "child")
    db.session.commit()
    db.session.connection().exec_driver_sql("ANALYZE")
    return villages[0]


def plan(query: Select[Any]) -> str:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("plans of SQLite")
    told = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}".replace("%%", "%"))
    return "\n".join(row[3] for row in rows)


def test_the_officers_list_walks_the_index_in_name_order(make: Make, village: Village) -> None:
    officer = make.user("officer")

    told = plan(register.in_name_order(register.children(officer)).limit(51))

    assert "ix_children_commune_sort" in told
    assert "TEMP B-TREE" not in told


def test_the_collaborators_list_uses_her_villages_index(make: Make, village: Village) -> None:
    told = plan(register.in_name_order(register.children(make.user("collaborator", village=village))).limit(51))

    assert "ix_children_village_sort" in told or "ix_children_commune_sort" in told
    assert "SCAN children\n" not in told + "\n"


def test_a_village_filter_uses_the_villages_index(make: Make, village: Village) -> None:
    query = register.children(make.user("officer"), ChildFilters(village=village.id))

    told = plan(register.in_name_order(query).limit(51))

    assert "ix_children_village_sort" in told
    assert "TEMP B-TREE" not in told


def test_a_search_stays_inside_the_commune(make: Make, village: Village) -> None:
    query = register.children(make.user("officer"), words="van b12")

    told = plan(query.with_only_columns(Child.id))

    assert "USING COVERING INDEX ix_children_commune_sort (commune_id=?)" in told
    assert "SCAN children" not in told


def test_the_count_of_a_search_reads_no_record(make: Make, village: Village) -> None:
    query = register.children(make.user("officer"), words="van b12")

    told = plan(query.with_only_columns(func.count(Child.id)))

    assert told == "SEARCH children USING COVERING INDEX ix_children_commune_sort (commune_id=?)"


def test_a_count_is_read_from_the_index_alone(make: Make, village: Village) -> None:
    told = plan(register.children(make.user("officer")).with_only_columns(func.count(Child.id)))

    assert told == "SEARCH children USING COVERING INDEX ix_children_commune_sort (commune_id=?)"


def test_what_belongs_to_one_child_does_not_list_the_commune(make: Make, village: Village) -> None:
    told = plan(access.visible_relatives(make.user("officer")).where(Relative.child_id == 1))

    assert "SCAN children" not in told
    assert "children_1 USING INTEGER PRIMARY KEY" in told


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile, savepoints and what PostgreSQL is told for its locks and its wall left out."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(
            ("SELECT pg_advisory", "SELECT set_config", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")
        ):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


PAGES = {
    Role.COLLABORATOR: ["/", "/children/", "/children/{child}", "/households/", "/households/{household}", "/cases/",
                        "/services/", "/children/{child}/edit", "/children/add"],
    Role.OFFICER: ["/", "/children/", "/children/{child}", "/children/?group=special&orphan=any", "/households/",
                   "/households/{household}", "/review/", "/cases/", "/cases/{case}", "/services/", "/imports/",
                   "/workbooks/", "/figures/", "/settings/", "/entitlements/", "/entitlements/children/{child}",
                   "/entitlements/children/{child}/answer",
                   "/privacy/requests", "/privacy/of-child/{child}", "/privacy/retention"],
    Role.LEADER: ["/", "/cases/", "/cases/{case}", "/children/{child}", "/figures/"],
}  # fmt: skip


@pytest.mark.parametrize(("role", "address"), [(role, page) for role, pages in PAGES.items() for page in pages])
def test_no_page_asks_too_often(client: Client, make: Make, role: Role, address: str) -> None:
    village = make.village()
    user: User = make.user(role.value, village=village)
    author = make.user("collaborator", village=village)
    worlds = [World(make, village, author, f"Số{number}") for number in range(1)]
    for number in range(12):
        child = make.child(f"Lê Thị {number}", village, household=worlds[0].household)
        make.relative(child)
        make.circumstance(child)
        make.case(child, village_id=village.id, collaborator_id=user.id)
    client.sign_in(user)
    place = address.format(child=worlds[0].child.id, household=worlds[0].household.id, case=worlds[0].case.id)

    client.get(place)  # figures kept in memory (app/remembered.py) are made once after a change
    with counted() as sent:
        response = client.get(place)

    assert response.status_code == 200
    assert len(sent) <= MOST_STATEMENTS, "\n".join(statement[:150] for statement in sent)


@pytest.mark.parametrize("role", ["officer", "leader"])
def test_the_dashboard_asks_little_while_nothing_changes(client: Client, make: Make, role: str) -> None:
    village = make.village()
    World(make, village, make.user("collaborator", village=village), "Số0")
    client.sign_in(make.user(role))
    client.get("/dashboard/")

    with counted() as sent:
        client.get("/dashboard/")

    assert len(sent) <= MOST_STATEMENTS, "\n".join(statement[:150] for statement in sent)


def test_the_number_of_statements_of_a_list_does_not_grow_with_its_rows(client: Client, make: Make) -> None:
    village = make.village()
    client.sign_in(make.user("officer"))
    found = []
    for _ in range(2):
        for number in range(10):
            child = make.child(f"Lê Thị {number}", village, household=make.household(village=village))
            make.relative(child)
            make.circumstance(child)
        client.get("/children/")
        with counted() as sent:
            client.get("/children/")
        found.append(len(sent))

    assert found[0] == found[1]


def test_handing_over_asks_once_for_all_the_cases(client: Client, make: Make) -> None:
    village, officer = make.village(), make.user("officer")
    client.sign_in(officer)
    found = []
    for _ in range(2):
        for number in range(3):
            case = make.case(make.child(f"Lê Thị {number}", village))
            case.assigned_to_id = officer.id
        db.session.commit()
        client.get("/cases/hand-over")
        with counted() as sent:
            page = client.page("/cases/hand-over")
        found.append((len(sent), len(page.soup.select("tbody tr"))))

    assert [rows for _count, rows in found] == [3, 6]
    assert found[0][0] == found[1][0] <= MOST_STATEMENTS


def test_a_case_asks_no_more_the_more_was_done_in_it(client: Client, make: Make) -> None:
    village, officer = make.village(), make.user("officer")
    world = World(make, village, make.user("collaborator", village=village), "Số0")
    of = {"commune_id": village.commune_id, "case_id": world.case.id, "recorded_by_id": officer.id}
    address = f"/cases/{world.case.id}"
    client.sign_in(officer)
    found = []
    for _ in range(2):
        for _number in range(3):
            make.save(FollowUp(**of, visited_on=clock.today(), observed="Cháu đi học đều"))
            make.save(Service(**of, child_id=world.child.id, kind=ServiceKind.LEGAL, done_on=clock.today()))
            make.save(PlanAction(commune_id=village.commune_id, plan=world.plan, description="Tư vấn"))
        with counted() as sent:
            page = client.page(address)
        found.append((len(sent), page.text.count("Cháu đi học đều")))

    assert found[0][1] < found[1][1]
    assert found[0][0] == found[1][0] <= MOST_STATEMENTS


def test_entitlements_and_figures_ask_no_more_of_more_children(client: Client, make: Make) -> None:
    village = make.village()
    client.sign_in(make.user("officer"))
    found = []
    for _ in range(2):
        for number in range(5):
            child = make.child(f"Lê Thị {number}", village, household=make.household(village=village))
            make.circumstance(child, "b")
            make.relative(child)
            make.case(child, village_id=village.id, abuse_form=AbuseForm.VIOLENCE)
        asked = []
        for address in ("/entitlements/", "/entitlements/print", "/figures/"):
            client.get(address)
            with counted() as sent:
                client.get(address)
            asked.append(len(sent))
        found.append(asked)

    assert found[0] == found[1]
    assert max(found[1]) <= MOST_STATEMENTS


def test_the_queue_asks_once_for_all_who_sent_something(client: Client, make: Make) -> None:
    village = make.village()
    client.sign_in(make.user("officer"))
    found = []
    for _ in range(2):
        for number in range(3):
            child = make.child(f"Lê Thị {number}", village)
            sender = make.user("collaborator", village=village)
            make.save(
                ReviewItem(commune_id=village.commune_id, child=child, submitted_by=sender, submitted_at=clock.now())
            )
        client.get("/review/")
        with counted() as sent:
            client.get("/review/")
        found.append(len(sent))

    assert found[0] == found[1]


def test_every_child_is_scoped_by_commune_in_sql(make: Make) -> None:
    told = str(access.visible_children(make.user("officer")))

    assert "children.commune_id" in told
    assert clock.today()


@pytest.mark.parametrize("model", [Allowance, BreakGlass, CarePlacement, LegalHold])
def test_what_is_asked_of_a_whole_commune_is_not_looked_for_among_all_communes(
    make: Make, village: Village, model: type[Base]
) -> None:
    told = plan(select(model).where(model.commune_id == make.home.id))  # type: ignore[attr-defined]

    assert f"ix_{model.__tablename__}_commune_id" in told


def test_the_history_of_a_child_looks_for_merged_children_in_an_index(make: Make, village: Village) -> None:
    child = make.child(village=village)

    told = plan(visible_history.visible_child_changes(make.user("officer"), child.id))

    assert "ix_children_merged_into" in told
    assert "SCAN children" not in told


def test_the_audit_trail_is_read_from_the_end_of_its_communes_own_events(make: Make, village: Village) -> None:
    communes = [make.home, *(make.commune(f"xã bên {number}") for number in range(9))]
    rows = [
        {
            "at": clock.now(), "commune_id": communes[number % 10].id, "event": "signed_out", "details": {},
            "previous_hash": "", "hash": "",
        }
        for number in range(3000)
    ]  # fmt: skip
    db.session.execute(insert(AuditEvent), rows)
    db.session.connection().exec_driver_sql("ANALYZE")
    administrator = make.user("administrator")
    with counted() as sent:
        shown = audit_log.page(administrator, None, before=None, after=None)

    assert len(shown.rows) == 50
    assert {event.commune_id for event in shown.rows} <= {make.home.id, None}
    if db.engine.dialect.name == "sqlite":
        asked = next(one for one in sent if "audit_events" in one)
        told = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (1,) * asked.count("?"))
        assert "SCAN audit_events" not in {row[3] for row in told}
