"""How long a consent lasts: as long as its receipt says."""

from collections.abc import Sequence
from datetime import datetime

from consent.deadlines import Period, zone
from consent.policies.kinds import Promise
from consent.policies.kinds.speech import spoken
from consent.policies.organization import OrganizationPack, Program
from consent.policies.questions import ConsentFact, Reason
from consent.policies.reasons import proved, told


class Lasting:
    """The age at which a consent to one program has run out; its last day is included."""

    def __init__(self, organization: OrganizationPack, program: Program, asked: Sequence[Promise]) -> None:
        stated = str(program.receipt.get("validity_duration", "unlimited"))
        self._zone = zone(organization.zone)
        self._period = None if stated == "unlimited" else Period.parse(stated)
        text = f"The consent to this program held for {spoken(stated)}, as its receipt says, and has run out."
        self._over = told("consent-expired", text, asked)

    @property
    def ends(self) -> bool:
        """Does a consent to it ever run out?"""
        return self._period is not None

    def over(self, given: ConsentFact, at: datetime) -> Reason | None:
        """Why the consent does not count any more at that instant; None while it does."""
        if self._period is None:
            return None
        last = self._period.after(given.occurred_at.astimezone(self._zone).date())
        return None if at.astimezone(self._zone).date() <= last else proved(self._over, given.event_id)
