"""`consent ledger`, with the comparisons of those above the ledger."""

from consent.evidence import kept_proofs, kept_texts
from consent.ledger.commands import group
from consent.ledger.verify import FoldCheck
from consent.preferences import rebuild

FOLDS: tuple[FoldCheck, ...] = (rebuild.check, *kept_texts.CHECKS, kept_proofs.proofs_hold)
ledger = group(FOLDS)
