"""What was true on a day that has passed: residence by movements, undated facts by the change history."""

from datetime import date, timedelta

import pytest

from app import clock, enrolment, register
from app.child_filters import ChildFilters, Missing, Orphanhood, Presence, SeverityFilter
from app.periods import Period
from app.workbooks import Variant, child_lines, making
from models import (
    Change,
    Child,
    Disability,
    HouseholdStatus,
    MovementKind,
    Poverty,
    RelativeKind,
    RelativeState,
    Schooling,
    User,
    Village,
    db,
)
from tests.make import Make


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def codes(user: User, on: date, **asked: object) -> list[str]:
    return sorted(child.code for child in db.session.scalars(register.children(user, ChildFilters(**asked), on=on)))


def changed(days: int) -> None:
    """Everything changed so far was changed so many days ago."""
    db.session.flush()
    for change in db.session.query(Change):
        change.at = clock.days_ago(days)
    db.session.commit()


def listed_in(officer: User, on: date) -> list[str]:
    """The villages a workbook made as of that day names."""
    asked = making.brief(officer.commune, Period(f"{on}..{on}", on, on), Variant.CODED)
    return [line.village.name for line in child_lines.children(asked, ChildFilters())]


def test_a_child_that_moved_is_counted_where_it_lived(make: Make, officer: User) -> None:
    east, west = make.village("Thôn Đông"), make.village("Thôn Tây")
    child = make.child(village=east, born=date(2018, 5, 6))
    enrolment.move(officer, child, MovementKind.MOVED_VILLAGE, ago(30), to_village_id=west.id)
    db.session.commit()

    found = {days: register.count_by_village(officer, ChildFilters(), ago(days)) for days in (31, 30, 0)}

    assert found == {31: {east.id: 1}, 30: {west.id: 1}, 0: {west.id: 1}}
    assert codes(officer, ago(31), village=east.id) == [child.code]
    assert codes(officer, ago(31), village=west.id) == []
    assert {days: listed_in(officer, ago(days)) for days in (31, 0)} == {31: [east.name], 0: [west.name]}


def test_a_child_that_was_away_is_counted_before_and_after(make: Make, officer: User) -> None:
    east, west = make.village(), make.village()
    child = make.child(village=east)
    enrolment.move(officer, child, MovementKind.MOVED_OUT, ago(90))
    enrolment.move(officer, child, MovementKind.RETURNED, ago(30), to_village_id=west.id)
    db.session.commit()

    found = {days: register.count_by_village(officer, ChildFilters(), ago(days)) for days in (91, 90, 31, 30)}

    assert found == {91: {east.id: 1}, 90: {}, 31: {}, 30: {west.id: 1}}


def test_a_child_that_moved_in_was_not_here_before(make: Make, officer: User) -> None:
    child = make.child(born=date(2018, 5, 6))
    enrolment.enrol(officer, child, moved_in=True, happened_on=ago(10))
    db.session.commit()

    assert codes(officer, ago(11)) == []
    assert codes(officer, ago(10)) == [child.code]


def test_a_child_registered_late_was_here_all_the_same(make: Make, officer: User) -> None:
    child = make.child(born=ago(100))
    enrolment.enrol(officer, child)
    db.session.commit()

    assert codes(officer, ago(100)) == [child.code]
    assert codes(officer, ago(101)) == []


@pytest.mark.parametrize("days", [0, 40])
def test_presence_filters_hold_for_a_day(make: Make, officer: User, days: int) -> None:
    child = make.child()
    enrolment.move(officer, child, MovementKind.DIED, ago(20))
    db.session.commit()

    assert codes(officer, ago(days), presence=Presence.DIED) == ([] if days else [child.code])


def test_undated_facts_are_what_they_were_before_the_first_later_change(make: Make, officer: User) -> None:
    child = make.child(schooling=Schooling.PRIMARY)
    changed(100)
    child.schooling = Schooling.DROPPED_OUT
    db.session.commit()

    assert codes(officer, ago(1), school=Schooling.PRIMARY) == [child.code]
    assert codes(officer, ago(1), school=Schooling.DROPPED_OUT) == []
    assert codes(officer, ago(0), school=Schooling.DROPPED_OUT) == [child.code]


def test_of_several_later_changes_the_first_tells(make: Make, officer: User) -> None:
    child = make.child(schooling=Schooling.NURSERY)
    changed(100)
    for schooling in (Schooling.KINDERGARTEN, Schooling.PRIMARY):
        child.schooling = schooling
        db.session.commit()

    assert codes(officer, ago(1), school=Schooling.NURSERY) == [child.code]


def test_a_parent_that_died_since_was_alive(make: Make, officer: User) -> None:
    child = make.child()
    father = make.relative(child, RelativeKind.FATHER, state=RelativeState.ALIVE)
    changed(100)
    father.state = RelativeState.DEAD
    db.session.commit()

    assert codes(officer, ago(1), orphan=Orphanhood.ANY) == []
    assert codes(officer, ago(0), orphan=Orphanhood.FATHER) == [child.code]


def test_a_household_left_since_was_the_childs(make: Make, officer: User, village: Village) -> None:
    household = make.household(village=village)
    make.save(HouseholdStatus(household=household, year=ago(1).year, status=Poverty.POOR))
    child = make.child(village=village, household=household, household_id=household.id)
    changed(100)
    child.household = None
    child.household_id = None
    db.session.commit()

    assert codes(officer, ago(1), poverty=Poverty.POOR) == [child.code]
    assert codes(officer, ago(0), poverty=Poverty.POOR) == []
    assert codes(officer, ago(0), poverty=Poverty.NONE) == [child.code]
    assert codes(officer, ago(1), poverty=Poverty.NONE) == []


def test_what_was_not_known_and_is_filled_in_holds_for_the_day_but_its_gap_is_counted(
    make: Make, officer: User
) -> None:
    child = make.child(schooling=Schooling.UNKNOWN)
    changed(100)
    child.schooling = Schooling.PRIMARY
    child.personal_id = "030218000019"
    db.session.commit()

    assert codes(officer, ago(1), school=Schooling.PRIMARY) == [child.code]
    assert codes(officer, ago(1), missing=Missing.PERSONAL_ID) == [child.code]
    assert codes(officer, ago(0), missing=Missing.PERSONAL_ID) == []


def test_a_disability_counts_from_its_certificate(make: Make, officer: User) -> None:
    child: Child = make.child()
    make.save(Disability(commune_id=child.commune_id, child=child, certified_on=ago(5)))

    assert codes(officer, ago(6), disability=SeverityFilter.ANY) == []
    assert codes(officer, ago(5), disability=SeverityFilter.ANY) == [child.code]


@pytest.fixture
def village(make: Make) -> Village:
    return make.village()
