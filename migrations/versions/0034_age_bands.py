"""age bands."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "age_bands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("from_age", sa.Integer(), nullable=False),
        sa.Column("to_age", sa.Integer(), nullable=False),
        sa.Column(
            "split", sa.Enum("children", "abused", name="agesplit", native_enum=False, length=40), nullable=False
        ),
        sa.Column("wording", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("from_age < to_age", name=op.f("ck_age_bands_ages_in_order")),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_age_bands_commune_id_communes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_age_bands")),
        sa.UniqueConstraint(
            "commune_id",
            "split",
            "valid_from",
            "from_age",
            name=op.f("uq_age_bands_commune_id_split_valid_from_from_age"),
        ),
    )
    with op.batch_alter_table("age_bands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_age_bands_commune_id"), ["commune_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("age_bands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_age_bands_commune_id"))

    op.drop_table("age_bands")
