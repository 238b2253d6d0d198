"""Read side of the briefings room."""
