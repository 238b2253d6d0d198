"""Directory of enterprises and private-economy persons, their contacts, accounts and imports."""
