"""What collaborators sent, waiting for the officer's word."""
