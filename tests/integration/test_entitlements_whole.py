"""What the lists of entitlements leave unread: in a made-up commune every child, read alone, tells the same as the lists."""

from collections import Counter
from datetime import date

import pytest

from app import access, clock, demo
from app.entitlements import ages, bases, lists
from app.entitlements.lists import Filters, Line
from app.entitlements.people import Person, find_person, people
from app.entitlements.rules import Entitlement, Standing, assess
from models import Right, Role, User, UserRole, db
from tests.make import Make


@pytest.fixture
def officer(session: object) -> User:
    demo.fill(demo.FEWEST, 1, 7)
    db.session.commit()
    return db.session.query(User).join(UserRole).filter(UserRole.role == Role.OFFICER).first()


def test_lists_tell_of_everybody_what_is_told_of_each(officer: User) -> None:
    day = clock.today()
    last, base = lists.until(officer, Filters(months=12), day), bases.in_force(officer, day)
    everybody = db.session.scalars(access.visible_children(officer)).unique().all()
    alone = [found for child in everybody if (found := find_person(officer, child, day)) is not None]
    rights = {
        _right(person, one)
        for person in alone
        for one in assess(person.facts, day, base, person.answers)
        if (one.right, one.standing) != (Right.CARD, Standing.RECEIVING)
    }
    changes = {(person.id, one) for person in alone for one in ages.coming(person.facts, day, last)}
    told = lists.lines(officer, Filters(), day)
    of_money = lists.lines(officer, Filters(), day, cards=False)
    coming = lists.coming(officer, Filters(months=12), day)

    assert len(rights) > 50
    assert {_right(line.child, line.entitlement) for line in told} == rights
    assert _but_cards(of_money) == _but_cards(told)
    assert {(line.child.id, line.change) for line in coming} == changes
    assert len(coming) > 5


def _right(person: Person, told: Entitlement) -> tuple[int, Right, Standing, int | None]:
    return person.id, told.right, told.standing, told.amount


def _but_cards(told: list[Line]) -> Counter[Right]:
    return Counter(line.entitlement.right for line in told if line.entitlement.right is not Right.CARD)


def test_who_is_only_at_risk_is_not_read(make: Make) -> None:
    village, officer = make.village(), make.user("officer")
    at_risk, abandoned = (make.child(name, village, date(2016, 5, 1)) for name in ("Lê Thị Một", "Lê Thị Hai"))
    make.circumstance(at_risk, "r.divorced")
    make.circumstance(abandoned, "b.1")

    assert [person.id for person in people(officer, date(2026, 5, 2))] == [abandoned.id]
