"""What the pages of retention say for codes of rules: classes of data, systems, events, grounds, periods, places."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from consent.dashboard import words
from consent.dashboard.requests import naming, speaking
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.answers.words import GROUNDS
from consent.web.i18n import country, gettext
from consent.web.messages import N_

# From what a limit counts. What a pack calls otherwise is shown as it was written.
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "account-end": N_("the end of the account"),
        "check-done": N_("the check was done"),
        "collection": N_("it was collected"),
        "collection-or-generation": N_("it was collected or came about"),
        "consent-withdrawal": N_("the consent was withdrawn"),
        "enrollment-end": N_("the end of the enrolment"),
        "enrolment-end": N_("the end of the enrolment"),
        "event-or-dispute-end": N_("the end of what happened, or of the dispute"),
        "feature-end": N_("the end of the feature"),
        "fiscal-year-end": N_("the end of the fiscal year"),
        "last-contact": N_("the last contact"),
        "last-message": N_("the last message"),
        "permanent-vacate": N_("the person moved out for good"),
        "recorded": N_("it was recorded"),
        "relationship-end": N_("the end of the relationship"),
        "request-closed": N_("the request was closed"),
        "service-end": N_("the end of the service"),
    }
)
# Grounds on which records stay, beside those that answers to requests name.
_GROUNDS = MappingProxyType(
    {
        "backups": N_("It lies in backups"),
        "communications-privacy-law": N_("A law on the privacy of communications asks for it"),
        "expected-internal-use": N_("An internal use that people expect"),
        "free-speech": N_("Free speech"),
        "legitimate-business-purpose": N_("A legitimate purpose of the business"),
        "open-ticket": N_("A ticket is open"),
        "public-interest-research": N_("Research in the public interest"),
    }
)


class Words:
    """Says the codes in the language of the page, by the names that the organization gave."""

    def __init__(self, pack: OrganizationPack) -> None:
        self._speaker = speaking.for_staff(pack)

    def category(self, key: str) -> str:
        """A class of data."""
        return naming.category_name(key, self._speaker)

    def store(self, key: str) -> str:
        """A system that holds it."""
        return self._speaker.store(key)

    def event(self, key: str) -> str:
        """From what a limit counts."""
        return naming.said(EVENTS[key]) if key in EVENTS else key.replace("-", " ")

    def ground(self, key: str) -> str:
        """Why it stays, as a sentence begins."""
        if key not in GROUNDS and key in _GROUNDS:
            return naming.said(_GROUNDS[key])
        said = naming.ground_name(key)
        return said[:1].upper() + said[1:]

    def period(self, text: str) -> str:
        """How long it stays."""
        if text == "unlimited":
            return gettext("Without end")
        return words.lasting(text) or gettext("Not at all")

    def place(self, code: str) -> str:
        """Where a rule holds."""
        return country(code)

    def query(self, query: Mapping[str, Any]) -> str:
        """What a hold looks for."""
        said = {"category": self.category, "store": self.store, "place": self.place}
        return ", ".join(said.get(name, str)(value) for name, value in query.items())
