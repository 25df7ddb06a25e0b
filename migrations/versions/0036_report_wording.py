"""report wording."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "report_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_report_wordings_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_wordings")),
        sa.UniqueConstraint(
            "commune_id", "part", "valid_from", name=op.f("uq_report_wordings_commune_id_part_valid_from")
        ),
    )
    with op.batch_alter_table("report_wordings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_wordings_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("report_wordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_wordings_commune_id"))

    op.drop_table("report_wordings")
