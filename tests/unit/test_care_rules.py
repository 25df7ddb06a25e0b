"""May this child be given to this carer, and when is the next visit: Luật Trẻ em Đ63, NĐ 56/2017 Đ42–43."""

from dataclasses import replace
from datetime import date

import pytest

from app import care_rules
from app.calendar import WorkingCalendar
from app.care_rules import CarerFacts, PlacementFacts
from models import CareForm, Condition, PartialDate
from models.clean import month_date, year_date

DAY = date(2026, 6, 5)
PLAIN = WorkingCalendar()
CHILD = PartialDate(date(2015, 3, 10))
CONDITIONS = (("Có sức khỏe", Condition.MET), ("Tự nguyện", Condition.MET))


def carer(birth, **values):
    return CarerFacts(birth, **{"conditions": CONDITIONS, "is_registered": True, **values})


def family(birth, **values):
    ready = PlacementFacts(
        CareForm.FAMILY, CHILD, carer(birth), is_assessed=True, was_asked=True, meetings=2, says_why_not_nearer=True
    )
    return replace(ready, **values)


def told(facts):
    return [article for _sentence, article in care_rules.unmet(facts, DAY)]


@pytest.mark.parametrize(
    ("birth", "is_met"),
    [
        (PartialDate(date(1995, 3, 10)), True),
        (PartialDate(date(1995, 3, 11)), False),
        (PartialDate(date(1997, 3, 10)), False),
        (year_date(1994), True),
        (year_date(1995), False),
        (month_date(1995, 2), True),
        (month_date(1995, 3), False),
        (year_date(1960, estimated=True), False),
        (None, False),
    ],
    ids=["20 to the day", "a day short", "18 older", "year suffices", "year does not", "month suffices",
         "month does not", "guessed", "unknown"],
)  # fmt: skip
def test_a_carer_who_is_no_relative_is_twenty_years_older(birth, is_met):
    assert told(family(birth)) == ([] if is_met else ["Luật Trẻ em Đ63.2"])


def test_a_child_known_by_its_year_counts_at_its_oldest():
    assert told(family(PartialDate(date(1995, 1, 1)), child_birth=year_date(2015))) == []
    assert told(family(PartialDate(date(1995, 1, 2)), child_birth=year_date(2015))) == ["Luật Trẻ em Đ63.2"]


def test_a_relative_is_an_adult_and_needs_no_registration_and_no_meetings():
    of = {"form": CareForm.RELATIVE, "meetings": 0, "says_why_not_nearer": False}

    adult = family(None, **of, carer=carer(PartialDate(date(2008, 6, 5)), is_registered=False))
    minor = family(None, **of, carer=carer(PartialDate(date(2008, 6, 6)), is_registered=False))

    assert told(adult) == []
    assert told(minor) == ["Luật Trẻ em Đ63.2"]


@pytest.mark.parametrize(
    ("change", "article"),
    [
        ({"is_assessed": False}, "NĐ 56/2017 Đ38.3"),
        ({"was_asked": False}, "Luật Trẻ em Đ63"),
        ({"meetings": 1}, "TT 14/2020"),
        ({"says_why_not_nearer": False}, "NĐ 56/2017 Đ42.2"),
        ({"carer": None}, "NĐ 56/2017 Đ42"),
        ({"carer": carer(PartialDate(date(1980, 1, 1)), is_registered=False)}, "NĐ 56/2017 Đ40"),
        ({"carer": carer(PartialDate(date(1980, 1, 1)), conditions=(("x", None),))}, "Luật Trẻ em Đ63.2"),
        ({"carer": carer(PartialDate(date(1980, 1, 1)), conditions=(("x", Condition.NOT_MET),))}, "Luật Trẻ em Đ63.2"),
    ],
    ids=["assessed", "asked", "two meetings", "why not nearer", "a carer", "registered", "verified", "met"],
)
def test_each_thing_that_is_missing_is_told_with_its_article(change, article):
    assert told(family(PartialDate(date(1980, 1, 1)), **change)) == [article]


def test_a_child_under_seven_need_not_be_asked():
    small = family(PartialDate(date(1980, 1, 1)), was_asked=False, child_birth=PartialDate(date(2019, 6, 6)))
    seven = replace(small, child_birth=PartialDate(date(2019, 6, 5)))

    assert told(small) == []
    assert told(seven) == ["Luật Trẻ em Đ63"]


def test_a_facility_needs_a_facility_and_no_carer():
    of = {"form": CareForm.FACILITY, "carer": None, "meetings": 0}

    assert told(family(None, **of, has_facility=True)) == []
    assert told(family(None, **of)) == ["NĐ 56/2017 Đ42"]


@pytest.mark.parametrize(
    ("visits", "next_on"),
    [
        ([], date(2026, 4, 2)),
        ([date(2026, 3, 7)], date(2026, 4, 2)),
        ([date(2026, 3, 26)], date(2026, 6, 2)),
        ([date(2026, 3, 25)], date(2026, 4, 2)),
        ([date(2026, 4, 20)], date(2026, 6, 2)),
        ([date(2026, 4, 2), date(2026, 4, 9), date(2026, 5, 4)], date(2026, 6, 2)),
        ([date(2026, 4, 2), date(2026, 6, 2)], date(2026, 12, 2)),
        ([date(2026, 8, 1)], date(2026, 12, 2)),
        ([date(2026, 12, 2)], date(2027, 6, 2)),
    ],
    ids=["none", "an extra visit on day 5", "a week early", "too early", "late", "extra ones between", "two", "one answers two",
         "every six months"],
)  # fmt: skip
def test_an_extra_visit_moves_no_later_one(visits, next_on):
    assert care_rules.next_visit(date(2026, 3, 2), visits, PLAIN).due_on == next_on


@pytest.mark.parametrize(
    ("evaluations", "next_on"),
    [([], date(2026, 9, 2)), ([date(2026, 8, 26)], date(2027, 3, 2)), ([date(2026, 8, 25)], date(2026, 9, 2))],
    ids=["none", "a week early", "too early"],
)
def test_an_evaluation_is_due_every_six_months_from_the_placement(evaluations, next_on):
    due = care_rules.next_evaluation(date(2026, 3, 2), evaluations, PLAIN)

    assert (due.due_on, due.article) == (next_on, "Luật Trẻ em Đ68.2")


def test_what_is_due_follows_the_placement_and_stops_with_it():
    decided, handed, birth = date(2026, 6, 5), date(2026, 6, 10), PartialDate(date(2010, 6, 20))

    def due(*days):
        return [(one.what.value, one.due_on) for one in care_rules.due_of(*days, [], [], birth, PLAIN)]

    assert due(None, None, None) == []
    assert due(decided, None, None) == [("handover", date(2026, 6, 26))]
    assert due(decided, handed, None) == [
        ("care_at_sixteen", date(2026, 6, 20)),
        ("care_visit", date(2026, 7, 10)),
        ("care_evaluation", date(2026, 12, 10)),
    ]
    assert due(decided, handed, date(2026, 6, 12)) == []
