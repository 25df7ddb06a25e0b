"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "communes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("district_name", sa.String(), nullable=True),
        sa.Column("province_name", sa.String(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("plan_reference", sa.String(), nullable=True),
        sa.Column("preparer_name", sa.String(), nullable=True),
        sa.Column("signatory_title", sa.String(), nullable=True),
        sa.Column("signatory_name", sa.String(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communes")),
        sa.UniqueConstraint("code", "active_from", name=op.f("uq_communes_code_active_from")),
    )
    op.create_table(
        "ethnic_groups",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ethnic_groups")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_account_at", ["account_hash", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempts_address_at", ["address_hash", "at"], unique=False)

    op.create_table(
        "calendar_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Enum("holiday", "working", name="daykind", native_enum=False, length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_calendar_days_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
        sa.UniqueConstraint("commune_id", "day", name=op.f("uq_calendar_days_commune_id_day")),
    )
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_days_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "circumstance_kinds",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("group", "subgroup", "risk", "old", name="kindlevel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "sensitivity",
            sa.Enum(
                "ordinary",
                "personal",
                "contact",
                "sensitive",
                "hiv",
                "sexual_abuse",
                "offence",
                "case",
                "perpetrator",
                "informant",
                name="sensitivity",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("official_code", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_circumstance_kinds_commune_id_communes")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_circumstance_kinds")),
    )
    with op.batch_alter_table("circumstance_kinds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circumstance_kinds_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circumstance_kinds_group_code"), ["group_code"], unique=False)

    op.create_table(
        "counters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_counters_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("commune_id", "name", name=op.f("uq_counters_commune_id_name")),
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("sort_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "care_facility",
                "school",
                "health",
                "charity",
                "enterprise",
                "authority",
                "person",
                "other",
                name="providerkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_providers_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_providers")),
    )
    with op.batch_alter_table("providers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_providers_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "receiving_offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("district", "province", "other", name="officelevel", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_receiving_offices_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_offices")),
    )
    with op.batch_alter_table("receiving_offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receiving_offices_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("language", sa.Enum("vi", "en", name="language", native_enum=False, length=40), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_users_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "villages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_villages_commune_id_communes")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["villages.id"], name=op.f("fk_villages_merged_into_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villages")),
        sa.UniqueConstraint(
            "commune_id", "name_key", "active_from", name=op.f("uq_villages_commune_id_name_key_active_from")
        ),
    )
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_villages_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_villages_commune_position", ["commune_id", "position"], unique=False)

    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("record_table", sa.String(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_audit_events_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_events_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index("ix_audit_events_commune", ["commune_id", "id"], unique=False)
        batch_op.create_index("ix_audit_events_record", ["record_table", "record_id"], unique=False)

    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("workbook", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_exports_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_exports_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exports_commune_id"), ["commune_id"], unique=False)

    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("head_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("sort_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("head_name", sa.String(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("book_code", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_households_commune_id_communes")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_households_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.create_index("ix_households_commune_sort", ["commune_id", "sort_key", "id"], unique=False)
        batch_op.create_index("ix_households_village_sort", ["village_id", "sort_key", "id"], unique=False)

    op.create_table(
        "import_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("read", "applied", "undone", name="batchstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_import_batches_commune_id_communes")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_batches_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batches_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batches_sha256"), ["sha256"], unique=False)

    op.create_table(
        "saved_searches",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_saved_searches")),
    )
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_searches_at"), ["at"], unique=False)

    op.create_table(
        "submitted_forms",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_submitted_forms_user_id_users")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submitted_forms")),
    )
    with op.batch_alter_table("submitted_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submitted_forms_at"), ["at"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "collaborator",
                "officer",
                "leader",
                "viewer",
                "administrator",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_user_sessions")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "user_villages",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_villages_user_id_users")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_user_villages_village_id_villages")),
        sa.PrimaryKeyConstraint("user_id", "village_id", name=op.f("pk_user_villages")),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column(
            "action",
            sa.Enum("created", "changed", "deleted", name="changeaction", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("record_table", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("subject_table", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batches.id"], name=op.f("fk_changes_batch_id_import_batches")),
        sa.ForeignKeyConstraint(["by_user_id"], ["users.id"], name=op.f("fk_changes_by_user_id_users")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_changes_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index("ix_changes_record", ["record_table", "record_id"], unique=False)
        batch_op.create_index("ix_changes_subject", ["subject_table", "subject_id", "id"], unique=False)

    op.create_table(
        "children",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("sort_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "born_precision",
            sa.Enum("day", "month", "year", "estimated", name="precision", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column(
            "left_reason", sa.Enum("moved_out", "died", name="leftreason", native_enum=False, length=40), nullable=True
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_reason", sa.String(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column(
            "sex", sa.Enum("male", "female", "unknown", name="sex", native_enum=False, length=40), nullable=False
        ),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("personal_id", sa.String(), nullable=True),
        sa.Column(
            "birth_registration",
            sa.Enum("unknown", "registered", "not_registered", name="birthregistration", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("ethnicity_code", sa.String(), nullable=True),
        sa.Column("nationality", sa.String(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column(
            "residence",
            sa.Enum("permanent", "temporary", "absent", name="residence", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column(
            "schooling",
            sa.Enum(
                "unknown",
                "too_young",
                "nursery",
                "kindergarten",
                "primary",
                "lower_secondary",
                "upper_secondary",
                "special",
                "dropped_out",
                "never",
                name="schooling",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("school_name", sa.String(), nullable=True),
        sa.Column("insurance_number", sa.String(), nullable=True),
        sa.Column(
            "population_check",
            sa.Enum("unchecked", "matched", "mismatch", "sent", name="populationcheck", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_children_commune_id_communes")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_children_created_by_id_users")),
        sa.ForeignKeyConstraint(
            ["ethnicity_code"], ["ethnic_groups.code"], name=op.f("fk_children_ethnicity_code_ethnic_groups")
        ),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_children_household_id_households")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["children.id"], name=op.f("fk_children_merged_into_id_children")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_children_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_children")),
        sa.UniqueConstraint("commune_id", "personal_id", name=op.f("uq_children_commune_id_personal_id")),
    )
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.create_index("ix_children_commune_name_born", ["commune_id", "name_key", "born_on"], unique=False)
        batch_op.create_index("ix_children_commune_search", ["commune_id", "search_key"], unique=False)
        batch_op.create_index("ix_children_commune_sort", ["commune_id", "sort_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_children_household_id"), ["household_id"], unique=False)
        batch_op.create_index("ix_children_village_sort", ["village_id", "sort_key", "id"], unique=False)

    op.create_table(
        "household_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "status", sa.Enum("poor", "near_poor", "none", name="poverty", native_enum=False, length=40), nullable=False
        ),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_household_statuses_household_id_households")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_statuses")),
        sa.UniqueConstraint("household_id", "year", name=op.f("uq_household_statuses_household_id_year")),
    )
    with op.batch_alter_table("household_statuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_statuses_household_id"), ["household_id"], unique=False)

    op.create_table(
        "allowances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("k1", "k3", "k4", "k6", "k7", "other", name="allowancebasis", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("coefficient", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("monthly_amount", sa.Integer(), nullable=True),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_allowances_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_allowances_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowances")),
    )
    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allowances_child_id"), ["child_id"], unique=False)

    op.create_table(
        "circumstances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("original_words", sa.String(), nullable=True),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_circumstances_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_circumstances_commune_id_communes")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_circumstances_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["circumstance_kinds.code"], name=op.f("fk_circumstances_kind_code_circumstance_kinds")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_circumstances_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstances")),
    )
    with op.batch_alter_table("circumstances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circumstances_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circumstances_kind_code"), ["kind_code"], unique=False)

    op.create_table(
        "disabilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("extreme", "severe", "mild", "unknown", name="disabilityseverity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("certificate_number", sa.String(), nullable=True),
        sa.Column("certified_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_disabilities_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_disabilities_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disabilities")),
    )
    with op.batch_alter_table("disabilities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disabilities_child_id"), ["child_id"], unique=False)

    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id_import_batches")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_import_rows_child_id_children")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_rows_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_rows_child_id"), ["child_id"], unique=False)

    op.create_table(
        "intake_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "sent", "opened", "answered", name="reportstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "in_person",
                "other_person",
                "hotline_111",
                "police",
                "authority",
                "observed",
                name="channel",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hotline_code", sa.String(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum("abused", "at_risk", "special", name="subject", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("child_name", sa.String(), nullable=True),
        sa.Column(
            "child_sex", sa.Enum("male", "female", "unknown", name="sex", native_enum=False, length=40), nullable=False
        ),
        sa.Column("child_age", sa.String(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("happened", sa.String(), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("likely_harm", sa.String(), nullable=True),
        sa.Column("father_words", sa.String(), nullable=True),
        sa.Column("mother_words", sa.String(), nullable=True),
        sa.Column("family_words", sa.String(), nullable=True),
        sa.Column("caregiver_words", sa.String(), nullable=True),
        sa.Column("actions_taken", sa.String(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("informant_name", sa.String(), nullable=True),
        sa.Column("informant_phone", sa.String(), nullable=True),
        sa.Column("informant_address", sa.String(), nullable=True),
        sa.Column("informant_note", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_intake_reports_answered_by_id_users")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_intake_reports_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_intake_reports_commune_id_communes")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["users.id"], name=op.f("fk_intake_reports_reported_by_id_users")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_intake_reports_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_reports")),
    )
    with op.batch_alter_table("intake_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_reports_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_reports_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_intake_reports_commune_state", ["commune_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_reports_reported_by_id"), ["reported_by_id"], unique=False)

    op.create_table(
        "movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("from_village_id", sa.Integer(), nullable=True),
        sa.Column("to_village_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "born",
                "moved_in",
                "moved_village",
                "moved_out",
                "returned",
                "died",
                name="movementkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_movements_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_movements_commune_id_communes")),
        sa.ForeignKeyConstraint(
            ["from_village_id"], ["villages.id"], name=op.f("fk_movements_from_village_id_villages")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_movements_recorded_by_id_users")),
        sa.ForeignKeyConstraint(["to_village_id"], ["villages.id"], name=op.f("fk_movements_to_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
    )
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_movements_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_movements_commune_happened", ["commune_id", "happened_on"], unique=False)

    op.create_table(
        "relatives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("father", "mother", "caregiver", name="relativekind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column("relationship_words", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "unknown",
                "alive",
                "dead",
                "missing",
                "in_prison",
                "in_facility",
                "unable",
                name="relativestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("occupation", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_relatives_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_relatives_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relatives")),
    )
    with op.batch_alter_table("relatives", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relatives_child_id"), ["child_id"], unique=False)

    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("after_change_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "accepted", "sent_back", name="reviewstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_review_items_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_review_items_commune_id_communes")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_review_items_decided_by_id_users")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["users.id"], name=op.f("fk_review_items_submitted_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    with op.batch_alter_table("review_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_items_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_review_items_commune_state", ["commune_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_items_submitted_by_id"), ["submitted_by_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("abused", "at_risk", "special", name="subject", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "abuse_form",
            sa.Enum(
                "violence",
                "exploitation",
                "sexual",
                "trafficking",
                "abandonment",
                "neglect",
                "other",
                "none",
                name="abuseform",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("collaborator_id", sa.Integer(), nullable=True),
        sa.Column("perpetrator", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "closure_reason",
            sa.Enum(
                "safe",
                "transferred",
                "sixteen",
                "died",
                "unfounded",
                "other",
                name="closurereason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closure_note", sa.String(), nullable=True),
        sa.Column("reopening_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["users.id"], name=op.f("fk_cases_assigned_to_id_users")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_cases_child_id_children")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_cases_closed_by_id_users")),
        sa.ForeignKeyConstraint(["collaborator_id"], ["users.id"], name=op.f("fk_cases_collaborator_id_users")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_cases_commune_id_communes")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_cases_opened_by_id_users")),
        sa.ForeignKeyConstraint(["report_id"], ["intake_reports.id"], name=op.f("fk_cases_report_id_intake_reports")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_cases_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("commune_id", "number", name=op.f("uq_cases_commune_id_number")),
        sa.UniqueConstraint("report_id", name=op.f("uq_cases_report_id")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_cases_commune_received", ["commune_id", "received_at"], unique=False)

    op.create_table(
        "disability_types",
        sa.Column("disability_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "movement",
                "hearing_speech",
                "vision",
                "mental",
                "intellectual",
                "other",
                name="disabilitykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["disability_id"], ["disabilities.id"], name=op.f("fk_disability_types_disability_id_disabilities")
        ),
        sa.PrimaryKeyConstraint("disability_id", "kind", name=op.f("pk_disability_types")),
    )
    op.create_table(
        "case_conferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(), nullable=True),
        sa.Column("participants", sa.String(), nullable=True),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_conferences_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_case_conferences_commune_id_communes")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_case_conferences_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_conferences")),
    )
    with op.batch_alter_table("case_conferences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_conferences_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum("waiting", "approved", "refused", name="plandecision", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_plans_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_case_plans_commune_id_communes")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_case_plans_decided_by_id_users")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_case_plans_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_plans")),
    )
    with op.batch_alter_table("case_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_plans_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("risk", sa.Enum("high", "medium", "low", name="risk", native_enum=False, length=40), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("can_close", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reviews_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_case_reviews_commune_id_communes")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_case_reviews_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reviews")),
    )
    with op.batch_alter_table("case_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_reviews_case_id"), ["case_id"], unique=False)

    op.create_table(
        "comprehensive_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("condition", sa.String(), nullable=True),
        sa.Column("family", sa.String(), nullable=True),
        sa.Column("risk_factors", sa.String(), nullable=True),
        sa.Column("learning", sa.String(), nullable=True),
        sa.Column("community", sa.String(), nullable=True),
        sa.Column("needs", sa.String(), nullable=True),
        sa.Column("child_wishes", sa.String(), nullable=True),
        sa.Column("parent_wishes", sa.String(), nullable=True),
        sa.Column("risk", sa.Enum("high", "medium", "low", name="risk", native_enum=False, length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comprehensive_assessments_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_comprehensive_assessments_commune_id_communes")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_comprehensive_assessments_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comprehensive_assessments")),
    )
    with op.batch_alter_table("comprehensive_assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comprehensive_assessments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "emergency_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("is_separation", sa.Boolean(), nullable=False),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("safe_place", sa.String(), nullable=True),
        sa.Column("separated_until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_emergency_measures_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_emergency_measures_commune_id_communes")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_emergency_measures_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_measures")),
    )
    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_measures_case_id"), ["case_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("observed", sa.String(), nullable=False),
        sa.Column("is_safe", sa.Boolean(), nullable=False),
        sa.Column("next_visit_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id_cases")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_follow_ups_commune_id_communes")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_follow_ups_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_case_id"), ["case_id"], unique=False)

    op.create_table(
        "initial_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("risk", sa.Enum("high", "medium", "low", name="risk", native_enum=False, length=40), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_initial_assessments_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["communes.id"], name=op.f("fk_initial_assessments_commune_id_communes")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_initial_assessments_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initial_assessments")),
    )
    with op.batch_alter_table("initial_assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initial_assessments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "plan_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_plan_actions_commune_id_communes")),
        sa.ForeignKeyConstraint(["plan_id"], ["case_plans.id"], name=op.f("fk_plan_actions_plan_id_case_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_actions")),
    )
    with op.batch_alter_table("plan_actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_actions_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "health",
                "education",
                "psychology",
                "welfare",
                "protection",
                "legal",
                "counselling",
                "safe_place",
                "alternative_care",
                "reunification",
                "visit",
                "gift",
                "other",
                name="servicekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column(
            "programme",
            sa.Enum(
                "qd23",
                "qd1438",
                "qd1437",
                "qd06",
                "qd1248",
                "qd1472",
                "qd782",
                "qd1591",
                name="programme",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("provider_id", sa.Integer(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("open", "done", "partly", "not_done", name="serviceoutcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("quantity", sa.String(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column(
            "funding",
            sa.Enum("state", "sponsor", "fund", "in_kind", "none", name="fundingsource", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("sponsor_name", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["plan_actions.id"], name=op.f("fk_services_action_id_plan_actions")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_services_case_id_cases")),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name=op.f("fk_services_child_id_children")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_services_commune_id_communes")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_services_provider_id_providers")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_services_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_services_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_services_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_services_commune_done", ["commune_id", "done_on"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_index("ix_services_commune_done")
        batch_op.drop_index(batch_op.f("ix_services_child_id"))
        batch_op.drop_index(batch_op.f("ix_services_case_id"))

    op.drop_table("services")
    with op.batch_alter_table("plan_actions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_actions_plan_id"))

    op.drop_table("plan_actions")
    with op.batch_alter_table("initial_assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initial_assessments_case_id"))

    op.drop_table("initial_assessments")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_case_id"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("emergency_measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emergency_measures_case_id"))

    op.drop_table("emergency_measures")
    with op.batch_alter_table("comprehensive_assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comprehensive_assessments_case_id"))

    op.drop_table("comprehensive_assessments")
    with op.batch_alter_table("case_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_reviews_case_id"))

    op.drop_table("case_reviews")
    with op.batch_alter_table("case_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_plans_case_id"))

    op.drop_table("case_plans")
    with op.batch_alter_table("case_conferences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_conferences_case_id"))

    op.drop_table("case_conferences")
    op.drop_table("disability_types")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_commune_received")
        batch_op.drop_index(batch_op.f("ix_cases_commune_id"))
        batch_op.drop_index(batch_op.f("ix_cases_child_id"))

    op.drop_table("cases")
    with op.batch_alter_table("review_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_items_submitted_by_id"))
        batch_op.drop_index("ix_review_items_commune_state")
        batch_op.drop_index(batch_op.f("ix_review_items_child_id"))

    op.drop_table("review_items")
    with op.batch_alter_table("relatives", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relatives_child_id"))

    op.drop_table("relatives")
    with op.batch_alter_table("movements", schema=None) as batch_op:
        batch_op.drop_index("ix_movements_commune_happened")
        batch_op.drop_index(batch_op.f("ix_movements_child_id"))

    op.drop_table("movements")
    with op.batch_alter_table("intake_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_reports_reported_by_id"))
        batch_op.drop_index("ix_intake_reports_commune_state")
        batch_op.drop_index(batch_op.f("ix_intake_reports_commune_id"))
        batch_op.drop_index(batch_op.f("ix_intake_reports_child_id"))

    op.drop_table("intake_reports")
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_rows_child_id"))
        batch_op.drop_index(batch_op.f("ix_import_rows_batch_id"))

    op.drop_table("import_rows")
    with op.batch_alter_table("disabilities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disabilities_child_id"))

    op.drop_table("disabilities")
    with op.batch_alter_table("circumstances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circumstances_kind_code"))
        batch_op.drop_index(batch_op.f("ix_circumstances_child_id"))

    op.drop_table("circumstances")
    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allowances_child_id"))

    op.drop_table("allowances")
    with op.batch_alter_table("household_statuses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_statuses_household_id"))

    op.drop_table("household_statuses")
    with op.batch_alter_table("children", schema=None) as batch_op:
        batch_op.drop_index("ix_children_village_sort")
        batch_op.drop_index(batch_op.f("ix_children_household_id"))
        batch_op.drop_index("ix_children_commune_sort")
        batch_op.drop_index("ix_children_commune_search")
        batch_op.drop_index("ix_children_commune_name_born")

    op.drop_table("children")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index("ix_changes_subject")
        batch_op.drop_index("ix_changes_record")

    op.drop_table("changes")
    op.drop_table("user_villages")
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_sessions_user_id"))

    op.drop_table("user_sessions")
    op.drop_table("user_roles")
    with op.batch_alter_table("submitted_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submitted_forms_at"))

    op.drop_table("submitted_forms")
    with op.batch_alter_table("saved_searches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_searches_at"))

    op.drop_table("saved_searches")
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batches_sha256"))
        batch_op.drop_index(batch_op.f("ix_import_batches_commune_id"))

    op.drop_table("import_batches")
    with op.batch_alter_table("households", schema=None) as batch_op:
        batch_op.drop_index("ix_households_village_sort")
        batch_op.drop_index("ix_households_commune_sort")

    op.drop_table("households")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exports_commune_id"))

    op.drop_table("exports")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_events_record")
        batch_op.drop_index("ix_audit_events_commune")

    op.drop_table("audit_events")
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.drop_index("ix_villages_commune_position")
        batch_op.drop_index(batch_op.f("ix_villages_commune_id"))

    op.drop_table("villages")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_commune_id"))

    op.drop_table("users")
    with op.batch_alter_table("receiving_offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receiving_offices_commune_id"))

    op.drop_table("receiving_offices")
    with op.batch_alter_table("providers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_providers_commune_id"))

    op.drop_table("providers")
    op.drop_table("counters")
    with op.batch_alter_table("circumstance_kinds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circumstance_kinds_group_code"))
        batch_op.drop_index(batch_op.f("ix_circumstance_kinds_commune_id"))

    op.drop_table("circumstance_kinds")
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_days_commune_id"))

    op.drop_table("calendar_days")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempts_address_at")
        batch_op.drop_index("ix_sign_in_attempts_account_at")

    op.drop_table("sign_in_attempts")
    op.drop_table("ethnic_groups")
    op.drop_table("communes")
