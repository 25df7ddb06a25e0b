"""What Mẫu 02, 05 and 06 ask for and had no place."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    for table in ("initial_assessments", "case_reviews"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("notes", sa.JSON(), server_default="{}", nullable=False))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("notes", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("initial_assessments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("safety", sa.String(), nullable=True))
    with op.batch_alter_table("case_plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facilities", sa.String(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("case_plans", schema=None) as batch_op:
        batch_op.drop_column("facilities")
    with op.batch_alter_table("initial_assessments", schema=None) as batch_op:
        batch_op.drop_column("safety")
    for table in ("initial_assessments", "case_reviews"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("notes")
