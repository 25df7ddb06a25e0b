"""Who among the invented children is in which special circumstance, at which risk, disabled, and given an allowance."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, islice
from random import Random

from app.demo import names
from app.demo.population import Home, Kid, Person, age
from app.demo.store import Store
from models import (
    Allowance,
    AllowanceBasis,
    BirthRegistration,
    Circumstance,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    DisabilityType,
    PopulationCheck,
    Poverty,
    RelativeState,
    Schooling,
)

_DEAD, _MISSING, _PRISON = RelativeState.DEAD, RelativeState.MISSING, RelativeState.IN_PRISON
_FACILITY, _UNABLE, _ALIVE = RelativeState.IN_FACILITY, RelativeState.UNABLE, RelativeState.ALIVE

#: Sub-groups that follow from the parents' states: (father, mother, how many among 2,000 children).
_BY_PARENTS: dict[str, tuple[RelativeState, RelativeState, int]] = {
    "a.1": (_DEAD, _DEAD, 1),
    "a.2": (_DEAD, _DEAD, 1),
    "a.3": (_DEAD, _DEAD, 3),
    "a.4": (_DEAD, _DEAD, 1),
    "b.1": (RelativeState.UNKNOWN, RelativeState.UNKNOWN, 1),
    "b.2": (RelativeState.UNKNOWN, RelativeState.UNKNOWN, 1),
    "c.1": (_DEAD, _MISSING, 1),
    "c.2": (_UNABLE, _DEAD, 2),
    "c.3": (_PRISON, _DEAD, 2),
    "c.4": (_MISSING, _MISSING, 1),
    "c.5": (_FACILITY, _MISSING, 1),
    "c.6": (_PRISON, _MISSING, 1),
    "c.7": (_UNABLE, _UNABLE, 2),
    "c.8": (_FACILITY, _FACILITY, 1),
    "c.9": (_PRISON, _PRISON, 1),
    "c.10": (_PRISON, _FACILITY, 1),
    "c.11": (_ALIVE, _ALIVE, 1),
    "c.12": (_ALIVE, _ALIVE, 1),
}
#: Sub-groups of single children: (from age, to age, how many among 2,000 children).
_BY_CHILD: dict[str, tuple[int, int, int]] = {
    "d.1": (1, 15, 6),
    "d.2": (1, 15, 13),
    "d.3": (2, 15, 9),
    "đ": (1, 15, 1),
    **dict.fromkeys(("e.1",), (14, 15, 2)),
    **dict.fromkeys(("e.2", "e.3", "e.4", "g.1", "g.2", "h.1"), (13, 15, 1)),
    "h.2": (12, 15, 3),
    "i": (4, 15, 1),
    **dict.fromkeys(("k.1", "k.2", "k.3", "k.4", "k.5"), (11, 15, 1)),
    **dict.fromkeys(("l.1", "l.2", "l.3", "l.4", "l.5"), (6, 15, 1)),
    **dict.fromkeys(("m.1", "m.2"), (9, 15, 1)),
    "n.1": (1, 15, 3),
    "n.2": (1, 15, 2),
    **dict.fromkeys(("o.1", "o.2", "o.3"), (3, 15, 1)),
}
#: Risks: share of all children.
_RISKS = {
    "r.poor": 0.02,
    "r.near_poor": 0.015,
    "r.divorced": 0.012,
    "r.parents_away": 0.02,
    "r.grandparents": 0.012,
    "r.violence": 0.003,
    "r.addiction": 0.002,
    "r.offending": 0.002,
    "r.parent_ill": 0.004,
    "r.dropout": 0.003,
    "r.behaviour": 0.001,
    "r.injury": 0.004,
    "r.other": 0.001,
}
_EVIDENCE = {
    "a": "Trích lục khai tử của cha, mẹ",
    "b": "Biên bản về việc trẻ em bị bỏ rơi",
    "c": "Biên bản xác minh của UBND xã",
    "đ": "Giấy của cơ sở y tế",
    "e": "Quyết định của cơ quan có thẩm quyền",
    "g": "Kết luận của cơ sở y tế",
    "h": "Biên bản xác minh của thôn và nhà trường",
    "i": "Kết luận giám định",
    "k": "Biên bản xác minh của công an xã",
    "l": "Văn bản của cơ quan điều tra",
    "m": "Giấy xác nhận nạn nhân",
    "n": "Bệnh án; danh sách hộ nghèo, hộ cận nghèo",
    "o": "Biên bản xác minh của công an xã",
}
_K1 = ("a.", "b.1", "c.1", "c.2", "c.3", "c.4", "c.5", "c.6", "c.8", "c.9", "c.10")
#: Base amount of social assistance at the time the made-up decisions were taken, in đồng.
_BASE = 500_000


@dataclass
class Staff:
    """Who records what: keys of users."""

    officer_id: int
    leader_id: int
    #: {village: collaborator}
    collaborators: dict[int, int]


class Statuses:
    """Gives circumstances, disabilities and allowances to the children of one commune."""

    def __init__(self, chance: Random, today: date, homes: list[Home], staff: Staff, store: Store) -> None:
        self.chance = chance
        self.today = today
        self.staff = staff
        self.store = store
        self.homes = [home for home in homes if home.here(today)]
        self.kids = [kid for home in self.homes for kid in home.here(today)]
        self.scale = max(1.0, len(self.kids) / 2000)

    def give(self) -> None:
        """All of it: every sub-group of the law at least once, the common ones about as common as they are."""
        for code, (father, mother, count) in _BY_PARENTS.items():
            for _time in range(self._times(count)):
                self._by_parents(code, father, mother)
        for code, (low, high, count) in _BY_CHILD.items():
            for _time in range(self._times(count)):
                self._by_child(code, low, high)
        self._half_orphans()
        self._risks()

    def _times(self, count: int) -> int:
        return round(count * self.scale) if count > 1 else max(1, round(self.scale / 4))

    def _take_home(self, fits: Callable[[Home], bool]) -> Home:
        start = self.chance.randrange(len(self.homes))
        for home in chain(islice(self.homes, start, None), islice(self.homes, start)):
            if not any(kid.kinds for kid in home.kids) and home.father.state is _ALIVE and fits(home):
                return home
        raise LookupError("too few households for every sub-group")

    def _take_kid(self, fits: Callable[[Kid], bool]) -> Kid:
        start = self.chance.randrange(len(self.kids))
        for kid in chain(islice(self.kids, start, None), islice(self.kids, start)):
            if not kid.kinds and fits(kid):
                return kid
        raise LookupError("too few children for every sub-group")

    def _by_parents(self, code: str, father: RelativeState, mother: RelativeState) -> None:
        oldest = {"b": 5, "c.11": 0}.get(code if code == "c.11" else code[0], 15)
        home = self._take_home(
            lambda home: (
                len(home.kids) == len(home.here(self.today)) <= 2
                and all(age(kid, self.today) <= oldest for kid in home.kids)
                and (code not in ("b.1", "b.2", "c.11") or len(home.kids) == 1)
            )
        )
        home.father.state, home.mother.state = father, mother
        if code == "c.11":
            home.father.birth_year = home.mother.birth_year = self.today.year - 15
            home.father.occupation = home.mother.occupation = None
        if code[0] == "b":
            home.father.name = home.mother.name = home.father.birth_year = home.mother.birth_year = None
        if code == "b.1":
            foundling = home.kids[0]
            foundling.birth, foundling.personal_id, foundling.insurance = None, None, None
            foundling.registration, foundling.check = BirthRegistration.NOT_REGISTERED, PopulationCheck.UNCHECKED
        self._house(home, code)
        for kid in home.kids:
            self._circumstance(kid, code)
            if code.startswith(_K1) and self.chance.random() < 0.85:
                self._allow(kid, AllowanceBasis.K1, "2.50" if age(kid, self.today) < 4 else "1.50")

    def _house(self, home: Home, code: str) -> None:
        """Who looks after the children when the parents do not."""
        born = self.today.year - self.chance.randrange(52, 70)
        carers = {
            "a.1": None,
            "b.1": None,
            "a.2": Person("Cơ sở trợ giúp xã hội tỉnh", RelativeState.ALIVE, words="Cơ sở nuôi dưỡng"),
            "a.4": Person(
                names.woman_name(self.chance), RelativeState.ALIVE, born, words="Người nhận chăm sóc thay thế"
            ),
            "b.2": Person(
                names.woman_name(self.chance), RelativeState.ALIVE, born, words="Người nhận chăm sóc thay thế"
            ),
        }
        relative = Person(names.woman_name(self.chance), RelativeState.ALIVE, born, "Làm ruộng", words="Bà nội")
        home.carer = carers.get(code, relative)
        if home.carer is not None and code != "a.2":
            home.head = str(home.carer.name)

    def _by_child(self, code: str, low: int, high: int) -> None:
        needed = {"n.1": Poverty.POOR, "n.2": Poverty.NEAR_POOR}.get(code)
        year = self.today.year

        def fits(kid: Kid) -> bool:
            right_age = low <= age(kid, self.today) <= high
            return right_age and (needed is None or kid.home.standing(year) is needed)

        try:
            kid = self._take_kid(fits)
        except LookupError:
            if needed is None:
                raise
            kid = self._take_kid(lambda kid: low <= age(kid, self.today) <= high)
            kid.home.poverty[year] = needed
        if code[0] == "h":
            kid.schooling, kid.school_name = Schooling.DROPPED_OUT, None
        if code in ("o.2", "o.3"):
            kid.nationality = "Lào" if code == "o.2" else None
            kid.personal_id, kid.ethnicity = None, "55" if code == "o.2" else "56"
        if code in ("d.1", "d.2") and age(kid, self.today) >= 6 and self.chance.random() < 0.4:
            kid.schooling = self.chance.choice([Schooling.SPECIAL, Schooling.NEVER])
            kid.school_name = None
        number = self._disability(kid, code) if code[0] == "d" else None
        self._circumstance(kid, code, f"Giấy xác nhận khuyết tật số {number}" if number else None)
        if code == "đ":
            kid.home.poverty[year] = Poverty.POOR
            self._allow(kid, AllowanceBasis.K3, "2.50" if age(kid, self.today) < 4 else "2.00")

    def _disability(self, kid: Kid, code: str) -> str | None:
        chance = self.chance
        severity = {"d.1": DisabilitySeverity.EXTREME, "d.2": DisabilitySeverity.SEVERE, "d.3": DisabilitySeverity.MILD}
        certified = self._since(kid, 1800)
        number = f"{chance.randrange(1, 90):02d}/GXN-KT-{certified.year}" if chance.random() < 0.85 else None
        disability_id = self.store.add(
            Disability,
            child_id=kid.id,
            severity=severity.get(code, DisabilitySeverity.UNKNOWN),
            certificate_number=number,
            certified_on=certified if number else None,
        )
        weights = [30, 18, 8, 16, 22, 6]
        for kind in dict.fromkeys(chance.choices(list(DisabilityKind), weights, k=2 if chance.random() < 0.25 else 1)):
            self.store.add_part(DisabilityType, disability_id=disability_id, kind=kind)
        if number and code in ("d.1", "d.2") and chance.random() < 0.85:
            self._allow(kid, AllowanceBasis.K6, "2.50" if code == "d.1" else "2.00", certified)
        return number

    def _half_orphans(self) -> None:
        """One parent dead, the other caring: a risk, not a special circumstance."""
        for number in range(max(2, round(len(self.kids) * 0.009))):
            home = self._take_home(lambda home: True)
            if number % 3:
                home.father.state = _DEAD
            else:
                home.mother.state = _DEAD
            for kid in home.here(self.today):
                self._circumstance(kid, "r.half_orphan")
                if home.standing(self.today.year) is not Poverty.NONE:
                    self._allow(kid, AllowanceBasis.K4, "1.00")

    def _risks(self) -> None:
        needed = {"r.poor": Poverty.POOR, "r.near_poor": Poverty.NEAR_POOR}
        total = len(self.kids)
        for code, share in _RISKS.items():
            wanted = needed.get(code)
            youngest = 9 if code in ("r.dropout", "r.behaviour") else 0
            for number in range(max(1, round(total * share))):
                try:
                    kid = self._take_kid(
                        lambda kid, wanted=wanted, youngest=youngest: (
                            age(kid, self.today) >= youngest  # type: ignore[misc]
                            and (wanted is None or kid.home.standing(self.today.year) is wanted)
                        )
                    )
                except LookupError:
                    break
                if code == "r.grandparents" and kid.home.carer is None:
                    kid.home.carer = Person(names.woman_name(self.chance), _ALIVE, None, words="Bà nội")
                self._circumstance(kid, code, ended=number > 0 and self.chance.random() < 0.12)
        for _time in range(max(1, round(total * 0.001))):  # seen by a collaborator, no certificate yet
            self._disability(self._take_kid(lambda kid: age(kid, self.today) >= 2), "d.?")

    def _since(self, kid: Kid, days: int) -> date:
        known_from = kid.birth.day if kid.birth and kid.birth.day <= self.today else kid.born_on
        return max(known_from, self.today - timedelta(days=self.chance.randrange(25, days)))

    def _circumstance(self, kid: Kid, code: str, evidence: str | None = None, *, ended: bool = False) -> None:
        kid.kinds.append(code)
        started = self._since(kid, 1300)
        by_collaborator = code[0] == "r" or self.chance.random() < 0.3
        village = self.staff.collaborators[kid.home.village_id]
        self.store.add(
            Circumstance,
            child_id=kid.id,
            kind_code=code,
            started_on=started,
            ended_on=min(self.today, started + timedelta(days=300)) if ended else None,
            evidence=evidence or _EVIDENCE.get(code[0] if code[0] != "r" else ""),
            recorded_by_id=village if by_collaborator else self.staff.officer_id,
            confirmed_by_id=self.staff.officer_id,
            confirmed_on=min(self.today, started + timedelta(days=self.chance.randrange(1, 20))),
        )

    def _allow(self, kid: Kid, basis: AllowanceBasis, coefficient: str, since: date | None = None) -> None:
        since = (since or self._since(kid, 1000)).replace(day=1)
        self.store.add(
            Allowance,
            child_id=kid.id,
            basis=basis,
            coefficient=Decimal(coefficient),
            monthly_amount=int(Decimal(coefficient) * _BASE),
            decision_number=f"{self.chance.randrange(10, 900)}/QĐ-UBND",
            started_on=since,
            ended_on=None,
        )
