"""How alembic runs here: one transaction, foreign keys off while SQLite rebuilds tables, checked before commit."""

from alembic import context
from sqlalchemy import Connection, Engine

from models import Base, row_security
from models.base import UtcDateTime
from models.sqlite import transaction_mode


def run(engine: Engine) -> None:
    """Migrate. On SQLite a rebuilt parent table would delete its children in silence were foreign keys on."""
    token = transaction_mode.set("IMMEDIATE")
    try:
        with engine.connect() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            if is_sqlite:
                _pragma(connection, "PRAGMA foreign_keys = OFF")
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                render_item=_render,
                process_revision_directives=_number,
            )
            with context.begin_transaction():
                if not is_sqlite:
                    row_security.take_down(connection)
                context.run_migrations()
                if not is_sqlite and _is_newest():
                    row_security.put_up(connection, context.config.attributes["app_role"])
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration leaves rows whose parent is gone")
            if connection.in_transaction():
                connection.commit()
            if is_sqlite:
                _pragma(connection, "PRAGMA foreign_keys = ON")
    finally:
        transaction_mode.reset(token)


def _is_newest() -> bool:
    """The wall fits the schema of this code alone; an older one goes without until its own code puts its own up."""
    return context.get_context().get_current_revision() == context.script.get_current_head()


def _pragma(connection: Connection, statement: str) -> None:
    """Outside any transaction, on the connection below SQLAlchemy's."""
    raw = connection.connection.cursor()
    raw.execute(statement)
    raw.close()


def _render(kind: str, value: object, _context: object) -> str | bool:
    """Migrations import nothing of ours: an instant is written as what it is in the database."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def _number(migration_context: object, revision: object, directives: list) -> None:  # type: ignore[type-arg]
    """Number the files: 0001, 0002, …"""
    if directives:
        heads = context.script.get_current_head()  # type: ignore[attr-defined]
        directives[0].rev_id = f"{int(heads or 0) + 1:04d}"


run(context.config.attributes["engine"])
