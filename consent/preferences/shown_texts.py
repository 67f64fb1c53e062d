"""What somebody was shown when they sent a form: each statement by the hash of its text, in one entry of the ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from consent.db import Tx
from consent.ledger import service as ledger
from consent.policies.answers.displays import Displayed
from consent.policies.rulebook import Rulebook
from consent.policies.shown import Shown
from consent.preferences import wordings


def record(
    tx: Tx,
    log: ledger.Log,
    stream: ledger.Stream,
    rulebook: Rulebook,
    surface: str,
    channel: str,
    purposes: Sequence[str],
    statements: Sequence[Shown],
    now: datetime,
) -> ledger.Entry | None:
    """`notice.shown` stands in the ledger, its texts kept (E-SHOWN); None where nothing had to be said.

    It is written with what the person sent, never because a page was looked at.
    """
    if not statements:
        return None
    told = [Displayed(one.key, one.language, one.text) for one in statements]
    rests_on = {identity for one in statements for identity in one.rests_on}
    return keep(tx, log, stream, rulebook, surface, told, rests_on, "page", now, channel=channel, purposes=purposes)


def keep(
    tx: Tx, log: ledger.Log, stream: ledger.Stream, rulebook: Rulebook, surface: str, texts: Sequence[Displayed],
    rests_on: Iterable[str], source: str, now: datetime, *, channel: str = "none", purposes: Sequence[str] = (),
) -> ledger.Entry:  # fmt: skip
    """What that surface shows stands in the ledger by the hash of each text, and the texts are kept."""
    told = [
        [one.key, one.language, wordings.keep(tx, log.organization_id, one.text, one.language, now)] for one in texts
    ]
    data = {
        "surface": surface,
        "statements": told,
        "rests_on": sorted(rests_on),
        **rulebook.policy_version.cited(),
    }
    return ledger.append(tx, log, stream, ledger.Event("notice.shown", source, channel, tuple(purposes), data), now)
