"""Likely duplicates in the register: found by what a slip leaves alike, twins and neighbours last, scope kept."""

from datetime import date

import pytest

from app import clock, indicators, likely_pairs, merging, register
from app.child_filters import ChildFilters, Missing
from app.likely_pairs import Reason
from app.periods import Period
from models import Child, PartialDate, Precision, RelativeKind, Sex, db
from tests.make import Make
from tests.page import Client

BORN = date(2018, 5, 6)


def _found(make: Make) -> list[likely_pairs.Pair]:
    return likely_pairs.pairs(make.user("officer"))


@pytest.mark.parametrize(
    ("name", "born", "reason"),
    [
        ("Nguyễn Thị Thủy", BORN, Reason.SAME_DAY),
        ("Nguyen Thi Thuy", BORN, Reason.SAME_NAME),
        ("Nguyễn Thị Thuỷ", BORN, Reason.SAME_NAME),
        ("Nguyễn Thị Thủuy", BORN, Reason.ALIKE_NAME),
        ("Nguyễn Thị Thủy", date(2018, 6, 5), Reason.SWAPPED),
        ("Nguyễn Thị Thủy", date(2019, 5, 6), Reason.YEAR_OFF),
        ("Nguyễn Thị Thủy", PartialDate(date(2018, 12, 31), Precision.YEAR), Reason.PARTIAL),
    ],
)
def test_a_slip_is_found(make: Make, name: str, born: date | PartialDate, reason: Reason) -> None:
    village = make.village()
    first, second = make.child("Nguyễn Thị Thủy", village, BORN), make.child(name, village, born)
    (pair,) = _found(make)
    assert (pair.first_id, pair.second_id) == (first.id, second.id)
    assert reason in pair.reasons


def test_same_named_neighbours_of_other_days_are_not_shown(make: Make) -> None:
    village = make.village()
    make.child("Nguyễn Thị Thủy", village, BORN)
    make.child("Nguyễn Thị Thủy", village, date(2018, 11, 20))
    assert _found(make) == []


def _with_mother(make: Make, child: Child) -> Child:
    make.relative(child, kind=RelativeKind.MOTHER, full_name="Lê Thị Mẹ")
    return child


def test_twins_come_after_a_true_duplicate_or_not_at_all(make: Make) -> None:
    village = make.village()
    _with_mother(make, make.child("Nguyễn Văn An", village, BORN))
    _with_mother(make, make.child("Nguyễn Văn Anh", village, BORN, Sex.FEMALE))
    same = [_with_mother(make, make.child("Trần Thị Bình", village, BORN)) for _time in range(2)]
    found = _found(make)
    assert [(pair.first_id, pair.second_id) for pair in found] == [(same[0].id, same[1].id)]


def test_a_collaborator_sees_no_pair_with_another_village(make: Make, client: Client) -> None:
    own, other = make.village(), make.village()
    make.child("Nguyễn Thị Thủy", own)
    make.child("Nguyễn Thị Thủy", other)
    collaborator = make.user("collaborator", village=own)
    assert likely_pairs.pairs(collaborator) == []
    assert "Thủy" not in client.sign_in(collaborator).page("/duplicates/").text


def test_the_page_tells_the_reasons_and_filters_by_village(make: Make, client: Client) -> None:
    village, empty = make.village(), make.village()
    make.child("Nguyễn Thị Thủy", village)
    make.child("Nguyễn Thị Thuỷ", village)
    client.sign_in(make.user("officer"))
    shown = client.page(f"/duplicates/?village={village.id}&page=7").text
    assert "1 cặp có thể trùng" in shown
    assert "Trùng họ tên · Trùng ngày sinh" in shown
    assert "Thủy" not in client.page(f"/duplicates/?village={empty.id}").text


def test_page_filter_and_figure_follow_one_rule(client: Client, make: Make) -> None:
    village, officer = make.village(), make.user("officer")
    first = make.child("Nguyễn Thị Thủy", village, BORN)
    second = make.child("Nguyễn Thị Thuỷ", village, date(2018, 6, 5))
    gone = make.child("Nguyễn Thị Thủy", village, BORN, left_on=clock.today())
    make.child("Trần Văn Khác", village, BORN)
    client.sign_in(officer)

    def told() -> tuple[set[int], list[int], int]:
        here = {first.id, second.id}
        paired = {key for pair in likely_pairs.pairs(officer) for key in (pair.first_id, pair.second_id)}
        listed = db.session.scalars(register.children(officer, ChildFilters(missing=Missing.DUPLICATE)))
        lines = indicators.figures(officer.commune, Period.of_year(clock.today().year), clock.today())
        figure = next(line.total for line in lines if line.indicator.code == "27")
        return paired & here, sorted(child.id for child in listed), figure

    assert told() == ({first.id, second.id}, [first.id, second.id], 2)
    assert "Thủy" in client.page("/children/?missing=duplicate").text

    for one, other in ((first, second), (first, gone), (second, gone)):
        merging.tell_apart(officer, one, other)
    db.session.commit()

    assert told() == (set(), [], 0)
