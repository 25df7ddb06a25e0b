"""Scans and photos of papers, of a child or of a case."""
