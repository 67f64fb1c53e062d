"""What became of a number, and the lists it stands on.

A number may be given up, carried to another carrier or handed to somebody else; then nothing said for it before counts.
Do-not-call lists are the company's own (requests by call or letter) and copies of public registries.
"""
