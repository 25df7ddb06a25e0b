"""The list behind a figure of what happened: the records it counts, one by one, as far as somebody may know of each.

The figure counts for everybody (`access.commune_reader`); its list is found by the same conditions (app/tallies.py,
app/entitlements/paid.py), so both are equal. What somebody may not know of is not listed but counted under the list, as with
services (docs/decisions/0090-services-of-other-teams.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy.orm import joinedload

from app import access, as_of, clock, indicators, tallies, whole_numbers
from app.age_bands import Band
from app.entitlements import paid
from app.indicators import Indicator
from app.periods import Period
from models import (
    Allowance,
    AllowanceBasis,
    Case,
    CasePlan,
    Child,
    Incident,
    Movement,
    PeriodReport,
    Sensitivity,
    Service,
    User,
    Village,
    db,
)

#: Tallies of cases that say, of the whole commune, no more than the caseload does; others tell of particulars.
OPEN_TALLIES = frozenset({"cases_received", "cases_open", "cases_closed"})
#: A payment's key: the allowance's, then the month.
_MONTHS = 1_000_000
#: Rows of a report that may tell of HIV to who may not know of it.
_TELLING = ("children", "grown", "payments")
#: Keys in one statement.
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Row:
    """A record behind a figure: a payment is an allowance in a month."""

    key: int
    village_id: int | None
    #: Told of the commune only.
    is_secret: bool = False


@dataclass(frozen=True)
class Shown:
    """A record as somebody may see it."""

    name: str
    address: str | None
    day: date | None = None
    what: str = ""
    child_id: int | None = None


def kind_of(tally: str) -> str:
    """Which records a tally counts: the word of a report's rows (app/reports/content.py)."""
    if tally in ("paid", "grown_receiving"):
        return {"paid": "payments", "grown_receiving": "grown"}[tally]
    known = {
        "plans": "plans",
        "services": "services",
        "moved": "movements",
        "born": "movements",
        "entitled": "children",
    }
    known |= {"incident": "incidents", "incidents": "incidents", "drowned": "incidents"}
    return known.get(tally.partition("_")[0], "cases")


def payment_key(allowance_id: int, month: date) -> int:
    """The key of a month's payment."""
    return allowance_id * _MONTHS + month.year * 100 + month.month


def allowance_of(payment: int) -> int:
    """The allowance a payment's key is of."""
    return payment // _MONTHS


def behind(user: User, tally: str, period: Period, on: date, ages: Sequence[Band]) -> list[Row]:
    """The records a tally counts, whatever the person may know of them; village by village or the commune's."""
    reader = access.commune_reader(user.commune_id)
    kind = kind_of(tally)
    if kind == "cases":
        secret = tallies.is_secret_case()
        query = access.visible_cases(reader).where(tallies.asked_of_cases(period, on, ages)[tally])
        return _rows(query.with_only_columns(Case.id, Case.village_id, secret).order_by(Case.id))
    if kind == "plans":
        found = tallies.plans_of(reader, period)
        return [Row(one.plan_id, one.village_id, one.is_secret) for one in found if tally in one.names]
    if kind in ("children", "grown"):
        people = [one for one in paid.entitled(reader, on) if tally in one.names]
        return [Row(one.person.id, one.person.village_id, one.is_secret) for one in people]
    if kind == "payments":
        return [
            Row(payment_key(one.allowance.id, month), one.village_id, one.allowance.basis is AllowanceBasis.K3)
            for one in paid.paid(reader, period, on)
            for month in one.months
        ]
    return _events(reader, tally, kind, period)


def _events(reader: User, tally: str, kind: str, period: Period) -> list[Row]:
    village_id = as_of.village_id(period.last)
    if kind == "movements":
        moves = access.visible_movements(reader).join(Child, Child.id == Movement.child_id)
        moves = moves.where(tallies.happened_in(period), tallies.asked_of_movements()[tally])
        return _rows(moves.with_only_columns(Movement.id, tallies.movement_village()).order_by(Movement.id))
    if kind == "incidents":
        injuries = access.visible_incidents(reader).join(Child, Child.id == Incident.child_id)
        injuries = injuries.where(tallies.injured_in(period), tallies.asked_of_incidents()[tally])
        return _rows(injuries.with_only_columns(Incident.id, village_id).order_by(Incident.id))
    secret = func.coalesce(tallies.is_secret_case(), False)
    given = access.visible_services(reader).join(Child, Child.id == Service.child_id)
    given = given.outerjoin(Case, Case.id == Service.case_id).where(tallies.given_in(period))
    return _rows(given.with_only_columns(Service.id, village_id, secret).order_by(Service.id))


def _rows(query: Any) -> list[Row]:
    return [Row(key, village, bool(rest and rest[0])) for key, village, *rest in db.session.execute(query)]


def of_village(rows: Iterable[Row], village_id: int | None) -> list[Row]:
    """Those a village's figure counts, or all."""
    return [row for row in rows if village_id is None or (row.village_id == village_id and not row.is_secret)]


# ── What may be seen ───────────────────────────────────────────────────────


def shown(user: User, kind: str, keys: Sequence[int], *, tells_little: bool = False) -> dict[int, Shown]:
    """{key: what somebody may see of it}; who may not know of a record does not find it here."""
    if kind == "cases":
        return dict(_cases(user, keys, tells_little=tells_little))
    makers: dict[str, Callable[[User, Sequence[int]], Iterable[tuple[int, Shown]]]] = {
        "plans": _plans,
        "services": _services,
        "movements": _movements,
        "incidents": _incidents,
        "payments": _payments,
    }
    return dict(makers.get(kind, _children)(user, keys))


def _cases(user: User, keys: Sequence[int], *, tells_little: bool) -> Iterable[tuple[int, Shown]]:
    query = access.visible_cases(user).where(Case.id.in_(keys))
    if not tells_little:
        query = query.where(access.known_case(user))
    for case in db.session.scalars(query):
        what = _("tiếp nhận")
        if case.closed_at is not None:
            what = _("tiếp nhận; kết thúc %(day)s", day=f"{clock.local_date(case.closed_at):%d/%m/%Y}")
        yield case.id, Shown(case.number, _case(user, case.id), clock.local_date(case.received_at), what)


def _plans(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    query = access.visible_cases(user).join(CasePlan, CasePlan.case_id == Case.id)
    query = query.where(CasePlan.id.in_(keys), access.known_case(user))
    columns = CasePlan.id, CasePlan.decided_at, Case.id.label("case_id"), Case.number
    for plan in db.session.execute(query.with_only_columns(*columns)):
        yield plan.id, Shown(plan.number, _case(user, plan.case_id), clock.local_date(plan.decided_at), _("quyết định"))


def _services(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    query = access.known_services(user).where(Service.id.in_(keys)).options(joinedload(Service.child))
    for one in db.session.scalars(query):
        yield one.id, _of(user, one.child, one.done_on or one.started_on, str(one.kind.label))


def _movements(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    query = access.visible_movements(user).where(Movement.id.in_(keys)).options(joinedload(Movement.child))
    for one in db.session.scalars(query):
        yield one.id, _of(user, one.child, one.happened_on, str(one.kind.label))


def _incidents(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    query = access.visible_incidents(user).where(Incident.id.in_(keys)).options(joinedload(Incident.child))
    for one in db.session.scalars(query):
        yield one.id, _of(user, one.child, one.happened_on, str(one.kind.label))


def _payments(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    ids = {allowance_of(key) for key in keys}
    query = access.visible_allowances(user).where(Allowance.id.in_(ids)).options(joinedload(Allowance.child))
    found = {one.id: one for one in db.session.scalars(query)}
    for key in keys:
        one, month = found.get(allowance_of(key)), key % _MONTHS
        if one is not None:
            yield key, _of(user, one.child, date(month // 100, month % 100, 1), str(one.basis.label))


def _children(user: User, keys: Sequence[int]) -> Iterable[tuple[int, Shown]]:
    for child in db.session.scalars(access.visible_children(user).where(Child.id.in_(keys))):
        yield child.id, _of(user, child)


def _of(user: User, child: Child, day: date | None = None, what: str = "") -> Shown:
    address = url_for("children.show", child_id=child.id) if access.may(user, "child.show") else None
    return Shown(f"{child.code} {child.full_name or ''}".strip(), address, day, what, child.id)


def _case(user: User, case_id: int) -> str | None:
    return url_for("cases.show", case_id=case_id) if access.may(user, "case.show") else None


def listed(user: User, asked: "Asked", rows: Sequence[Row]) -> list[Shown]:
    """What somebody may see of the records, in their order."""
    keys = [row.key for row in rows if not (row.is_secret and asked.hides_secret(user))]
    found: dict[int, Shown] = {}
    for start in range(0, len(keys), _AT_ONCE):
        found |= shown(user, kind_of(asked.tally), keys[start : start + _AT_ONCE], tells_little=asked.tells_little)
    return [found[key] for key in keys if key in found]


def listed_of_report(user: User, report: PeriodReport, indicator: Indicator) -> tuple[list[Shown], int]:
    """What somebody may see of the rows a report kept for a figure, and how many rows there are."""
    rows = [
        (kind, int(key), row[0])
        for kind, kept in report.rows.items()
        for key, row in kept.items()
        if indicator.code in row[2]
    ]
    is_shared = indicator.spread is indicators.Spread.VILLAGES
    may_know = is_shared or access.may_read(user, Sensitivity.HIV)
    found: list[Shown] = []
    for kind in dict.fromkeys(kind for kind, _key, _code in rows):
        if kind in _TELLING and not may_know:
            continue
        of_kind = {key: code for other, key, code in rows if other == kind}
        known = shown(user, kind, list(of_kind), tells_little=indicator.tally in OPEN_TALLIES)
        for key, code in of_kind.items():
            gone = Shown(code, None) if kind == "children" and is_shared else None
            told = known.get(key) or gone
            if told is not None:
                found.append(told)
    return found, len(rows)


# ── An address, and what it asks ───────────────────────────────────────────


@dataclass(frozen=True)
class FlowList:
    """The address of a figure's list, beside the filters of other lists."""

    code: str
    period: str

    def address(self) -> dict[str, str]:
        """For an address."""
        return {"code": self.code, "period": self.period}


@dataclass(frozen=True)
class Asked:
    """Which figure's list: an indicator's, of a period, in a village or the commune."""

    indicator: Indicator
    period: Period
    on: date
    ages: Sequence[Band]
    village: Village | None = None

    @property
    def tally(self) -> str:
        """What is counted."""
        return self.indicator.tally or ""

    def rows(self, user: User) -> list[Row]:
        """The records behind the figure."""
        rows = behind(user, self.tally, self.period, self.on, self.ages)
        return of_village(rows, self.village.id if self.village else None)

    @property
    def tells_little(self) -> bool:
        """Whether being on the list tells nothing the caseload does not; villages' lists leave secret cases out, which tells."""
        return self.tally in OPEN_TALLIES and self.village is None

    def hides_secret(self, user: User) -> bool:
        """Whether rows that tell of HIV are to be left out for this person."""
        return kind_of(self.tally) in ("children", "grown") and not access.may_read(user, Sensitivity.HIV)


def read(user: User, values: Mapping[str, str]) -> Asked | None:
    """What an address asks; None where it names no figure of what happened."""
    try:
        period = Period.read(values.get("period", ""))
    except ValueError:
        return None
    on = period.counted_on(clock.today())
    bands = indicators.age_bands.in_force(user.commune_id or 0, on)
    code = values.get("code", "")
    indicator = next((one for one in indicators.table(bands) if one.code == code and one.tally is not None), None)
    number, village = values.get("village", ""), None
    if number:
        wanted = access.visible_villages(user).where(Village.id == whole_numbers.read(number))
        village = db.session.scalars(wanted).one_or_none()
        if village is None or (indicator is not None and indicator.spread is indicators.Spread.COMMUNE):
            return None
    if indicator is None or not _may_open(user, indicator.tally or ""):
        return None
    return Asked(indicator, period, on, bands.abused, village)


def _may_open(user: User, tally: str) -> bool:
    kind = kind_of(tally)
    needed = {"cases": "case.list", "plans": "case.list", "services": "service.list"}
    money = {"children": "entitlement.list", "grown": "entitlement.list", "payments": "entitlement.list"}
    return access.may(user, {**needed, **money}.get(kind, "child.list")) and access.may(user, "figures.list")


def address(user: User, indicator: Indicator, period: Period, village_id: int | None = None) -> str | None:
    """Where the list of a figure is; None for who may not open it, and where a village's is not told."""
    if indicator.tally is None or not _may_open(user, indicator.tally):
        return None
    if village_id is not None and indicator.spread is indicators.Spread.COMMUNE:
        return None
    return url_for("figures.behind", code=indicator.code, period=period.code, village=village_id)
