"""What a signed message exercises, read once its signature is known to be right. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.drp import words
from consent.drp.agents import Agent
from consent.drp.claims import Claims, claims_of
from consent.drp.signed import Message, Refused, check
from consent.errors import BadInput
from consent.gateways.callbacks.targets import target_of
from consent.policies.answers.asking import Asker
from consent.policies.answers.openings import ACTS_AT_ONCE, ELSEWHERE, Openings
from consent.policies.kinds.requests import types_of
from consent.policies.rulebook import Rulebook

CALIFORNIA = "US-CA"  # where the regime `ccpa` holds; an agent that names it says that the person lives there
LONGEST_CALLBACK = 2000
# What a pack lists as a check where it takes an agent's own check of an address for the person's.
BY_AGENT = "agent-verified-claim"
AUTHORITY, IDENTITY = "authority", "principal-identity"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A right, for whom, and how the agent hears of it."""

    agent: Agent
    message: Message
    right: str
    regime: str
    claims: Claims
    agent_request_id: str | None = None
    callback: str | None = field(default=None, repr=False)

    @property
    def place(self) -> str:
        """Where the person lives, as far as it was said."""
        named = self.claims.place
        if self.regime == words.CCPA and named in (None, "US"):
            return CALIFORNIA
        return named or ELSEWHERE

    @property
    def roles(self) -> tuple[str, ...]:
        """What the agent says the person is to the company."""
        hints = self.message.says.get("relationships")
        return tuple(one for one in hints[:20] if isinstance(one, str)) if isinstance(hints, list) else ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of it here: the type of our request, or why there is none."""

    request_type: str = ""
    refused: str = ""
    role: str | None = None


def exercise_of(agent: Agent, message: Message, now: datetime, *, development: bool) -> Exercise:
    """What the message exercises; Refused where it cannot be taken as it is."""
    check(message, agent.agent_id, agent.business_id, now)
    if message.text("drp.version", 16) is None:
        raise Refused(400, "drp.version must name the version of the protocol, such as 1.0.")
    right = words.right_of(message.text("exercise", 32) or "")
    if right is None:
        raise Refused(400, f"Unsupported rights action. Supported: {', '.join(sorted(words.RIGHTS))}.")
    given = message.says
    number, callback = message.text("agent-request-id", 100), message.text("status_callback", LONGEST_CALLBACK)
    _check_text(given, "agent-request-id", number)
    _check_text(given, "status_callback", callback)
    if callback is not None:
        try:
            target_of(callback, development=development)
        except BadInput as error:
            raise Refused(400, f"status_callback: {error.detail}") from None
    regime = words.regime_of(message.text("regime", 16))
    return Exercise(agent, message, right, regime, claims_of(message), number, callback)


def answer(rulebook: Rulebook, exercise: Exercise) -> Answer:
    """Whether anybody in that place has this right here. Who the person is to the company, a person finds out."""
    if exercise.right == words.NEVER:
        return Answer(refused="not-covered")
    openings, wish = rulebook.requests.openings, words.RIGHTS[exercise.right]
    if wish in ACTS_AT_ONCE:
        return Answer(wish)  # taken from everybody; where nothing is sold, it is on record for the day that changes
    opening = openings.of(wish)
    if opening is None:
        return Answer(refused="not-covered")
    hinted = [one for one in exercise.roles if one in opening.roles]
    for role in (*hinted, None, *opening.roles):
        granted = openings.granted(wish, exercise.place, role)
        if granted is not None:
            request_type = granted.request_type
            if exercise.right == "access:categories" and _names(openings, "access"):
                request_type = "access"
            return Answer(request_type, role=role if role in hinted else None)
    return Answer(refused="outside-jurisdiction" if opening.places else "not-covered")


def shown(rulebook: Rulebook, exercise: Exercise, request_type: str) -> bool:
    """Whether the message alone shows enough: the agent's authority, and who the person behind it is (T-59).

    The authority is shown by the signature of an agent whose key the operator pinned, as by a power of attorney.
    """
    requests, asker = rulebook.requests, Asker(frozenset(exercise.roles), exercise.place)
    proved = {AUTHORITY}
    if exercise.claims.is_verified and BY_AGENT in requests.check(request_type, asker).methods:
        proved.add(IDENTITY)
    return IDENTITY in proved and requests.may_represent(request_type, asker, frozenset(proved)).answer == "allow"


def supported(openings: Openings) -> list[str]:
    """The protocol's rights that somebody has here."""
    wishes = words.RIGHTS
    return [one for one in words.STANDARD if wishes[one] in ACTS_AT_ONCE or openings.of(wishes[one]) is not None]


def _names(openings: Openings, word: str) -> bool:
    opening = openings.of("access")
    return opening is not None and any(word in types_of(one.parameters) for one in opening.promises)


def _check_text(given: Any, name: str, read: str | None) -> None:
    if given.get(name) is not None and read is None:
        raise Refused(400, f"{name} must be a short text.")
