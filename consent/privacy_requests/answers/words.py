"""How answers say what they are about: types of request, what became of data, why it stays. Pure."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from consent.policies import codes
from consent.policies.organization import OrganizationPack
from consent.policies.said import Named
from consent.privacy_requests.casework.outcomes import SPLIT
from consent.privacy_requests.casework.outcomes import WHOLE as WHOLE_REQUEST
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
# What goes when everything else is done, while it is still there.
LAST = {
    "do": N_("To be deleted, last of all"),
    "anonymize": N_("To be made anonymous, last of all"),
}
ACTIONS = {
    "erase": N_("deleted"),
    "anonymize": N_("made anonymous"),
    "correct": N_("corrected"),
    "find": N_("read out"),
    "isolate": N_("set apart"),
}
# The same while it is still to be done.
ORDERS = {
    "erase": N_("to be deleted"),
    "anonymize": N_("to be made anonymous"),
    "correct": N_("to be corrected"),
    "find": N_("to be read out"),
    "isolate": N_("to be set apart"),
}
# Why something is not simply done, as people read it; the word of the policy or law is what is stored.
GROUNDS = {
    "legal-obligation": N_("a law asks for it"),
    "legal-duty": N_("a law asks for it"),
    "law-contract-duty": N_("a law or contract asks for it"),
    "legal-contractual-records": N_("records that law or contract ask for"),
    "other-legal": N_("a legal reason"),
    "legal-rights": N_("legal rights are at stake"),
    "dispute-resolution": N_("a dispute is not settled yet"),
    "enforce": N_("an agreement is being enforced"),
    "complete-transaction": N_("something ordered is not finished yet"),
    "perform-contract": N_("a contract still runs"),
    "purchased-service-necessity": N_("a service that was bought still needs it"),
    "security-incident-detection": N_("it serves to find security incidents"),
    "fraud-security": N_("it serves to prevent fraud"),
    "malicious-fraud-illegal": N_("it serves to prevent fraud and abuse"),
    "debugging-repair": N_("it serves to find and repair errors"),
    "repair-errors": N_("it serves to repair errors"),
    "business-financial-records": N_("financial records have to be kept"),
    "past-transactions": N_("records of past transactions"),
    "accounting": N_("accounts have to be kept"),
    "billing": N_("bills are still open"),
    "tax": N_("tax records have to be kept"),
    "property-management-contract": N_("the contract with the property manager still runs"),
    "suppression-list": N_("so that nobody writes to you again"),
    "identity-not-verified": N_("nobody could show who asks"),
    "authority-not-shown": N_("nobody could show that they may ask for this person"),
    "not-open-to-this-person": N_("it is not open to this person"),
    "fee-not-paid": N_("the fee was not paid"),
    "shared-log-files": N_("the files hold data of others as well"),
    "answered-often-enough": N_("it was answered as often as is promised"),
    "from-other-sources": N_("it came from somebody else"),
    "another-company-decides": N_("another company decides about this data"),
    "active-voip": N_("telephone service needs it for emergency calls"),
    "security": N_("security needs it"),
    "compliance": N_("rules that bind us ask for it"),
}
# What an answer says of itself where it comes behind its day.
COMES_LATE = N_("This answer comes late: you should have had it by %(due)s. We are sorry.")
OURS, THIS_SERVICE = "own", N_("the records of this service")
WHOLE, EVERYTHING = ("*", WHOLE_REQUEST), N_("Everything")
FROM = N_("%(category)s, from: %(source)s")
# Classes of data that the service itself holds; those of an organization are shown by the names it gives them.
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
# The same, as staff read it: "you" would be themselves.
CATEGORIES_FOR_STAFF = CATEGORIES | {
    "settings": N_("Settings the person made"),
    "messages-received": N_("Messages from the person"),
    "messages-sent": N_("Messages to the person"),
    "suppression-list": N_("The entry that keeps the company from writing again"),
}
# Whence a record came, as the person reads it.
SOURCES = {
    "person-by-text": N_("You, by text"),
    "person-on-our-pages": N_("You, on the company's pages for your choices"),
    "organization-systems": N_("The company's own systems"),
    "organization-files": N_("A file that the company handed over"),
    "organization-staff": N_("Somebody of the company, who wrote it down"),
    "authorized-agent": N_("Somebody who acts for you"),
    "this-service": N_("This service itself"),
    "see-the-records": N_("Whoever gave us the first record below"),
}
# The same, as staff read it.
SOURCES_FOR_STAFF = SOURCES | {
    "person-by-text": N_("The person, by text"),
    "person-on-our-pages": N_("The person, on a page"),
    "authorized-agent": N_("Somebody who acts for the person"),
}


class Said(NamedTuple):
    """A word of ours or of a policy, and the language it is in where that is not the reader's."""

    text: str
    language: str = ""


class Speaker:
    """Says things in one language; what an organization has a name for, by that name."""

    def __init__(
        self, say: Say, language: str, pack: OrganizationPack | None = None, sources: Mapping[str, str] = SOURCES,
        categories: Mapping[str, str] = CATEGORIES,
    ) -> None:  # fmt: skip
        self.say, self.language, self._sources, self._categories = say, language, sources, categories
        self._classes: dict[str, Named] = {one.key: one for one in pack.data_categories} if pack else {}
        self._recipients: dict[str, Named] = {one.key: one for one in pack.recipients} if pack else {}
        self._pack = pack

    def day(self, value: str | date | datetime) -> str:
        """A day in words; of a text, the day it begins with."""
        return day_in(self.language, date.fromisoformat(value[:10]) if isinstance(value, str) else value)

    def outcome(self, what: str, request_type: str, *, waits: bool = False) -> str:
        """What became of it; `waits`: what is to become of it, once everything else is done."""
        if waits and what in LAST:
            return self.say(LAST[what])
        return self.say(DID.get(request_type, OUTCOMES["do"]) if what == "do" else OUTCOMES[what])

    def action(self, action: str, *, done: bool = True) -> str:
        """What a store did, or is to do."""
        words = ACTIONS if done else ORDERS
        return self.say(words[action]) if action in words else action.replace("-", " ")

    def store(self, name: str) -> str:
        """A system that holds data, by the name the company gave it; ours in words."""
        return self.say(THIS_SERVICE) if name == OURS else name

    def category(self, key: str) -> Said:
        """A class of data, with its source where what comes of it differs by source (T-50)."""
        plain, _, source = key.partition(SPLIT)
        said = self._named(self._classes, plain, EVERYTHING if plain in WHOLE else self._categories.get(plain))
        if not source:
            return said
        return Said(self.say(FROM) % {"category": said.text, "source": self.source(source).text}, said.language)

    def ground(self, ground: str) -> Said:
        """Why something is not simply done."""
        return self.known(GROUNDS.get(ground), ground)

    def source(self, key: str) -> Said:
        """Whence a record came; the name of a system or of a pack's source as it reads."""
        return self.known(self._sources.get(key), key)

    def recipient(self, key: str) -> Said:
        """Somebody data may go to."""
        return self._named(self._recipients, key, None)

    def purpose(self, key: str) -> Said:
        """What data is used for: a program by its name, else the words of the policy."""
        return self._of_pack(self._pack, key) if self._pack is not None else self.known(None, key)

    def type(self, request_type: str) -> Said:
        """A type of request as the pages call it."""
        sort = sort_of(request_type)
        return self.known(sort.title if sort is not None else None, request_type)

    def known(self, message: str | None, key: str) -> Said:
        """The message translated, else the words of the policy, else its key as it reads."""
        if message is None and self._pack is not None and key in self._pack.words:
            return self._of_pack(self._pack, key)
        if message is not None:
            said = self.say(message)
            return Said(said, "" if said != message or self.language == ENGLISH else ENGLISH)
        return Said(key.replace("-", " ").replace("_", " "), "" if self.language == ENGLISH else ENGLISH)

    def _of_pack(self, pack: OrganizationPack, key: str) -> Said:
        said = codes.of(pack, key, self.language)
        return Said(said.text, "" if said.language == self.language else said.language)

    def _named(self, names: Mapping[str, Named], key: str, message: str | None) -> Said:
        return Said(names[key].name_in(self.language)) if key in names else self.known(message, key)
