"""Commands that set up, run and look after an installation, or span capabilities; those of one lie with it."""
