"""The invented families of a commune: households with their parents and children, as plain objects to be stored later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from app import clock
from app.child_filters import CHILD_UNTIL
from app.demo import names
from models import (
    BirthRegistration,
    LeftReason,
    PartialDate,
    PopulationCheck,
    Poverty,
    RelativeState,
    Residence,
    Schooling,
    Sex,
)
from models.clean import month_date, year_date

#: Days without a name or a birth certificate that some newborns have.
_NEWBORN_DAYS = 60
_OCCUPATIONS = (
    "Làm ruộng",
    "Công nhân",
    "Công nhân may",
    "Thợ xây",
    "Buôn bán",
    "Giáo viên",
    "Lái xe",
    "Lao động tự do",
)
_OTHER_PROVINCES = ("031", "033", "034", "001", "022", "027", "079")
_OTHER_ETHNIC_GROUPS = ("02", "06", "07", "08", "03")


@dataclass(slots=True)
class Person:
    """A parent or carer."""

    name: str | None
    state: RelativeState
    birth_year: int | None = None
    occupation: str | None = None
    phone: str | None = None
    #: For a carer: what he or she is to the child.
    words: str | None = None


@dataclass(slots=True)
class Kid:
    """A child, grown or gone ones included."""

    id: int
    home: "Home"
    name: str | None
    sex: Sex
    #: The true birth date; `birth` is what the register knows of it.
    born_on: date
    birth: PartialDate | None
    personal_id: str | None = None
    registration: BirthRegistration = BirthRegistration.REGISTERED
    ethnicity: str = "01"
    nationality: str | None = "Việt Nam"
    residence: Residence = Residence.PERMANENT
    schooling: Schooling = Schooling.UNKNOWN
    school_name: str | None = None
    insurance: str | None = None
    check: PopulationCheck = PopulationCheck.UNCHECKED
    left_on: date | None = None
    left_reason: LeftReason | None = None
    #: When and from where, for a child not born here.
    moved_in_on: date | None = None
    moved_from: str | None = None
    kinds: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Home:
    """A household."""

    id: int
    village_id: int
    head: str
    address: str
    phone: str | None
    father: Person
    mother: Person
    carer: Person | None = None
    poverty: dict[int, Poverty] = field(default_factory=dict)
    kids: list[Kid] = field(default_factory=list)

    def here(self, today: date) -> list[Kid]:
        """The children who live here and count today."""
        return [kid for kid in self.kids if kid.left_on is None and age(kid, today) < CHILD_UNTIL]

    def standing(self, year: int) -> Poverty:
        """Poor, near-poor or neither in a year."""
        return self.poverty.get(year, Poverty.NONE)


def age(kid: Kid, today: date) -> int:
    """Full years, by what the register knows."""
    return clock.age(kid.birth.day if kid.birth else kid.born_on, today)


class Maker:
    """Makes the households of one commune until so many children live in it."""

    def __init__(
        self, chance: Random, today: date, villages: Sequence[int], first_home: int, first_kid: int, schools: str
    ) -> None:
        self.chance = chance
        self.today = today
        self.villages = villages
        self.next_home = first_home
        self.next_kid = first_kid
        self.schools = schools
        self.taken: set[str] = set()

    def homes(self, children: int) -> list[Home]:
        """Households with exactly `children` children living here under 16; grown and gone ones beside them."""
        made: list[Home] = []
        missing = children
        while missing > 0:
            home = self._home(len(made))
            while len(home.here(self.today)) > missing:
                home.kids.remove(home.here(self.today)[-1])
            missing -= len(home.here(self.today))
            made.append(home)
        return made

    def _home(self, number: int) -> Home:
        chance = self.chance
        family = names.surname(chance)
        youngest = chance.uniform(0, 15.95)
        mother_year = self.today.year - int(youngest) - chance.randrange(20, 36)
        father = Person(names.man_name(chance, family), RelativeState.ALIVE, mother_year - chance.randrange(-1, 6))
        mother = Person(names.woman_name(chance), RelativeState.ALIVE, mother_year)
        for parent in (father, mother):
            parent.occupation = chance.choice(_OCCUPATIONS) if chance.random() < 0.85 else None
            parent.phone = names.phone(chance) if chance.random() < 0.5 else None
        draw = chance.random()
        elder = names.man_name(chance, family) if draw < 0.17 else names.woman_name(chance)
        head = father.name if draw < 0.75 else (mother.name if draw < 0.8 else elder)
        if chance.random() < 0.025:
            father, head = Person(None, RelativeState.UNKNOWN), mother.name
        if chance.random() < 0.08:
            words = chance.choice(["Bà nội", "Ông nội", "Bà ngoại", "Bác ruột"])
            carer = names.man_name(chance, family) if words == "Ông nội" else names.woman_name(chance)
            carer_person = Person(carer, RelativeState.ALIVE, mother_year - 24, "Làm ruộng", words=words)
        else:
            carer_person = None
        home = Home(
            self.next_home,
            self.villages[number] if number < len(self.villages) else chance.choice(self.villages),
            str(head),
            names.address(chance),
            names.phone(chance) if chance.random() < 0.7 else None,
            father,
            mother,
            carer_person,
        )
        self.next_home += 1
        self._set_poverty(home)
        self._add_kids(home, family, youngest)
        self._let_leave(home, number)
        return home

    def _set_poverty(self, home: Home) -> None:
        chance, year = self.chance, self.today.year
        draw = chance.random()
        now = Poverty.POOR if draw < 0.04 else (Poverty.NEAR_POOR if draw < 0.08 else Poverty.NONE)
        before = draw < 0.095
        if not before:
            return
        home.poverty[year] = now
        for earlier in (year - 1, year - 2):
            now = now if chance.random() < 0.75 else chance.choice([Poverty.POOR, Poverty.NEAR_POOR])
            home.poverty[earlier] = now if now is not Poverty.NONE else Poverty.NEAR_POOR

    def _add_kids(self, home: Home, family: str, youngest: float) -> None:
        chance = self.chance
        births = [self.today - timedelta(days=int(youngest * 365.25))]
        for _sibling in range(chance.choices([0, 1, 2, 3], [34, 46, 17, 3])[0]):
            gap = 0 if chance.random() < 0.012 else chance.randrange(430, 2600)
            births.append(births[-1] - timedelta(days=gap))
        ethnicity = "01" if chance.random() < 0.98 else chance.choice(_OTHER_ETHNIC_GROUPS)
        residence = chance.choices(list(Residence), [95, 3, 2])[0]
        for born_on in reversed(births):
            if clock.age(born_on, self.today) < CHILD_UNTIL + 2:
                kid = self._kid(home, family, born_on)
                kid.ethnicity, kid.residence = ethnicity, residence
                home.kids.append(kid)
        if chance.random() < 0.02 and youngest > 2:
            moved = self.today - timedelta(days=chance.randrange(20, 600))
            for kid in home.kids:
                kid.moved_in_on = max(moved, kid.born_on)
                kid.moved_from = chance.choice(["huyện Ninh Giang cũ", "tỉnh Hưng Yên", "thành phố Hà Nội"])

    def _kid(self, home: Home, family: str, born_on: date) -> Kid:
        chance = self.chance
        sex = Sex.MALE if chance.random() < 0.525 else Sex.FEMALE
        name = names.child_name(chance, family, sex)
        while name in {sibling.name for sibling in home.kids}:
            name = names.child_name(chance, family, sex)
        kid = Kid(self.next_kid, home, name, sex, born_on, self._known_birth(born_on))
        self.next_kid += 1
        days = (self.today - born_on).days
        if days < _NEWBORN_DAYS and chance.random() < 0.6:
            kid.registration = BirthRegistration.NOT_REGISTERED
            kid.name = None if chance.random() < 0.7 else kid.name
            kid.sex = Sex.UNKNOWN if chance.random() < 0.1 else kid.sex
        elif chance.random() < 0.01:
            kid.registration = chance.choice([BirthRegistration.UNKNOWN, BirthRegistration.NOT_REGISTERED])
        if kid.registration is BirthRegistration.REGISTERED and chance.random() > 0.025:
            kid.personal_id = self._personal_id(kid)
        kid.check = self._check(kid)
        self._send_to_school(kid)
        self._insure(kid)
        return kid

    def _known_birth(self, born_on: date) -> PartialDate:
        draw = self.chance.random()
        if born_on.year >= self.today.year or draw > 0.03:
            return PartialDate(born_on)
        if draw < 0.01:
            return month_date(born_on.year, born_on.month)
        return year_date(born_on.year, estimated=draw > 0.025)

    def _personal_id(self, kid: Kid) -> str:
        chance = self.chance
        province = "030" if chance.random() < 0.94 else chance.choice(_OTHER_PROVINCES)
        is_girl, year = kid.sex is Sex.FEMALE, kid.born_on.year
        draw = chance.random()
        if draw < 0.003:
            is_girl = not is_girl
        elif draw < 0.006:
            year -= 1
        while True:
            number = f"{province}{3 if is_girl else 2}{year % 100:02d}{chance.randrange(1_000_000):06d}"
            if number not in self.taken:
                self.taken.add(number)
                return number

    def _check(self, kid: Kid) -> PopulationCheck:
        if kid.personal_id is None:
            return PopulationCheck.UNCHECKED
        wrong_sex = kid.personal_id[3] != ("3" if kid.sex is Sex.FEMALE else "2")
        if wrong_sex or kid.personal_id[4:6] != f"{kid.born_on.year % 100:02d}":
            return self.chance.choice([PopulationCheck.MISMATCH, PopulationCheck.SENT])
        return self.chance.choices(list(PopulationCheck), [22, 73, 2, 3])[0]

    def _send_to_school(self, kid: Kid) -> None:
        chance = self.chance
        start = self.today.year if self.today.month >= 9 else self.today.year - 1
        grade = start - kid.born_on.year - 5
        years = clock.age(kid.born_on, self.today)
        letter = chance.choice("ABC")
        if grade >= 10:
            at_school = chance.random() < 0.93
            kid.schooling = Schooling.UPPER_SECONDARY if at_school else Schooling.DROPPED_OUT
            kid.school_name = f"Trường THPT huyện, lớp {grade}{letter}" if at_school and grade < 13 else None
        elif grade >= 1:
            primary = grade <= 5
            kid.schooling = Schooling.PRIMARY if primary else Schooling.LOWER_SECONDARY
            school = "Tiểu học" if primary else "THCS"
            kid.school_name = f"Trường {school} {self.schools}, lớp {grade}{letter}"
        elif years >= 3:
            kid.schooling = Schooling.KINDERGARTEN if chance.random() < 0.96 else Schooling.UNKNOWN
        elif years >= 1 and chance.random() < 0.4:
            kid.schooling = Schooling.NURSERY
        else:
            kid.schooling = Schooling.TOO_YOUNG
        if kid.schooling in (Schooling.KINDERGARTEN, Schooling.NURSERY):
            kid.school_name = f"Trường Mầm non {self.schools}"

    def _insure(self, kid: Kid) -> None:
        if kid.registration is not BirthRegistration.REGISTERED or self.chance.random() < 0.06:
            return
        code = "TE1" if clock.age(kid.born_on, self.today) < 6 else "HS4"
        if kid.home.standing(self.today.year) is Poverty.POOR and code != "TE1":
            code = "HN2"
        kid.insurance = f"{code}30{self.chance.randrange(10**10):010d}"

    def _let_leave(self, home: Home, number: int) -> None:
        """Some families have moved away, a few children have died; the first ones surely, so that every list has somebody."""
        chance = self.chance
        if number == 30 or chance.random() < 0.013:
            left = self.today - timedelta(days=chance.randrange(5, 700))
            for kid in home.kids:
                kid.birth = PartialDate(kid.born_on)
                kid.left_on, kid.left_reason = max(left, kid.born_on), LeftReason.MOVED_OUT
        elif number == 31 or chance.random() < 0.0015:
            kid = home.kids[-1]
            kid.birth = PartialDate(kid.born_on)
            kid.left_on = self.today - timedelta(days=min(chance.randrange(5, 700), (self.today - kid.born_on).days))
            kid.left_reason = LeftReason.DIED
