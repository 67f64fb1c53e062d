"""The pages of staff: what is due, what was asked, what is on record, and why; each asks the capability it shows."""
