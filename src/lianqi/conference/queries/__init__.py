"""What the room's pages show: one module a noun."""
