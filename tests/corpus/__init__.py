"""Texts with what they ask for, written by hand: those that the rules may learn from, and the blind part.

`own.tsv`, `further.tsv`, `earlier.tsv` (blind once, spent by many evaluations) and `later.tsv` are there to learn from.
`blind.tsv` was written by somebody who had not seen the rules: nobody tunes a rule on it, and nothing prints its texts,
only figures come out.
"""
