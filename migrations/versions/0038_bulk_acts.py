"""What was done to many children at once."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted", "sent_back", "moved", "checked", "confirmed", name="bulkkind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_bulk_acts_commune_id_communes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_bulk_acts_made_by_id_users")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_bulk_acts_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acts")),
    )
    with op.batch_alter_table("bulk_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_acts_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "bulk_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "left_out",
            sa.Enum(
                "stale",
                "conflict",
                "singly",
                "away",
                "unborn",
                "later",
                "there",
                "same",
                "nothing",
                name="leftout",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_acts.id"], name=op.f("fk_bulk_lines_act_id_bulk_acts")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_bulk_lines_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_bulk_lines_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_lines")),
    )
    with op.batch_alter_table("bulk_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_lines_act_id"), ["act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_lines_child_id"), ["child_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("bulk_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_lines_child_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_lines_act_id"))

    op.drop_table("bulk_lines")
    with op.batch_alter_table("bulk_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_acts_commune_id"))

    op.drop_table("bulk_acts")
