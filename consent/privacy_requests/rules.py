"""The states of a privacy request. Pure: known to the table and to whoever asks it."""

# A condition on the table: a request of which there is at most one of each type for a person.
UNDER_WAY = "state IN ('open', 'in_progress', 'approved')"
