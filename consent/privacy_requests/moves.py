"""Which step may be taken from which state, and where it leads: one table, and nothing moves beside it. Pure."""

from collections.abc import Mapping

from consent.errors import Conflict, Filled
from consent.web.messages import N_

OPEN, IN_PROGRESS, APPROVED = "open", "in_progress", "approved"
FULFILLED, DENIED, REVOKED, EXPIRED = "fulfilled", "denied", "revoked", "expired"

STATES = (OPEN, IN_PROGRESS, APPROVED, FULFILLED, DENIED, REVOKED, EXPIRED)

_ANY_UNDER_WAY = {OPEN: OPEN, IN_PROGRESS: IN_PROGRESS, APPROVED: APPROVED}
_TAKEN_UP = {OPEN: IN_PROGRESS, IN_PROGRESS: IN_PROGRESS}
MOVES: Mapping[str, Mapping[str, str]] = {
    "acknowledge": _TAKEN_UP,
    "verify": _TAKEN_UP,
    "assign": _ANY_UNDER_WAY,
    "extend": _ANY_UNDER_WAY,
    "pause": _TAKEN_UP,
    "resume": _TAKEN_UP,
    "route": _TAKEN_UP,
    "check": _ANY_UNDER_WAY | _TAKEN_UP,  # a step of the type's list: fee noted, clarified, looked at, handed over
    "decide": _TAKEN_UP,
    "send_back": {IN_PROGRESS: IN_PROGRESS, APPROVED: IN_PROGRESS},
    "approve": {IN_PROGRESS: APPROVED},
    "begin": {APPROVED: APPROVED},
    "fulfil": {APPROVED: FULFILLED},
    "deny": {APPROVED: DENIED},  # what was decided on a ground and approved
    "revoke": {OPEN: REVOKED, IN_PROGRESS: REVOKED, APPROVED: REVOKED},
    "expire": {OPEN: EXPIRED, IN_PROGRESS: EXPIRED},
    # What the person took back stays taken back: they ask anew.
    "reopen": {FULFILLED: IN_PROGRESS, DENIED: IN_PROGRESS, EXPIRED: IN_PROGRESS},
}
# The entry that each step leaves is `privacy_request.` and this word.
ENTRIES: Mapping[str, str] = {
    "acknowledge": "acknowledged",
    "verify": "verified",
    "assign": "assigned",
    "extend": "extended",
    "pause": "paused",
    "resume": "resumed",
    "route": "routed",
    "check": "checked",
    "decide": "decided",
    "send_back": "sent_back",
    "approve": "approved",
    "begin": "begun",
    "fulfil": "fulfilled",
    "deny": "denied",
    "revoke": "revoked",
    "expire": "expired",
    "reopen": "reopened",
}


class NotNow(Conflict):
    """The request is in a state from which this step cannot be taken."""


def to(verb: str, state: str) -> str:
    """The state to which this step leads from `state`; NotNow where it leads nowhere."""
    leads = MOVES[verb]
    if state not in leads:
        raise NotNow(
            Filled(
                N_("The request is in another state (%(state)s): this step cannot be taken any more or not yet."),
                state=state,
            )
        )
    return leads[state]
