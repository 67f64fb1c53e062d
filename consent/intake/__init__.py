"""Mail to a company's privacy inbox: what it asks is on record from its arrival; what no rule reads waits for a person.

Requests, a no and complaints are told apart by the words that texts are read by. A mail proves nothing of who wrote it:
a no holds at once, a request waits for proof like any other, and a yes is never read out of it.
"""
