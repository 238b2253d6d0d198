"""Read side of the enterprises room, one module a page."""
