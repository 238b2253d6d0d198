"""Forms of the organisation room."""
