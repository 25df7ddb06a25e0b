"""Search by name and counts from one index alone."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_SORT = ["commune_id", "sort_key", "id"]
_ASKED = ["search_key", "removed_at", "left_on", "born_on", "born_precision", "village_id"]


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_children_counted", table_name="children")
    op.drop_index("ix_children_commune_search", table_name="children")
    op.drop_index("ix_children_commune_sort", table_name="children")
    op.create_index("ix_children_commune_sort", "children", [*_SORT, *_ASKED])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_children_commune_sort", table_name="children")
    op.create_index("ix_children_commune_sort", "children", _SORT)
    op.create_index("ix_children_commune_search", "children", ["commune_id", "search_key"])
    counted = ["commune_id", "id", "removed_at", "left_on", "born_on", "born_precision"]
    op.create_index("ix_children_counted", "children", counted)
