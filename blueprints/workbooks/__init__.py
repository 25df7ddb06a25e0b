"""Workbooks out."""
