"""The speed table: our paths and bare floors on the same server and database, measured in turns in one run.

A *floor* is the least that anyone could write for the same promise; a *path* is ours. Both are driven by the
same load generator, one after the other in every round, so that a noisy machine disturbs both alike.
"""
