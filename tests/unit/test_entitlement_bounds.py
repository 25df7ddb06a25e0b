"""Every right at the edges of its ages: the day before, the birthday itself, a date known in part, 29 February."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app import clock
from app.entitlements import ages, law
from app.entitlements.facts import Certified, ChildFacts, Received
from app.entitlements.grounds import Paper
from app.entitlements.rules import Standing, assess
from models import AllowanceBasis, DisabilitySeverity, PartialDate, Poverty, RelativeState, Right, Schooling
from models.clean import month_date, year_date
from tests.unit.test_entitlements import BASE, facts, of

DEAD = RelativeState.DEAD
ORPHAN = {"father": DEAD, "mother": DEAD}
HIV = {"confirmed": frozenset({"đ"}), "poverty": Poverty.POOR, "poverty_year": 2026}
LONE = {"mother": DEAD, "poverty": Poverty.NEAR_POOR, "poverty_year": 2026}
EXTREME = {"disabilities": (Certified(DisabilitySeverity.EXTREME, "1", date(2026, 1, 1)),)}
SEVERE = {"disabilities": (Certified(DisabilitySeverity.SEVERE, "1", date(2026, 1, 1)),)}
AREA = {"poverty": Poverty.POOR, "poverty_year": 2026, "in_difficult_area": True}
LEARNING = {"had_k1_at_16": True, "schooling": Schooling.VOCATIONAL}
TAKEN_IN = {**ORPHAN, "has_caregiver": True}
#: Born on this day, the ages are reached on 15 March.
BORN = date(2004, 3, 15)
NONE = None


def granted(right: Right, values: dict[str, Any], birth: PartialDate | date | None, day: date) -> str | None:
    """The coefficient told of a right on a day; None: the right is not told at all."""
    birth = PartialDate(birth) if isinstance(birth, date) else birth
    lines = [line for line in assess(facts(birth=birth, **values), day, BASE) if line.right is right]
    return str(lines[0].coefficient) if lines else None


#: (right, facts, age at which it changes, coefficient on the day before, coefficient from the birthday on).
EDGES = [
    (Right.K1, ORPHAN, 4, "2.5", "1.5"),
    (Right.K1, ORPHAN, 16, "1.5", NONE),
    (Right.K2, LEARNING, 16, NONE, "1.5"),
    (Right.K2, LEARNING, 22, "1.5", NONE),
    (Right.K3, HIV, 4, "2.5", "2.0"),
    (Right.K3, HIV, 16, "2.0", NONE),
    (Right.K4, LONE, 16, "1.0", "1.0"),
    (Right.K4, LONE, 22, "1.0", NONE),
    (Right.K6, EXTREME, 4, "2.5", "2.5"),
    (Right.K6, EXTREME, 16, "2.5", "2.0"),
    (Right.K6, SEVERE, 16, "2.0", "1.5"),
    (Right.K7, AREA, 3, "1.5", NONE),
    (Right.CARER, TAKEN_IN, 4, "2.5", "1.5"),
    (Right.CARER, TAKEN_IN, 16, "1.5", NONE),
    (Right.CARER, EXTREME, 16, "1.0", NONE),
]
NAMES = [f"{right.value}-{age}" for right, _values, age, _before, _after in EDGES]


@pytest.fixture(autouse=True)
def always_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ages alone are tried here: years before the decree are as good as any."""
    monkeypatch.setattr(law, "IN_FORCE", date(1990, 1, 1))
    monkeypatch.setattr(law, "RATES", tuple(_from_the_start(rate) for rate in law.RATES))


def _from_the_start(rate: law.Rate) -> law.Rate:
    return law.Rate(rate.right, rate.coefficient, rate.from_age, rate.under_age, rate.severity, date(1990, 1, 1))


@pytest.mark.parametrize(("right", "values", "age", "before", "after"), EDGES, ids=NAMES)
def test_the_birthday_is_the_first_day(
    right: Right, values: dict[str, Any], age: int, before: str | None, after: str | None
) -> None:
    year = BORN.year + age

    assert granted(right, values, BORN, date(year, 3, 14)) == before
    assert granted(right, values, BORN, date(year, 3, 15)) == after
    assert granted(right, values, BORN, date(year, 3, 16)) == after


@pytest.mark.parametrize(("right", "values", "age", "before", "after"), EDGES, ids=NAMES)
def test_who_was_born_on_29_february_reaches_an_age_on_1_march(
    right: Right, values: dict[str, Any], age: int, before: str | None, after: str | None
) -> None:
    year = 2004 + age
    first = date(year, 2, 29) if year % 4 == 0 else date(year, 3, 1)

    assert granted(right, values, date(2004, 2, 29), date(year, 2, 28)) == before
    assert granted(right, values, date(2004, 2, 29), first) == after


@pytest.mark.parametrize(("right", "values", "age", "before", "after"), EDGES, ids=NAMES)
def test_a_birth_known_to_month_or_year_counts_as_its_last_day(
    right: Right, values: dict[str, Any], age: int, before: str | None, after: str | None
) -> None:
    year = 2004 + age

    for birth, last in ((month_date(2004, 3), date(year, 3, 31)), (year_date(2004), date(year, 12, 31))):
        assert granted(right, values, birth, last.replace(day=30)) == before
        assert granted(right, values, birth, last) == after
    assert granted(right, values, year_date(2004, estimated=True), date(year, 12, 30)) == before


@pytest.mark.parametrize(
    ("right", "values", "told"),
    [
        (Right.K1, ORPHAN, "None"),
        (Right.K2, LEARNING, NONE),
        (Right.K3, HIV, "None"),
        (Right.K4, LONE, "1.0"),
        (Right.K6, EXTREME, "2.5"),
        (Right.K7, AREA, NONE),
        (Right.CARER, TAKEN_IN, "None"),
    ],
)
def test_without_a_birth_date_only_what_no_age_changes_has_an_amount(
    right: Right, values: dict[str, Any], told: str | None
) -> None:
    assert granted(right, values, None, date(2026, 3, 15)) == told


def test_every_rate_of_the_law_is_at_an_edge_above() -> None:
    tried = {(right, times) for right, _values, _age, *both in EDGES for times in both if times}

    assert {(rate.right, str(rate.coefficient)) for rate in law.RATES} <= tried


# ── Khoản 2, khoản 4 from 16 on ────────────────────────────────────────────

DAY = date(2026, 11, 24)
SEVENTEEN = PartialDate(date(2009, 5, 6))


def grown(**values: Any) -> ChildFacts:
    return facts(**{"birth": SEVENTEEN, "schooling": Schooling.UPPER_SECONDARY, **values})


@pytest.mark.parametrize(
    ("schooling", "born", "standing"),
    [
        (Schooling.UPPER_SECONDARY, SEVENTEEN, Standing.TO_APPLY),
        (Schooling.UPPER_SECONDARY, PartialDate(date(2007, 11, 25)), Standing.TO_APPLY),  # 18
        (Schooling.UPPER_SECONDARY, PartialDate(date(2007, 11, 24)), Standing.POSSIBLE),  # 19: true years ago
        (Schooling.HIGHER, PartialDate(date(2005, 5, 6)), Standing.TO_APPLY),
        (Schooling.VOCATIONAL, SEVENTEEN, Standing.TO_APPLY),
        (Schooling.SPECIAL, SEVENTEEN, Standing.TO_APPLY),
        (Schooling.LOWER_SECONDARY, SEVENTEEN, Standing.POSSIBLE),
        (Schooling.UNKNOWN, SEVENTEEN, Standing.POSSIBLE),
        (Schooling.DROPPED_OUT, SEVENTEEN, None),
        (Schooling.NEVER, SEVENTEEN, None),
    ],
)
def test_khoan_2_is_for_who_learns(schooling: Schooling, born: PartialDate, standing: Standing | None) -> None:
    found = assess(grown(birth=born, had_k1_at_16=True, schooling=schooling), DAY, BASE)

    assert [line.standing for line in found if line.right is Right.K2] == ([standing] if standing else [])
    if standing is Standing.POSSIBLE:
        assert Paper.SCHOOL in of(Right.K2, found).missing


def test_khoan_2_is_not_for_who_did_not_receive_khoan_1() -> None:
    assert assess(grown(**ORPHAN), DAY, BASE) == []


def held(basis: AllowanceBasis, coefficient: str = "1.5") -> tuple[Received, ...]:
    return (Received(basis, Decimal(coefficient), 750_000, date(2020, 1, 1), 7),)


def test_an_allowance_of_khoan_1_goes_on_by_khoan_2() -> None:
    (line,) = assess(grown(had_k1_at_16=True, received=held(AllowanceBasis.K1)), DAY, BASE)

    assert (line.right, line.standing, line.amount) == (Right.K2, Standing.CHANGED, 750_000)
    assert "khoản 1 sang khoản 2" in str(line.note)


@pytest.mark.parametrize(
    ("values", "right", "standing"),
    [
        ({"had_k1_at_16": True, "received": held(AllowanceBasis.K2)}, Right.K2, Standing.RECEIVING),
        (
            {"had_k1_at_16": True, "received": held(AllowanceBasis.K2), "schooling": Schooling.DROPPED_OUT},
            Right.K2,
            Standing.DOUBTFUL,
        ),
        (
            {
                "had_k1_at_16": True,
                "received": held(AllowanceBasis.K2),
                "birth": PartialDate(date(2004, 11, 24)),
                "schooling": Schooling.HIGHER,
            },
            Right.K2,
            Standing.DOUBTFUL,
        ),
        (
            {"received": held(AllowanceBasis.K1), "had_k1_at_16": True, "schooling": Schooling.DROPPED_OUT},
            Right.K1,
            Standing.DOUBTFUL,
        ),
        ({"received": held(AllowanceBasis.K3)}, Right.K3, Standing.DOUBTFUL),
        ({**LONE, "received": held(AllowanceBasis.K4, "1.0")}, Right.K4, Standing.CHANGED),
        (
            {**LONE, "received": held(AllowanceBasis.K4, "1.0"), "schooling": Schooling.DROPPED_OUT},
            Right.K4,
            Standing.DOUBTFUL,
        ),
        ({**SEVERE, "received": held(AllowanceBasis.K6, "1.5")}, Right.K6, Standing.RECEIVING),
        ({**SEVERE, "received": held(AllowanceBasis.K6, "2.0")}, Right.K6, Standing.CHANGED),
    ],
)
def test_what_is_received_from_16_on(values: dict[str, Any], right: Right, standing: Standing) -> None:
    if values.get("received", held(AllowanceBasis.K1))[0].basis is AllowanceBasis.K4:
        values = {**values, "received": (Received(AllowanceBasis.K4, Decimal("1.0"), 400_000, None, 7),)}
    found = assess(grown(**values), DAY, BASE)

    assert of(right, found).standing is standing


# ── Khoản 4, khoản 7: what they ask of the household and the village ───────


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({"father": None, "mother": None, "has_one_parent": True, "poverty": Poverty.POOR}, True),
        ({"father": None, "mother": None, "has_one_parent": True, "poverty": Poverty.NEAR_POOR}, True),
        ({"father": None, "mother": None, "has_one_parent": True, "poverty": Poverty.NONE}, False),
        ({"father": None, "mother": None, "has_one_parent": True}, False),
        ({"father": None, "mother": None, "poverty": Poverty.POOR}, False),
        ({"father": None, "mother": RelativeState.IN_PRISON, "has_one_parent": True, "poverty": Poverty.POOR}, False),
        ({"poverty": Poverty.POOR}, False),
    ],
)
def test_a_parent_recorded_alone_in_a_poor_household_is_a_question(values: dict[str, Any], is_told: bool) -> None:
    found = [line for line in assess(facts(poverty_year=2026, **values), DAY, BASE) if line.right is Right.K4]

    assert [(line.standing, line.amount) for line in found] == ([(Standing.POSSIBLE, 500_000)] if is_told else [])


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        (AREA, True),
        ({**AREA, "poverty": Poverty.NEAR_POOR}, True),
        ({**AREA, "poverty": Poverty.NONE}, False),
        ({**AREA, "in_difficult_area": False}, False),
        ({**AREA, **ORPHAN}, False),  # khoản 1 gives more
        ({**AREA, **SEVERE}, False),  # khoản 6 gives more
        ({**AREA, "confirmed": frozenset({"đ"})}, False),  # khoản 3 gives more
    ],
)
def test_khoan_7_asks_for_household_and_area_and_gives_way(values: dict[str, Any], is_told: bool) -> None:
    found = assess(facts(birth=PartialDate(date(2024, 5, 6)), **values), DAY, BASE)

    assert [line.amount for line in found if line.right is Right.K7] == ([750_000] if is_told else [])


def test_last_years_list_is_a_paper_that_khoan_7_lacks() -> None:
    found = assess(facts(birth=PartialDate(date(2024, 5, 6)), **{**AREA, "poverty_year": 2025}), DAY, BASE)

    assert of(Right.K7, found).missing == (Paper.POOR_LIST,)


#: A child to whom each change of age that exists may come, whatever its age.
EVERYTHING = {**EXTREME, **AREA, "confirmed": frozenset({"đ"}), "mother": DEAD, "schooling": Schooling.NEVER}


@given(
    day=st.dates(date(2024, 1, 1), date(2033, 12, 31)),
    years=st.integers(0, 23),
    shift=st.integers(-400, 400),
    span=st.integers(0, 800),
)
def test_who_changes_by_age_is_born_within_what_is_asked(day: date, years: int, shift: int, span: int) -> None:
    born = clock.years_before(day, years) + timedelta(days=shift)
    until = day + timedelta(days=span)

    for values in (EVERYTHING, {**EVERYTHING, **ORPHAN}, LONE, LEARNING):
        if ages.coming(facts(birth=PartialDate(born), **values), day, until):
            assert any(first <= born <= last for first, last in ages.births_that_turn(day, until))


@pytest.mark.parametrize("born", [date(2020, 2, 29), date(2008, 2, 29), date(2020, 9, 30), date(2020, 10, 1)])
def test_the_edges_of_a_change_are_within_what_is_asked(born: date) -> None:
    for years in range(23):
        turns = ages.birthday(born, years)
        for day in (turns, date(turns.year, 10, 1)):
            if ages.coming(facts(birth=PartialDate(born), **EVERYTHING), day, day):
                assert any(first <= born <= last for first, last in ages.births_that_turn(day, day))
