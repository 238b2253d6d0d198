"""Django's own floor: the least page that does the same kind of work, on the same server."""
