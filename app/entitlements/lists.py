"""Entitlements of everybody in a person's scope: the lines of the lists, what narrows them, and how many there are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app import access, clock, remembered, whole_numbers
from app.entitlements import ages, bases
from app.entitlements.ages import Change, Turning
from app.entitlements.people import Person, facts_of_record, find_person, people
from app.entitlements.rules import Entitlement, Standing, assess
from models import Child, Choice, Commune, Right, User, db

#: How many months ahead changes of age are looked for, as the page offers.
MONTHS = (1, 3, 6, 12)


class Kind(Choice):
    """Money every month, or a card or paper."""

    MONEY = "money", _l("Trợ cấp, hỗ trợ hằng tháng")
    PAPER = "paper", _l("Thẻ bảo hiểm y tế, giấy xác nhận")


def kind_of(right: Right) -> Kind:
    """Which of the two a right is."""
    return Kind.PAPER if right in (Right.CARD, Right.CERTIFICATE) else Kind.MONEY


class Question(Choice):
    """How far a person has answered what the data cannot decide."""

    WAITING = "waiting", _l("Chờ trả lời")
    AGAIN = "again", _l("Hỏi lại: thông tin đã đổi")
    ANSWERED = "answered", _l("Đã trả lời")


class AgeGroup(Choice):
    """A child, or somebody who has reached 16 and still receives, or may go on by khoản 2."""

    CHILD = "child", _l("Trẻ em dưới 16 tuổi")
    GROWN = "grown", _l("Từ đủ 16 tuổi")


@dataclass(frozen=True)
class Filters:
    """What narrows the lists. All codes, so they may stand in an address."""

    village: int | None = None
    kind: Kind | None = None
    right: Right | None = None
    standing: Standing | None = None
    question: Question | None = None
    age: AgeGroup | None = None
    turning: Turning | None = None
    months: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Filters":
        """From an address; what is not on a list is left out."""
        return cls(
            village=whole_numbers.read(values.get("village", "")),
            kind=Kind.of_code(values.get("kind", "")),
            right=Right.of_code(values.get("right", "")),
            standing=Standing.of_code(values.get("standing", "")),
            question=Question.of_code(values.get("question", "")),
            age=AgeGroup.of_code(values.get("age", "")),
            turning=Turning.of_code(values.get("turning", "")),
            months=next((months for months in MONTHS if str(months) == values.get("months")), None),
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """For an address: the codes of what narrows, some of them changed."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)} | changes
        return {name: str(value) for name, value in told.items() if value is not None}


@dataclass(frozen=True)
class Line:
    """One right of one child."""

    child: Person
    entitlement: Entitlement

    @property
    def is_secret(self) -> bool:
        """Tells of HIV, or was settled by it: on the screen of who may know, never on paper. NĐ 20/2021/NĐ-CP Đ8."""
        return self.entitlement.is_secret

    @property
    def question(self) -> Question | None:
        """Whether a person has to answer, or has."""
        told = self.entitlement
        if told.is_asked_again:
            return Question.AGAIN
        return Question.WAITING if told.waits else Question.ANSWERED if told.answer is not None else None


@dataclass(frozen=True)
class ComingLine:
    """One coming change of age of one child."""

    child: Person
    change: Change


def lines(user: User, filters: Filters, day: date, *, cards: bool = True) -> list[Line]:
    """The rights of the children in scope, by name. A card that is there needs nobody's eye, so it is not told.

    Without `cards` fewer children are read; only what concerns money and certificates is whole then.
    """
    base = bases.in_force(user, day)
    return [
        Line(child, entitlement)
        for child in people(user, day, filters.village, cards=cards)
        for entitlement in assess(child.facts, day, base, child.answers)
        if (entitlement.right, entitlement.standing) != (Right.CARD, Standing.RECEIVING)
    ]


def narrowed(
    found: Iterable[Line], filters: Filters, changes: Callable[[Person], list[Change]] = lambda _person: []
) -> list[Line]:
    """Those of one kind, one right, one standing, answered or not, of children of one change of age, as far as asked.

    `changes` tells which changes of age are ahead of somebody.
    """
    return [
        line
        for line in found
        if filters.kind in (None, kind_of(line.entitlement.right))
        and filters.right in (None, line.entitlement.right)
        and filters.standing in (None, line.entitlement.standing)
        and filters.question in (None, line.question)
        and filters.age in (None, AgeGroup.GROWN if line.child.is_grown else AgeGroup.CHILD)
        and (filters.turning is None or filters.turning in {change.turning for change in changes(line.child)})
    ]


def counts(found: Iterable[Line]) -> Counter[tuple[Right | None, Standing | None]]:
    """How many lines of each right and standing; None stands for all of them."""
    counted: Counter[tuple[Right | None, Standing | None]] = Counter()
    for line in found:
        right, standing = line.entitlement.right, line.entitlement.standing
        counted.update([(right, standing), (right, None), (None, standing), (None, None)])
    return counted


def until(user: User, filters: Filters, day: date) -> date:
    """The last day of the changes of age asked for: so many months ahead, or as far as the commune wants notice."""
    if filters.months is not None:
        return ages.months_after(day, filters.months)
    return day + timedelta(days=db.session.get_one(Commune, user.commune_id).age_notice_days)


def received_monthly(found: Iterable[Line]) -> int:
    """What the allowances on these lines come to in a month, each counted once; those without an amount add nothing."""
    held = {one.id: one for one in (line.entitlement.received for line in found) if one is not None}
    return sum(one.monthly_amount or 0 for one in held.values())


def changes_of(person: Person, day: date, last: date) -> list[Change]:
    """The changes of age ahead of somebody, up to a day."""
    return ages.coming(person.facts, day, last)


def coming(user: User, filters: Filters, day: date) -> list[ComingLine]:
    """The changes of age ahead, the nearest first."""
    last = until(user, filters, day)
    found = [
        ComingLine(child, change)
        for child in people(user, day, filters.village, cards=False, turning_by=last)
        for change in changes_of(child, day, last)
    ]
    return sorted(found, key=lambda line: line.change.on)


def count_coming(user: User) -> int:
    """How many changes of age come as soon as the commune wants notice; kept in memory until something changes."""
    return remembered.told_of(user, "changes_of_age", lambda: len(coming(user, Filters(), clock.today())))


def turnings(found: Iterable[ComingLine]) -> Counter[Turning | None]:
    """How many changes of each sort; None stands for all."""
    counted: Counter[Turning | None] = Counter()
    for line in found:
        counted.update([line.change.turning, None])
    return counted


def for_child(user: User, child: Child, day: date | None = None) -> tuple[list[Entitlement], list[Change]]:
    """What a child is entitled to and which changes of age come within a year; nothing for who may not see the lists."""
    day = day or clock.today()
    known = find_person(user, child, day) if access.may(user, "entitlement.list") else None
    return of_person(user, known, day) if known is not None else ([], [])


def of_person(user: User, person: Person, day: date) -> tuple[list[Entitlement], list[Change]]:
    """The same of one who was read already."""
    rights = assess(person.facts, day, bases.in_force(user, day), person.answers)
    return rights, ages.coming(person.facts, day, ages.months_after(day, 12))


def coming_for_record(user: User, child: Child, read: Mapping[str, Iterable[Any]]) -> list[Change]:
    """The changes of age of a year ahead for a page that has `read` the child's circumstances, disabilities, allowances."""
    if not access.may(user, "entitlement.list") or child.left_on is not None:
        return []
    day = clock.today()
    facts = facts_of_record(child, read["circumstances"], read["disabilities"], read["allowances"], day)
    return ages.coming(facts, day, ages.months_after(day, 12))
