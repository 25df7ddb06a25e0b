"""For every indicator and five periods: figure = list = cell of the workbook = number on the page; twenty counted from the tables too."""

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest

from app import age_bands, clock, demo, flows, indicators, register
from app.periods import Period
from app.reports import lifecycle
from models import (
    Case,
    CasePlan,
    Child,
    Circumstance,
    Commune,
    Disability,
    DisabilitySeverity,
    HouseholdStatus,
    Incident,
    KindLevel,
    Movement,
    MovementKind,
    PeriodReport,
    Poverty,
    Relative,
    RelativeKind,
    RelativeState,
    ReportKind,
    Role,
    Service,
    Sex,
    User,
    UserRole,
    db,
)
from tests.page import Client


def periods() -> list[Period]:
    """A year, a half, a quarter, a half by the statistical calendar and a free span; one of them still runs."""
    year = clock.today().year
    codes = (f"{year}", f"{year - 1}-H2", f"{year}-Q1", f"{year}-TK-H1", f"{year - 1}-10-05..{year}-02-10")
    return [Period.read(code) for code in codes]


class Tables:
    """Everything as it stands in the tables, counted by plain Python that shares nothing with the questions of the app."""

    def __init__(self) -> None:
        def everything(model: Any) -> list[Any]:
            return list(db.session.query(model).order_by(model.id))

        self.children = [child for child in everything(Child) if child.removed_at is None]
        self.moves: dict[int, list[Movement]] = {}
        for move in sorted(everything(Movement), key=lambda one: (one.happened_on, one.id)):
            self.moves.setdefault(move.child_id, []).append(move)
        self.cases, self.plans, self.services = everything(Case), everything(CasePlan), everything(Service)
        self.incidents = everything(Incident)
        self.held = {model: self.by_child(everything(model)) for model in (Circumstance, Disability, Relative)}
        self.listed: dict[int, dict[int, Poverty]] = {}
        for status in everything(HouseholdStatus):
            self.listed.setdefault(status.household_id, {})[status.year] = status.status

    def by_child(self, records: list[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for one in records:
            found.setdefault(one.child_id, []).append(one)
        return found

    def here(self, child: Child, on: date) -> bool:
        """Lived in the commune on a day, was born and under 16."""
        arrived = {MovementKind.BORN, MovementKind.MOVED_IN, MovementKind.RETURNED}
        left = {MovementKind.MOVED_OUT, MovementKind.DIED}
        moves = [move for move in self.moves.get(child.id, []) if move.kind in arrived | left]
        before = [move for move in moves if move.happened_on <= on]
        after = [move for move in moves if move.happened_on > on]
        if child.left_on is not None and child.left_on <= on:
            return False
        if before and before[-1].kind in left:
            return False
        if not before and after and after[0].kind in (MovementKind.MOVED_IN, MovementKind.RETURNED):
            return False
        if child.born_on is None:
            return True
        not_born = child.born_on > on and child.born_precision == "day"
        return not not_born and clock.age(child.born_on, on) < 16

    def poverty(self, child: Child, on: date) -> Poverty | None:
        years = [year for year in self.listed.get(child.household_id or 0, {}) if year <= on.year]
        return self.listed[child.household_id or 0][max(years)] if years else None

    def holds(self, child: Child, on: date, wanted: Callable[[Any], bool]) -> bool:
        return any(
            one.confirmed_on is not None
            and wanted(one.kind)
            and (one.started_on is None or one.started_on <= on)
            and (one.ended_on is None or one.ended_on > on)
            for one in self.held[Circumstance].get(child.id, ())
        )

    def disabled(self, child: Child, on: date) -> list[Disability]:
        return [
            one
            for one in self.held[Disability].get(child.id, ())
            if (one.certified_on is None or one.certified_on <= on) and (one.ended_on is None or one.ended_on > on)
        ]

    def dead(self, child: Child, kind: RelativeKind) -> bool:
        parents = self.held[Relative].get(child.id, ())
        return any(one.kind is kind and one.state is RelativeState.DEAD for one in parents)

    def counts(self, period: Period, on: date) -> dict[str, int]:
        """{code: how many} of twenty-six indicators."""
        here = [child for child in self.children if self.here(child, on)]
        known = {child.id for child in self.children}

        def of(test: Callable[[Child], bool]) -> int:
            return sum(test(child) for child in here)

        def aged(low: int, high: int) -> int:
            return of(lambda child: child.born_on is not None and low <= clock.age(child.born_on, on) < high)

        def within(day: date | None) -> bool:
            return day is not None and period.first <= day <= period.last

        def local(instant: Any) -> date | None:
            return clock.local_date(instant) if instant is not None else None

        father, mother = RelativeKind.FATHER, RelativeKind.MOTHER
        special = (KindLevel.GROUP, KindLevel.SUBGROUP)
        found = {
            "1": len(here),
            "1.1": of(lambda child: child.sex is Sex.MALE),
            "1.2": of(lambda child: child.sex is Sex.FEMALE),
            "1.4": of(lambda child: child.ethnicity_code not in (None, "01", "55", "56")),
            "1.5": aged(0, 3),
            "1.6": aged(3, 6),
            "1.7": aged(6, 11),
            "1.8": aged(11, 16),
            "2": of(lambda child: self.poverty(child, on) is Poverty.POOR),
            "3": of(lambda child: self.poverty(child, on) is Poverty.NEAR_POOR),
            "4": of(lambda child: self.holds(child, on, lambda kind: kind.level in special)),
            "4.a": of(lambda child: self.holds(child, on, lambda kind: kind.group_code == "a")),
            "4.d": of(lambda child: self.holds(child, on, lambda kind: kind.group_code == "d")),
            "5": of(lambda child: self.holds(child, on, lambda kind: kind.level is KindLevel.RISK)),
            "6": of(lambda child: bool(self.disabled(child, on))),
            "6.2": of(lambda child: any(one.severity is DisabilitySeverity.SEVERE for one in self.disabled(child, on))),
            "7": of(lambda child: self.dead(child, father) or self.dead(child, mother)),
            "7.1": of(lambda child: self.dead(child, father) and self.dead(child, mother)),
            "13": sum(within(local(case.received_at)) for case in self.cases),
            "14": sum(
                local(case.opened_at) is not None
                and local(case.opened_at) <= on  # type: ignore[operator]
                and (case.closed_at is None or clock.local_date(case.closed_at) > on)
                for case in self.cases
            ),
            "15": sum(within(local(case.closed_at)) for case in self.cases),
            "16": sum(within(one.done_on or one.started_on) and one.child_id in known for one in self.services),
            "24": sum(within(local(plan.decided_at)) for plan in self.plans),
            "25": sum(within(one.happened_on) and one.child_id in known for one in self.incidents),
        }
        for number, kind in enumerate(MovementKind, start=17):
            found[f"{number}"] = sum(
                within(move.happened_on) and move.kind is kind and child_id in known
                for child_id, moves in self.moves.items()
                for move in moves
            )
        return found


@pytest.fixture
def commune(session: object) -> Commune:
    """A made-up commune with everything that happens in one."""
    demo.fill(demo.FEWEST, 1, 7)
    db.session.commit()
    return db.session.query(Commune).one()


def test_page_list_workbook_and_tables_tell_the_same(client: Client, commune: Commune) -> None:
    officer = db.session.query(User).join(UserRole).filter(UserRole.role == Role.OFFICER).first()
    assert officer is not None
    tables = Tables()
    seen: set[str] = set()
    for period in periods():
        on = period.counted_on(clock.today())
        made = lifecycle.prepare(commune, period, ReportKind.FIGURES, None)
        report = lifecycle.submit(commune, made, officer)
        db.session.commit()
        figures = {figure["code"]: figure["total"] for figure in report.figures}

        bands = age_bands.in_force(commune.id, on)
        lists = {
            one.code: (
                register.count_children(officer, one.filters.but(on=on))
                if one.filters is not None
                else len(flows.behind(officer, one.tally or "", period, on, bands.abused))
            )
            for one in indicators.table(bands)
        }
        sheet = openpyxl.load_workbook(io.BytesIO(report.files[0].content), data_only=True)["Tổng hợp"]
        cells = {row[0]: row[-2] for row in sheet.iter_rows(values_only=True) if row[0] in figures}
        page = client.sign_in(officer).page(f"/reports/{report.id}").rows(-1)
        told = {row["STT"]: int(row["TỔNG XÃ"].replace(".", "")) for row in page}
        counted = tables.counts(period, on)

        assert lists == figures
        kept = Counter(code for rows in report.rows.values() for row in rows.values() for code in row[2])
        assert {code: kept[code] for code in figures} == figures
        assert cells == figures
        assert told == figures
        assert counted == {code: figures[code] for code in counted}
        seen |= {code for code, count in counted.items() if count}
    assert len(seen) >= 20, "a figure that is always nought proves nothing"
    assert db.session.query(PeriodReport).count() >= 5
