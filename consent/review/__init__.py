"""Policies held against what is stored: the trace from clause to proof, the impact of a version, a try on the past."""
