"""Scans and photos of papers, of a child, a case or a concern."""
