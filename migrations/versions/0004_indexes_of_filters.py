"""Indexes that the filters of the register read."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("circumstances", schema=None) as batch_op:
        batch_op.create_index("ix_circumstances_commune_kind", ["commune_id", "kind_code"], unique=False)

    with op.batch_alter_table("disabilities", schema=None) as batch_op:
        batch_op.create_index("ix_disabilities_commune", ["commune_id"], unique=False)

    with op.batch_alter_table("relatives", schema=None) as batch_op:
        batch_op.create_index("ix_relatives_commune_kind_state", ["commune_id", "kind", "state"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("relatives", schema=None) as batch_op:
        batch_op.drop_index("ix_relatives_commune_kind_state")

    with op.batch_alter_table("disabilities", schema=None) as batch_op:
        batch_op.drop_index("ix_disabilities_commune")

    with op.batch_alter_table("circumstances", schema=None) as batch_op:
        batch_op.drop_index("ix_circumstances_commune_kind")
