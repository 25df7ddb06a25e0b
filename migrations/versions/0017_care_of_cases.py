"""Alternative care: its case, six-monthly evaluations, one running placement a child."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_RUNS = sa.text("handed_over_on IS NOT NULL AND ended_on IS NULL")
_placements = sa.table(
    "care_placements",
    *(sa.column(name, sa.Integer()) for name in ("id", "child_id")),
    *(sa.column(name, sa.Date()) for name in ("handed_over_on", "ended_on")),
    *(sa.column(name, sa.String()) for name in ("end_reason", "end_note")),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "care_evaluations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["communes.id"], name=op.f("fk_care_evaluations_commune_id_communes")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["care_placements.id"], name=op.f("fk_care_evaluations_placement_id_care_placements")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_care_evaluations_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_evaluations")),
    )
    op.create_index(op.f("ix_care_evaluations_placement_id"), "care_evaluations", ["placement_id"])
    _end_all_but_the_latest()
    with op.batch_alter_table("care_placements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_care_placements_case_id_cases"), "cases", ["case_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_care_placements_case_id"), ["case_id"])
    op.create_index(
        "uq_care_placements_running", "care_placements", ["child_id"], unique=True, sqlite_where=_RUNS,
        postgresql_where=_RUNS,
    )  # fmt: skip


def _end_all_but_the_latest() -> None:
    """A child recorded with two carers at once is with the one it came to last: the others ended that day."""
    connection = op.get_bind()
    later: dict[int, sa.Row[tuple[object, ...]]] = {}
    rows = connection.execute(
        sa.select(_placements).where(_RUNS).order_by(_placements.c.handed_over_on.desc(), _placements.c.id.desc())
    ).all()
    for row in rows:
        if row.child_id in later:
            connection.execute(
                sa.update(_placements)
                .where(_placements.c.id == row.id)
                .values(
                    ended_on=later[row.child_id].handed_over_on,
                    end_reason="other",
                    end_note="Ghi khi nâng cấp: trẻ em đã được giao cho người khác từ ngày này.",
                )
            )
        later[row.child_id] = row


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_care_placements_running", table_name="care_placements")
    with op.batch_alter_table("care_placements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_placements_case_id"))
        batch_op.drop_constraint(batch_op.f("fk_care_placements_case_id_cases"), type_="foreignkey")
        batch_op.drop_column("case_id")
    op.drop_table("care_evaluations")
