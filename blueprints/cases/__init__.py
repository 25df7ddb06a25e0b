"""Concerns reported, and the cases they become."""
