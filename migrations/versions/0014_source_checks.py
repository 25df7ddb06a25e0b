"""What other registers say of a child."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "source_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "police",
                "births",
                "insurance",
                "school",
                "poverty",
                "protection",
                name="checksource",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "result", sa.Enum("matched", "mismatch", name="checkresult", native_enum=False, length=40), nullable=False
        ),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_source_checks_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_source_checks_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_checks")),
    )
    with op.batch_alter_table("source_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_checks_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_source_checks_commune", ["commune_id", "source", "child_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("source_checks", schema=None) as batch_op:
        batch_op.drop_index("ix_source_checks_commune")
        batch_op.drop_index(batch_op.f("ix_source_checks_child_id"))

    op.drop_table("source_checks")
