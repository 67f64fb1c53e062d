"""Work on a request: each verb is one step of it, in one transaction, with one entry in the ledger and one line in its
timeline. A verb names the state and version it saw: who comes second is told what changed meanwhile.
"""

from consent.privacy_requests.casework.cases import SYSTEM, Case, Changed, Desk, Hand, load, take
from consent.privacy_requests.steps import Step, timeline

__all__ = ["SYSTEM", "Case", "Changed", "Desk", "Hand", "Step", "load", "take", "timeline"]
