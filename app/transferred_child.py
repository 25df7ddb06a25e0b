"""A child as another commune's package describes it, put on the register here. NĐ 56/2017/NĐ-CP Đ26.1, Đ30.3."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, gettext as _

from app import clock, duplicates, enrolment, finding
from app.duplicates import Likely
from models import (
    Case,
    Child,
    Choice,
    PartialDate,
    Relative,
    RelativeKind,
    RelativeState,
    Sex,
    Transfer,
    User,
    Village,
    clean,
    db,
)


@dataclass(frozen=True)
class Described:
    """What the package says of the child, as far as it can be read."""

    full_name: str | None
    birth: PartialDate | None
    sex: Sex
    personal_id: str | None
    #: (kind, name, state)
    relatives: tuple[tuple[RelativeKind, str | None, RelativeState], ...]


def described(transfer: Transfer) -> Described:
    """The child of a package taken in."""
    told = (transfer.steps or {}).get("child") or {}
    people = [one for one in told.get("relatives") or [] if isinstance(one, dict)]
    with force_locale("vi"):
        kinds, states = _by_label(RelativeKind), _by_label(RelativeState)
    return Described(
        full_name=_cleaned(clean.person_name, told.get("full_name")),
        birth=_cleaned(clean.partial_date, told.get("born_on")),
        sex=Sex.of_code(str(told.get("sex") or "")) or Sex.UNKNOWN,
        personal_id=_cleaned(clean.personal_id, told.get("personal_id")),
        relatives=tuple(
            (
                kinds.get(str(one.get("kind")), RelativeKind.CAREGIVER),
                _cleaned(clean.person_name, one.get("full_name")),
                states.get(str(one.get("state")), RelativeState.UNKNOWN),
            )
            for one in people
        ),
    )


def _by_label(kind: type[Choice]) -> dict[str, Any]:
    return {str(one.label): one for one in kind}


def _cleaned(cleaner: Any, value: Any) -> Any:
    """A value as our own register holds it, or None for one that is missing or unreadable."""
    try:
        return cleaner(str(value)) if value not in (None, "") else None
    except clean.Unclean:
        return None


def alike(user: User, child: Described) -> list[Likely]:
    """Children of the register that may be this one."""
    return duplicates.likely(user, child.full_name, child.birth, child.personal_id)


def refusal(user: User, child: Described) -> str | None:
    """Why it cannot be added at all: its number is another record's."""
    if child.personal_id and finding.personal_id_is_taken(user, child.personal_id):
        return _("Số định danh này đã có trong sổ: gắn với trẻ đó, hoặc hỏi lại xã chuyển.")
    return None


def enrol(user: User, case: Case, found: Described, village_id: int) -> Child:
    """Put the child on the register as moved in today, with its relatives, and link it to its case."""
    child = Child(full_name=found.full_name, sex=found.sex, village_id=village_id, personal_id=found.personal_id)
    child.village = db.session.get_one(Village, village_id)
    child.birth = found.birth
    enrolment.enrol(user, child, moved_in=True, happened_on=clock.today())
    for kind, name, state in found.relatives:
        child.relatives.append(Relative(commune_id=child.commune_id, kind=kind, full_name=name, state=state))
    case.child = child
    db.session.flush()
    return child
