"""What a row would change of a child, field by field. Fields the list does not carry, and blanks, change nothing."""

from dataclasses import dataclass
from typing import Any

from app.imports.keys import fold
from models import (
    Child,
    Circumstance,
    Disability,
    DisabilityKind,
    DisabilitySeverity,
    HouseholdStatus,
    Poverty,
    Precision,
    Relative,
    RelativeKind,
    RelativeState,
    Sex,
)
from models.clean import partial_date, tone_key
from models.fields import Choice

#: Fields of a list that stand in a column of the same kind, and the column.
PLAIN = {
    "full_name": "full_name",
    "sex": "sex",
    "personal_id": "personal_id",
    "nationality": "nationality",
    "address": "address",
    "birth_registration": "birth_registration",
    "residence": "residence",
    "schooling": "schooling",
    "school_name": "school_name",
    "insurance_number": "insurance_number",
}
PARENTS = {RelativeKind.FATHER: "father", RelativeKind.MOTHER: "mother"}


@dataclass(frozen=True)
class Difference:
    """One field a row would change: what is stored, what the list says."""

    field: str
    before: Any
    after: Any


def differences(
    child: Child, values: dict[str, Any], village_id: int | None, village_name: str | None
) -> list[Difference]:
    """What the row would change of this child."""
    found = [*_plain(child, values), *_birth(child, values)]
    if village_id is not None and village_id != child.village_id:
        found.append(Difference("village", child.village.name, village_name))
    if values.get("ethnicity_code") and values["ethnicity_code"] != child.ethnicity_code:
        found.append(Difference("ethnicity", child.ethnicity_code, values["ethnicity_code"]))
    found += _relatives(child, values)
    found += _household(child, values)
    found += _statuses(child, values)
    found += _disability(child, values)
    if (note := added_note(child.note, note_of(values))) is not None:
        found.append(Difference("note", child.note, note))
    return found


#: What a blank cell may take away when a person asks for it, and the column.
ERASABLE = {
    name: PLAIN.get(name, f"{name}_code")
    for name in ("personal_id", "address", "school_name", "insurance_number", "ethnicity")
}


def erasures(child: Child, blank: frozenset[str]) -> list[Difference]:
    """What blank cells would take away."""
    found = []
    for name, column in ERASABLE.items():
        stored = getattr(child, column)
        if name in blank and stored is not None:
            found.append(Difference(name, stored, None))
    return found


def _plain(child: Child, values: dict[str, Any]) -> list[Difference]:
    found = []
    for name, column in PLAIN.items():
        told, stored = values.get(name), getattr(child, column)
        if told in (None, "") or (name == "sex" and told == Sex.UNKNOWN):
            continue
        stored = stored.value if isinstance(stored, Choice) else stored
        if name == "full_name" and same_name(stored, told):
            continue
        if name == "address" and stored is None and child.household is not None:
            stored = child.household.address  # where the household lives, unless the child lives elsewhere
        if told != stored and not (name in {"address", "school_name"} and fold(told) == fold(stored)):
            found.append(Difference(name, stored, told))
    return found


def same_name(stored: str | None, told: str | None) -> bool:
    """The same apart from capitals and the place of a tone mark; or told without any accents."""
    if tone_key(stored) == tone_key(told):
        return True
    return bool(told) and str(told).isascii() and fold(stored) == fold(told)


def _birth(child: Child, values: dict[str, Any]) -> list[Difference]:
    told, stored = read_birth(values), child.birth
    if told is None or told == stored:
        return []
    if stored is not None and _knows_more(stored.precision, told.precision):
        same_year = stored.day.year == told.day.year
        same_month = told.precision is not Precision.MONTH or stored.day.month == told.day.month
        if same_year and same_month:
            return []
    return [Difference("born_on", stored.iso() if stored else None, told.iso())]


_EXACTNESS = [Precision.ESTIMATED, Precision.YEAR, Precision.MONTH, Precision.DAY]


def _knows_more(stored: Precision, told: Precision) -> bool:
    return _EXACTNESS.index(stored) > _EXACTNESS.index(told)


def read_birth(values: dict[str, Any]) -> Any:
    """The birth date of a row, with its precision."""
    born = values.get("born_on")
    if born and values.get("born_precision") == Precision.ESTIMATED:
        return partial_date(f"khoảng {born}")
    return partial_date(born)


def relative_of(child: Child, kind: RelativeKind) -> Relative | None:
    """The father, mother or first caregiver on the register."""
    return next((known for known in child.relatives if known.kind is kind), None)


def _relatives(child: Child, values: dict[str, Any]) -> list[Difference]:
    found = []
    for kind, word in PARENTS.items():
        known = relative_of(child, kind)
        told = values.get(f"{word}_name")
        if told and not same_name(known.full_name if known else None, told):
            found.append(Difference(f"{word}_name", known.full_name if known else None, told))
        state = values.get(f"{word}_state")
        if state and state != RelativeState.UNKNOWN and (known is None or known.state != state):
            found.append(Difference(f"{word}_state", known.state.value if known else None, state))
    told = values.get("caregiver_name")
    if told:
        known_names = {fold(known.full_name) for known in child.relatives}
        name, _relation = split_caregiver(told)
        if fold(name) not in known_names:
            known = relative_of(child, RelativeKind.CAREGIVER)
            found.append(Difference("caregiver_name", known.full_name if known else None, told))
    return found


_RELATION_WORDS = (
    "ông nội", "bà nội", "ông ngoại", "bà ngoại", "ông bà nội", "ông bà ngoại", "ông bà", "bác ruột", "bác", "chú ruột", "chú", "cô ruột", "cô",
    "dì ruột", "dì", "cậu ruột", "cậu", "mợ", "thím", "dượng", "anh ruột", "anh trai", "anh", "chị gái", "chị ruột", "chị", "mẹ kế", "bố dượng",
    "mẹ nuôi", "bố nuôi", "cha nuôi", "ông", "bà", "mẹ", "bố", "cha",
)  # fmt: skip


def split_caregiver(words: str) -> tuple[str | None, str | None]:
    """The name, and what the carer is to the child: "Bà nội Trịnh Thị Nhàn"; "Ông bà nội" has no name."""
    lowered = words.lower()
    for relation in sorted(_RELATION_WORDS, key=len, reverse=True):
        if lowered == relation:
            return None, relation
        if lowered.startswith((relation + " ", relation + ":")) and len(words.split()) > len(relation.split()) + 1:
            return words[len(relation) :].strip(" :,-–("), relation
    name, _open, rest = words.partition("(")
    return (name.strip(" ,-") or words), (rest.strip(" )") or None)


def _household(child: Child, values: dict[str, Any]) -> list[Difference]:
    found = []
    household = child.household
    head = values.get("household_head")
    if head and (household is None or not same_name(household.head_name, head)):
        found.append(Difference("household_head", household.head_name if household else None, head))
    elif values.get("phone") and (household is None or household.phone != values["phone"]):
        found.append(Difference("phone", household.phone if household else None, values["phone"]))
    if values.get("household_status"):
        stored = status_in(household.statuses if household else [], values["household_status_year"])
        if stored is None or stored.status != values["household_status"] or (head and found):
            found.append(
                Difference(
                    "household_status",
                    stored.status.value if stored else None,
                    Poverty(values["household_status"]).value,
                )
            )
    return found


def status_in(statuses: list[HouseholdStatus], year: int) -> HouseholdStatus | None:
    """A household's standing listed for one year."""
    return next((status for status in statuses if status.year == year), None)


def active_codes(circumstances: list[Circumstance]) -> set[str]:
    """The codes of the circumstances that have not ended."""
    return {held.kind_code for held in circumstances if held.ended_on is None}


def _statuses(child: Child, values: dict[str, Any]) -> list[Difference]:
    held = active_codes(child.circumstances)
    found = []
    for name in ("circumstances", "risks"):
        new = [code for code in values.get(name, []) if code not in held and not _is_told_closer(code, held)]
        if new:
            stored = sorted(code for code in held if code.startswith("r.") == (name == "risks"))
            found.append(Difference(name, stored or None, new))
    return found


def _is_told_closer(code: str, held: set[str]) -> bool:
    """The list only names a group of which the register knows the sub-group."""
    return "." not in code and any(known.startswith(f"{code}.") for known in held)


def current_disability(child: Child) -> Disability | None:
    """The disability in force."""
    return next((held for held in child.disabilities if held.ended_on is None), None)


def _disability(child: Child, values: dict[str, Any]) -> list[Difference]:
    held = current_disability(child)
    found = []
    kinds = values.get("disability_types")
    if kinds and (held is None or {DisabilityKind(kind) for kind in kinds} != set(held.kinds)):
        found.append(Difference("disability_types", [kind.value for kind in held.kinds] if held else None, kinds))
    severity = values.get("disability_severity")
    if severity and (held is None or held.severity != DisabilitySeverity(severity)):
        found.append(Difference("disability_severity", held.severity.value if held else None, severity))
    number = values.get("certificate_number")
    if number and (held is None or held.certificate_number != number):
        found.append(Difference("certificate_number", held.certificate_number if held else None, number))
    return found


def note_of(values: dict[str, Any]) -> str | None:
    """What goes into the child's note: the list's own note, and words no code was found for."""
    parts = [values.get("note"), values.get("unread_words"), values.get("allowance_words")]
    return "\n".join(str(part) for part in parts if part) or None


def added_note(stored: str | None, told: str | None) -> str | None:
    """The note with what is new in the list added below; None when nothing is."""
    if not told:
        return None
    known = {fold(line) for line in (stored or "").splitlines()}
    new = [line for line in told.splitlines() if fold(line) and fold(line) not in known]
    return "\n".join([*(stored or "").splitlines(), *new]) if new else None
