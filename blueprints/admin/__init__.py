"""Settings, people, audit."""
