"""Headings of lists that somebody corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "import_headings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_import_headings_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_headings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_headings")),
        sa.UniqueConstraint("commune_id", "heading", name=op.f("uq_import_headings_commune_id_heading")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("import_headings")
