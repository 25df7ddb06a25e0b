"""For which reason a leader read what is told apart of a child."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "child_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_child_looks_commune_id_communes")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_child_looks_child_id_children")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_child_looks_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_looks")),
    )
    op.create_index(op.f("ix_child_looks_child_id"), "child_looks", ["child_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("child_looks")
