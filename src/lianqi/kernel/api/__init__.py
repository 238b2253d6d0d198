"""What every room's API shares: bodies, pages, the contract's description; and the duties."""
