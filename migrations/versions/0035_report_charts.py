"""report charts."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("period_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("beside", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("period_reports", schema=None) as batch_op:
        batch_op.drop_column("beside")
