"""Other communes beside the made-up one: each has every row of it again, so that whatever forgets to ask for the commune pays.

Same names, same days, same cases: a question answered from an index that does not begin with the commune, or by way of
another, meets as many wrong rows as there are neighbours.
"""

from collections.abc import Iterator

from sqlalchemy import Column, Integer, Select, String, Table, cast, func, insert, literal, select, text
from sqlalchemy.sql.elements import ColumnElement

from app import audit, migrating
from models import Base, db

#: Keys that the schema does not name as keys.
KEYS = ("record_id", "subject_id", "after_change_id")
#: Communes written in one transaction.
AT_ONCE = 25


def stride() -> int:
    """How far apart the keys of two neighbours are; to be asked before the first is added."""
    numbered = [table for table in Base.metadata.sorted_tables if "id" in table.columns]
    return 1 + max(db.session.scalar(select(func.max(table.columns.id))) or 0 for table in numbered)


def add(numbers: range, apart: int) -> None:
    """The neighbours of these numbers, from 1; then let the planner look."""
    with migrating.owners_engine() as engine:
        on_a_server = engine.dialect.name == "postgresql"
        tables = list(_copied())
        for first in numbers[::AT_ONCE]:
            last = min(first + AT_ONCE, numbers.stop) - 1
            with audit.writing(), engine.begin() as connection:
                if on_a_server:  # rows that refer to each other are all there at the end: not asked one by one
                    connection.execute(text("SET LOCAL session_replication_role = replica"))
                for table in tables:
                    rows = _shifted(table, first, last, apart)
                    connection.execute(insert(table).from_select(list(table.columns.keys()), rows))
        if on_a_server:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in tables:
                    if "id" in table.columns:  # PostgreSQL counts apart from the keys it is given
                        sequence = func.pg_get_serial_sequence(table.name, "id")
                        connection.execute(
                            select(func.setval(sequence, select(func.max(table.columns.id)).scalar_subquery()))
                        )
                connection.execute(text("VACUUM"))  # as a server's own housekeeping does in time
        else:
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    migrating.analyse()


def size() -> float:
    """The database in MB: its file, or what the server keeps of it."""
    asked = "SELECT pg_database_size(current_database())"
    if db.engine.dialect.name != "postgresql":
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return float(db.session.scalar(text(asked)) or 0) / 1_000_000


def _copied() -> Iterator[Table]:
    """Tables that hold something of a commune under a number; not lists of the law, and not what a browser is known by."""
    for table in Base.metadata.sorted_tables:
        key = _key(table)
        if (key.name == "id" or key.foreign_keys) and db.session.scalar(select(func.count()).select_from(table)):
            yield table
    db.session.remove()


def _key(table: Table) -> Column[int]:
    return next(iter(table.primary_key.columns))


def _shifted(table: Table, first: int, last: int, apart: int) -> Select[tuple[object, ...]]:
    """The first commune's rows once for each of the numbers, with the keys moved along."""
    number = select(literal(first).label("number")).cte("numbers", recursive=True)
    number = number.union_all(select(number.columns.number + 1).where(number.columns.number < last))
    move = number.columns.number * apart
    query = select(*(_moved(column, move, number.columns.number) for column in table.columns))
    query = query.select_from(table.join(number, literal(value=True))).where(_key(table) < apart)
    if "commune_id" in table.columns:  # the law's own lines belong to nobody
        query = query.where(table.columns.commune_id.is_not(None))
    return query.order_by(number.columns.number, _key(table))


def _moved(column: Column[object], move: ColumnElement[int], number: ColumnElement[int]) -> ColumnElement[object]:
    if isinstance(column.type, Integer) and (column.name in ("id", *KEYS) or column.foreign_keys):
        return (column + move).label(column.name)  # type: ignore[operator]
    if column.unique:
        return (cast(column, String) + "x" + cast(number, String)).label(column.name)
    return column
