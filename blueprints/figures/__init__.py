"""Figures by village, for screen and print."""
