"""What a person answered about a right, the facts her answer rests on, and which of them have changed since.

Facts are kept as digests: enough to see that one has changed, and nothing of what it was (which may tell of HIV).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.entitlements import law
from app.entitlements.facts import ChildFacts
from models import Choice, EntitlementAnswer, Right, User, Verdict


class Fact(Choice):
    """A kind of fact that an answer may rest on."""

    PARENTS = "parents", _l("Tình trạng của cha, mẹ")
    CIRCUMSTANCE = "circumstance", _l("Hoàn cảnh")
    HOUSEHOLD = "household", _l("Diện hộ")
    DISABILITY = "disability", _l("Khuyết tật, giấy xác nhận")
    CARER = "carer", _l("Người chăm sóc")
    SCHOOLING = "schooling", _l("Việc học")
    AREA = "area", _l("Vùng đặc biệt khó khăn")
    BIRTH = "birth", _l("Ngày sinh")
    PAPERS = "papers", _l("Khai sinh, số thẻ")


#: What the rule of each right looks at (app/entitlements/grounds.py).
RESTS_ON: dict[Right, tuple[Fact, ...]] = {
    Right.K1: (Fact.PARENTS, Fact.CIRCUMSTANCE, Fact.BIRTH),
    Right.K2: (Fact.SCHOOLING, Fact.BIRTH),
    Right.K3: (Fact.CIRCUMSTANCE, Fact.HOUSEHOLD, Fact.BIRTH),
    Right.K4: (Fact.PARENTS, Fact.HOUSEHOLD, Fact.SCHOOLING, Fact.BIRTH),
    Right.K6: (Fact.DISABILITY, Fact.BIRTH),
    Right.K7: (Fact.HOUSEHOLD, Fact.AREA, Fact.BIRTH),
    Right.CARER: (Fact.PARENTS, Fact.CIRCUMSTANCE, Fact.DISABILITY, Fact.CARER, Fact.BIRTH),
    Right.CARD: (Fact.PAPERS, Fact.BIRTH),
    Right.CERTIFICATE: (Fact.DISABILITY, Fact.BIRTH),
}

#: The circumstances a right looks at, by the beginning of their codes.
_CODES: dict[Right, tuple[str, ...]] = {
    Right.K1: ("a", "b", "c."),
    Right.CARER: ("a", "b", "c."),
    Right.K3: ("đ",),
}


@dataclass(frozen=True)
class Answered:
    """An answer as the rules and pages need it. `changed`: the facts that are no longer what it rested on."""

    verdict: Verdict
    reason: str
    on: date
    by: str
    id: int
    changed: tuple[Fact, ...] = ()

    @property
    def refuses(self) -> bool:
        """It still holds, and says no."""
        return self.verdict is Verdict.NOT_ENTITLED and not self.changed

    @property
    def affirms(self) -> bool:
        """It still holds, and says yes."""
        return self.verdict is Verdict.ENTITLED and not self.changed


def rested_on(right: Right, facts: ChildFacts, day: date, child_id: int) -> dict[str, str]:
    """{kind of fact: digest} of all that the rule of this right looks at, for this child."""
    return {
        fact.value: hashlib.sha256(f"{child_id}|{right}|{fact}|{_told(fact, right, facts, day)}".encode()).hexdigest()
        for fact in RESTS_ON.get(right, ())
    }


def sign(record: EntitlementAnswer, user: User, facts: ChildFacts, day: date) -> None:
    """Put under an answer who gave it, and what it rests on from now on. The caller commits."""
    record.answered_by_id, record.answered_by = user.id, user
    record.rested_on = rested_on(record.right, facts, day, record.child_id)


def changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The facts whose digests differ."""
    return tuple(fact for fact in Fact if before.get(fact.value) != now.get(fact.value))


def _told(fact: Fact, right: Right, facts: ChildFacts, day: date) -> str:
    """A fact as one line; the same line as long as it is the same for the rule."""
    told: tuple[Any, ...]
    match fact:
        case Fact.PARENTS:
            told = (*facts.parents, facts.has_one_parent)
        case Fact.CIRCUMSTANCE:
            begins = _CODES[right]
            told = tuple(
                " ".join(sorted(code for code in codes if code.startswith(begins)))
                for codes in (facts.confirmed, facts.waiting)
            )
        case Fact.HOUSEHOLD:
            told = (facts.is_listed_poor if right is Right.K3 else facts.is_listed,)
        case Fact.DISABILITY:
            held = sorted(f"{one.severity} {one.number} {one.on}" for one in facts.disabilities)
            told = (*held, *sorted(code for code in facts.confirmed | facts.waiting if code.startswith("d")))
        case Fact.CARER:
            told = (facts.has_caregiver,)
        case Fact.SCHOOLING:
            of_age = (facts.age(day) or 0) >= law.ADULT_FROM
            told = (facts.is_learning(day),) if of_age else ()
        case Fact.AREA:
            told = (facts.in_difficult_area,)
        case Fact.BIRTH:
            told = (facts.birth.iso() if facts.birth else None,)
        case _:
            told = (facts.registration, facts.insurance_number)
    return "|".join(map(str, told))
