"""`consent ledger`, with the comparisons of those above the ledger."""

from consent.ledger.commands import group
from consent.preferences import rebuild

ledger = group([rebuild.check])
