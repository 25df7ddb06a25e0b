"""Pages of a list by key, not by offset: page 20,000 costs what page 1 costs, and no name stands in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, tuple_

from app import whole_numbers
from models import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the keys of the rows at which the pages before and after begin (None: there is none)."""

    rows: Sequence[Any]
    before: int | None
    after: int | None


def records(query: Select[Any]) -> list[Any]:
    """The records a question finds."""
    return list(db.session.execute(query).unique().scalars())


def lines(query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Any]:
    """What a question for columns finds, without the ORM, whose way takes twice as long. `values`: of its bindparams."""
    return list(db.session.connection().execute(query, values))


class Listing:
    """A list that is asked for page by page, in ascending order of `order` and then of the key; may be kept."""

    def __init__(self, query: Select[Any], model: Any, *order: Any, size: int = PAGE_SIZE) -> None:
        self.query, self.columns, self.size = query, [*order, model.id], size
        self._first = query.order_by(*self.columns).limit(size + 1)

    def page(self, read: Callable[[Select[Any]], list[Any]] = records) -> Page:
        """The page the address asks for (`after=ID` or `before=ID`).

        The anchor is looked up inside the same query, so an id out of scope leads to the first page. Rows are records, or
        `lines` of a question for columns with `id` among them.
        """
        before, after = _anchor(self.query, self.columns, "before"), _anchor(self.query, self.columns, "after")
        if before is not None:
            backwards = self.query.where(tuple_(*self.columns) < tuple_(*before))
            found = read(backwards.order_by(*(column.desc() for column in self.columns)).limit(self.size + 1))
            rows = list(reversed(found[: self.size]))
            return Page(rows, rows[0].id if len(found) > self.size else None, rows[-1].id if rows else None)
        question = self._first
        if after is not None:
            question = question.where(tuple_(*self.columns) > tuple_(*after))
        found = read(question)
        rows = found[: self.size]
        return Page(
            rows, rows[0].id if after is not None and rows else None, rows[-1].id if len(found) > self.size else None
        )


def page(query: Select[Any], model: Any, *order: Any, size: int = PAGE_SIZE) -> Page:
    """A page of records that is asked for once."""
    return Listing(query, model, *order, size=size).page()


def _anchor(query: Select[Any], columns: list[Any], name: str) -> tuple[Any, ...] | None:
    anchor = request.args.get(name, type=whole_numbers.key)
    if anchor is None:
        return None
    named = [column.label(f"key_{number}") for number, column in enumerate(columns)]
    found = db.session.execute(query.with_only_columns(*named).where(columns[-1] == anchor)).first()
    return tuple(found) if found is not None else None
