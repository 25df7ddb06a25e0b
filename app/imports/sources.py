"""Lists of other registers, read to compare and to fill in, never to add: which fields each may change.

The commune police verify IDs (CV 2513/LĐTBXH-TTTT, step 3); other branches know their own fields. A row finds its child,
fills what its source answers for, leaves a mark of what was found, and tells where it differs in anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.imports.differences import Difference
from app.imports.values import Caution, Error
from models import CheckResult, CheckSource, SourceCheck, User, db

#: {source: the fields it may fill in or correct}.
FILLS: dict[CheckSource, frozenset[str]] = {
    CheckSource.POLICE: frozenset({"personal_id"}),
    CheckSource.BIRTHS: frozenset({"birth_registration", "personal_id"}),
    CheckSource.INSURANCE: frozenset({"insurance_number"}),
    CheckSource.SCHOOL: frozenset({"schooling", "school_name"}),
    CheckSource.POVERTY: frozenset({"household_status"}),
    CheckSource.PROTECTION: frozenset({"disability_types", "disability_severity", "certificate_number"}),
}
#: In these a difference means that the two registers do not speak of the same facts.
IDENTITY = frozenset({"full_name", "sex", "born_on", "personal_id"})
#: The mark itself, among the changes of a row.
MARK = "check_mark"


@dataclass(frozen=True)
class Mark:
    """What stands of an earlier comparison with the same source."""

    result: CheckResult
    checked_on: date


def last_marks(user: User, source: CheckSource, child_ids: list[int]) -> dict[int, Mark]:
    """{child: the latest mark of a source}."""
    found: dict[int, Mark] = {}
    for start in range(0, len(child_ids), 500):
        wanted = child_ids[start : start + 500]
        latest = (
            select(func.max(SourceCheck.id))
            .where(
                SourceCheck.commune_id == user.commune_id,
                SourceCheck.source == source,
                SourceCheck.child_id.in_(wanted),
            )
            .group_by(SourceCheck.child_id)
        )
        query = select(SourceCheck.child_id, SourceCheck.result, SourceCheck.checked_on)
        for child_id, result, day in db.session.execute(query.where(SourceCheck.id.in_(latest))):
            found[child_id] = Mark(result, day)
    return found


def narrow(row: Any, source: CheckSource, mark: Mark | None) -> None:
    """Keep of a row's changes only what its source may fill; add the mark; tell of every other difference."""
    filled: list[Difference] = []
    others: list[Difference] = []
    for change in row.changes:
        (filled if change.field in FILLS[source] else others).append(change)
    for change in others:
        said = _("Nguồn này ghi khác sổ: %(value)s. Không sửa theo.", value=change.after)
        row.warnings.append(Caution(change.field, said))
    result = result_of(row.values, [*filled, *others])
    day = checked_on(row.values)
    if mark is None or (mark.result, mark.checked_on) != (result, day):
        before = mark.result.value if mark else None
        filled.append(Difference(MARK, before, result.value))
    row.changes = filled
    row.action = "change" if filled else "same"


def result_of(values: Mapping[str, Any], changes: list[Difference]) -> CheckResult:
    """What the list says itself, else whether name, sex, birth and number agree; a number filled in is no difference."""
    told = values.get("check_result")
    if told:
        return CheckResult(told)
    differs = any(change.field in IDENTITY and change.before not in (None, "", "unknown") for change in changes)
    return CheckResult.MISMATCH if differs else CheckResult.MATCHED


def checked_on(values: Mapping[str, Any]) -> date:
    """The day the list names, else today."""
    told = values.get("verified_on")
    return date.fromisoformat(told) if told else clock.today()


def refuse_new(row: Any) -> None:
    """A list that is only compared adds nobody."""
    row.errors.append(Error("match", _("Không thấy trẻ này trong sổ; danh sách đối chiếu không thêm trẻ mới.")))
    row.action = "problem"
