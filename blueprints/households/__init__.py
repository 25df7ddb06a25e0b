"""Households and their yearly status."""
