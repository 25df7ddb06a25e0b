"""Alternative care: carers, placements, visits."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _stamps() -> list[Any]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ]


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=True) for name in names]


def _days(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def upgrade() -> None:
    """Go forward."""
    conditions = ("resident", "healthy", "moral", "unconvicted", "housed", "willing", "agreed")
    op.create_table(
        "foster_carers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("birth_precision", sa.String(length=40), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        *_days("born_on", "registered_on", "notified_on", "verified_on"),
        *_texts("address", "phone", "household_words", "wishes", "evidence"),
        *(sa.Column(f"is_{name}", sa.String(length=40), nullable=True) for name in conditions),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_stamps(),
        _link("foster_carers", "commune_id", "communes"),
        _link("foster_carers", "village_id", "villages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foster_carers")),
    )
    op.create_index(op.f("ix_foster_carers_commune_id"), "foster_carers", ["commune_id"])
    op.create_table(
        "care_placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("carer_id", "provider_id", "collaborator_id")),
        *_days("assessed_on", "asked_on", "first_meeting_on", "second_meeting_on"),
        *_days("decided_on", "handed_over_on", "ended_on"),
        *_texts("nearer_reason", "situation", "needs", "child_opinion", "dossier"),
        *_texts("decision_number", "decision_reason", "end_number", "end_note"),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        *_stamps(),
        _link("care_placements", "commune_id", "communes"),
        _link("care_placements", "child_id", "children"),
        _link("care_placements", "carer_id", "foster_carers"),
        _link("care_placements", "provider_id", "providers"),
        _link("care_placements", "collaborator_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_placements")),
    )
    op.create_index(op.f("ix_care_placements_child_id"), "care_placements", ["child_id"])
    op.create_table(
        "care_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("observed", sa.String(), nullable=False),
        *_texts("child_words", "proposal"),
        *_stamps(),
        _link("care_visits", "commune_id", "communes"),
        _link("care_visits", "placement_id", "care_placements"),
        _link("care_visits", "recorded_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_visits")),
    )
    op.create_index(op.f("ix_care_visits_placement_id"), "care_visits", ["placement_id"])


def downgrade() -> None:
    """Go back."""
    for table in ("care_visits", "care_placements", "foster_carers"):
        op.drop_table(table)
