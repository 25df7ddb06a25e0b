"""Who is entitled to what: one row for each case of the law, with its article; and the days on which ages change it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.entitlements import ages, law
from app.entitlements.ages import Turning
from app.entitlements.facts import Certified, ChildFacts, Received
from app.entitlements.grounds import Paper
from app.entitlements.law import Base
from app.entitlements.rules import Entitlement, Standing, assess
from models import (
    AllowanceBasis,
    BirthRegistration,
    DisabilitySeverity,
    PartialDate,
    Poverty,
    RelativeState,
    Right,
    Schooling,
)
from models.clean import month_date, year_date

TODAY = date(2026, 11, 24)
BASE = 500_000
DEAD, MISSING, ALIVE = RelativeState.DEAD, RelativeState.MISSING, RelativeState.ALIVE
PRISON, FACILITY, UNABLE = RelativeState.IN_PRISON, RelativeState.IN_FACILITY, RelativeState.UNABLE
UNKNOWN = RelativeState.UNKNOWN
EXTREME, SEVERE, MILD = DisabilitySeverity.EXTREME, DisabilitySeverity.SEVERE, DisabilitySeverity.MILD
TEN_YEARS = PartialDate(date(2016, 5, 6))


def facts(**values: Any) -> ChildFacts:
    """A child of ten whose record lacks nothing."""
    return ChildFacts(
        **{
            "birth": TEN_YEARS,
            "father": ALIVE,
            "mother": ALIVE,
            "registration": BirthRegistration.REGISTERED,
            "personal_id": "030216000001",
            "insurance_number": "TE1303000000001",
            "schooling": Schooling.PRIMARY,
            **values,
        }
    )


def money(found: list[Entitlement]) -> list[tuple[str, str, str, int | None]]:
    """(right, standing, article, amount) of the child's own and the parent's allowances."""
    return [
        (line.right.value, line.standing.value, line.article.removeprefix("NĐ 20/2021/NĐ-CP "), line.amount)
        for line in found
        if line.right not in (Right.CARER, Right.CARD, Right.CERTIFICATE)
    ]


def of(right: Right, found: list[Entitlement]) -> Entitlement:
    """The only line of a right."""
    (line,) = [line for line in found if line.right is right]
    return line


# ── Đ5.1 ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("father", "mother", "letter"),
    [
        (DEAD, DEAD, "b"),
        (DEAD, MISSING, "c"),
        (MISSING, DEAD, "c"),
        (DEAD, FACILITY, "d"),
        (FACILITY, DEAD, "d"),
        (DEAD, PRISON, "đ"),
        (PRISON, DEAD, "đ"),
        (MISSING, MISSING, "e"),
        (FACILITY, FACILITY, "g"),
        (PRISON, PRISON, "h"),
        (MISSING, FACILITY, "i"),
        (FACILITY, MISSING, "i"),
        (MISSING, PRISON, "k"),
        (PRISON, MISSING, "k"),
        (FACILITY, PRISON, "l"),
        (PRISON, FACILITY, "l"),
    ],
)
def test_the_parents_states_make_a_case_of_paragraph_1(
    father: RelativeState, mother: RelativeState, letter: str
) -> None:
    found = assess(facts(father=father, mother=mother), TODAY, BASE)

    assert money(found) == [("k1", "to_apply", f"Đ5.1.{letter}", 750_000)]
    assert of(Right.K1, found).missing == (Paper.CONFIRMATION,)


@pytest.mark.parametrize(
    ("father", "mother"),
    [
        (DEAD, ALIVE),
        (ALIVE, DEAD),
        (DEAD, UNKNOWN),
        (DEAD, None),
        (DEAD, UNABLE),
        (UNABLE, UNABLE),
        (MISSING, ALIVE),
        (PRISON, ALIVE),
        (PRISON, UNABLE),
        (UNKNOWN, UNKNOWN),
        (None, None),
    ],
)
def test_a_parent_who_cares_or_is_only_unable_makes_no_case(
    father: RelativeState | None, mother: RelativeState | None
) -> None:
    assert money(assess(facts(father=father, mother=mother), TODAY, BASE)) == []


@pytest.mark.parametrize(
    ("code", "letter"),
    [
        ("a", "b"),
        ("a.1", "b"),
        ("a.2", "b"),
        ("a.3", "b"),
        ("a.4", "b"),
        ("b.1", "a"),
        ("c.1", "c"),
        ("c.3", "đ"),
        ("c.4", "e"),
        ("c.5", "i"),
        ("c.6", "k"),
        ("c.8", "g"),
        ("c.9", "h"),
        ("c.10", "l"),
    ],
)
def test_a_confirmed_circumstance_makes_a_case_of_paragraph_1(code: str, letter: str) -> None:
    found = assess(facts(confirmed=frozenset({code})), TODAY, BASE)

    assert money(found) == [("k1", "to_apply", f"Đ5.1.{letter}", 750_000)]
    assert of(Right.K1, found).missing == ()


@pytest.mark.parametrize("code", ["c.7", "c.11", "c.12", "c", "d.3", "e.1", "h.2", "i", "l.1", "m.1", "n.1", "o.1"])
def test_other_special_circumstances_give_no_allowance(code: str) -> None:
    assert money(assess(facts(confirmed=frozenset({code})), TODAY, BASE)) == []


@pytest.mark.parametrize(("code", "letter"), [("b", "a"), ("b.2", "a"), ("c.2", "d")])
def test_a_circumstance_that_is_a_case_only_under_a_condition_is_to_be_looked_at(code: str, letter: str) -> None:
    found = assess(facts(confirmed=frozenset({code})), TODAY, BASE)

    assert money(found) == [("k1", "possible", f"Đ5.1.{letter}", 750_000)]
    assert of(Right.K1, found).note is not None


def test_c_2_is_certain_when_the_other_parent_is_in_a_facility_and_nothing_when_only_unable() -> None:
    in_facility = facts(father=DEAD, mother=FACILITY, confirmed=frozenset({"c.2"}))
    unable = facts(father=DEAD, mother=UNABLE, confirmed=frozenset({"c.2"}))

    assert money(assess(in_facility, TODAY, BASE)) == [("k1", "to_apply", "Đ5.1.d", 750_000)]
    assert money(assess(unable, TODAY, BASE)) == []


def test_a_circumstance_not_yet_confirmed_is_only_possible() -> None:
    found = assess(facts(waiting=frozenset({"a.3"})), TODAY, BASE)

    assert money(found) == [("k1", "possible", "Đ5.1.b", 750_000)]
    assert of(Right.K1, found).missing == (Paper.CONFIRMATION,)


# ── Ages ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("birth", "day", "coefficient"),
    [
        (PartialDate(date(2022, 11, 25)), TODAY, "2.5"),
        (PartialDate(date(2022, 11, 24)), TODAY, "1.5"),
        (month_date(2022, 11), TODAY, "2.5"),
        (month_date(2022, 10), TODAY, "1.5"),
        (year_date(2022), TODAY, "2.5"),
        (year_date(2021), TODAY, "1.5"),
        (PartialDate(date(2024, 2, 29)), date(2028, 2, 28), "2.5"),
        (PartialDate(date(2024, 2, 29)), date(2028, 2, 29), "1.5"),
        (PartialDate(date(2010, 11, 25)), TODAY, "1.5"),
    ],
)
def test_the_coefficient_of_paragraph_1_falls_on_the_fourth_birthday(
    birth: PartialDate, day: date, coefficient: str
) -> None:
    line = of(Right.K1, assess(facts(birth=birth, father=DEAD, mother=DEAD), day, BASE))

    assert line.coefficient == Decimal(coefficient)
    assert line.amount == int(BASE * Decimal(coefficient))


def test_nothing_is_granted_to_a_child_from_the_sixteenth_birthday() -> None:
    orphan = facts(birth=PartialDate(date(2010, 11, 24)), father=DEAD, mother=DEAD)

    assert assess(orphan, TODAY, BASE) == []
    assert money(assess(orphan, date(2026, 11, 23), BASE)) == [("k1", "to_apply", "Đ5.1.b", 750_000)]


def test_without_a_birth_date_the_right_is_told_and_no_amount() -> None:
    line = of(Right.K1, assess(facts(birth=None, father=DEAD, mother=DEAD), TODAY, BASE))

    assert (line.standing, line.coefficient, line.amount) == (Standing.TO_APPLY, None, None)
    assert Paper.BIRTH_DATE in line.missing


def test_the_decree_grants_nothing_before_it_was_in_force() -> None:
    orphan = facts(father=DEAD, mother=DEAD)

    assert money(assess(orphan, date(2021, 6, 30), None)) == []
    assert money(assess(orphan, date(2021, 7, 1), 360_000)) == [("k1", "to_apply", "Đ5.1.b", 540_000)]


# ── Đ5.3, Đ5.4, Đ5.6, Đ5.7, Đ20 ────────────────────────────────────────────


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"confirmed": frozenset({"đ"}), "poverty": Poverty.POOR, "poverty_year": 2026},
            [("k3", "to_apply", "Đ5.3", 1_000_000)],
        ),
        (
            {
                "confirmed": frozenset({"đ"}),
                "poverty": Poverty.POOR,
                "poverty_year": 2026,
                "birth": PartialDate(date(2022, 11, 25)),
            },
            [("k3", "to_apply", "Đ5.3", 1_250_000)],
        ),
        ({"confirmed": frozenset({"đ"}), "poverty": Poverty.NEAR_POOR, "poverty_year": 2026}, []),
        ({"confirmed": frozenset({"đ"})}, []),
        ({"poverty": Poverty.POOR, "poverty_year": 2026}, []),
        (
            {"mother": DEAD, "poverty": Poverty.NEAR_POOR, "poverty_year": 2026},
            [("k4", "possible", "Đ5.4", 500_000)],
        ),
        ({"father": MISSING, "poverty": Poverty.POOR, "poverty_year": 2026}, [("k4", "possible", "Đ5.4", 500_000)]),
        ({"mother": DEAD, "poverty": Poverty.NONE, "poverty_year": 2026}, []),
        ({"mother": DEAD}, []),
        ({"disabilities": (Certified(EXTREME, "01/XNKT"),)}, [("k6", "to_apply", "Đ5.6", 1_250_000)]),
        ({"disabilities": (Certified(SEVERE, "01/XNKT"),)}, [("k6", "to_apply", "Đ5.6", 1_000_000)]),
        ({"disabilities": (Certified(MILD, "01/XNKT"),)}, []),
        ({"disabilities": (Certified(DisabilitySeverity.UNKNOWN),)}, [("k6", "possible", "Đ5.6", None)]),
        ({"confirmed": frozenset({"d.1"})}, [("k6", "to_apply", "Đ5.6", 1_250_000)]),
        ({"confirmed": frozenset({"d.2"})}, [("k6", "to_apply", "Đ5.6", 1_000_000)]),
        ({"waiting": frozenset({"d.2"})}, [("k6", "possible", "Đ5.6", 1_000_000)]),
        (
            {"birth": PartialDate(date(2024, 5, 6)), "poverty": Poverty.POOR, "poverty_year": 2026},
            [],
        ),
    ],
)
def test_the_other_paragraphs(values: dict[str, Any], expected: list[tuple[str, str, str, int | None]]) -> None:
    assert money(assess(facts(**values), TODAY, BASE)) == expected


def test_only_the_highest_coefficient_is_granted() -> None:
    orphan = facts(father=DEAD, mother=DEAD, disabilities=(Certified(SEVERE, "01/XNKT"),))

    assert money(assess(orphan, TODAY, BASE)) == [("k6", "to_apply", "Đ5.6", 1_000_000)]


def test_the_parents_allowance_goes_beside_the_childs_own() -> None:
    child = facts(mother=DEAD, poverty=Poverty.POOR, poverty_year=2026, disabilities=(Certified(SEVERE, "01/XNKT"),))

    assert money(assess(child, TODAY, BASE)) == [
        ("k6", "to_apply", "Đ5.6", 1_000_000),
        ("k4", "possible", "Đ5.4", 500_000),
    ]


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({"father": DEAD, "mother": DEAD, "has_caregiver": True}, 750_000),
        (
            {"father": DEAD, "mother": DEAD, "has_caregiver": True, "birth": PartialDate(date(2022, 11, 25))},
            1_250_000,
        ),
        ({"confirmed": frozenset({"a.4"})}, 750_000),
        ({"father": DEAD, "mother": DEAD}, None),
        ({"has_caregiver": True}, None),
        ({"disabilities": (Certified(EXTREME, "01"),)}, 500_000),
        ({"disabilities": (Certified(EXTREME, "01"),), "has_caregiver": True}, 1_250_000),
        ({"disabilities": (Certified(SEVERE, "01"),), "has_caregiver": True}, None),
    ],
)
def test_the_support_of_carers_under_article_20_is_a_hint(values: dict[str, Any], amount: int | None) -> None:
    lines = [line for line in assess(facts(**values), TODAY, BASE) if line.right is Right.CARER]

    assert [(line.standing, line.article, line.amount) for line in lines] == (
        [] if amount is None else [(Standing.POSSIBLE, "NĐ 20/2021/NĐ-CP Đ20", amount)]
    )


# ── What is received ───────────────────────────────────────────────────────


def received(basis: AllowanceBasis, coefficient: str | None = None, amount: int | None = None) -> tuple[Received, ...]:
    return (Received(basis, Decimal(coefficient) if coefficient else None, amount, date(2025, 1, 1), 7),)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"father": DEAD, "mother": DEAD, "received": received(AllowanceBasis.K1, "1.50")}, [("k1", "receiving")]),
        ({"father": DEAD, "mother": DEAD, "received": received(AllowanceBasis.K1)}, [("k1", "receiving")]),
        ({"father": DEAD, "mother": DEAD, "received": received(AllowanceBasis.K1, "2.50")}, [("k1", "changed")]),
        (
            {"father": DEAD, "mother": DEAD, "received": received(AllowanceBasis.K1, "1.5", 540_000)},
            [("k1", "changed")],
        ),
        (
            {"father": DEAD, "mother": DEAD, "received": received(AllowanceBasis.K1, "1.5", 900_000)},
            [("k1", "receiving")],
        ),
        ({"received": received(AllowanceBasis.K1, "1.5")}, [("k1", "doubtful")]),
        ({"father": DEAD, "mother": UNABLE, "received": received(AllowanceBasis.K1)}, [("k1", "doubtful")]),
        ({"confirmed": frozenset({"b.2"}), "received": received(AllowanceBasis.K1)}, [("k1", "receiving")]),
        ({"received": received(AllowanceBasis.K6, "2.0")}, [("k6", "doubtful")]),
        (
            {"disabilities": (Certified(MILD, "1"),), "received": received(AllowanceBasis.K6, "2.0")},
            [("k6", "doubtful")],
        ),
        (
            {"disabilities": (Certified(SEVERE, "1"),), "received": received(AllowanceBasis.K6, "2.5")},
            [("k6", "changed")],
        ),
        (
            {
                "father": DEAD,
                "mother": DEAD,
                "disabilities": (Certified(EXTREME, "1"),),
                "received": received(AllowanceBasis.K1, "1.5"),
            },
            [("k6", "changed")],
        ),
        (
            {
                "father": DEAD,
                "mother": DEAD,
                "disabilities": (Certified(EXTREME, "1"),),
                "received": received(AllowanceBasis.K1, "1.5") + received(AllowanceBasis.K6, "2.5"),
            },
            [("k1", "doubtful"), ("k6", "receiving")],
        ),
        (
            {"confirmed": frozenset({"đ"}), "poverty": Poverty.NEAR_POOR, "received": received(AllowanceBasis.K3)},
            [("k3", "doubtful")],
        ),
        ({"mother": DEAD, "poverty": Poverty.POOR, "received": received(AllowanceBasis.K4)}, [("k4", "receiving")]),
        ({"poverty": Poverty.POOR, "received": received(AllowanceBasis.K4)}, [("k4", "receiving")]),
        ({"mother": DEAD, "poverty": Poverty.NONE, "received": received(AllowanceBasis.K4)}, [("k4", "doubtful")]),
        (
            {
                "birth": PartialDate(date(2023, 11, 25)),
                "poverty": Poverty.POOR,
                "in_difficult_area": True,
                "received": received(AllowanceBasis.K7, "1.5"),
            },
            [("k7", "receiving")],
        ),
        (
            {
                "birth": PartialDate(date(2023, 11, 25)),
                "poverty": Poverty.POOR,
                "received": received(AllowanceBasis.K7, "1.5"),
            },
            [("k7", "doubtful")],
        ),
        (
            {
                "birth": PartialDate(date(2023, 11, 24)),
                "poverty": Poverty.POOR,
                "in_difficult_area": True,
                "received": received(AllowanceBasis.K7, "1.5"),
            },
            [("k7", "doubtful")],
        ),
        ({"received": received(AllowanceBasis.OTHER)}, [("other", "receiving")]),
    ],
)
def test_what_is_received_is_compared_with_what_is_due(values: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert [line[:2] for line in money(assess(facts(**values), TODAY, BASE))] == expected


def test_the_missing_papers_are_told() -> None:
    child = facts(
        birth=month_date(2016, 5),
        registration=BirthRegistration.UNKNOWN,
        personal_id=None,
        disabilities=(Certified(SEVERE),),
    )

    assert of(Right.K6, assess(child, TODAY, BASE)).missing == (
        Paper.BIRTH_DATE,
        Paper.REGISTRATION,
        Paper.PERSONAL_ID,
        Paper.CERTIFICATE,
    )


def test_last_years_list_of_poor_households_is_not_enough() -> None:
    child = facts(confirmed=frozenset({"đ"}), poverty=Poverty.POOR, poverty_year=2025)

    assert of(Right.K3, assess(child, TODAY, BASE)).missing == (Paper.POOR_LIST,)


# ── Health insurance, the certificate ──────────────────────────────────────


@pytest.mark.parametrize(
    ("birth", "ends"),
    [
        (PartialDate(date(2020, 1, 15)), date(2026, 10, 1)),
        (PartialDate(date(2020, 9, 30)), date(2026, 10, 1)),
        (PartialDate(date(2020, 10, 1)), date(2026, 10, 1)),
        (PartialDate(date(2020, 11, 25)), date(2026, 11, 25)),
        (PartialDate(date(2020, 2, 29)), date(2026, 10, 1)),
        (month_date(2020, 11), date(2026, 11, 30)),
        (year_date(2020), date(2026, 12, 31)),
    ],
)
def test_the_card_is_valid_to_72_months_or_30_september(birth: PartialDate, ends: date) -> None:
    assert ages.card_ends(birth) == ends


@pytest.mark.parametrize(
    ("birth", "day", "standing"),
    [
        (date(2020, 11, 25), TODAY, Standing.TO_APPLY),
        (date(2020, 11, 24), TODAY, None),
        (date(2020, 5, 6), date(2026, 9, 30), Standing.TO_APPLY),
        (date(2020, 5, 6), date(2026, 10, 1), None),
    ],
)
def test_a_child_without_a_card_should_have_one_until_that_day(birth: date, day: date, standing: Standing) -> None:
    child = facts(birth=PartialDate(birth), insurance_number=None, registration=BirthRegistration.NOT_REGISTERED)
    found = assess(child, day, BASE)

    assert [(line.standing, line.missing) for line in found] == (
        [(standing, (Paper.REGISTRATION,))] if standing else []
    )


@pytest.mark.parametrize(
    ("held", "standings"),
    [
        (Certified(SEVERE, "1", date(2020, 1, 1)), [Standing.TO_APPLY]),
        (Certified(MILD, "1", date(2022, 5, 5)), [Standing.TO_APPLY]),
        (Certified(SEVERE, "1", date(2022, 5, 6)), []),
        (Certified(EXTREME, "1", date(2020, 1, 1)), [Standing.POSSIBLE]),
        (Certified(SEVERE, "1"), [Standing.POSSIBLE]),
        (Certified(SEVERE), []),
    ],
)
def test_a_certificate_from_before_the_sixth_birthday_is_issued_anew(
    held: Certified, standings: list[Standing]
) -> None:
    found = assess(facts(disabilities=(held,)), TODAY, BASE)

    assert [line.standing for line in found if line.right is Right.CERTIFICATE] == standings


# ── Changes of age ─────────────────────────────────────────────────────────


def told(child: ChildFacts, months: int = 3) -> list[tuple[Turning, date]]:
    return [(change.turning, change.on) for change in ages.coming(child, TODAY, ages.months_after(TODAY, months))]


def test_changes_of_age_are_told_from_today_to_the_last_day_asked_for() -> None:
    def orphan(born: date) -> ChildFacts:
        return facts(birth=PartialDate(born), father=DEAD, mother=DEAD)

    assert told(orphan(date(2022, 11, 23))) == []
    assert told(orphan(date(2022, 11, 24))) == [(Turning.FOUR, TODAY)]
    assert told(orphan(date(2023, 2, 24))) == [(Turning.FOUR, date(2027, 2, 24))]
    assert told(orphan(date(2023, 2, 25))) == []


def test_each_change_of_age_concerns_those_it_changes_something_for() -> None:
    assert told(facts(birth=PartialDate(date(2022, 12, 1)))) == []
    assert told(facts(birth=PartialDate(date(2023, 12, 1)), received=received(AllowanceBasis.K7))) == [
        (Turning.THREE, date(2026, 12, 1))
    ]
    assert told(facts(birth=PartialDate(date(2020, 12, 1)))) == [(Turning.CARD, date(2026, 12, 1))]
    assert told(facts(birth=PartialDate(date(2020, 12, 1)), disabilities=(Certified(MILD, "1"),))) == [
        (Turning.CARD, date(2026, 12, 1)),
        (Turning.SIX, date(2026, 12, 1)),
    ]
    assert told(facts(birth=PartialDate(date(2019, 12, 1)), confirmed=frozenset({"c.7"}))) == [
        (Turning.SEVEN, date(2026, 12, 1))
    ]
    assert told(facts(birth=PartialDate(date(2019, 12, 1)), confirmed=frozenset({"r.poor"}))) == []
    assert told(facts(birth=PartialDate(date(2010, 12, 1)))) == []


def test_at_16_the_rule_of_paragraph_2_is_told() -> None:
    (change,) = ages.coming(
        facts(
            birth=PartialDate(date(2010, 12, 1)),
            father=DEAD,
            mother=DEAD,
            received=received(AllowanceBasis.K1, "1.5"),
            schooling=Schooling.UPPER_SECONDARY,
        ),
        TODAY,
        date(2026, 12, 24),
    )

    assert (change.turning, change.on, change.article) == (Turning.SIXTEEN, date(2026, 12, 1), "NĐ 20/2021/NĐ-CP Đ5.2")


def test_a_birth_date_known_to_the_month_makes_the_day_only_near() -> None:
    (change,) = ages.coming(facts(birth=month_date(2020, 12)), TODAY, date(2027, 2, 24))

    assert (change.on, change.is_near) == (date(2026, 12, 31), True)


def test_without_a_birth_date_no_change_of_age_is_known() -> None:
    assert ages.coming(facts(birth=None, father=DEAD, mother=DEAD), TODAY, date(2027, 11, 24)) == []


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 24), 1, date(2026, 12, 24)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int, later: date) -> None:
    assert ages.months_after(day, months) == later


# ── Base amounts ───────────────────────────────────────────────────────────

GENERAL = [Base(date(2021, 7, 1), 360_000), Base(date(2024, 7, 1), 500_000)]


@pytest.mark.parametrize(
    ("own", "day", "amount"),
    [
        ([], date(2021, 6, 30), None),
        ([], date(2021, 7, 1), 360_000),
        ([], date(2024, 6, 30), 360_000),
        ([], date(2024, 7, 1), 500_000),
        ([Base(date(2025, 1, 1), 550_000, True)], date(2024, 12, 31), 500_000),
        ([Base(date(2025, 1, 1), 550_000, True)], date(2025, 1, 1), 550_000),
        ([Base(date(2022, 1, 1), 400_000, True)], date(2024, 7, 1), 500_000),
        ([Base(date(2024, 7, 1), 480_000, True)], date(2024, 7, 1), 480_000),
    ],
)
def test_the_base_amount_is_the_latest_or_the_provinces_higher_one(
    own: list[Base], day: date, amount: int | None
) -> None:
    assert law.base_in_force(GENERAL + own, day) == amount


def test_every_right_cites_its_article() -> None:
    assert set(law.ARTICLES) == set(Right)
    assert all(law.ARTICLES.values())
    assert set(law.CASE_OF_CIRCUMSTANCE.values()) | {"d"} == set(law.CASES)
    assert {*law.CASE_OF_PARENTS.values(), "a"} == set(law.CASES)
