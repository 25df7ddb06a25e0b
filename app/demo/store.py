"""Storing many made-up records fast: rows are gathered, then written table by table in one statement each."""

from typing import Any

from sqlalchemy import func, insert, select, text

from models import Base, db

#: Rows per statement.
_CHUNK = 5000


class Store:
    """Rows of one commune waiting to be written, with keys given out beforehand so that they may refer to each other."""

    def __init__(self, commune_id: int) -> None:
        self.commune_id = commune_id
        self._next: dict[type[Base], int] = {}
        self._rows: dict[type[Base], list[dict[str, Any]]] = {}

    def next_id(self, model: Any) -> int:
        """The next free key of a table."""
        if model not in self._next:
            self._next[model] = db.session.scalar(select(func.coalesce(func.max(model.id), 0))) + 1
        number = self._next[model]
        self._next[model] += 1
        return number

    def add(self, model: Any, **values: Any) -> int:
        """Gather a row; every row of a table names the same columns. Returns its key."""
        values.setdefault("id", None)
        number: int = values["id"] or self.next_id(model)
        values["id"] = number
        values["commune_id"] = self.commune_id
        self._rows.setdefault(model, []).append(values)
        return number

    def add_part(self, model: type[Base], **values: Any) -> None:
        """Gather a row of a table without a key or commune of its own."""
        self._rows.setdefault(model, []).append(values)

    def write(self) -> None:
        """Write what was gathered, parents before children, and let later keys go on from there."""
        for table in Base.metadata.sorted_tables:
            model = next((model for model in self._rows if model.__table__ is table), None)
            if model is None:
                continue
            rows = self._rows.pop(model)
            for start in range(0, len(rows), _CHUNK):
                db.session.execute(insert(table), rows[start : start + _CHUNK])
            if "id" in table.columns:
                _go_on_after(table.name)
        self._next.clear()


def _go_on_after(table: str) -> None:
    """PostgreSQL counts apart from the keys it is given; SQLite goes on from the largest."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 – our own table names
        )
