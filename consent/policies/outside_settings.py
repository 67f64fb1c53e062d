"""Where copies of the log's checkpoints go, so that somebody else holds them: the table `outside`."""

from dataclasses import dataclass

from consent.errors import BadInput
from consent.gateways.callbacks.targets import target_of
from consent.policies.reading import Table


@dataclass(frozen=True)
class OutsideSettings:
    """`mail`: the organization's own compliance address. `webhook`: an address that is told. `timestamp`: an authority
    that stamps the time (RFC 3161). None: not that way.
    """

    mail: str | None = None
    webhook: str | None = None
    timestamp: str | None = None


def read_outside(table: Table) -> OutsideSettings:
    """What the table `outside` of organization.toml says."""
    made = OutsideSettings(table.maybe("mail"), table.maybe("webhook"), table.maybe("timestamp"))
    table.done()
    if made.mail is not None and (made.mail.count("@") != 1 or made.mail != "".join(made.mail.split())):
        table.wrong("mail", "this is no e-mail address")
    for key in ("webhook", "timestamp"):
        url = getattr(made, key)
        try:
            if url is not None:
                target_of(url, development=True)
        except BadInput as bad:
            table.wrong(key, bad.detail)
    return made
