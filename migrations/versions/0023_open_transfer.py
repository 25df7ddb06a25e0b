"""One open transfer a case; transfers that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_OPEN = sa.text("direction = 'out' AND receipt_on IS NULL AND withdrawn_at IS NULL")
_transfers = sa.table(
    "transfers",
    *(sa.column(name, sa.Integer()) for name in ("id", "case_id")),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("withdrawn_at", sa.DateTime(timezone=True)),
    sa.column("package", sa.LargeBinary()),
)


def upgrade() -> None:
    """Go forward; of several packages of one case awaiting a receipt, the latest stays open."""
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    seen: set[int] = set()
    for row in connection.execute(
        sa.select(_transfers.c.id, _transfers.c.case_id, _transfers.c.made_at)
        .where(_OPEN)
        .order_by(_transfers.c.id.desc())
    ).all():
        if row.case_id in seen:
            connection.execute(
                sa.update(_transfers)
                .where(_transfers.c.id == row.id)
                .values(withdrawn_at=_transfers.c.made_at, package=None)
            )
        seen.add(row.case_id)
    op.create_index(
        "uq_transfers_open", "transfers", ["case_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("uq_transfers_open", table_name="transfers")
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
