"""Villages at a glance, and their paper book."""
