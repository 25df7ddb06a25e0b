"""Workbooks out: what a workbook is made of. One file beside this one per workbook; app/workbooks/file.py writes them.

A workbook module is a docstring (who gets it, period, legal basis, confidentiality), its columns, and
`sheets(brief)`. A column's label, type and sensitivity come from the field it names, so a name put into a
coded list by mistake does not appear there: coded lists carry no personal fields and no text typed by people.
"""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import ModuleType
from typing import Any

from flask_babel import lazy_gettext as _l
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import String, Text
from sqlalchemy.orm import InstrumentedAttribute

from app import access
from app.periods import Period
from models import Choice, Commune, PartialDate, Sensitivity, User, Village
from models.fields import facts

#: Code in commands and addresses → module, in the order people are offered them.
WORKBOOKS = {
    "district": "app.workbooks.district",
    "special": "app.workbooks.special",
    "disabled": "app.workbooks.disabled",
    "orphans": "app.workbooks.orphans",
    "at-risk": "app.workbooks.at_risk",
    "cases": "app.workbooks.cases",
    "entitlement-gaps": "app.workbooks.entitlement_gaps",
    "allowances": "app.workbooks.allowances",
    "services": "app.workbooks.services",
    "foster-carers": "app.workbooks.foster_carers",
    "case-statistics": "app.workbooks.case_statistics",
    "incidents": "app.workbooks.incidents",
    "movements": "app.workbooks.movements",
    "population-check": "app.workbooks.population_check",
    "register": "app.workbooks.register",
    "village": "app.workbooks.village",
    "import-template": "app.workbooks.import_template",
}


class Variant(Choice):
    """How much a workbook tells (design.md §6)."""

    CODED = "coded", _l("Mã hóa: mã số trẻ em, không có họ tên")
    NAMED = "named", _l("Có họ tên: chỉ khi thật cần, phải ghi lý do")
    PUBLIC = "public", _l("Công khai: chỉ có số tổng, số nhỏ được che")


#: Fields that are in no list of any workbook.
NEVER = frozenset(
    {
        Sensitivity.HIV,
        Sensitivity.SEXUAL_ABUSE,
        Sensitivity.OFFENCE,
        Sensitivity.CASE,
        Sensitivity.PERPETRATOR,
        Sensitivity.INFORMANT,
    }
)
#: Fields that only the named variant carries.
NAMING = frozenset({Sensitivity.PERSONAL, Sensitivity.CONTACT})


@dataclass(frozen=True)
class Brief:
    """What was asked for: whose workbook, which period and variant, by whom and why."""

    commune: Commune
    period: Period
    #: The day as on which children are counted.
    on: date
    made_at: datetime
    variant: Variant = Variant.CODED
    village: Village | None = None
    made_by: str | None = None
    reason: str | None = None
    #: The protocol by which names go out.
    protocol_id: int | None = None

    @cached_property
    def reader(self) -> User:
        """The eyes that read the records: the whole commune."""
        return access.commune_reader(self.commune.id)

    @property
    def village_id(self) -> int | None:
        """The key of the one village asked for, or None."""
        return self.village.id if self.village else None


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, how a record's value is read, and which variants carry it."""

    label: Any
    read: Callable[[Any], Any]
    width: float
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    #: Typed by people in their own words: a name may stand in it.
    is_free_text: bool = False
    #: Only in these variants; None leaves it to the sensitivity.
    variants: frozenset[Variant] | None = None

    def is_in(self, variant: Variant) -> bool:
        """Whether a variant carries this column."""
        if self.variants is not None:
            return variant in self.variants
        return variant is Variant.NAMED or (self.sensitivity not in NAMING and not self.is_free_text)


def stored(attribute: InstrumentedAttribute[Any], width: float | None = None) -> Column:
    """A column that carries a declared field. Raises ValueError for one that is in no list (abuse, notes, informants).

    A record of another model leads to the field's own by its name: a Disability has a `child`.
    """
    told, key = facts(attribute), attribute.key
    model: type = attribute.class_  # type: ignore[assignment]
    if told.sensitivity in NEVER:
        raise ValueError(f"{attribute} stands in no workbook")
    step = model.__name__.lower()
    column = attribute.property.columns[0]
    leads_on = bool(column.foreign_keys) and key.endswith("_id")
    chosen = getattr(column.type, "enum_class", None) is not None

    def read(record: Any) -> Any:
        holder = record if isinstance(record, model) else getattr(record, step)
        if holder is None:
            return None
        if leads_on:
            return _called(getattr(holder, key.removesuffix("_id")))
        value = getattr(holder, key)
        if told.precision and value is not None:
            return PartialDate(value, getattr(holder, told.precision))
        return value

    free = isinstance(column.type, String | Text) and not chosen and not column.foreign_keys
    usual = 14.0 if chosen or leads_on else 26.0 if free else 12.0
    return Column(told.label, read, width or usual, told.sensitivity, free or told.multiline)


def _called(record: Any) -> str | None:
    """What a village, provider or household is called."""
    if record is None:
        return None
    return getattr(record, "name", None) or getattr(record, "head_name", None)


def computed(
    label: Any,
    read: Callable[[Any], Any],
    width: float = 14,
    *,
    sensitivity: Sensitivity = Sensitivity.ORDINARY,
    variants: Iterable[Variant] | None = None,
) -> Column:
    """A column worked out from a record. A sensitivity is to be told where the value names or finds a person."""
    return Column(label, read, width, sensitivity, variants=frozenset(variants) if variants is not None else None)


@dataclass(frozen=True)
class Formula:
    """A live formula with the value it gives now, for readers that do not calculate. `{row}` is the row it stands in."""

    text: str
    value: int


def child_id_of(record: Any) -> int | None:
    """The key of the child a row tells of; None for rows of figures, and for a case whose child is not known."""
    found: int | None = getattr(record, "child_id", None) or getattr(getattr(record, "child", None), "id", None)
    return found


@dataclass(frozen=True)
class Table:
    """A sheet that is one table."""

    name: Any
    title: Any
    columns: tuple[Column, ...]
    records: Iterable[Any]
    #: Said above the table.
    note: Any = ""
    #: Columns that stay in sight when scrolling sideways.
    frozen: int = 0
    is_numbered: bool = True
    is_bold: Callable[[Any], bool] = field(default=lambda record: False)

    @property
    def counts(self) -> bool:
        """Whether its rows are records about people, to be counted in the log of downloads."""
        return self.is_numbered


@dataclass(frozen=True)
class Drawn:
    """A sheet drawn cell by cell (a cover)."""

    name: Any
    draw: Callable[[Worksheet], None]


Sheet = Table | Drawn


def workbook(code: str) -> ModuleType:
    """The module of a workbook. Raises KeyError for a code that is not in WORKBOOKS."""
    return importlib.import_module(WORKBOOKS[code])
