"""Proof that somebody reads what is sent to an address: a code or link that was asked for, and the visit it opens.

A challenge is a code and a link on their way to an address. A visit is what the browser holds afterwards: at level
CODE everything of that address, at level LINK (a link inside a message of ours) its masked choices alone.
"""
