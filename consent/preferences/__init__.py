"""What is allowed now, per program and contact point: a fold of the ledger that can be rebuilt at any time."""
