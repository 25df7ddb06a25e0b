"""Which child of the register a row is about: same ID; else name, birth date, village and parents. Never by a blank."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from rapidfuzz import fuzz, process

from app import access
from app.imports.keys import fold
from models import Child, Household, Precision, Relative, RelativeKind, User, Village, db
from models.clean import PartialDate, partial_date


@dataclass(frozen=True)
class Known:
    """As much of a child of the register as matching needs."""

    id: int
    personal_id: str | None
    name_key: str
    sex: str
    born_on: date | None
    precision: Precision
    village_id: int


@dataclass(frozen=True)
class Match:
    """The child a row is about, and why; `problem` when a person must settle it."""

    child_id: int | None = None
    why: str = ""
    problem: str | None = None
    doubt: str | None = None
    #: Children a person may choose from when there is a problem, and whether the row may also be a new child.
    candidates: tuple[int, ...] = ()
    may_be_new: bool = True


@dataclass
class Register:
    """The children in a person's scope, by the keys matching looks under."""

    by_code: dict[str, Known] = field(default_factory=dict)
    by_id: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=dict)
    unnamed: dict[date, list[Known]] = field(default_factory=dict)
    parents: dict[tuple[int, str], str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)

    @classmethod
    def load(cls, user: User) -> "Register":
        """Everybody the person may see, in three queries."""
        register = cls()
        columns = (
            Child.id,
            Child.personal_id,
            Child.name_key,
            Child.sex,
            Child.born_on,
            Child.born_precision,
            Child.village_id,
        )
        for code, *row in db.session.execute(access.visible_children(user).with_only_columns(Child.code, *columns)):
            known = Known(*row)
            register.by_code[code] = known
            if known.personal_id:
                register.by_id[known.personal_id] = known
            if known.name_key:
                register.by_name.setdefault(known.name_key, []).append(known)
            elif known.born_on is not None:
                register.unnamed.setdefault(known.born_on, []).append(known)
        relatives = access.visible_relatives(user).with_only_columns(
            Relative.child_id, Relative.kind, Relative.name_key
        )
        for child_id, kind, key in db.session.execute(relatives):
            if key:
                register.parents[child_id, kind.value] = key
        heads = (
            access.visible_children(user)
            .join(Household, Child.household_id == Household.id)
            .with_only_columns(Child.id, Household.head_key)
        )
        register.heads = {child_id: key for child_id, key in db.session.execute(heads)}
        return register

    def find(self, values: dict[str, Any], village_id: int | None) -> Match:
        """The child a row is about."""
        born = partial_date(values.get("born_on"))
        code = values.get("child_code")
        if code and code in self.by_code:
            return self._by_code(self.by_code[code], values, born)
        number = values.get("personal_id")
        if number and number in self.by_id:
            return self._by_number(self.by_id[number], values, born)
        name = fold(values.get("full_name"))
        if not name:
            return self._newborn(values, born)
        found = [
            (score, known)
            for known in self.by_name.get(name, [])
            if (score := self._score(known, values, born, village_id)) > 0
        ]
        if not found:
            return self._newborn(values, born) if born else self._namesake(name, village_id)
        best = max(score for score, _known in found)
        likeliest = [known for score, known in found if score == best]
        if len(likeliest) > 1:
            return Match(
                problem=_(
                    "Trong sổ có %(count)s trẻ cùng tên, cùng ngày sinh. Ghi thêm số định danh hoặc tên mẹ để phân biệt.",
                    count=len(likeliest),
                ),
                candidates=tuple(known.id for known in likeliest),
            )
        return self._told(likeliest[0], values, born, village_id, best)

    def _namesake(self, name: str, village_id: int | None) -> Match:
        """Nothing but a name: never a match, but worth a look when the village has one of that name."""
        if any(known.village_id == village_id for known in self.by_name.get(name, [])):
            return Match(doubt=_("Trong thôn đã có trẻ cùng tên; dòng này không ghi ngày sinh để phân biệt."))
        return Match()

    def _by_code(self, known: Known, values: dict[str, Any], born: PartialDate | None) -> Match:
        """The code of our own workbook names the child, unless name and birth both say otherwise."""
        name = fold(values.get("full_name"))
        alike = not name or not known.name_key or fuzz.ratio(name, known.name_key) >= 60
        if alike or born is None or known.born_on is None or _agree(known, born):
            return Match(known.id, _("Cùng mã trẻ em"))
        return Match(
            problem=_("Mã này trong sổ là của một trẻ khác tên, khác ngày sinh."),
            candidates=(known.id,),
            may_be_new=False,
        )

    def _by_number(self, known: Known, values: dict[str, Any], born: PartialDate | None) -> Match:
        name = fold(values.get("full_name"))
        alike = not name or not known.name_key or fuzz.ratio(name, known.name_key) >= 60
        same_birth = born is None or known.born_on is None or _agree(known, born)
        if not alike and not same_birth:
            return Match(
                problem=_("Số định danh này trong sổ là của một trẻ khác tên, khác ngày sinh."),
                candidates=(known.id,),
                may_be_new=False,
            )
        doubt = None if alike and same_birth else _("Cùng số định danh nhưng tên hoặc ngày sinh trong sổ khác.")
        return Match(known.id, _("Cùng số định danh"), doubt=doubt)

    def _score(self, known: Known, values: dict[str, Any], born: PartialDate | None, village_id: int | None) -> int:
        """How surely a child of the same name is the one; 0 when it cannot be."""
        number = values.get("personal_id")
        if number and known.personal_id and number != known.personal_id:
            return 0
        same_parent = 0
        for kind in (RelativeKind.MOTHER, RelativeKind.FATHER):
            stored, told = self.parents.get((known.id, kind.value)), fold(values.get(f"{kind.value}_name"))
            if stored and told:
                if fuzz.ratio(stored, told) < 85:
                    return 0
                same_parent += 1
        if (
            not same_parent
            and values.get("household_head")
            and self.heads.get(known.id) == fold(values["household_head"])
        ):
            same_parent = 1
        same_village = village_id is not None and village_id == known.village_id
        if born is None or known.born_on is None:
            return 2 + same_parent if same_parent and same_village else 0
        if not _agree(known, born):
            return 0
        exact = born.precision is Precision.DAY and known.precision is Precision.DAY
        if not exact and not (same_parent or same_village):
            return 0
        return 1 + 3 * exact + 2 * same_parent + 2 * same_village

    def _told(
        self, known: Known, values: dict[str, Any], born: PartialDate | None, village_id: int | None, score: int
    ) -> Match:
        parts = [_("cùng họ tên")]
        if born is not None and known.born_on is not None:
            exact = born.precision is Precision.DAY and known.precision is Precision.DAY
            parts.append(_("cùng ngày sinh") if exact else _("năm sinh khớp"))
        parents = any(
            fold(values.get(f"{kind.value}_name")) and self.parents.get((known.id, kind.value))
            for kind in (RelativeKind.MOTHER, RelativeKind.FATHER)
        )
        if parents:
            parts.append(_("cùng cha mẹ"))
        if village_id == known.village_id:
            parts.append(_("cùng thôn"))
        why = ", ".join(parts)
        why = why[:1].upper() + why[1:]
        if village_id is not None and village_id != known.village_id and not parents:
            return Match(
                problem=_(
                    "Trong sổ có trẻ cùng tên, cùng ngày sinh ở thôn khác. Ghi thêm số định danh hoặc tên mẹ để biết có phải cùng một trẻ."
                ),
                candidates=(known.id,),
            )
        doubt = _("Nhận ra theo tên và năm sinh, hãy kiểm tra có đúng trẻ này.") if score <= 3 else None
        return Match(known.id, why, doubt=doubt)

    def _newborn(self, values: dict[str, Any], born: PartialDate | None) -> Match:
        """A newborn that was on the register without a name: same mother, same day, no other sex."""
        mother = fold(values.get("mother_name"))
        if born is None or born.precision is not Precision.DAY or not mother:
            return Match()
        named = fold(values.get("full_name"))
        candidates = list(self.unnamed.get(born.day, []))
        found = [
            known
            for known in candidates
            if self.parents.get((known.id, "mother")) == mother
            and (not values.get("sex") or known.sex in {values["sex"], "unknown"})
            and not (known.personal_id and values.get("personal_id"))
        ]
        if len(found) > 1:
            return Match(
                problem=_("Trong sổ có nhiều trẻ chưa đặt tên cùng mẹ, cùng ngày sinh (sinh đôi?)."),
                candidates=tuple(known.id for known in found),
            )
        if not found:
            return Match()
        doubt = _("Trẻ trong sổ chưa đặt tên, nay có tên.") if named else None
        return Match(found[0].id, _("Trẻ chưa đặt tên, cùng mẹ và ngày sinh"), doubt=doubt)


def _agree(known: Known, born: PartialDate) -> bool:
    """Whether two birth dates can be the same day, as exactly as both are known."""
    if known.born_on is None:
        return True
    precisions = {known.precision, born.precision}
    if precisions & {Precision.YEAR, Precision.ESTIMATED}:
        return known.born_on.year == born.day.year
    if Precision.MONTH in precisions:
        return (known.born_on.year, known.born_on.month) == (born.day.year, born.day.month)
    return known.born_on == born.day


# ── Villages ───────────────────────────────────────────────────────────────

_KINDS = (
    "khu dan cu",
    "khu pho",
    "khoi pho",
    "to dan pho",
    "tieu khu",
    "thon",
    "xom",
    "ban",
    "ap",
    "buon",
    "lang",
    "khu",
    "khoi",
    "tdp",
    "to",
)


class Villages:
    """The villages a person works in, found by folded name with or without the word thôn."""

    def __init__(self, user: User) -> None:
        self.all = list(db.session.scalars(access.visible_villages(user)).unique())
        self._by_key: dict[str, Village] = {}
        merged = {village.id: village for village in self.all}
        for village in self.all:
            target = merged.get(village.merged_into_id or 0, village)
            for key in (fold(village.name), _bare(village.name)):
                if key and (key not in self._by_key or village.active_to is None):
                    self._by_key[key] = target

    def find(self, name: str) -> Village | None:
        """The village of this name."""
        return self._by_key.get(fold(name)) or self._by_key.get(_bare(name))

    def nearest(self, name: str) -> str | None:
        """The name most alike, to be offered."""
        names = {village.name: fold(village.name) for village in self.all}
        found = process.extractOne(fold(name), names, scorer=fuzz.ratio, score_cutoff=70)
        return str(found[2]) if found else None


def _bare(name: str) -> str:
    """The folded name without the word thôn: "Thôn Đông La" → "dong la"."""
    key = fold(name)
    for kind in _KINDS:
        if key.startswith(kind + " "):
            return key[len(kind) + 1 :].removeprefix("so ")
    return key
