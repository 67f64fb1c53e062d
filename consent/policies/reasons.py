"""The reasons an answer may carry: stable codes, their sentences, and the promise and law each rests on."""

from collections.abc import Sequence
from uuid import UUID

from consent.policies.grounds import grounds
from consent.policies.kinds import Promise
from consent.policies.questions import Reason, Verdict

# Every code a reason may carry, with its sentence. Codes are stable: callers compare them.
TEXTS = {
    "unknown-program": "There is no program of this name.",
    "unknown-message-class": "There is no message class of this name.",
    "unknown-channel": "None of the programs uses this channel.",
    "suppressed": "The person has said stop, and no later consent to this program is on record.",
    "on-suppression-list": "The contact point stands on the list of those not to be contacted.",
    "paused": "The person wants a pause from messages that can be refused, and it is not over yet.",
    "frequency-chosen": "The person chose how often this program may write, and so many messages have gone already.",
    "held-for-review": "The person wrote something that may mean stop; nothing goes until somebody has read it.",
    "marketing-banned": "Promotion never goes out on this channel, whatever anybody consented to.",
    "channel-not-in-program": "The program does not use this channel.",
    "channel-not-allowed": "The policy does not name this way of reaching people.",
    "class-not-in-program": "The program does not carry messages of this class.",
    "class-not-allowed": "The policy does not name this class of message for this channel.",
    "no-legal-basis": "Marketing on this channel is off until a legal basis is recorded.",
    "program-forbidden": "The program is switched off.",
    "content-promotional": "The message holds an offer, and none may go out under this class here.",
    "content-link": "The text holds a link, and the program is not declared to send any.",
    "content-shortened-link": "The text holds a link through a shortener that anybody may use.",
    "no-consent": "No consent to this program is on record, and it needs one first.",
    "consent-refused": "The person was asked and said no to this program.",
    "consent-withdrawn": "The person has withdrawn the consent to this program.",
    "consent-expired": "The consent to this program has run out.",
    "persons-disagree": "Several people use this contact point and one of them has said no.",
    "consent-given": "A consent to this program is on record.",
    "class-in-scope": "Messages of this class are among those the policy names.",
    "no-consent-needed": "Messages of this class need no consent on this channel.",
    "not-opted-out": "The person may refuse these messages and has not done so.",
    "not-refusable": "Messages of this class go out whatever the person has refused.",
    "answer-to-keyword": "A direct answer to the person's own keyword may always go.",
    "fact-missing": "A fact is missing that the rule needs.",
    "not-a-member": "Only current members of the programme get these messages.",
    "enrolled": "The person is a member of the programme, and these messages are part of it.",
    "not-material": "It is not marked as affecting delivery materially; file it under a class that can be refused.",
    "minor": "The person is known to be a minor, and such messages never go to minors.",
    "no-basis-here": "No basis is recorded for this program on this channel in this jurisdiction.",
    "not-a-customer": "Without consent these messages go to customers only.",
    "implied-over": "The consent that a purchase implied has run out.",
    "unknown-feature": "There is no feature of this name.",
    "feature-off": "The feature is off until it is allowed, and nobody has allowed it.",
    "feature-withdrawn": "The feature was switched off, and a new permission is needed to switch it on again.",
    "feature-refused": "The person was asked and did not allow the feature.",
    "feature-allowed": "A live permission for the feature is on record.",
    "feature-not-refused": "The feature may be refused, and nobody has done so.",
    "feature-required": "The feature is part of the service and needs no permission.",
    "companion-unpublished": "The document that is agreed to together with this feature is not published.",
    "outside-hours": "It is outside of the hours in which sales messages may go.",
    "hours-unknown": "Nobody knows what time it is where this number is, so no sales message goes there.",
    "too-many": "As many sales messages as may go within the time have gone already.",
    "number-changed-hands": "The number no longer belongs to the person it was known for.",
    "number-ported": "The number was moved to another carrier, and a consent from before does not move along.",
    "number-not-textable": "Texts do not arrive at this number.",
    "address-bounced": "No mail arrives at this address.",
    "number-not-asked-about": "The consent is old, and nobody asked lately whether the number was reassigned.",
    "on-do-not-call-list": "The person asked the company not to call or write in order to sell.",
    "on-registry": "The number stands on a public do-not-call registry.",
    "registry-copy-old": "No copy of the do-not-call registry is fresh enough.",
    "too-young": "The person is below the age from which this is allowed.",
}
# What a person has to add when a fact is missing.
_ASK = {
    "reference": "the person's own inquiry, order or ticket",
    "jurisdiction": "where the person is, as an ISO 3166-2 code",
    "registered": "whether the person has registered",
    "last_purchase_on": "the day of the last purchase",
    "materially_affects_delivery": "a person's mark that delivery is materially affected",
    "member": "whether the person is a member of the programme now",
    "minor": "whether the person is a minor",
    "age": "how old the person is, in years",
    "last_inquiry_on": "the day of the last inquiry",
}


def rest(code: str, promises: Sequence[Promise], basis: str | None = None) -> Reason:
    """The reason of that code, resting on the first commitment and the first law among `promises`."""
    return told(code, TEXTS[code], promises, basis)


def lacking(fact: str, promises: Sequence[Promise]) -> Reason:
    """The reason that names the fact which the question did not bring."""
    return told("fact-missing", f'The question must bring the fact "{fact}": {_ASK[fact]}.', promises)


def told(code: str, text: str, promises: Sequence[Promise], basis: str | None = None) -> Reason:
    """A reason with a sentence of its own."""
    commitment, law = grounds(promises)
    clause = commitment.clause.heading if commitment else law.cite if law else None
    return Reason(code, text, commitment.id if commitment else None, law.id if law else None, clause, None, basis)


def proved(reason: Reason, entry: UUID | None) -> Reason:
    """The same reason with the ledger entry that proves it (much quicker than _replace)."""
    code, text, commitment, law, clause, _, basis = reason
    return Reason(code, text, commitment, law, clause, entry, basis)


def declared(verdict: Verdict, table: str, key: str) -> Verdict:
    """The same denial; a reason for which nobody made a promise names what the company itself has declared."""
    if verdict.answer == "allow":
        return verdict
    for one in verdict.reasons:
        if one.clause is None:
            break
    else:
        return verdict
    said = f"organization.toml, {table}.{key}"
    return verdict._replace(
        reasons=tuple([one if one.clause else one._replace(clause=said) for one in verdict.reasons])
    )
