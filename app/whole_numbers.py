"""Numbers that stand in addresses and forms."""

from typing import Any

from werkzeug.routing import IntegerConverter

#: The largest a column of whole numbers holds on PostgreSQL. No record has a larger key; to ask for one is an error there.
LARGEST = 2**31 - 1


def read(raw: str | None, digits: int = 9) -> int | None:
    """A whole number of so many digits at most, in plain figures; None for anything else."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) <= digits else None


def key(raw: str) -> int:
    """A number that may be a record's key, for `request.args.get(…, type=key)`. Raises ValueError."""
    number = int(raw)
    if abs(number) > LARGEST:
        raise ValueError
    return number


class KeyConverter(IntegerConverter):
    """`<int:…>` in an address: a key that no record can have is no address of ours."""

    def __init__(self, map: Any) -> None:
        super().__init__(map, max=LARGEST)
