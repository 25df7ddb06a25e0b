"""Checks of the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("broken_from", sa.Integer(), nullable=True),
        sa.Column("broken_count", sa.Integer(), nullable=False),
        sa.Column("cut_chains", sa.JSON(), nullable=False),
        sa.Column("contradicted_chains", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checks")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("audit_checks")
