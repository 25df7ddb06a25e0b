"""Personal data: requests about it, extracts, breaches, retention, sharing."""
