"""The made-up commune: complete, repeatable, in an empty database only."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import casework, clock, demo, migrating, passwords, register, saving, search
from app.casework import CaseFilters, CaseState
from app.child_filters import ChildFilters, Orphanhood, Presence, SeverityFilter, SpecialFilter
from app.procedure import Step
from models import (
    Child,
    Circumstance,
    CircumstanceKind,
    Commune,
    Household,
    IntakeReport,
    KindLevel,
    ReceivingOffice,
    Relative,
    ReportState,
    ReviewItem,
    Role,
    User,
    Village,
    clean,
    db,
)
from tests.conftest import migrated_app, rolled_back


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with a small made-up commune."""
    with migrated_app(tmp_path_factory.mktemp("demo"), TESTING=True, WTF_CSRF_ENABLED=False) as app:
        with app.app_context():
            demo.fill(children=400)
            db.session.commit()
            db.session.remove()
            migrating.analyse()
        yield app


@pytest.fixture
def filled(demo_app: Flask) -> Iterator[User]:
    """Its officer; what a test writes is undone."""
    with rolled_back(demo_app):
        yield _user("canbo")


def _user(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).unique().one()


def _picture() -> list[Any]:
    return [
        [
            tuple(row)
            for row in db.session.execute(select(Child.full_name, Child.born_on, Child.personal_id).order_by(Child.id))
        ],
        [
            tuple(row)
            for row in db.session.execute(
                select(Circumstance.child_id, Circumstance.kind_code).order_by(Circumstance.id)
            )
        ],
        list(db.session.scalars(select(Relative.full_name).order_by(Relative.id))),
    ]


def test_exactly_so_many_children_live_in_the_made_up_commune(filled: User) -> None:
    assert register.count_children(filled) == 400
    for presence in (Presence.LEFT, Presence.DIED, Presence.GROWN):
        assert register.count_children(filled, ChildFilters(presence=presence)) > 0


def test_there_are_twelve_villages_and_children_in_each(filled: User) -> None:
    counts = register.count_by_village(filled, ChildFilters())

    assert db.session.scalar(select(func.count(Village.id))) == 12
    assert len(counts) == 12


def test_every_sub_group_and_every_risk_has_a_child(filled: User) -> None:
    listed = select(CircumstanceKind.code).where(CircumstanceKind.level.in_([KindLevel.SUBGROUP, KindLevel.RISK]))

    for code in db.session.scalars(listed):
        assert register.count_children(filled, ChildFilters(group=code)) > 0, code


def test_the_usual_lists_are_not_empty(filled: User) -> None:
    for filters in (
        ChildFilters(group=SpecialFilter.SPECIAL),
        ChildFilters(group=SpecialFilter.AT_RISK),
        *(ChildFilters(orphan=orphanhood) for orphanhood in Orphanhood),
        *(ChildFilters(disability=severity) for severity in SeverityFilter if severity is not SeverityFilter.UNKNOWN),
        ChildFilters(allowance="1"),
        ChildFilters(helped="1"),
        ChildFilters(review="waiting"),
    ):
        assert register.count_children(filled, filters) > 0, filters


def test_orphans_by_the_parents_states_are_in_the_group_of_orphans(filled: User) -> None:
    orphans = register.count_children(filled, ChildFilters(orphan=Orphanhood.BOTH))

    assert register.count_children(filled, ChildFilters(orphan=Orphanhood.BOTH, group="a")) == orphans > 0


def test_cases_stand_at_every_step_some_overdue_and_some_not(filled: User) -> None:
    lines = casework.case_lines(filled, CaseFilters(state=CaseState.ALL))

    assert {line.step for line in lines} == set(Step) - {Step.INTAKE, Step.REVIEW}
    assert {line.is_overdue for line in lines if line.deadlines} == {True, False}
    assert any(line.case.reopened_at for line in lines)


def test_nothing_made_up_lies_in_the_future(filled: User) -> None:
    today, now = clock.today(), clock.now()

    assert db.session.scalar(select(func.max(Circumstance.started_on))) <= today
    assert db.session.scalar(select(func.max(Child.left_on))) <= today
    assert db.session.scalar(select(func.max(Child.created_at))) <= now
    for line in casework.case_lines(filled, CaseFilters(state=CaseState.ALL)):
        case = line.case
        records = [*case.initial_assessments, *case.plans, *case.follow_ups, *case.reviews, *case.emergency_measures]
        assert all(case.received_at <= record.created_at <= now for record in records)


def test_reports_wait_are_drafted_and_were_answered(filled: User) -> None:
    states = set(db.session.scalars(select(IntakeReport.state)))

    assert states == set(ReportState)
    assert db.session.scalar(select(func.count(ReviewItem.id))) >= 12


def test_stored_keys_are_those_that_the_app_would_make(filled: User) -> None:
    for child in db.session.scalars(register.in_name_order(register.children(filled)).limit(60)).unique():
        stored = (child.name_key, child.sort_key, child.search_key)
        search.set_child_keys(child)
        assert (child.name_key, child.sort_key, child.search_key) == stored
    for household in db.session.scalars(select(Household).limit(20)):
        assert household.head_key == clean.fold(household.head_name)


def test_numbers_go_on_after_the_made_up_ones(filled: User) -> None:
    last = db.session.scalar(select(func.max(Child.code)))

    assert saving.child_code(filled.commune_id) == f"TE-{int(str(last).removeprefix('TE-')) + 1:06d}"


def test_the_same_seed_makes_the_same_people(app: Flask, session: Any) -> None:
    with db.session.begin_nested() as first:
        demo.fill(children=300, seed=7)
        before = _picture()
        first.rollback()
    demo.fill(children=300, seed=7)

    assert _picture() == before


def test_several_communes_share_nothing(app: Flask, session: Any) -> None:
    demo.fill(children=300, communes=2)
    db.session.commit()

    names = list(db.session.scalars(select(Commune.name).order_by(Commune.id)))
    assert len(set(names)) == 2
    for username in ("canbo", "canboxa2"):
        assert register.count_children(_user(username)) == 300


def test_a_database_that_holds_anything_is_refused(filled: User) -> None:
    with pytest.raises(demo.Refused, match="đã có dữ liệu"):
        demo.fill(children=400)


def test_too_few_children_are_refused(app: Flask, session: Any) -> None:
    with pytest.raises(demo.Refused, match="ít nhất"):
        demo.fill(children=10)


def test_everybody_signs_in_with_the_printed_password(demo_app: Flask, filled: User) -> None:
    lines = demo.sign_ins()

    assert [line.split(": ")[0] for line in lines] == [
        str(role.label) for role in (Role.ADMINISTRATOR, Role.OFFICER, Role.LEADER, Role.COLLABORATOR, Role.VIEWER)
    ]
    username, password = lines[3].split(": ")[1].split(" / ")
    assert username == "ctv"
    assert passwords.problem_of(password) is None
    response = demo_app.test_client().post("/sign-in", data={"username": username, "password": password})
    assert (response.status_code, response.location) == (303, "/")


def test_the_password_is_kept_for_its_owner_only(demo_app: Flask) -> None:
    path = Path(demo_app.config["MANGNON_INSTANCE"]) / "demo-password"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_receiving_office_follows_from_the_day(filled: User) -> None:
    offices = list(db.session.scalars(select(ReceivingOffice).order_by(ReceivingOffice.id)))

    assert [(office.name, office.valid_from, office.valid_to) for office in offices] == [
        ("Phòng LĐ-TBXH huyện Thanh Miện", None, date(2025, 6, 30)),
        ("Sở Y tế thành phố Hải Phòng", date(2025, 7, 1), None),
    ]
