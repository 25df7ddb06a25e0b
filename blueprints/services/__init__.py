"""What children were given, and who provides it."""
