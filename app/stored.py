"""Stored values as JSON keeps them, and back: for the history, and for what an import or a merge must be able to take back."""

import enum
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date


def to_json(value: Any) -> Any:
    """Codes for choices, ISO text for dates and instants, text for decimals; a list item by item; the rest as it is."""
    match value:
        case list():
            return [to_json(item) for item in value]
        case enum.Enum():
            return value.value
        case date():  # an instant is a date too
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def from_json(model: Any, column: str, value: Any) -> Any:
    """A value from JSON as a column holds it: a choice from its code, a date from its text."""
    if value is None:
        return None
    kind = model.__table__.columns[column].type
    choices = getattr(kind, "enum_class", None)
    if choices is not None:
        return choices(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
