"""Where the staff of a demo organization act: in which house, under which rules, at what instant."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from consent.dashboard.contacts import register as contacts
from consent.dashboard.contacts.register import Place
from consent.dashboard.recordings import register as recordings
from consent.dashboard.safeguards import register as safeguards
from consent.dashboard.scope import register as scope
from consent.errors import SetupProblem
from consent.house import House
from consent.policies.governing import InForce
from consent.staff.doors import Member


@dataclass(frozen=True, slots=True)
class Office:
    """Where the acts are done, by whom, and under which rules."""

    house: House
    member: Member
    in_force: InForce
    now: datetime

    @property
    def organization_id(self) -> uuid.UUID:
        """Whose staff this is."""
        return self.member.organization_id

    def places(self, named: str) -> list[Place]:
        """The contact points, safeguards and recorded lines of this name, in which `*` stands for anything."""
        rulebook = self.in_force.rulebook
        measures, lines = safeguards.places(rulebook, self.now), recordings.places(rulebook, self.now)
        known = (*contacts.places(rulebook), *measures, *lines, *scope.places(rulebook))
        found = [one for one in known if fnmatchcase(one.key, named)]
        if not found:
            raise SetupProblem(f'Nothing of an organization that is looked after is called "{named}".')
        return found
