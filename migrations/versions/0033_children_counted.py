"""children counted from an index."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_children_counted",
        "children",
        ["commune_id", "id", "removed_at", "left_on", "born_on", "born_precision"],
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_children_counted", table_name="children")
