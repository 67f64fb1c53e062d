"""Systems that hold data about people: found in, corrected and erased one by one, each with a receipt.

`own` is this house itself; `webhook` a system that takes signed tasks; `sql` a database described by a file; `manual` a
system that nobody but a person can reach. `registry.load` makes the store behind an account.
"""
