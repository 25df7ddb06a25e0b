"""Rows → what would happen to the register: add, change, same, problem, skip. Nothing is written here."""

import csv
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from app import access, clock, finding
from app.imports import sources
from app.imports.decisions import ADD, CHILD, SKIP, Decisions
from app.imports.differences import Difference, differences, erasures
from app.imports.keys import fold
from app.imports.matching import Match, Register, Villages
from app.imports.table import ReadFile, Row
from app.imports.values import Caution, Error
from models import CheckSource, Child, Household, User, db

ACTIONS = ("add", "change", "same", "problem", "skip")
#: From this age a row of a household list is an adult, not a child who has just grown up.
_ADULT = 18
_REFERENCE = Path(__file__).parent.parent / "reference"
_UNDECIDED = Decisions()


@dataclass
class PlannedRow:
    """One row and what it would do."""

    sheet: str
    row: int
    action: str
    values: dict[str, Any]
    warnings: list[Caution]
    errors: list[Error]
    child_id: int | None = None
    #: The child's code, fit to be shown outside.
    child_code: str | None = None
    why: str = ""
    changes: list[Difference] = field(default_factory=list)
    village_id: int | None = None
    #: Children a person may choose from, and what she chose.
    candidates: tuple[int, ...] = ()
    may_be_new: bool = False
    chosen: str | None = None
    #: Fields whose column the list has and whose cell is empty, to be taken away.
    erased: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """As the plan's JSON tells it (design.md §5.1)."""
        match = {"child": self.child_code, "why": self.why} if self.child_id else None
        return {
            "sheet": self.sheet,
            "row": self.row,
            "action": self.action,
            "values": {name: value for name, value in self.values.items() if name != "ethnicity_code"},
            "warnings": [_told(warning, "proposed") for warning in self.warnings],
            "errors": [_told(error) for error in self.errors],
            "match": match,
            "changes": [{"field": d.field, "from": d.before, "to": d.after} for d in self.changes],
        }


def _told(note: Caution | Error, *names: str) -> dict[str, Any]:
    kept = ("field", "message", *names, "cell", "found")
    return {name: getattr(note, name) for name in kept}


@dataclass
class Plan:
    """What a file would do to the register."""

    read: ReadFile
    rows: list[PlannedRow]
    #: The register the list comes from, when it is only compared.
    source: CheckSource | None = None

    @property
    def totals(self) -> dict[str, int]:
        """How many rows of each action."""
        return {action: sum(1 for row in self.rows if row.action == action) for action in ACTIONS}

    def as_json(self) -> dict[str, Any]:
        """One JSON object (design.md §5.1)."""
        return {
            "file": self.read.name,
            "sha256": self.read.sha256,
            "notes": self.read.notes,
            "sheets": [asdict(sheet) for sheet in self.read.sheets],
            "rows": [row.as_json() for row in self.rows],
            "totals": self.totals,
        }


def build_plan(user: User, read: ReadFile, decisions: Decisions = _UNDECIDED) -> Plan:
    """What a file would do, matched against the children in somebody's scope, after what a person has decided."""
    scope = Scope(user)
    rejected: dict[int, set[str]] = {}
    for at, name in decisions.rejected:
        rejected.setdefault(at, set()).add(name)
    rows = [
        scope.planned(row, rejected.get(at, set()), decisions.chosen.get(at), erases=decisions.erases)
        for at, row in enumerate(read.rows)
    ]
    _one_row_for_one_child(rows)
    _one_word_for_one_household(rows)
    scope.compare(rows)
    if decisions.source is not None:
        scope.narrow(rows, decisions.source)
    return Plan(read, rows, decisions.source)


def plan_without_register(read: ReadFile) -> Plan:
    """What a file holds, where there is no register yet to compare with."""
    rows = []
    for row in read.rows:
        action = "problem" if row.errors else "skip" if row.repeats else "add"
        rows.append(PlannedRow(row.sheet, row.row, action, row.values, row.warnings, row.errors))
    return Plan(read, rows)


class Scope:
    """What planning needs to know of one person's part of the register."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.today = clock.today()
        self.register = Register.load(user)
        self.villages = Villages(user)
        self.codes = {kind.code for kind in db.session.scalars(access.visible_kinds(user))}
        self.sees_all = access.sees_whole_commune(user)
        self.may_set_status = access.may(user, "household.set_status")

    def planned(self, row: Row, rejected: set[str], chosen: str | None = None, *, erases: bool = False) -> PlannedRow:
        """One row matched; compared with its child later, many at once."""
        values = dict(row.values)
        planned = PlannedRow(row.sheet, row.row, "add", values, list(row.warnings), list(row.errors))
        planned.erased = row.blank if erases else frozenset()
        for name in rejected:
            _drop(values, name, planned)
        self._codes(planned)
        planned.village_id = self._village(planned)
        if row.repeats:
            planned.action = "skip"
            return planned
        match = self._settled(planned, self.register.find(values, planned.village_id), chosen)
        self._take(planned, match)
        if planned.action == "skip":
            return planned
        if planned.errors:
            planned.action = "problem"
        elif planned.child_id is None:
            self._check_new(planned)
        return planned

    def _codes(self, planned: PlannedRow) -> None:
        """Ethnic group and circumstances as codes this person may write."""
        values = planned.values
        if values.get("ethnicity"):
            values["ethnicity_code"] = _ethnic_codes().get(fold(values["ethnicity"]))
        for name in ("circumstances", "risks"):
            known = [code for code in values.get(name, []) if code in self.codes]
            if len(known) < len(values.get(name, [])):
                planned.warnings.append(
                    Caution(name, _("Có nhóm mà bạn không được ghi nên không lấy; hãy báo công chức của xã."))
                )
                values.pop("circumstance_words", None)
                values[name] = known
        if values.get("household_status") and not self.may_set_status:
            planned.warnings.append(Caution("household_status", _("Diện hộ chỉ công chức được ghi nên không lấy.")))
            del values["household_status"]

    def _village(self, planned: PlannedRow) -> int | None:
        name = planned.values.get("village")
        if not name:
            if len(self.villages.all) == 1:
                only = self.villages.all[0]
                planned.values["village"] = only.name
                planned.warnings.append(
                    Caution("village", _("Danh sách không ghi thôn: hiểu là %(name)s.", name=only.name), only.name)
                )
                return only.id
            return None
        village = self.villages.find(str(name))
        if village is not None:
            return village.id
        nearest = self.villages.nearest(str(name))
        if not self.sees_all:
            message = _("“%(name)s” không phải thôn của bạn.", name=name)
        elif nearest:
            message = _("Xã không có thôn “%(name)s”. Có phải “%(nearest)s”?", name=name, nearest=nearest)
            planned.warnings.append(Caution("village", message, nearest))
        else:
            message = _("Xã không có thôn “%(name)s”.", name=name)
        planned.errors.append(Error("village", message))
        return None

    def _settled(self, planned: PlannedRow, match: Match, chosen: str | None) -> Match:
        """What a person chose for a row that may be about several children, or about none."""
        planned.candidates = match.candidates
        planned.may_be_new = bool(match.candidates) and match.may_be_new
        if not match.candidates or chosen is None:
            return match
        child_id = int(chosen.removeprefix(CHILD)) if chosen.startswith(CHILD) else None
        if child_id in match.candidates:
            planned.chosen = chosen
            return Match(child_id, _("Bạn đã chọn trẻ này"))
        if chosen == SKIP or (chosen == ADD and match.may_be_new):
            planned.chosen = chosen
            planned.action = "skip" if chosen == SKIP else "add"
            return Match()
        return match

    def _take(self, planned: PlannedRow, match: Match) -> None:
        if match.problem:
            planned.errors.append(Error("match", match.problem))
        if match.doubt:
            planned.warnings.append(Caution("match", match.doubt))
        planned.child_id, planned.why = match.child_id, match.why

    def _check_new(self, planned: PlannedRow) -> None:
        """What only matters for a child not yet on the register."""
        values = planned.values
        born = values.get("born_on")
        if born and self.today.year - int(born[:4]) > _ADULT:
            planned.action = "skip"
            planned.warnings.append(Caution("born_on", _("Là người lớn nên bỏ qua.")))
        elif planned.village_id is None:
            planned.errors.append(Error("village", _("Không rõ trẻ ở thôn nào.")))
            planned.action = "problem"
        elif (
            values.get("personal_id")
            and not self.sees_all
            and finding.personal_id_is_taken(self.user, values["personal_id"])
        ):
            planned.errors.append(Error("personal_id", _("Số định danh này đã có ở hồ sơ khác trong xã.")))
            planned.action = "problem"
        elif not values.get("full_name") and not born:
            planned.errors.append(Error("full_name", _("Không có tên cũng không có ngày sinh.")))
            planned.action = "problem"

    def compare(self, rows: list[PlannedRow]) -> None:
        """Field by field, for all rows that found their child."""
        wanted = sorted({row.child_id for row in rows if row.child_id and row.action == "add"})
        children = load_children(self.user, wanted)
        for row in rows:
            child = children.get(row.child_id or 0)
            if child is None or row.action != "add":
                continue
            row.child_code = child.code
            row.changes = differences(child, row.values, row.village_id, row.values.get("village"))
            row.changes += erasures(child, row.erased)
            row.action = "change" if row.changes else "same"
            self._check_change(row)

    def narrow(self, rows: list[PlannedRow], source: CheckSource) -> None:
        """A list of another register fills in its own fields, leaves a mark, and adds nobody."""
        marks = sources.last_marks(self.user, source, sorted({row.child_id for row in rows if row.child_id}))
        for row in rows:
            if row.action == "add":
                sources.refuse_new(row)
            elif row.action in {"change", "same"}:
                sources.narrow(row, source, marks.get(row.child_id or 0))

    def _check_change(self, row: PlannedRow) -> None:
        changed = {change.field: change for change in row.changes}
        number = changed.get("personal_id")
        if number and number.before:
            row.warnings.append(Caution("personal_id", _("Trong sổ đang là số định danh khác."), number.after))
        if "sex" in changed and changed["sex"].before in {"male", "female"}:
            row.warnings.append(Caution("sex", _("Trong sổ đang là giới tính khác."), changed["sex"].after))
        born = changed.get("born_on")
        if born and born.before:
            row.warnings.append(Caution("born_on", _("Trong sổ đang là ngày sinh khác."), born.after))
        if number and not self.sees_all and finding.personal_id_is_taken(self.user, number.after, but_id=row.child_id):
            row.errors.append(Error("personal_id", _("Số định danh này đã có ở hồ sơ khác trong xã.")))
            row.action = "problem"


def load_children(user: User, child_ids: list[int]) -> dict[int, Child]:
    """{id: child with everything comparing needs}, in few queries however many."""
    found: dict[int, Child] = {}
    for start in range(0, len(child_ids), 500):
        query = (
            access.visible_children(user)
            .where(Child.id.in_(child_ids[start : start + 500]))
            .options(
                selectinload(Child.relatives),
                selectinload(Child.circumstances),
                selectinload(Child.disabilities),
                selectinload(Child.household).selectinload(Household.statuses),
            )
        )
        found |= {child.id: child for child in db.session.scalars(query).unique()}
    return found


def _drop(values: dict[str, Any], name: str, planned: PlannedRow) -> None:
    """Leave out a value a person did not accept."""
    values.pop(name, None)
    if name == "born_on":
        values.pop("born_precision", None)
    planned.warnings.append(Caution(name, _("Đề xuất không được nhận nên ô này được bỏ qua.")))


def _one_row_for_one_child(rows: list[PlannedRow]) -> None:
    """Two rows that found the same child, or bear the same ID: the later one is left to a person."""
    seen: dict[Any, PlannedRow] = {}
    for row in rows:
        if row.action == "skip":
            continue
        for key in (("child", row.child_id), ("id", row.values.get("personal_id"))):
            if key[1] is None:
                continue
            first = seen.setdefault(key, row)
            if first is not row and row.action != "problem":
                row.action = "problem"
                row.errors.append(
                    Error(
                        "match",
                        _("Dòng %(row)s của trang “%(sheet)s” đã nhận trẻ này.", row=first.row, sheet=first.sheet),
                    )
                )


def _one_word_for_one_household(rows: list[PlannedRow]) -> None:
    """Rows of one household that disagree on its phone or standing: the first is taken, the others are told."""
    seen: dict[tuple[Any, ...], PlannedRow] = {}
    for row in rows:
        head = fold(row.values.get("household_head"))
        if not head or not row.village_id or row.action == "skip":
            continue
        for name in ("phone", "household_status"):
            if row.values.get(name) is None:
                continue
            first = seen.setdefault((name, row.village_id, head), row)
            if first.values.get(name) != row.values[name]:
                message = _("Dòng %(row)s ghi khác cho cùng hộ này; lấy theo dòng đó.", row=first.row)
                row.warnings = [note for note in row.warnings if note.field != name]
                row.warnings.append(Caution(name, message))
                del row.values[name]


@cache
def _ethnic_codes() -> dict[str, str]:
    with (_REFERENCE / "ethnic_groups.csv").open(encoding="utf-8-sig", newline="") as file:
        return {fold(row["name"]): row["code"] for row in csv.DictReader(file)}
