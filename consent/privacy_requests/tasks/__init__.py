"""What a decided request asks of each store, until every store has answered with its receipt.

A task is one action on one category in one store. Stores are the organization's own list (`accounts`); this house is
one of them by itself, and goes last.
"""
