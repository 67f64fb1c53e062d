"""The protocol's words and ours, one table for each. Pure.

Source: Data Rights Protocol 1.0 (text of 0.9.4), sections 3.01 (rights) and 3.02 (statuses and reasons).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.answers.openings import wish_of
from consent.policies.answers.refusals import (
    CONTROLLER,
    ELSEWHERE,
    MIXED,
    NO_AUTHORITY,
    NOT_OPEN,
    TOO_OFTEN,
    UNVERIFIED,
)
from consent.privacy_requests.sorts import SALE, sort_of

VERSION = "1.0"
CCPA, VOLUNTARY = "ccpa", "voluntary"

# What an agent may exercise, and the wish that people have by that name. Portability and correction are no words of the
# protocol yet; they are taken all the same, since a person may ask for them by any way.
RIGHTS: Mapping[str, str] = {
    "access": "access",
    "access:categories": "access",
    "access:specific": "access",
    "deletion": "deletion",
    "sale:opt_out": SALE,
    "portability": "portability",
    "correction": "correction",
}
# A yes is a person's own: an agent's word gives nothing back, by whatever right.
NEVER = "sale:opt_in"
STANDARD = ("access", "access:categories", "access:specific", "deletion", "sale:opt_out")
# Section 2.01 writes a hyphen where section 3.01 writes an underscore.
SPELLINGS = {"sale:opt-out": "sale:opt_out", "sale:opt-in": NEVER}

NEED_VERIFICATION = "need_user_verification"
FINAL = frozenset({"fulfilled", "denied", "revoked", "expired"})


@dataclass(frozen=True, slots=True)
class Said:
    """A state as the protocol says it, with the reason where it has one."""

    status: str
    reason: str = ""

    @property
    def is_final(self) -> bool:
        """Whether nothing follows."""
        return self.status in FINAL


# Our state and what qualifies it -> theirs. Each row reads both ways; `approved` is our inner step of `in_progress`.
TABLE: Mapping[tuple[str, str], Said] = {
    ("open", ""): Said("open"),
    ("open", "unconfirmed"): Said("in_progress", NEED_VERIFICATION),
    ("in_progress", ""): Said("in_progress"),
    ("fulfilled", ""): Said("fulfilled"),
    ("revoked", ""): Said("revoked"),
    ("expired", ""): Said("expired"),
    ("denied", "suspected-fraud"): Said("denied", "suspected_fraud"),
    ("denied", "not-verified"): Said("denied", "insuf_verification"),
    ("denied", "no-match"): Said("denied", "no_match"),
    ("denied", "not-covered"): Said("denied", "claim_not_covered"),
    ("denied", "outside-jurisdiction"): Said("denied", "outside_jurisdiction"),
    ("denied", "too-many-requests"): Said("denied", "too_many_requests"),
    ("denied", "other"): Said("denied", "other"),
}
BACK: Mapping[Said, tuple[str, str]] = {said: ours for ours, said in TABLE.items()}
# Between the decision and its doing nothing changes for whoever waits.
INNER = {"approved": "in_progress"}

# The grounds on which we refuse (policies.answers.refusals, exceptions of laws), by the reason that says as much.
GROUNDS: Mapping[str, str] = {
    UNVERIFIED: "not-verified",
    NO_AUTHORITY: "not-verified",
    NOT_OPEN: "not-covered",
    ELSEWHERE: "not-covered",
    MIXED: "not-covered",
    CONTROLLER: "not-covered",
    TOO_OFTEN: "too-many-requests",
    "malicious-fraud-illegal": "suspected-fraud",
    "unfounded-or-excessive": "too-many-requests",
}

# What the person is told through the agent; an agent has no language of its own, so it is English.
DETAILS: Mapping[Said, str] = {
    TABLE["open", ""]: "Received; a person will look at it.",
    TABLE["open", "unconfirmed"]: "The person must confirm at user_verification_url that they asked for this.",
    TABLE["in_progress", ""]: "It is being worked on.",
    TABLE["fulfilled", ""]: "Done. Whoever asked finds the outcome for each sort of data on the request's page.",
    TABLE["revoked", ""]: "Taken back as asked.",
    TABLE["expired", ""]: "It was not confirmed in time; it can be asked again.",
    TABLE["denied", "suspected-fraud"]: "The person whose address was named says that they did not ask for this.",
    TABLE["denied", "not-verified"]: "It could not be verified who asks.",
    TABLE["denied", "no-match"]: "Nobody of these particulars is known.",
    TABLE["denied", "not-covered"]: "No promise of the company and no law gives this right here.",
    TABLE["denied", "outside-jurisdiction"]: "Where the person lives, no promise and no law gives this right.",
    TABLE["denied", "too-many-requests"]: "This was answered as often as it is owed.",
    TABLE["denied", "other"]: "It was refused; the reasons are on the request's page.",
}
OPT_IN_DETAILS = "An agent cannot agree for somebody: the person says yes on the company's own page."
EXTENDED = "More time is needed and was told to the person"
HOLDS_ALREADY = "The refusal holds since it was received."


def right_of(exercise: str) -> str | None:
    """The right in the protocol's own spelling; None for a word that is no right."""
    right = SPELLINGS.get(exercise, exercise)
    return right if right == NEVER or right in RIGHTS else None


def regime_of(regime: str | None) -> str:
    """Under which rules it is asked. What the protocol does not encode is looked at as of the company's free will."""
    return CCPA if regime == CCPA else VOLUNTARY


def said_of(state: str, ground: str = "", *, unconfirmed: bool = False) -> Said:
    """What the protocol calls a request of ours in this state; `ground` is why it was denied."""
    known = INNER.get(state, state)
    if known == "denied":
        return TABLE["denied", GROUNDS.get(ground, "other")]
    if known == "open" and unconfirmed:
        return TABLE["open", "unconfirmed"]
    return TABLE[known, ""]


def needs_confirming(request_type: str) -> bool:
    """Whether it is made sure who asks before anything of this sort is done."""
    sort = sort_of(wish_of(request_type))
    return sort is None or sort.proof
