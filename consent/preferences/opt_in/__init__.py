"""The public page of each program and the form to agree to it: what it sends, how often, how it ends, and the box.

A choice is one program on one channel, with the wording beside its box; agreeing always needs control of the address.
"""
