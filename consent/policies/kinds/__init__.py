"""The kinds of commitments, each implemented once: what its parameters look like, what it decides, who asks it.

To add a kind: write it in the file of its family and it is registered here through that family's ALL.
"""

from consent.policies.kinds import (
    consent,
    data,
    documents,
    features,
    incidents,
    messaging,
    notices,
    persons,
    refusing,
    requests,
    retention,
    sharing,
    staffing,
    trackers,
)
from consent.policies.kinds.base import Kind, Promise, channels_of

__all__ = ["KINDS", "Kind", "Promise", "channels_of", "sentence"]

FAMILIES = (
    documents,
    consent,
    persons,
    features,
    messaging,
    refusing,
    data,
    sharing,
    retention,
    requests,
    notices,
    incidents,
    staffing,
    trackers,
)

KINDS: dict[str, Kind] = {kind.name: kind for family in FAMILIES for kind in family.ALL}


def sentence(promise: Promise) -> str:
    """The promise in one plain sentence, made from its parameters."""
    return KINDS[promise.kind].sentence(promise.parameters, promise.decided)
