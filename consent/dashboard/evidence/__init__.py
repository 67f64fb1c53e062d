"""Staff ask for everything about one number as one file."""
