"""How long things stay: what is held anywhere, when each must go and why, what keeps it longer, and that it went.

Record: a thing that some store holds, of a class of data. Clock: a limit counted from an event of the record. Hold: a
ground on which records stay longer, with an owner and an end. Disposal: a record is deleted, anonymized or kept apart
until it can be. Batch: records that one store is asked to dispose of at once, with its receipt. Miss: a limit that
passed while a record was still there.
"""
