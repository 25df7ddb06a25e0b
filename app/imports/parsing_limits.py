"""What the reading process accepts at most, and the shape of what it hands back. Imports nothing of ours."""

from typing import Any

MEGABYTE = 1024 * 1024
UNPACKED_LIMIT = 150 * MEGABYTE
RATIO_LIMIT = 150
ENTRY_LIMIT = 2000
SHEET_LIMIT = 60
ROW_LIMIT = 20_000
FAR_ROW = 200_000
COLUMN_LIMIT = 300
FAR_COLUMN = 5000
CELL_LIMIT = 600_000
TEXT_LIMIT = 60 * MEGABYTE
MEMORY_LIMIT = 900 * MEGABYTE
SECONDS_LIMIT = 20


class Refused(Exception):
    """The file cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Budget:
    """Counts what has been read and refuses what would be too much."""

    def __init__(self) -> None:
        self.rows = 0
        self.cells = 0
        self.characters = 0

    def row(self, number: int) -> None:
        """One more row that holds something."""
        self.rows += 1
        if number > FAR_ROW:
            raise Refused("far_cells")
        if self.rows > ROW_LIMIT:
            raise Refused("too_many_rows")

    def cell(self, column: int, value: Any) -> None:
        """One more cell that holds something."""
        self.cells += 1
        if column > COLUMN_LIMIT:
            raise Refused("far_cells" if column > FAR_COLUMN else "too_many_columns")
        if isinstance(value, str):
            self.characters += len(value)
        if self.cells > CELL_LIMIT or self.characters > TEXT_LIMIT:
            raise Refused("too_big")


def whole(value: float) -> float | int:
    """30217661150.0 → 30217661150; fractions stay."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def sheet_found(name: str, hidden: bool, rows: list[Any], **more: Any) -> dict[str, Any]:
    """One sheet as it is handed back."""
    return {
        "name": name,
        "hidden": hidden,
        "rows": rows,
        "merges": more.get("merges", []),
        "knows_merges": more.get("knows_merges", False),
        "hidden_columns": more.get("hidden_columns", []),
        "fonts": more.get("fonts", [None]),
        "struck": more.get("struck", []),
    }
