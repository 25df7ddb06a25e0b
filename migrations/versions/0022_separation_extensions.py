"""Extensions of separations as records of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "separation_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_separation_extensions_{column}_{target}")
            )
            for column, target in (
                ("commune_id", "communes"),
                ("case_id", "cases"),
                ("measure_id", "emergency_measures"),
                ("recorded_by_id", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_separation_extensions")),
    )
    op.create_index(op.f("ix_separation_extensions_case_id"), "separation_extensions", ["case_id"])
    op.create_index(op.f("ix_separation_extensions_measure_id"), "separation_extensions", ["measure_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("separation_extensions")
