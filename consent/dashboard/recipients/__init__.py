"""Who gets what and why, under which contract, and what went to them last."""
