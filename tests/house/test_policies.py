"""Every table has a row of policies, or says why not."""

from models import Base, row_security


def test_every_table_has_a_policy() -> None:
    """A new table gets one from its columns; one that fits nothing must be named there."""
    forgotten = [table.name for table in Base.metadata.sorted_tables if row_security.condition(table) is None]

    assert forgotten == [], "say in models/row_security.py whose rows of these are seen"


def test_what_is_named_exists() -> None:
    named = {*row_security.CONDITIONS, *row_security.OPEN, *row_security.READABLE, *row_security.PARENTS.values()}

    assert named <= set(Base.metadata.tables)


def test_what_is_open_is_said_in_one_place() -> None:
    """Nothing that bears a commune may be open to all."""
    assert [name for name in row_security.OPEN if "commune_id" in Base.metadata.tables[name].columns] == []
