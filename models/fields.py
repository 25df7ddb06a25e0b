"""One definition per field: `field(label=…)` beside the column, read by forms, lists, workbooks, imports and history."""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field as dataclass_field
from typing import Any, Self

from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, class_mapper, mapped_column


class Sensitivity(enum.StrEnum):
    """Who may read a field at all (app/access.py maps each to permissions). NĐ 356/2025/NĐ-CP; domain.md §2.6."""

    ORDINARY = "ordinary"
    PERSONAL = "personal"
    #: Address and phone.
    CONTACT = "contact"
    #: Ethnicity, health, disability.
    SENSITIVE = "sensitive"
    HIV = "hiv"
    SEXUAL_ABUSE = "sexual_abuse"
    OFFENCE = "offence"
    #: Notes and assessments of a protection case.
    CASE = "case"
    PERPETRATOR = "perpetrator"
    INFORMANT = "informant"


class Choice(enum.StrEnum):
    """A closed list of stored codes, each with the label people read."""

    label: Any

    def __new__(cls, value: str, label: Any = None) -> Self:
        """Make a member from its stored code and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of_code(cls, code: str | None) -> Self | None:
        """The member with a stored code, as it comes in an address or on the command line; None for any other words."""
        return next((choice for choice in cls if choice.value == code), None)

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """(code, words) of each, for a drop-down."""
        return [(choice.value, str(choice.label)) for choice in cls]


@dataclass(frozen=True)
class Field:
    """What a field is, whatever surface shows it."""

    label: Any
    help: Any = None
    #: A person must answer (a form and an import check it; the column may still be nullable).
    required: bool = False
    #: Characters; checked by form and import, never by the database.
    max_length: int = 200
    multiline: bool = False
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    #: Other headings under which lists carry this field.
    aliases: tuple[str, ...] = ()
    #: Turns typed or imported text into the stored value; raises models.clean.Unclean.
    clean: Callable[[Any], Any] | None = None
    #: For a date of life: the name of the column holding its precision.
    precision: str | None = None
    #: On no form: set by the program.
    internal: bool = False
    #: A decimal or whole number's unit, shown after the label.
    unit: Any = None
    extra: dict[str, Any] = dataclass_field(default_factory=dict)


def field(
    *column: Any,
    label: Any,
    help: Any = None,
    required: bool = False,
    max_length: int = 200,
    multiline: bool = False,
    sensitivity: Sensitivity = Sensitivity.ORDINARY,
    aliases: tuple[str, ...] = (),
    clean: Callable[[Any], Any] | None = None,
    precision: str | None = None,
    internal: bool = False,
    unit: Any = None,
    **column_options: Any,
) -> MappedColumn[Any]:
    """A mapped column that knows its label and facts."""
    facts = Field(
        label=label,
        help=help,
        required=required,
        max_length=5000 if multiline and max_length == 200 else max_length,
        multiline=multiline,
        sensitivity=sensitivity,
        aliases=aliases,
        clean=clean,
        precision=precision,
        internal=internal,
        unit=unit,
    )
    return mapped_column(*column, info={"field": facts}, **column_options)


def facts(attribute: InstrumentedAttribute[Any]) -> Field:
    """The facts declared beside a column. Raises KeyError where none are."""
    found: Field = attribute.property.columns[0].info["field"]
    return found


def fields_of(model: type) -> dict[str, Field]:
    """All declared fields of a model, by attribute name, in the order they were written."""
    return {
        attribute.key: attribute.columns[0].info["field"]
        for attribute in class_mapper(model).column_attrs
        if "field" in attribute.columns[0].info
    }


def has_fields(model: type) -> bool:
    """Whether a model declares fields (and so has a history)."""
    return bool(fields_of(model))
