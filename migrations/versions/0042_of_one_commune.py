"""What pages ask of one commune from indexes: without them they read the records of all communes."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_TABLES = ("allowances", "care_placements", "break_glasses", "legal_holds")
_MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_children_merged_into", "children", ["merged_into_id"], sqlite_where=_MERGED, postgresql_where=_MERGED
    )
    for table in _TABLES:
        op.create_index(op.f(f"ix_{table}_commune_id"), table, ["commune_id"])


def downgrade() -> None:
    """Go back."""
    for table in reversed(_TABLES):
        op.drop_index(op.f(f"ix_{table}_commune_id"), table_name=table)
    op.drop_index("ix_children_merged_into", table_name="children")
