"""Data handed to somebody: asked of the gate first, recorded with what it rested on, told to whomever it is about."""
