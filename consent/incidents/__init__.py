"""Incidents: data that fell into the wrong hands, data that had to be handed over, data of a child that is here.

An incident has facts (what happened and when it became known), people whose data it is, and duties: whom to tell by
when, promised or of law, with the arithmetic. Its history is a stream of the ledger of its own.
"""
