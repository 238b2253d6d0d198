"""Read side of the ledger room."""
