"""Commands that set up, run and look after an installation; those of one capability lie with it."""
