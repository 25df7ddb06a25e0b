"""Alternative care: carers, placements, visits."""
