"""The gateway accounts and how well each is: what came last, what failed, what waits, and how to mend it."""
