"""Browser pages of the briefings room, by noun."""
