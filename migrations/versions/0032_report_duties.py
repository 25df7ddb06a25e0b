"""report duties."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "report_duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "figures",
                "work",
                "action_month",
                "council",
                "directive",
                name="reportkind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "rule",
            sa.Enum(
                "month",
                "quarter",
                "half",
                "first_half",
                "statistical_half",
                "nine_months",
                "year",
                "statistical_year",
                "june",
                name="periodrule",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("months_after", sa.Integer(), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("addressee", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_report_duties_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_duties")),
    )
    with op.batch_alter_table("report_duties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_duties_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "duties_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_duties_done_commune_id_communes")),
        sa.ForeignKeyConstraint(["duty_id"], ["report_duties.id"], name=op.f("fk_duties_done_duty_id_report_duties")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_duties_done_noted_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties_done")),
        sa.UniqueConstraint("duty_id", "period", name=op.f("uq_duties_done_duty_id_period")),
    )
    with op.batch_alter_table("duties_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duties_done_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("duties_done", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duties_done_commune_id"))

    op.drop_table("duties_done")
    with op.batch_alter_table("report_duties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_duties_commune_id"))

    op.drop_table("report_duties")
