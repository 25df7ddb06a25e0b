"""From whom a child is temporarily separated (Mẫu 07)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("separated_from", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.drop_column("separated_from")
