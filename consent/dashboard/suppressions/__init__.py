"""Who is silenced, on which channel and why; nobody takes the list away as a whole."""
