"""Texts with what they ask for, written by hand: our own and further ones, which the rules may learn from, and the
blind part.

`blind.tsv` was written by somebody who had not seen the rules. Nobody tunes a rule on it, and nothing prints its texts:
only figures come out.
"""
