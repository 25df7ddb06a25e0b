"""Answers about rights, villages in especially difficult areas, why an allowance ended, notice of changes of age."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "entitlement_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("rested_on", sa.JSON(), nullable=False),
        sa.Column("right", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_entitlement_answers_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_entitlement_answers_child_id_children")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_entitlement_answers_commune_id_communes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement_answers")),
        sa.UniqueConstraint("child_id", "right", name=op.f("uq_entitlement_answers_child_id_right")),
    )
    with op.batch_alter_table("entitlement_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entitlement_answers_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entitlement_answers_commune_id"), ["commune_id"], unique=False)
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("difficult_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("difficult_to", sa.Date(), nullable=True))
    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(length=40), nullable=True))
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("age_notice_days", sa.Integer(), server_default="60", nullable=False))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.drop_column("age_notice_days")
    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.drop_column("end_reason")
        batch_op.drop_column("decided_on")
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.drop_column("difficult_to")
        batch_op.drop_column("difficult_from")
    with op.batch_alter_table("entitlement_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlement_answers_commune_id"))
        batch_op.drop_index(batch_op.f("ix_entitlement_answers_child_id"))
    op.drop_table("entitlement_answers")
