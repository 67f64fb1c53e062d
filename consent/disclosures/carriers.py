"""Whoever carries messages gets addresses and words: which recipient of the register that is, and what it rests on."""

from dataclasses import dataclass
from datetime import date

from consent.disclosures.rules import Asked, Judged, Known, judge
from consent.errors import BadInput, Conflict
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason
from consent.policies.recipients import CARRIAGE
from consent.policies.rulebook import Rulebook

OWN = "own"  # a machine of the organization itself
# What a gateway gets is what the message needs to arrive, and nothing beside it.
MET = frozenset({"necessary-only"})
_OURS = Reason("own-machine", "It is a machine of the organization itself: nobody else gets anything.")
_CARRIES_NONE = Reason("carries-none", "The register does not say that messages of this channel go by them.")


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who stands behind a gateway, and the answer of the rules about them."""

    recipient: str
    judged: Judged


def ask(rulebook: Rulebook, channel: str, named: str | None, on: date) -> Carrier:
    """Who carries messages of this channel from now on.

    BadInput where nobody is named and the register does not tell, or names nobody such; Conflict with the clauses where
    the rules of sharing are against it.
    """
    recipient = named or _only(rulebook.organization, channel)
    if recipient != OWN and rulebook.organization.recipient(recipient) is None:
        raise BadInput(
            f"The register has no recipient of this name. {_known(rulebook.organization)}", field="recipient"
        )
    carrier = Carrier(recipient, judged(rulebook, channel, recipient, on))
    if not carrier.judged.allowed:
        said = " ".join(_sentence(one) for one in carrier.judged.reasons)
        raise Conflict(f"Messages may not go by {recipient}. {said}", field="recipient")
    return carrier


def grounds(rulebook: Rulebook, carrier: Carrier) -> dict[str, object]:
    """What the entry about a gateway says of why they may."""
    return {"rests_on": list(carrier.judged.rests_on), **rulebook.policy_version.cited()}


def judged(rulebook: Rulebook, channel: str, recipient: str, on: date) -> Judged:
    """May addresses and words of this channel go to that recipient? Of no person is a consent known here."""
    if recipient == OWN:
        return Judged(True, (_OURS,), (), True)
    pack = rulebook.organization
    found = pack.recipient(recipient)
    carriage = found.carries.get(channel) if found is not None else None
    purpose, ground = carriage or CARRIAGE
    asked = Asked(recipient, purpose, carried(pack, channel), on, conditions=MET, ground=ground)
    answer = judge(rulebook, asked, Known(sale_refused=False))
    if carriage is not None:
        return answer
    return Judged(False, (_CARRIES_NONE, *(() if answer.allowed else answer.reasons)), (), False)


def carried(pack: OrganizationPack, channel: str) -> tuple[str, ...]:
    """The classes of data that a message of this channel is made of."""
    parts = [one for one in pack.data_categories if one.here in ("addresses", "messages")]
    return tuple(one.key for one in parts if one.is_of(channel))


def _only(pack: OrganizationPack, channel: str) -> str:
    found = [one.key for one in pack.recipients if channel in one.carries]
    if len(found) == 1:
        return found[0]
    raise BadInput(
        f"Say with --recipient who carries these messages, or --recipient {OWN} where the machine is the"
        f" organization's own. {_known(pack)}",
        field="recipient",
    )


def _known(pack: OrganizationPack) -> str:
    return f"The register has: {', '.join(one.key for one in pack.recipients)}."


def _sentence(one: Reason) -> str:
    told = ", ".join(each for each in (one.commitment or one.law, one.clause) if each)
    return f"{one.text} ({told})" if told else one.text
