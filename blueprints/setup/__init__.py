"""The first page of an empty installation."""
