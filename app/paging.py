"""Pages of a list by key, not by offset: page 20,000 costs what page 1 costs, and no name stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, tuple_

from models import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the keys of the rows at which the pages before and after begin (None: there is none)."""

    rows: Sequence[Any]
    before: int | None
    after: int | None


def page(query: Select[Any], model: Any, *order: Any, size: int = PAGE_SIZE) -> Page:
    """The page the address asks for (`after=ID` or `before=ID`), in ascending order of `order` and then of the key.

    The anchor is looked up inside the same query, so an id out of scope leads to the first page. Rows are records, or, of a
    query for columns with `id` among them, what was asked for.
    """
    columns = [*order, model.id]
    before, after = _anchor(query, columns, "before"), _anchor(query, columns, "after")
    if before is not None:
        backwards = query.where(tuple_(*columns) < tuple_(*before)).order_by(*(column.desc() for column in columns))
        found = _rows(backwards.limit(size + 1))
        rows = list(reversed(found[:size]))
        return Page(rows, rows[0].id if len(found) > size else None, rows[-1].id if rows else None)
    if after is not None:
        query = query.where(tuple_(*columns) > tuple_(*after))
    found = _rows(query.order_by(*columns).limit(size + 1))
    rows = found[:size]
    return Page(rows, rows[0].id if after is not None and rows else None, rows[-1].id if len(found) > size else None)


def _rows(query: Select[Any]) -> list[Any]:
    found = db.session.execute(query)
    return list(found if len(query.column_descriptions) > 1 else found.unique().scalars())


def _anchor(query: Select[Any], columns: list[Any], name: str) -> tuple[Any, ...] | None:
    raw = request.args.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 12):
        return None
    named = [column.label(f"key_{number}") for number, column in enumerate(columns)]
    found = db.session.execute(query.with_only_columns(*named).where(columns[-1] == int(raw))).first()
    return tuple(found) if found is not None else None
