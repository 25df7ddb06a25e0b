"""Base amounts of social assistance, by date."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "allowance_bases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_allowance_bases_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_bases")),
    )
    with op.batch_alter_table("allowance_bases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allowance_bases_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("allowance_bases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allowance_bases_commune_id"))

    op.drop_table("allowance_bases")
