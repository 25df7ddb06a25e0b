"""The lines of lists of children: what may be told of each child on a day.

Read as columns, table by table, and put together here: making 20,000 records of the ORM with all that hangs on them
takes longer than writing the workbook. Circumstances of HIV/AIDS and sexual abuse, and the allowance paid for HIV/AIDS,
are not even read.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import InstrumentedAttribute

from app import access, as_of, conditions, register
from app.child_filters import SECRET, ChildFilters
from app.workbooks import Brief, Variant
from models import (
    Allowance,
    AllowanceBasis,
    Child,
    Circumstance,
    CircumstanceKind,
    Disability,
    DisabilityKind,
    DisabilityType,
    EthnicGroup,
    Household,
    HouseholdStatus,
    KindLevel,
    PartialDate,
    Poverty,
    Relative,
    RelativeKind,
    RelativeState,
    Village,
    db,
)
from models.fields import fields_of

#: Undated facts of lists that follow the change history, and whether what was filled in since counts (app/as_of.py).
AS_OF_CHILD = {
    "schooling": True, "birth_registration": True, "population_check": True, "household_id": True,
    "personal_id": False, "insurance_number": False,
}  # fmt: skip
AS_OF_RELATIVE = {"state": True}


@dataclass(slots=True)
class ChildLine:
    """A child, and what may be told of it on a day. `child`, `household` and `disability` bear their declared fields."""

    child: Any
    on: date
    #: The village the child lived in on the day.
    village: Village
    household: Any
    #: The household's standing in the latest year listed.
    poverty: Poverty | None
    relatives: Sequence[Any]
    #: Special circumstances in force and confirmed, in the order of the law; without the secret ones.
    circumstances: Sequence[Any]
    #: Risks in force and confirmed.
    risks: Sequence[Any]
    #: The latest disability in force.
    disability: Any
    disability_kinds: Sequence[DisabilityKind]
    #: Receives a monthly allowance; the one paid for HIV is not told.
    receives_allowance: bool

    @property
    def birth(self) -> PartialDate | None:
        """The birth date with its precision."""
        born_on = self.child.born_on
        return PartialDate(born_on, self.child.born_precision) if born_on else None

    def relative(self, kind: RelativeKind) -> Any:
        """The father, mother or first caregiver, or None."""
        for relative in self.relatives:
            if relative.kind is kind:
                return relative
        return None

    def is_dead(self, kind: RelativeKind) -> bool:
        """Whether a father or mother is known to be dead, by any record of one."""
        return any(known.kind is kind and known.state is RelativeState.DEAD for known in self.relatives)


def children(
    brief: Brief, filters: ChildFilters, condition: Any = None, *, most: int | None = None
) -> Iterator[ChildLine]:
    """The lines of the children a question finds, village by village; of the first `most` only, if told."""
    village_id = as_of.village_id(brief.on)
    asked = register.children(brief.reader, filters.but(village=brief.village_id), on=brief.on)
    asked = asked if condition is None else asked.where(condition)
    ordered = asked.join(Village, Village.id == village_id).order_by(Village.position, Village.id, *_order(brief))
    around = _Around(brief, asked if most is None else ordered.limit(most))
    query = (
        ordered.outerjoin(EthnicGroup, EthnicGroup.code == Child.ethnicity_code)
        .limit(most)
        .with_only_columns(
            Child.id,
            Child.code,
            Child.born_precision,
            *_declared(Child),
            village_id.label("place"),
            EthnicGroup.name.label("ethnic_group"),
        )
    )
    for child in db.session.execute(query.execution_options(yield_per=1000)):
        yield around.line(child)


def _order(brief: Brief) -> tuple[Any, ...]:
    return (Child.sort_key, Child.id) if brief.variant is Variant.NAMED else (Child.code, Child.id)


def _declared(model: type) -> list[InstrumentedAttribute[Any]]:
    """The declared fields of a model, but for notes, which stand in no list."""
    return [getattr(model, name) for name, told in fields_of(model).items() if not told.multiline]


class _Around:
    """What hangs on the children a query finds, each table read once."""

    def __init__(self, brief: Brief, asked: Select[Any]) -> None:
        reader, self.on = brief.reader, brief.on
        ids = asked.with_only_columns(Child.id)
        in_force = [Circumstance.confirmed_on.is_not(None), conditions.active(Circumstance, brief.on)]
        kinds = CircumstanceKind.level, CircumstanceKind.wording, CircumstanceKind.article
        special = access.visible_circumstances(reader).join(Circumstance.kind)
        special = special.with_only_columns(Circumstance.child_id, *_declared(Circumstance), *kinds)
        special = special.where(Circumstance.child_id.in_(ids), CircumstanceKind.sensitivity.not_in(SECRET), *in_force)
        special = special.order_by(CircumstanceKind.position, Circumstance.id)
        found = list(db.session.execute(special))
        groups = (KindLevel.GROUP, KindLevel.SUBGROUP)
        self.circumstances = _by_child(one for one in found if one.level in groups)
        self.risks = _by_child(one for one in found if one.level is KindLevel.RISK)

        self.stood = as_of.values_on(Child, AS_OF_CHILD, reader.commune_id, brief.on)
        states = as_of.values_on(Relative, AS_OF_RELATIVE, reader.commune_id, brief.on)
        relatives = access.visible_relatives(reader).with_only_columns(
            Relative.id, Relative.child_id, *_declared(Relative)
        )
        relatives = relatives.where(Relative.child_id.in_(ids)).order_by(Relative.id)
        self.relatives = _by_child(_standing(one, states) for one in db.session.execute(relatives))

        paid = access.visible_allowances(reader).with_only_columns(Allowance.child_id)
        paid = paid.where(Allowance.basis != AllowanceBasis.K3, conditions.active(Allowance, brief.on))
        self.paid = set(db.session.scalars(paid))
        self.villages = {village.id: village for village in db.session.scalars(access.visible_villages(reader))}
        self._read_disabilities(brief, ids)
        self._read_households(brief, asked.with_only_columns(Child.household_id))

    def _read_disabilities(self, brief: Brief, ids: Select[Any]) -> None:
        held = access.visible_disabilities(brief.reader).where(
            Disability.child_id.in_(ids),
            or_(Disability.certified_on.is_(None), Disability.certified_on <= brief.on),
            or_(Disability.ended_on.is_(None), Disability.ended_on > brief.on),
        )
        columns = Disability.id, Disability.child_id, *_declared(Disability)
        latest_last = held.with_only_columns(*columns).order_by(Disability.id)
        self.disabilities = {one.child_id: one for one in db.session.execute(latest_last)}
        types = held.join(Disability.types).with_only_columns(Disability.id, DisabilityType.kind)
        named: dict[int, set[DisabilityKind]] = defaultdict(set)
        for key, kind in db.session.execute(types):
            named[key].add(kind)
        self.disability_kinds = {
            key: [kind for kind in DisabilityKind if kind in kinds] for key, kinds in named.items()
        }

    def _read_households(self, brief: Brief, ids: Select[Any]) -> None:
        earlier = {facts["household_id"] for facts in self.stood.values() if facts.get("household_id")}
        theirs = access.visible_households(brief.reader).where(or_(Household.id.in_(ids), Household.id.in_(earlier)))
        households = theirs.with_only_columns(Household.id, *_declared(Household))
        self.households = {one.id: one for one in db.session.execute(households)}
        listed = theirs.join(Household.statuses).where(HouseholdStatus.year <= brief.on.year)
        by_year = listed.with_only_columns(Household.id, HouseholdStatus.status).order_by(HouseholdStatus.year)
        latest = {key: status for key, status in db.session.execute(by_year)}
        self.poverty = {key: status for key, status in latest.items() if status is not Poverty.NONE}

    def line(self, child: Any) -> ChildLine:
        """A child's row with what hangs on it, all as it stood on the day."""
        child = _standing(child, self.stood)
        key, household_id = child.id, child.household_id
        disability = self.disabilities.get(key)
        return ChildLine(
            child,
            self.on,
            self.villages[child.place],
            self.households.get(household_id),
            self.poverty.get(household_id),
            self.relatives.get(key, ()),
            self.circumstances.get(key, ()),
            self.risks.get(key, ()),
            disability,
            self.disability_kinds.get(disability.id, ()) if disability is not None else (),
            key in self.paid,
        )


def _standing(record: Any, stood: dict[int, dict[str, Any]]) -> Any:
    """A row with the values it had on the day, where they were others."""
    known = stood.get(record.id)
    return SimpleNamespace(**{**record._mapping, **known}) if known else record


def _by_child(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.child_id, []).append(row)
    return found
