"""Children that may stand twice in the register."""
