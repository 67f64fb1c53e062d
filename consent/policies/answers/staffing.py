"""Who among the company's own people may look at what."""

from collections.abc import Sequence

from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict


class Staffing:
    """The promises about staff access, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._rules = of_kind(promises, "staff-access")

    def may_read(self, role: str, data: str, purpose: str, *, ticket_open: bool = False) -> Verdict:
        """May this role look at data of this class now? Where a promise names who may, nobody else may."""
        naming = [one for one in self._rules if data in one.parameters["data"]]
        if not naming:
            text = "No commitment limits who may see this; the look is written down all the same."
            return allowed(because("not-limited", text))
        mine = [one for one in naming if one.parameters["role"] == role]
        if not mine:
            roles = s.plain([one.parameters["role"] for one in naming])
            return denied([because("not-this-role", f"Only {roles} may see this.", one) for one in naming])
        against = [reason for one in mine for reason in _against(one, data, purpose, ticket_open)]
        if against:
            return denied(against)
        text = f"{s.opening(s.plain([role]))} may see this for {s.plain([purpose])}; the look is written down."
        return allowed(*(because("may-read", text, one) for one in mine))


def _against(one: Promise, data: str, purpose: str, ticket_open: bool) -> list[Reason]:
    """Debug data is seen for its purpose and under a ticket only; contact and ticket data are seen for support too."""
    debug = s.as_list(one.decided.get("debug_data")) or list(one.parameters["data"])
    if data not in debug:
        return []
    aims = s.as_list(one.parameters.get("purpose")) + s.as_list(one.parameters.get("purposes"))
    found = []
    if aims and purpose not in aims:
        found.append(because("not-for-this", f"This is seen for {s.plain(aims)} only.", one))
    if not ticket_open and one.decided.get("needs", "open-ticket") == "open-ticket":
        found.append(because("no-open-ticket", "This is seen only while a ticket is open on it.", one))
    return found
