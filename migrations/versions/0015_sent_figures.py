"""What communes sent to a superior office."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sent_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("counted_to", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_sent_figures_commune_id_communes")),
        sa.ForeignKeyConstraint(["read_by_id"], ["users.id"], name=op.f("fk_sent_figures_read_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_figures")),
        sa.UniqueConstraint("commune_id", "sha256", name=op.f("uq_sent_figures_commune_id_sha256")),
    )
    with op.batch_alter_table("sent_figures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_figures_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("sent_figures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_figures_commune_id"))

    op.drop_table("sent_figures")
