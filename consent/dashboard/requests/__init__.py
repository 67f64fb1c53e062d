"""Privacy requests as staff work on them: a queue ordered by what binds first, a page for each, and entry by hand.

Case: a request with its clock, steps and outcomes. Risk: how near its binding date is, in a word, a shape and a colour.
"""
