"""What was paid in a period by what the register says, month by month; and how many are entitled and receive.

A month is paid whole: from the month of the first day to the month before the one in which it ends on the 1st, or the month
in which it ends on a later day (NĐ 20/2021/NĐ-CP Đ8: it stops the month after). A month belongs to the period in which its
first day lies, so that periods one after the other never pay a month twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import selectinload

from app import access, as_of
from app.entitlements import lists
from app.entitlements.law import OWN
from app.entitlements.lists import Filters, Line
from app.entitlements.people import Person
from app.entitlements.rules import Standing
from app.periods import Period
from app.tallies import Tally
from models import Allowance, AllowanceBasis, Child, Right, User, db

#: Standings of those whom the law grants an allowance, received or not.
ENTITLED = frozenset({Standing.TO_APPLY, Standing.RECEIVING, Standing.CHANGED})

#: The names of what is counted here.
TALLIES = ("entitled", "entitled_receiving", "entitled_missing", "grown_receiving", "paid")


def months_of(period: Period, on: date) -> list[date]:
    """The first days of the months of a period that have begun by a day."""
    last = min(period.last, on)
    first = period.first if period.first.day == 1 else _next_month(period.first)
    found = []
    while first <= last:
        found.append(first)
        first = _next_month(first)
    return found


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def is_paid(started_on: date | None, ended_on: date | None, month: date) -> bool:
    """Whether a month (its first day) is paid of an allowance from a day on and until another.

    Source: NĐ 20/2021/NĐ-CP Đ8 (it stops the month after the one in which it ends).
    """
    begun = started_on is None or started_on.replace(day=1) <= month
    return begun and (ended_on is None or ended_on > month)


@dataclass(frozen=True)
class Paid:
    """An allowance with the months of a period in which it was paid."""

    allowance: Allowance
    village_id: int
    months: tuple[date, ...]

    @property
    def child(self) -> Child:
        """Whose it is."""
        return self.allowance.child

    @property
    def amount(self) -> int | None:
        """What it came to; None where no amount is recorded."""
        monthly = self.allowance.monthly_amount
        return None if monthly is None else monthly * len(self.months)


def paid(user: User, period: Period, on: date, village_id: int | None = None) -> Iterator[Paid]:
    """Every allowance of which a month of the period was paid, also of who left, grew up or died since."""
    months = months_of(period, on)
    if not months:
        return
    village = as_of.village_id(on)
    query = (
        access.visible_allowances(user)
        .join(Child, Child.id == Allowance.child_id)
        .where(
            or_(Allowance.started_on.is_(None), Allowance.started_on < _next_month(months[-1])),
            or_(Allowance.ended_on.is_(None), Allowance.ended_on > months[0]),
        )
        .options(selectinload(Allowance.child))
        .add_columns(village)
        .order_by(Child.code, Allowance.id)
    )
    if village_id is not None:
        query = query.where(village == village_id)
    for allowance, lived_in in db.session.execute(query):
        of_it = tuple(month for month in months if is_paid(allowance.started_on, allowance.ended_on, month))
        if of_it:
            yield Paid(allowance, lived_in, of_it)


@dataclass(frozen=True)
class Entitled:
    """Somebody whom the law grants an allowance of her own, and the tallies she is in."""

    person: Person
    names: tuple[str, ...]
    #: What grants it tells of HIV, or was settled by it.
    is_secret: bool


def entitled(user: User, on: date) -> Iterator[Entitled]:
    """Everybody entitled on a day: children, and those from 16 on who receive by khoản 2."""
    of_person: dict[int, list[Line]] = {}
    for line in lists.lines(user, Filters(), on, cards=False):
        if line.entitlement.right in OWN and line.entitlement.standing in ENTITLED:
            of_person.setdefault(line.child.id, []).append(line)
    for lines in of_person.values():
        person, is_secret = lines[0].child, any(line.is_secret for line in lines)
        held = [line for line in lines if line.entitlement.received is not None]
        if not person.is_grown:
            yield Entitled(person, ("entitled", "entitled_receiving" if held else "entitled_missing"), is_secret)
        elif any(line.entitlement.right is Right.K2 for line in held):
            yield Entitled(person, ("grown_receiving",), is_secret)


def tallies(user: User, period: Period, on: date) -> dict[str, Tally]:
    """Children entitled to an allowance of their own and of these who receive; payments of the period, one a month.

    What tells of HIV is told of the commune as a whole and of no village.
    """
    found = {name: Tally() for name in TALLIES}
    for someone in entitled(user, on):
        for name in someone.names:
            found[name].add(someone.person.village_id, 1, is_secret=someone.is_secret)
    for one in paid(user, period, on):
        is_secret = one.allowance.basis is AllowanceBasis.K3
        found["paid"].add(one.village_id, len(one.months), is_secret=is_secret)
    return found
