"""The official forms of a case, to print."""
