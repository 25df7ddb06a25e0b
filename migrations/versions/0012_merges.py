"""Merges of children, and pairs told apart."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "distinct_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_distinct_pairs_by_id_users")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_distinct_pairs_commune_id_communes")),
        sa.ForeignKeyConstraint(["first_id"], ["children.id"], name=op.f("fk_distinct_pairs_first_id_children")),
        sa.ForeignKeyConstraint(["second_id"], ["children.id"], name=op.f("fk_distinct_pairs_second_id_children")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_pairs_first_id_second_id")),
    )
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distinct_pairs_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_merges_by_id_users")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_merges_commune_id_communes")),
        sa.ForeignKeyConstraint(["gone_id"], ["children.id"], name=op.f("fk_merges_gone_id_children")),
        sa.ForeignKeyConstraint(["kept_id"], ["children.id"], name=op.f("fk_merges_kept_id_children")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merges_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merges_commune_id"))

    op.drop_table("merges")
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distinct_pairs_commune_id"))

    op.drop_table("distinct_pairs")
