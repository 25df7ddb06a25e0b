"""The invented households and children as rows: with their keys, relatives, movements and the first line of their history."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from app import clock
from app.demo.population import Home, Kid, Person
from app.demo.statuses import Staff
from app.demo.store import Store
from app.search import child_search_key
from models import (
    Change,
    ChangeAction,
    Child,
    Counter,
    Household,
    HouseholdStatus,
    LeftReason,
    Movement,
    MovementKind,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    clean,
)

_OUTWARD = ("tỉnh Hưng Yên", "thành phố Hà Nội", "tỉnh Bắc Ninh", "thành phố Hồ Chí Minh")


class Enrolling:
    """Writes the households of one commune into its register."""

    def __init__(self, chance: Random, today: date, staff: Staff, store: Store) -> None:
        self.chance = chance
        self.today = today
        self.staff = staff
        self.store = store
        self.count = 0

    def enrol(self, homes: list[Home]) -> None:
        """Every household with its children, and the counter behind their codes."""
        for home in homes:
            self._household(home)
            for kid in home.kids:
                self._child(kid)
        self.store.add(Counter, name="child", last=self.count)

    def _household(self, home: Home) -> None:
        self.store.add(
            Household,
            id=home.id,
            village_id=home.village_id,
            head_name=home.head,
            head_key=clean.fold(home.head),
            sort_key=clean.name_sort_key(home.head),
            address=home.address,
            phone=home.phone,
            book_code=f"H{home.id:06d}",
        )
        for year, status in home.poverty.items():
            self.store.add_part(
                HouseholdStatus,
                household_id=home.id,
                year=year,
                status=status,
                decision=f"Quyết định số {200 + year % 100}/QĐ-UBND ngày 15/12/{year - 1}",
            )

    def _child(self, kid: Kid) -> None:
        home = kid.home
        self.count += 1
        code = f"TE-{self.count:06d}"
        relatives = [
            (kind, person)
            for kind, person in zip(RelativeKind, (home.father, home.mother, home.carer), strict=True)
            if person is not None and (person.name or person.state is not RelativeState.UNKNOWN)
        ]
        collaborator = self.staff.collaborators[home.village_id]
        enrolled_at = self._enrolled_at(kid)
        is_settled = self.chance.random() > 0.004
        stored = {
            "full_name": kid.name,
            "sex": kid.sex,
            "born_on": kid.birth.day if kid.birth else None,
            "village_id": home.village_id,
            "personal_id": kid.personal_id,
            "birth_registration": kid.registration,
            "ethnicity_code": kid.ethnicity,
            "nationality": kid.nationality,
            "household_id": home.id if is_settled else None,
            "residence": kid.residence,
            "schooling": kid.schooling,
            "school_name": kid.school_name,
            "insurance_number": kid.insurance,
            "population_check": kid.check,
        }
        self.store.add(
            Child,
            id=kid.id,
            code=code,
            name_key=clean.fold(kid.name),
            sort_key=clean.name_sort_key(kid.name),
            search_key=child_search_key(
                kid.name,
                [person.name for _kind, person in relatives],
                home.head if is_settled else None,
                kid.personal_id,
                code,
            ),
            born_precision=kid.birth.precision if kid.birth else Precision.DAY,
            left_on=kid.left_on,
            left_reason=kid.left_reason,
            created_by_id=collaborator,
            created_at=enrolled_at,
            updated_at=enrolled_at,
            **stored,
        )
        for kind, person in relatives:
            self._relative(kid, kind, person)
        self._movements(kid, collaborator)
        self._first_change(kid, stored, enrolled_at, collaborator)

    def _enrolled_at(self, kid: Kid) -> datetime:
        """Soon after birth or arrival, but not before the register was begun two years ago."""
        begun = self.today.replace(year=self.today.year - 2, month=1, day=5)
        day = max(begun, kid.moved_in_on or kid.born_on) + timedelta(days=self.chance.randrange(1, 40))
        local = datetime.combine(min(day, self.today), time(8, self.chance.randrange(60)), clock.LOCAL)
        return min(local, clock.now())

    def _relative(self, kid: Kid, kind: RelativeKind, person: Person) -> None:
        self.store.add(
            Relative,
            child_id=kid.id,
            kind=kind,
            full_name=person.name,
            name_key=clean.fold(person.name),
            relationship_words=person.words,
            state=person.state,
            birth_year=person.birth_year,
            occupation=person.occupation,
            phone=person.phone,
        )

    def _movements(self, kid: Kid, collaborator: int) -> None:
        village = kid.home.village_id
        if kid.moved_in_on:
            returned = self.chance.random() < 0.2
            kind = MovementKind.RETURNED if returned else MovementKind.MOVED_IN
            self._movement(kid, kind, kid.moved_in_on, collaborator, None, village, kid.moved_from)
        elif (self.today - kid.born_on).days < 730:
            self._movement(kid, MovementKind.BORN, kid.born_on, collaborator, None, village, None)
        if kid.left_on:
            died = kid.left_reason is LeftReason.DIED
            kind = MovementKind.DIED if died else MovementKind.MOVED_OUT
            place = None if died else self.chance.choice(_OUTWARD)
            self._movement(kid, kind, kid.left_on, collaborator, village, None, place)
        elif self.chance.random() < 0.004 and (self.today - kid.born_on).days > 200:
            day = self.today - timedelta(days=self.chance.randrange(10, 200))
            other = self.chance.choice(list(self.staff.collaborators))
            if other != village and not kid.moved_in_on:
                self._movement(kid, MovementKind.MOVED_VILLAGE, day, collaborator, other, village, None)

    def _movement(
        self,
        kid: Kid,
        kind: MovementKind,
        day: date,
        collaborator: int,
        from_village: int | None,
        to_village: int | None,
        place: str | None,
    ) -> None:
        self.store.add(
            Movement,
            child_id=kid.id,
            kind=kind,
            happened_on=day,
            from_village_id=from_village,
            to_village_id=to_village,
            place=place,
            recorded_by_id=collaborator,
        )

    def _first_change(self, kid: Kid, stored: dict[str, Any], at: datetime, collaborator: int) -> None:
        plain = {
            name: value.isoformat() if isinstance(value, date) else getattr(value, "value", value)
            for name, value in stored.items()
            if value is not None
        }
        self.store.add(
            Change,
            at=at,
            by_user_id=collaborator,
            action=ChangeAction.CREATED,
            record_table=Child.__tablename__,
            record_id=kid.id,
            subject_table=Child.__tablename__,
            subject_id=kid.id,
            fields={name: [None, value] for name, value in plain.items()},
        )
