"""The caseload: order, filters, counts, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app import casework, clock
from app.casework import CaseFilters, CaseState, Due, Sort
from app.procedure import StepGroup
from models import (
    Case,
    PlanAction,
    Risk,
    db,
)
from tests.integration.case_records import approved, assess, plan
from tests.make import Make

LONG_AGO = timedelta(days=30)


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def officer(make: Make):
    return make.user("officer", full_name="Hà Thị Phụ Trách")


@pytest.fixture
def leader(make: Make):
    return make.user("leader")


@pytest.fixture
def collaborator(make: Make, village):
    return make.user("collaborator", village=village)


@pytest.fixture
def caseload(make: Make, village, officer) -> dict[str, Case]:
    far = make.village("Thôn Hai")
    cases = {
        "overdue": make.case(received_at=clock.now() - LONG_AGO, village_id=far.id),
        "new": make.case(village_id=village.id, assigned_to_id=officer.id),
        "waiting": make.case(village_id=village.id),
        "quiet": make.case(village_id=far.id),
        "closed": make.case(closed_at=clock.now()),
    }
    assess(make, cases["waiting"], Risk.HIGH)
    plan(make, cases["waiting"], submitted_at=clock.now())
    assess(make, cases["quiet"], Risk.LOW)
    approved(make, cases["quiet"], ends_on=clock.today() + timedelta(days=60))
    return cases


def names(caseload: dict[str, Case], lines: list[casework.CaseLine]) -> list[str]:
    by_id = {case.id: name for name, case in caseload.items()}
    return [by_id[line.case.id] for line in lines]


def test_overdue_cases_come_first_and_closed_ones_not_at_all(caseload, officer):
    assert names(caseload, casework.case_lines(officer)) == ["overdue", "new", "waiting", "quiet"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (CaseFilters(due=Due.OVERDUE), {"overdue"}),
        (CaseFilters(due=Due.SOON), {"new", "waiting"}),
        (CaseFilters(step=StepGroup.DECIDE), {"waiting"}),
        (CaseFilters(risk=Risk.LOW), {"quiet"}),
        (CaseFilters(state=CaseState.CLOSED), {"closed"}),
        (CaseFilters(state=CaseState.ALL), {"overdue", "new", "waiting", "quiet", "closed"}),
    ],
)
def test_filters_narrow_the_caseload(caseload, officer, filters, found):
    assert set(names(caseload, casework.case_lines(officer, filters))) == found


def test_filters_by_village_and_worker(caseload, officer, village):
    assert names(caseload, casework.case_lines(officer, CaseFilters(village=village.id))) == ["new", "waiting"]
    assert names(caseload, casework.case_lines(officer, CaseFilters(worker=officer.id))) == ["new"]


def test_the_caseload_sorts_as_asked(caseload, officer):
    orders = {sort: names(caseload, casework.case_lines(officer, CaseFilters(sort=sort))) for sort in Sort}

    assert orders[Sort.RISK][:2] == ["waiting", "quiet"]
    assert orders[Sort.NUMBER] == ["quiet", "waiting", "new", "overdue"]
    assert orders[Sort.VILLAGE] == ["new", "waiting", "overdue", "quiet"]
    assert orders[Sort.ACTIVITY] == ["overdue", "new", "waiting", "quiet"]


def test_filters_are_codes_in_the_address_and_wrong_ones_are_left_out():
    filters = CaseFilters.read({"step": "decide", "risk": "nonsense", "village": "7", "worker": "x", "sort": "due"})

    assert filters == CaseFilters(step=StepGroup.DECIDE, village=7)
    assert CaseFilters.read(filters.address()) == filters


def test_every_count_of_the_work_page_opens_exactly_its_list(client, make, caseload, collaborator, leader, officer):
    make.report(collaborator)
    make.report(collaborator, at=clock.now() - timedelta(days=1))

    for user in (officer, leader):
        client.sign_in(user)
        with client.application.test_request_context():
            counts = casework.counts(user)
        for count in counts:
            tables = client.page(count.address).soup.select("tbody")
            assert len(tables[0].select("tr") if tables else []) == count.count, count
    assert [(count.code, count.count) for count in counts] == [
        ("decide", 1), ("overdue", 1), ("soon", 2), ("looks", 0),
    ]  # fmt: skip


def test_the_caseload_costs_the_same_number_of_statements_however_long_it_is(client, make, caseload, officer, village):
    client.sign_in(officer)

    def count() -> int:
        seen: list[str] = []

        def note(*args: Any) -> None:
            seen.append(args[2])

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            client.get("/cases/")
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        # Savepoints are of the tests' own making.
        return sum("SAVEPOINT" not in statement and "set_config" not in statement for statement in seen)

    count()  # the commune's first line of the audit trail, which takes a look more
    before = count()
    for number in range(8):
        case = make.case(make.child(f"Trẻ Số {number}", village), make.report(officer), assigned_to_id=officer.id)
        assess(make, case)
        drawn = approved(make, case)
        make.save(PlanAction(commune_id=case.commune_id, plan=drawn, description="Tư vấn"))

    assert count() == before
    assert before <= 25
