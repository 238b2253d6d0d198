"""Forms of the enterprises room, one module a door."""
