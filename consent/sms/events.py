"""The one ledger event of a text: what it was read as, what it ended or gave back, and which text it answers."""

from datetime import datetime, timedelta

from consent.gateways.sms.base import InboundMessage
from consent.ledger import service as ledger
from consent.outbox.message_log import LastSent
from consent.policies.answers.stopping import Answered
from consent.policies.kinds.shapes import elapsed
from consent.policies.rulebook import Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences import wordings
from consent.sms.arrivals import SMS, Prepared
from consent.sms.rules import Intent

LONGEST_WHY = 400
END_OF_SECOND = timedelta(milliseconds=999)


def event_of(
    rulebook: Rulebook, text: Prepared, before: preference_rules.State, last: LastSent | None, now: datetime
) -> ledger.Event:
    """Its type says what we did with the text; `last` is what was last sent to this number before it."""
    said, message = text.classified, text.message
    data: dict[str, object] = {
        "intent": str(said.intent),
        "why": said.why[:LONGEST_WHY],
        "gateway": message.gateway,
        "sender": text.sender,
        **rulebook.policy_version.cited(),
    }
    if said.keyword:
        data["keyword"] = said.keyword
    data |= {name: True for name in ("everything", "erasure", "wrong_number") if getattr(said, name)}
    if text.masked:
        data["masked"] = [{"kind": str(one.kind), "at": one.start, "length": one.length} for one in text.masked]
    type_, purposes = "message.received", tuple[str, ...]()
    if said.intent is Intent.STOP:
        type_ = "consent.withdrawn"
        purposes, ended = _ended(rulebook, text, answered(rulebook, last, message.received_at or now))
        data |= ended
    elif said.intent is Intent.AMBIGUOUS:
        type_ = "suppression.held"
    elif said.intent is Intent.START:
        purposes = rulebook.renewable_by_start(text.sender)
        keyword_programs = rulebook.keyword_programs(text.sender)
        agreed = [(program, *rulebook.keyword_wording(program, said.language)) for program in purposes]
        data |= {
            "method": _method(text),
            "wordings": [[program, language, wordings.hash_text(words)] for program, words, language in agreed],
        }
        if keyword_programs:
            data["keyword_programs"] = list(keyword_programs)
        if _renews(text, before, purposes, keyword_programs):
            type_ = "consent.renewed"
    facts = {
        "address": text.tagged.address.value,
        "provider_msg_id": message.message_id,
        # A gateway's address is not the person's: none is recorded, and this is why.
        "ip_absent_reason": "sent by text message" if type_ == "consent.renewed" else None,
    }
    at = _said_at(said.intent, message)
    return ledger.Event(type_, "webhook", SMS, purposes, data, at, facts, text.text, text.payload)


def _said_at(intent: Intent, message: InboundMessage) -> datetime | None:
    """When it was said. What ends or suspends, told to the second, counts to the end of that second.

    Our own times are finer: a consent in the same second was there when its STOP came, and would else be the later one.
    """
    at = message.received_at
    if at is None or at.microsecond or intent not in (Intent.STOP, Intent.AMBIGUOUS):
        return at
    return at + END_OF_SECOND


def answered(rulebook: Rulebook, last: LastSent | None, at: datetime) -> LastSent | None:
    """The text a reply of `at` probably answers: the last one, unless it is older than the organization allows."""
    within = rulebook.organization.stop.answered_within
    if last is None or (within is not None and last.sent_at < at - elapsed(within)):
        return None
    return last


def scope_of(
    rulebook: Rulebook, sender: str, cause: LastSent | None, *, everything: bool = False
) -> tuple[tuple[str, ...], dict[str, object]]:
    """The programs a STOP by text ends, and what the ledger keeps of why it reaches so far."""
    answers = Answered(cause.program, cause.message_class or "") if cause is not None else None
    reach = rulebook.stopping.reach(SMS, sender, answers, everything=everything)
    data: dict[str, object] = {
        "scope": "channel" if reach.everything else "programs",
        "reach": reach.reach,
        "reach_why": reach.why,
    }
    if reach.rests_on:
        data["rests_on"] = list(reach.rests_on)
    if cause is not None:
        data["answers"] = {
            "message": str(cause.id),
            "program": cause.program,
            "class": cause.message_class or "",
            "rule": "last-from-this-number" if cause.sender else "last-from-any-number",
            "within": rulebook.organization.stop.answered_within or "any-time",
        }
    return reach.programs, data


def _ended(rulebook: Rulebook, text: Prepared, cause: LastSent | None) -> tuple[tuple[str, ...], dict[str, object]]:
    said = text.classified
    purposes, data = scope_of(rulebook, text.sender, cause, everything=said.everything)
    return purposes, data | {"method": _method(text)}


def _method(text: Prepared) -> str:
    """How the person said it: by a keyword, in a sentence, or as the gateway alone understood it."""
    if text.classified.keyword:
        return "keyword"
    return "sentence" if text.message.provider_opt_out_type is None else "gateway"


def _renews(
    text: Prepared, before: preference_rules.State, programs: tuple[str, ...], keyword_programs: tuple[str, ...]
) -> bool:
    """Whether a START now gives something back that a STOP here or on the page took, or a program joins by keyword."""
    return bool(keyword_programs) or any(
        key != preference_rules.NUMBER and preference_rules.comes_back(key, standing, text.sender, programs)
        for key, standing in before.items()
    )
