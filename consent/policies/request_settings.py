"""How an organization handles requests where no policy says it: choices of its own, with their reason."""

from dataclasses import dataclass

from consent.deadlines import Period
from consent.errors import BadInput
from consent.policies.reading import Table


@dataclass(frozen=True)
class RequestSettings:
    """`unverified_after`: when a request ends of which nobody showed that it is theirs. `kept_for`: how long the file
    of an answered request keeps its words, beside what laws and promises ask for. None: no end by machine.
    """

    unverified_after: Period | None = None
    kept_for: Period | None = None
    reason: str = ""


def read_requests(table: Table) -> RequestSettings:
    """What the table `requests` of organization.toml says."""
    made = RequestSettings(
        _period(table, "unverified_after"), _period(table, "kept_for"), table.maybe("reason") or ""
    )  # fmt: skip
    table.done()
    if made.unverified_after is not None and not made.unverified_after.in_days:
        table.wrong("unverified_after", f'"{made.unverified_after.text}" is not a number of days; write P90D')
    if (made.unverified_after or made.kept_for) and not made.reason:
        table.wrong("reason", '"reason" is missing; why do such requests end, and why then?')
    return made


def _period(table: Table, key: str) -> Period | None:
    value = table.maybe(key)
    if value is None:
        return None
    try:
        return Period.parse(value)
    except BadInput as bad:
        table.wrong(key, bad.detail)
        return None
