"""How the work lies on the staff."""
