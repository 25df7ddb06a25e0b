"""Requests about personal data, and the limits within which they are answered."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "request_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("see", "correct", "erase", "object", "withdraw", name="requestkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("done_days", sa.Integer(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_request_limits_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_limits")),
    )
    with op.batch_alter_table("request_limits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_limits_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "subject_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("see", "correct", "erase", "object", "withdraw", name="requestkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "asker",
            sa.Enum("child", "representative", name="consentgiver", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("asker_name", sa.String(), nullable=True),
        sa.Column("identity", sa.String(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.String(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("done", "partly", "refused", name="requestoutcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("outcome_note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_subject_requests_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_subject_requests_commune_id_communes")),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_subject_requests_consent_id_consents")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_subject_requests_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_requests")),
    )
    with op.batch_alter_table("subject_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_requests_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_subject_requests_commune_closed", ["commune_id", "closed_on"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("subject_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_requests_commune_closed")
        batch_op.drop_index(batch_op.f("ix_subject_requests_child_id"))

    op.drop_table("subject_requests")
    with op.batch_alter_table("request_limits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_limits_commune_id"))

    op.drop_table("request_limits")
