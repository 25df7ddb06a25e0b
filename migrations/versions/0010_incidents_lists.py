"""Incidents of children, the perpetrator's relation to the child, lists people build."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("cases", sa.Column("perpetrator_relation", sa.String(length=40), nullable=True))
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        *_stamps(),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_incidents_commune_id_communes")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_incidents_child_id_children")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "child_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_child_lists_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_child_lists_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_lists")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index("ix_incidents_commune_day", ["commune_id", "happened_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_child_id"), ["child_id"], unique=False)
    with op.batch_alter_table("child_lists", schema=None) as batch_op:
        batch_op.create_index("ix_child_lists_user", ["user_id", "id"], unique=False)


def _stamps() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ]


def downgrade() -> None:
    """Go back."""
    op.drop_table("child_lists")
    op.drop_table("incidents")
    op.drop_column("cases", "perpetrator_relation")
