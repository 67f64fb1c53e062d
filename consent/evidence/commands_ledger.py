"""The commands of the ledger, with the comparisons that only those who see everything can make."""

from consent.evidence.folds import FOLDS
from consent.ledger.commands import group

ledger = group(FOLDS)
