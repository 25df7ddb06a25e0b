"""One thing done to many children, and taken back."""
