"""What waits for the person signed in."""
