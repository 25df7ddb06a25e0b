"""The register: list, search, add, edit, move."""
