"""Pages of a list that was made in memory, by number; lists read from the database go by key (app/paging.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from app import whole_numbers


@dataclass(frozen=True)
class Page:
    """Some rows, and the numbers of the pages before and after (None: there is none)."""

    rows: Sequence[Any]
    previous: int | None
    next: int | None


def of(rows: Sequence[Any], size: int = 50) -> Page:
    """The page the address asks for (`page=2`), the nearest there is."""
    last = max(1, -(-len(rows) // size))
    number = max(1, min(whole_numbers.read(request.args.get("page"), digits=5) or 1, last))
    shown = rows[(number - 1) * size : number * size]
    return Page(shown, number - 1 if number > 1 else None, number + 1 if number < last else None)
