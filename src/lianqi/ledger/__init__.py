"""The ledger 督办台账: so far, reading the work plans whose tasks will be docketed in it."""
