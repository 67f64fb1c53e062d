"""Texts that no rule understood, one after the other: a person reads each and says whether it is a stop."""
