"""Numbers that stand in addresses and forms."""


def read(raw: str | None, digits: int = 9) -> int | None:
    """A whole number of so many digits at most, in plain figures; None for anything else."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) <= digits else None
