"""Reports on a period: what they say (content), how they go their way (lifecycle), what was corrected since (differences)."""
