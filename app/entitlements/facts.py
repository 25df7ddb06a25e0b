"""What the register knows of one child that the rules of entitlement ask for. Values only: no database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app import clock
from models import AllowanceBasis, BirthRegistration, DisabilitySeverity, PartialDate, Poverty, RelativeState, Schooling


@dataclass(frozen=True)
class Received:
    """A monthly allowance in force."""

    basis: AllowanceBasis
    coefficient: Decimal | None = None
    monthly_amount: int | None = None
    since: date | None = None
    id: int | None = None
    decision: str | None = None


@dataclass(frozen=True)
class Certified:
    """A disability in force, as its certificate says; `number` None: no certificate is recorded."""

    severity: DisabilitySeverity
    number: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class ChildFacts:
    """One child on one day, as far as the person who asks may know: what she may not know is simply not there."""

    birth: PartialDate | None = None
    father: RelativeState | None = None
    mother: RelativeState | None = None
    #: Somebody else than father or mother is recorded as taking care.
    has_caregiver: bool = False
    #: Codes of circumstances in force: confirmed, and waiting to be confirmed.
    confirmed: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    disabilities: tuple[Certified, ...] = ()
    #: The household's standing on the latest list, and the year of that list.
    poverty: Poverty | None = None
    poverty_year: int | None = None
    received: tuple[Received, ...] = ()
    registration: BirthRegistration = BirthRegistration.UNKNOWN
    personal_id: str | None = None
    insurance_number: str | None = None
    schooling: Schooling = Schooling.UNKNOWN
    #: Only the father or only the mother is recorded.
    has_one_parent: bool = False
    #: Lives in a village marked as an especially difficult area on the day.
    in_difficult_area: bool = False
    #: An allowance of khoản 1 was in force on the 16th birthday.
    had_k1_at_16: bool = False

    def age(self, day: date) -> int | None:
        """Full years on a day; None while the birth date is unknown. 2018 counts as 31/12/2018, never too early."""
        return clock.age(self.birth.day, day) if self.birth else None

    def is_learning(self, day: date) -> bool | None:
        """Goes to school or learns a trade; None where what is recorded does not tell, or was true years ago."""
        if self.schooling in (Schooling.DROPPED_OUT, Schooling.NEVER):
            return False
        age = self.age(day)
        if self.schooling in (Schooling.VOCATIONAL, Schooling.HIGHER, Schooling.SPECIAL):
            return True
        return True if self.schooling is Schooling.UPPER_SECONDARY and (age is None or age < 19) else None

    @property
    def parents(self) -> tuple[RelativeState, RelativeState]:
        """The states of both parents; one who is not recorded is unknown."""
        return self.father or RelativeState.UNKNOWN, self.mother or RelativeState.UNKNOWN

    @property
    def is_special(self) -> bool:
        """In a confirmed special circumstance; a risk is none."""
        return any(not code.startswith("r.") for code in self.confirmed)

    @property
    def is_listed_poor(self) -> bool:
        """The household is on the list of poor households."""
        return self.poverty is Poverty.POOR

    @property
    def is_listed(self) -> bool:
        """The household is on the list of poor or near-poor households."""
        return self.poverty in (Poverty.POOR, Poverty.NEAR_POOR)
