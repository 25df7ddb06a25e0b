"""Teams of cases, referrals, transfers, consents, shorter limits."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "local_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("emergency_hours", "plan_days", "approval_days", name="limitkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_local_limits_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_limits")),
    )
    with op.batch_alter_table("local_limits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_local_limits_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "break_glasses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_break_glasses_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_break_glasses_commune_id_communes")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["users.id"], name=op.f("fk_break_glasses_seen_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_break_glasses_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glasses")),
    )
    with op.batch_alter_table("break_glasses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_glasses_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_break_glasses_case_until", ["case_id", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_break_glasses_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_members_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_case_members_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_case_members_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_members")),
        sa.UniqueConstraint("case_id", "user_id", name=op.f("uq_case_members_case_id_user_id")),
    )
    with op.batch_alter_table("case_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_members_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_members_user_id"), ["user_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "giver",
            sa.Enum("child", "representative", name="consentgiver", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("giver_name", sa.String(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum("support", "share", "care", "image", "other", name="consentpurpose", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("details", sa.String(), nullable=True),
        sa.Column(
            "answer", sa.Enum("agreed", "refused", name="consentanswer", native_enum=False, length=40), nullable=False
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_consents_case_id_cases")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_consents_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_consents_commune_id_communes")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_consents_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_child_id"), ["child_id"], unique=False)

    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_user_id", sa.Integer(), nullable=True),
        sa.Column("by_user_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_user_id"], ["users.id"], name=op.f("fk_hand_overs_by_user_id_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hand_overs_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_hand_overs_commune_id_communes")),
        sa.ForeignKeyConstraint(["from_user_id"], ["users.id"], name=op.f("fk_hand_overs_from_user_id_users")),
        sa.ForeignKeyConstraint(["to_user_id"], ["users.id"], name=op.f("fk_hand_overs_to_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_overs_case_id"), ["case_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("referred_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column(
            "reply",
            sa.Enum("waiting", "accepted", "done", "refused", name="referralreply", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply_note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_referrals_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_referrals_commune_id_communes")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_referrals_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_case_id"), ["case_id"], unique=False)

    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("package", sa.LargeBinary(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=True),
        sa.Column("other_commune", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("receipt_on", sa.Date(), nullable=True),
        sa.Column("receipt_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transfers_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_transfers_commune_id_communes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_transfers_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint(
            "commune_id", "direction", "checksum", name=op.f("uq_transfers_commune_id_direction_checksum")
        ),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfers_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("beyond_reason", sa.String(), nullable=True))

    # Whoever opened a case, and whoever runs it, is its team.
    op.execute(
        "INSERT INTO case_members (commune_id, case_id, user_id, created_at, updated_at) "
        "SELECT commune_id, id, opened_by_id, opened_at, opened_at FROM cases "
        "UNION SELECT commune_id, id, assigned_to_id, opened_at, opened_at FROM cases WHERE assigned_to_id IS NOT NULL"
    )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.drop_column("beyond_reason")

    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfers_case_id"))

    op.drop_table("transfers")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_case_id"))

    op.drop_table("referrals")
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_overs_case_id"))

    op.drop_table("hand_overs")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_child_id"))
        batch_op.drop_index(batch_op.f("ix_consents_case_id"))

    op.drop_table("consents")
    with op.batch_alter_table("case_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_members_user_id"))
        batch_op.drop_index(batch_op.f("ix_case_members_case_id"))

    op.drop_table("case_members")
    with op.batch_alter_table("break_glasses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_glasses_user_id"))
        batch_op.drop_index("ix_break_glasses_case_until")
        batch_op.drop_index(batch_op.f("ix_break_glasses_case_id"))

    op.drop_table("break_glasses")
    with op.batch_alter_table("local_limits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_limits_commune_id"))

    op.drop_table("local_limits")
