"""Copies of an installation, and the way back from one.

A *backup* is one file with the database as it was at an instant; its data keys lie apart, in a *keys* file that is
destroyed after 35 days, so that what was erased is gone everywhere by then (ledger A10). A *restore* begins by putting
both back, read-only, and is finished once what was erased and refused since then is erased and refused again.
"""
