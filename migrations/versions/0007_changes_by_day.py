"""Changes of a commune since a day: what was true then."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index("ix_changes_commune_at", ["commune_id", "at"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index("ix_changes_commune_at")
