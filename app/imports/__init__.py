"""Lists in: a file of any usual kind → rows of values with warnings → a plan → the register, and back."""
