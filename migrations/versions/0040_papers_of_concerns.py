"""Papers sent along with a concern."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_NAME = "ck_attachments_one_owner"
_BEFORE = "(child_id IS NULL) <> (case_id IS NULL)"
_NOW = (
    "(CASE WHEN child_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN case_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    """Go forward. On SQLite the content stays the last column: what lies behind it is read through all of it."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    place = {"insert_after": "case_id"} if is_sqlite else {}
    with op.batch_alter_table("attachments", recreate="always" if is_sqlite else "never") as batch_op:
        batch_op.add_column(sa.Column("report_id", sa.Integer(), nullable=True), **place)
        batch_op.create_index(batch_op.f("ix_attachments_report_id"), ["report_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_attachments_report_id_intake_reports"), "intake_reports", ["report_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f(_NAME), type_="check")
        batch_op.create_check_constraint(batch_op.f(_NAME), _NOW)


def downgrade() -> None:
    """Go back. Papers of concerns have no place in the schema before: they go."""
    op.execute("DELETE FROM attachments WHERE report_id IS NOT NULL")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_NAME), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_attachments_report_id_intake_reports"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachments_report_id"))
        batch_op.drop_column("report_id")
        batch_op.create_check_constraint(batch_op.f(_NAME), _BEFORE)
