"""How answers say what they are about: types of request, what became of data, why it stays. Pure."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from consent.privacy_requests.sorts import sort_of
from consent.web.i18n import ENGLISH, day_in
from consent.web.messages import N_

Say = Callable[[str], str]

OUTCOMES = {
    "do": N_("Done"),
    "refuse": N_("Not done"),
    "defer": N_("Put off"),
    "keep": N_("Kept"),
    "anonymize": N_("Made anonymous"),
    "isolate": N_("Set apart and used for nothing"),
}
# What `do` comes to, by the type of request.
DID = {
    "deletion": N_("Deleted"),
    "child-data": N_("Deleted"),
    "access": N_("Handed over"),
    "specific-pieces": N_("Handed over"),
    "portability": N_("Handed over"),
    "usage-log-file": N_("Handed over"),
    "correction": N_("Corrected"),
}
ACTIONS = {
    "erase": N_("deleted"),
    "anonymize": N_("made anonymous"),
    "correct": N_("corrected"),
    "find": N_("read out"),
    "isolate": N_("set apart"),
}
# Classes of data that the service itself holds; those of a policy are shown by its own words.
CATEGORIES = {
    "contact-point": N_("Address or number"),
    "consents": N_("Consents and refusals"),
    "settings": N_("Settings you made"),
    "messages": N_("Messages"),
    "messages-received": N_("Messages from you"),
    "messages-sent": N_("Messages to you"),
    "decisions": N_("Decisions about messages"),
    "requests": N_("Requests"),
    "disclosures": N_("Data handed to others"),
    "receipts": N_("Proof of what happened"),
    "certificate": N_("The certificate"),
    "suppression-list": N_("The entry that keeps us from writing again"),
}


# Whence a record came.
SOURCES = {
    "person-by-text": N_("You, by text"),
    "person-on-our-pages": N_("You, on these pages"),
    "organization-systems": N_("The company's own systems"),
    "organization-files": N_("A file that the company handed over"),
    "organization-staff": N_("Somebody of the company, who wrote it down"),
    "authorized-agent": N_("Somebody who acts for you"),
    "this-service": N_("This service itself"),
    "see-the-records": N_("Whoever gave us the first record below"),
}


class Said(NamedTuple):
    """A word of ours or of a policy, and the language it is in where that is not the reader's."""

    text: str
    language: str = ""


class Speaker:
    """Says things in one language."""

    def __init__(self, say: Say, language: str) -> None:
        self.say, self.language = say, language

    def day(self, value: str | date | datetime) -> str:
        """A day in words; of a text, the day it begins with."""
        return day_in(self.language, date.fromisoformat(value[:10]) if isinstance(value, str) else value)

    def outcome(self, what: str, request_type: str) -> str:
        """What became of it."""
        return self.say(DID.get(request_type, OUTCOMES["do"]) if what == "do" else OUTCOMES[what])

    def action(self, action: str) -> str:
        """What a store did."""
        return self.say(ACTIONS[action]) if action in ACTIONS else action.replace("-", " ")

    def category(self, key: str) -> Said:
        """A class of data."""
        return self.known(CATEGORIES.get(key), key)

    def source(self, key: str) -> Said:
        """Whence a record came; the name of a system or of a pack's source as it reads."""
        return self.known(SOURCES.get(key), key)

    def type(self, request_type: str) -> Said:
        """A type of request as the pages call it."""
        sort = sort_of(request_type)
        return self.known(sort.title if sort is not None else None, request_type)

    def known(self, message: str | None, key: str) -> Said:
        """The message translated, or the key of a policy as it reads."""
        if message is not None:
            said = self.say(message)
            return Said(said, "" if said != message or self.language == ENGLISH else ENGLISH)
        return Said(key.replace("-", " ").replace("_", " "), "" if self.language == ENGLISH else ENGLISH)
