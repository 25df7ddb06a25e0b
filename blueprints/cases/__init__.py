"""Concerns and cases: reporting, the caseload, the steps of the procedure."""
