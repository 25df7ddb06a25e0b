"""What a flush would write, made ready beforehand as plain rows, so that SQLite's write lock is held only while they go in.

`collect` reads the session's new and changed records and gives `Statements`; nothing has reached the database by then,
and the session is to be thrown away. Keys of new records are taken beforehand: from the sequence on PostgreSQL, on SQLite
from above a gap that leaves room for what others add meanwhile. See docs/decisions/0031-short-lock-for-long-lists.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnDefault, Table, bindparam, delete, exists, func, insert, inspect, select, text, update
from sqlalchemy.orm import Mapper, RelationshipDirection, Session
from sqlalchemy.orm.attributes import PASSIVE_NO_INITIALIZE, get_history

from app import history, search
from models import Base, Change, ChangeAction

#: Keys left free for others on SQLite between the last record and the first of ours.
_GAP = 10_000


class Overtaken(Exception):
    """Somebody has changed one of these records, or taken one of these keys, since the rows were made ready."""


@dataclass
class Statements:
    """Rows to insert, update and delete, in an order in which foreign keys hold; and their history."""

    inserts: list[tuple[Table, list[dict[str, Any]]]] = field(default_factory=list)
    updates: list[tuple[Table, list[dict[str, Any]]]] = field(default_factory=list)
    deletes: list[tuple[Table, list[dict[str, Any]]]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """Write everything in the session's transaction. Raises Overtaken; the caller must roll back then."""
        for table, rows in self.inserts:
            if session.get_bind().dialect.name == "sqlite" and _has_own_key(table):
                taken = exists().where(table.c.id >= rows[0]["id"])
                if session.scalar(select(taken)):
                    raise Overtaken
            session.execute(insert(table), rows)
        for table, rows in self.updates:
            _update(session, table, rows)
        for table, rows in self.deletes:
            keys = [column == bindparam(f"key_{column.name}") for column in table.primary_key.columns]
            session.connection().execute(delete(table).where(*keys), rows)
        if self.changes:
            session.execute(insert(Change), self.changes)


def _update(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Change records by key, each only if it is still as it was read."""
    statement = update(table).where(table.c.id == bindparam("key_id"))
    if "key_version" in rows[0]:
        statement = statement.where(table.c.version == bindparam("key_version"))
    statement = statement.values({name: bindparam(name) for name in rows[0] if not name.startswith("key_")})
    if session.connection().execute(statement, rows).rowcount != len(rows):
        raise Overtaken


def collect(session: Session) -> Statements:
    """Everything a flush of this session would write. Call without autoflush; the session must not be flushed after."""
    new, old = list(session.new), [record for record in session.dirty if session.is_modified(record)]
    search.set_keys(session)
    take_keys(session, new)
    for record in [*new, *session.dirty]:
        _join(record)
    old += [record for record in session.dirty if record not in old and session.is_modified(record)]
    found = Statements()
    found.inserts = [(table, [_row(record) for record in records]) for table, records in _by_table(new)]
    found.changes = [row for record in new for row in history.rows_of(session, record, ChangeAction.CREATED)]
    found.changes += [row for record in old for row in history.rows_of(session, record, ChangeAction.CHANGED)]
    grouped: dict[tuple[Table, frozenset[str]], list[dict[str, Any]]] = {}
    for record in old:
        row = _changed_row(record)
        if row is not None:
            grouped.setdefault((record.__table__, frozenset(row)), []).append(row)
    found.updates = [(table, rows) for (table, _names), rows in grouped.items()]
    found.deletes = [(table, [_key(record) for record in gone]) for table, gone in _by_table(_orphans(old))]
    return found


def take_keys(session: Session, records: list[Any]) -> None:
    """Keys for records that have none yet."""
    for table, of_table in _by_table(records):
        keyless = [record for record in of_table if _has_own_key(table) and record.id is None]
        if not keyless:
            continue
        for record, key in zip(keyless, _keys(session, table, len(keyless)), strict=True):
            record.id = key


def _keys(session: Session, table: Table, count: int) -> Iterable[int]:
    if session.get_bind().dialect.name == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return list(session.scalars(query, {"table": table.name, "count": count}))
    first = (session.scalar(select(func.max(table.c.id))) or 0) + _GAP
    return range(first, first + count)


def _has_own_key(table: Table) -> bool:
    return [column.name for column in table.primary_key.columns] == ["id"]


def _by_table(records: list[Any]) -> list[tuple[Table, list[Any]]]:
    """The records of each table, a table after those it refers to."""
    grouped: dict[Table, list[Any]] = {}
    for record in records:
        grouped.setdefault(record.__table__, []).append(record)
    return [(table, grouped[table]) for table in Base.metadata.sorted_tables if table in grouped]


def _join(record: Any) -> None:
    """Foreign keys from the records it is joined to."""
    state = inspect(record)
    for relation in state.mapper.relationships:
        if relation.viewonly or relation.key not in state.dict:
            continue
        held = state.dict[relation.key]
        if relation.direction is RelationshipDirection.MANYTOONE:
            if held is not None:
                _copy_key(relation, held, record)
            continue
        for other in held if isinstance(held, list) else [held]:
            if other is not None and inspect(other).key is None:
                _copy_key(relation, record, other)


def _copy_key(relation: Any, source: Any, goal: Any) -> None:
    for key, foreign in relation.synchronize_pairs:
        name, value = _attribute(goal, foreign), getattr(source, _attribute(source, key))
        if getattr(goal, name) != value:
            setattr(goal, name, value)


def _attribute(record: Any, column: Any) -> str:
    mapper: Mapper[Any] = inspect(record).mapper
    return mapper.get_property_by_column(column).key


def _row(record: Any) -> dict[str, Any]:
    """A new record's columns, with their defaults."""
    state = inspect(record)
    row = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        value = state.dict.get(attribute.key)
        if value is None and isinstance(column.default, ColumnDefault):
            value = column.default.arg(None) if column.default.is_callable else column.default.arg
        row[column.name] = value
    return row


def _changed_row(record: Any) -> dict[str, Any] | None:
    """An older record's changed columns, its key and the version it was read at; None when nothing is to be stored."""
    state = inspect(record)
    columns = {attribute.key: attribute.columns[0] for attribute in state.mapper.column_attrs}
    row = {columns[name].name: state.dict.get(name) for name in columns if _was_changed(record, name)}
    if not row:
        return None
    for column in columns.values():
        if column.onupdate is not None and column.name not in row:
            row[column.name] = column.onupdate.arg(None)
    row["key_id"] = record.id
    if state.mapper.version_id_col is not None:
        row["key_version"], row["version"] = record.version, record.version + 1
    return row


def _was_changed(record: Any, name: str) -> bool:
    return get_history(record, name, PASSIVE_NO_INITIALIZE).has_changes()


def _orphans(records: list[Any]) -> list[Any]:
    """Records taken out of a collection that owns them."""
    gone = []
    for record in records:
        state = inspect(record)
        for relation in state.mapper.relationships:
            if relation.cascade.delete_orphan and relation.key in state.dict:
                gone += [other for other in state.attrs[relation.key].history.deleted if inspect(other).key is not None]
    return gone


def _key(record: Any) -> dict[str, Any]:
    return {
        f"key_{column.name}": getattr(record, _attribute(record, column)) for column in record.__table__.primary_key
    }
