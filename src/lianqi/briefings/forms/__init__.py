"""Forms of the briefings room."""
