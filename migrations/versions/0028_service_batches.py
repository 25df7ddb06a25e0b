"""Services given to many at once; inspections of providers."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("inspectors", sa.String(), nullable=False),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("mend_by", sa.Date(), nullable=True),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_inspections_commune_id_communes")),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name=op.f("fk_inspections_provider_id_providers")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_inspections_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspections_provider_id"), ["provider_id"], unique=False)

    op.create_table(
        "service_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
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
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_service_batches_commune_id_communes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_service_batches_made_by_id_users")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["users.id"], name=op.f("fk_service_batches_undone_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_batches")),
    )
    with op.batch_alter_table("service_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_batches_commune_id"), ["commune_id"], unique=False)

    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_services_action_id"), ["action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_services_batch_id"), ["batch_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_services_batch_id_service_batches"), "service_batches", ["batch_id"], ["id"]
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("services", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_services_batch_id_service_batches"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_services_batch_id"))
        batch_op.drop_index(batch_op.f("ix_services_action_id"))
        batch_op.drop_column("batch_id")

    with op.batch_alter_table("service_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_batches_commune_id"))

    op.drop_table("service_batches")
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspections_provider_id"))

    op.drop_table("inspections")
