"""The trail: who did what, and when, as the ledger has it; on a page, and as a file of any length."""
