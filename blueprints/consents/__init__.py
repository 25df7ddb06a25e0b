"""Consents of children and their representatives."""
