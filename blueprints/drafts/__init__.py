"""Half-written forms."""
