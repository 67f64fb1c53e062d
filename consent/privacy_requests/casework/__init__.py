"""Work on a request: each verb is one step of it, in one transaction, with one entry in the ledger and one line in its
timeline. A verb names the state and version it saw: who comes second is told what changed meanwhile.
"""

from consent.privacy_requests.casework.cases import SYSTEM, Case, Changed, Desk, Hand, load, take
from consent.privacy_requests.casework.clocks import Clock, clock
from consent.privacy_requests.casework.deciding import (
    TwoPersons,
    approve,
    begin,
    decide,
    expire,
    fulfil,
    reopen,
    revoke,
    send_back,
)
from consent.privacy_requests.casework.outcomes import Outcome
from consent.privacy_requests.casework.proposing import left_over, proposed
from consent.privacy_requests.casework.receiving import acknowledge, assign, check, route, verify
from consent.privacy_requests.casework.timing import extend, pause, resume
from consent.privacy_requests.steps import Step, timeline

__all__ = [
    "SYSTEM",
    "Case",
    "Changed",
    "Clock",
    "Desk",
    "Hand",
    "Outcome",
    "Step",
    "TwoPersons",
    "acknowledge",
    "approve",
    "assign",
    "begin",
    "check",
    "clock",
    "decide",
    "expire",
    "extend",
    "fulfil",
    "left_over",
    "load",
    "pause",
    "proposed",
    "reopen",
    "resume",
    "revoke",
    "route",
    "send_back",
    "take",
    "timeline",
    "verify",
]
