"""A receipt in plain words: what was said, when, under which wording. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.evidence import receipts
from consent.ledger import base64url
from consent.ledger.bodies import Leaf
from consent.policies.rulebook import Rulebook
from consent.preferences.cookies import words as cookies
from consent.preferences.page.history import SENTENCES
from consent.preferences.page.messages import SENT_ANYWAY
from consent.web import spoken
from consent.web.messages import N_

# What happened, by the type of the entry; another one is shown by its type.
HAPPENED = {
    "consent.given": N_("Agreed"),
    "consent.requested": N_("Asked to confirm by text"),
    "consent.renewed": N_("Agreed again"),
    "consent.refused": N_("Refused"),
    "consent.withdrawn": N_("Withdrawn"),
    "consent.expired": N_("Expired"),
    "consent.narrowed": N_("A STOP was narrowed to what was meant"),
    "consent.annulled": N_("A consent was taken back because it was not valid"),
    "message.received": N_("A message from you arrived"),
    "message.sent": N_("A message was sent to you"),
    "message.held-back": N_("A message to you was held back"),
    "message.refused": N_("A message to you could not be delivered"),
    "suppression.set": N_("Sending to this address was closed"),
    "do_not_call.requested": N_("You asked not to be called"),
    "pause.set": N_("A pause began"),
    "pause.ended": N_("A pause ended"),
    "frequency.set": N_("You chose how often"),
    "frequency.ended": N_("Your choice of how often ended"),
    "sale.refused": N_("You refused the sale of your data"),
    "privacy_request.opened": N_("You made a request"),
    "privacy_request.joined": N_("You added to a request"),
    "privacy_request.acknowledged": N_("The arrival of your request was confirmed to you"),
    "privacy_request.verified": N_("It was made sure that the request is yours"),
    "privacy_request.assigned": N_("Somebody took charge of your request"),
    "privacy_request.checked": N_("A step of your request was done"),
    "privacy_request.routed": N_("Your request was passed on to who decides first"),
    "privacy_request.extended": N_("The time to answer your request was extended"),
    "privacy_request.paused": N_("Your request waits for your answer"),
    "privacy_request.resumed": N_("Your answer came, and your request goes on"),
    "privacy_request.decided": N_("Your request was decided"),
    "privacy_request.sent_back": N_("Your request is decided anew"),
    "privacy_request.approved": N_("The decision on your request was approved"),
    "privacy_request.begun": N_("The decision on your request is carried out"),
    "privacy_request.fulfilled": N_("Your request was answered"),
    "privacy_request.denied": N_("Your request was refused"),
    "privacy_request.revoked": N_("You took a request back"),
    "privacy_request.expired": N_("Your request ended, since nobody showed that it is yours"),
    "privacy_request.reopened": N_("Your request is looked at again"),
    "privacy_request.certified": N_("Your request was closed with a certificate"),
    "incident.notified": N_("You were told of an incident with your data"),
    "disclosure.made": N_("Data about you was handed to somebody"),
    "disclosure.refused": N_("Data about you was held back"),
    "revocation.opened": N_("A no that came another way was entered"),
    "revocation.confirmed": N_("A sender confirmed that it sends no more"),
    "revocation.closed": N_("Everybody who could send has confirmed"),
}
REFERENCE = 16  # letters of the entry's hash: enough to tell one receipt from another, nothing about a person


@dataclass(frozen=True, slots=True)
class Words:
    """Text with the language it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the receipt of one entry says."""

    entry: str
    state: str  # given, refused, withdrawn, expired
    about: tuple[Words, ...]
    channel: str
    at: datetime
    method: str
    policy: str
    version: str
    sha256: str
    wording: Words | None
    reference: str
    sealed: bool


def told(leaf: Leaf, rulebook: Rulebook, language: str, wording: str | None, *, sealed: bool) -> Told:
    """The entry as a person reads it in this language; `wording` is the text they were shown."""
    claims = receipts.claims(leaf, [], receipts.Issuer("", rulebook.organization.slug))
    event, notice = claims["record"]["events"][0], claims["record"]["notice"]
    spoken = leaf.data.get("wording_language")
    return Told(
        str(leaf.id),
        event["event_state"],
        tuple(_about(rulebook, code, language) for code in leaf.purposes),
        leaf.channel,
        leaf.occurred_at,
        event["method"],
        notice["id"],
        notice["version"],
        notice["sha256"],
        Words(wording, str(spoken or "en")) if wording is not None else None,
        reference(leaf),
        sealed,
    )


def reference(leaf: Leaf) -> str:
    """The short name of an entry, on paper and in the code that opens the check page."""
    return base64url.encode(leaf.leaf_hash)[:REFERENCE]


def _about(rulebook: Rulebook, code: str, language: str) -> Words:
    one = rulebook.program(code) or rulebook.features.feature(code)
    if one is None:
        purpose = cookies.of_program(code)
        return Words(spoken.say(language)(purpose), language) if purpose is not None else Words(code, "en")
    return Words(one.name_in(language), one.language_of("name", language))


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of somebody's history: what it was, in words where there are some."""

    entry: str
    type: str
    words: str | None
    about: tuple[Words, ...]
    channel: str
    at: datetime
    recorded_at: datetime
    policy: str
    sha256: str
    wording: Words | None
    said: str | None
    why: tuple[str, ...]
    leaf_hash: str


def happened(event: dict[str, Any], rulebook: Rulebook, language: str) -> Happened:
    """An event of `history.history` as a person reads it."""
    data, wording = event["data"], event.get("wording")
    said = event["facts"].get("msg_text")
    return Happened(
        event["entry"],
        event["type"],
        SENT_ANYWAY if data.get("against_a_no") else HAPPENED.get(event["type"]) or SENTENCES.get(event["type"]),
        tuple(_about(rulebook, code, language) for code in event["programs"]),
        event["channel"],
        datetime.fromisoformat(event["occurred_at"]),
        datetime.fromisoformat(event["recorded_at"]),
        " ".join(str(data[name]) for name in ("policy", "policy_version") if name in data),
        str(data.get("policy_sha256", "")),
        Words(wording["text"], str(wording["language"] or "en")) if wording else None,
        said if isinstance(said, str) else None,
        tuple(data.get("why", ())),
        event.get("leaf_hash", ""),
    )
