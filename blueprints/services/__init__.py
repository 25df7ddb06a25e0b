"""What children are given, and by whom."""
