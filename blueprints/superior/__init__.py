"""The superior office: what communes sent, side by side."""
