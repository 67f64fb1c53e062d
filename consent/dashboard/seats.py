"""What every page of the dashboard asks first: who sits here, what governs their organization, what time it is."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from consent import clock
from consent.dashboard.words import PLACES
from consent.deadlines import zones
from consent.ledger import service as ledger
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.preferences.cookies import words as cookies
from consent.staff import doors
from consent.staff.doors import Member
from consent.web.i18n import at_in_words, page_language, translated


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of the staff before a page, at `now`."""

    member: Member
    now: datetime
    rulebook: Rulebook
    log: ledger.Log

    @property
    def organization_id(self) -> UUID:
        """Whose staff it is: what they see is of this organization alone."""
        return self.member.organization_id

    @property
    def pack(self) -> OrganizationPack:
        """Their organization as its settings describe it."""
        return self.rulebook.organization

    @property
    def today(self) -> date:
        """The day in the organization's zone."""
        return zones.local_date(self.now, zones.zone(self.pack.zone))

    def local(self, moment: datetime) -> datetime:
        """An instant by the organization's clock."""
        return moment.astimezone(zones.zone(self.pack.zone))

    def at(self, moment: datetime | str) -> str:
        """An instant by the organization's clock, in words."""
        when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at_in_words(when, zones.zone(self.pack.zone))

    def program(self, key: str) -> str:
        """What people call a program, feature or purpose of a banner; the key of what the settings no longer have."""
        found = self.rulebook.program(key) or self.rulebook.features.feature(key)
        if found is None:
            purpose = cookies.of_program(key)
            surface = key.removeprefix("cookies.").rpartition(".")[0]
            said = (purpose, PLACES.get(surface, surface)) if purpose is not None else (key,)
            return " · ".join(translated(one) or one for one in said)
        return found.name_in(page_language())

    def message_class(self, key: str) -> str:
        """What people call a class of messages; the key of what the settings no longer have."""
        found = next((one for one in self.pack.message_classes if one.key == key), None)
        return found.name_in(page_language()) if found is not None else key


def seat(governing: Governing) -> Seat:
    """Who sits before this page; only behind a door of staff."""
    member, now = doors.current(), clock.now()
    in_force = governing.now(member.organization_id, now)
    return Seat(member, now, in_force.rulebook, in_force.log)
