"""Proof to hand out: receipts (a signed statement about one consent) and bundles (a receipt with all it rests on)."""
