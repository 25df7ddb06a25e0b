"""Pages of a list that was made in memory, by number; lists read from the database go by key (app/paging.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request


@dataclass(frozen=True)
class Page:
    """Some rows, and the numbers of the pages before and after (None: there is none)."""

    rows: Sequence[Any]
    previous: int | None
    next: int | None


def of(rows: Sequence[Any], size: int = 50) -> Page:
    """The page the address asks for (`page=2`), the nearest there is."""
    raw = request.args.get("page", "")
    last = max(1, -(-len(rows) // size))
    number = min(int(raw), last) if raw.isascii() and raw.isdigit() and 0 < len(raw) < 6 else 1
    number = max(number, 1)
    shown = rows[(number - 1) * size : number * size]
    return Page(shown, number - 1 if number > 1 else None, number + 1 if number < last else None)
