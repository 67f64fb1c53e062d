"""The sample organizations with people and a history, read from `seeds/` and brought in through the doors of all users.

`command` sets up and serves, `planting` goes through the parts of a seed; `requests`, `calls`, `acts` and `versions`
bring in one part each. A seed that a rule refuses stops the start with the reason.
"""
