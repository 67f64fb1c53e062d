"""Who among the company's own people may look at what."""

from collections.abc import Sequence

from consent.policies.answers.reasons import allowed, because, denied, of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict
from consent.policies.staff_settings import ADDRESSES


class Staffing:
    """The promises about staff access, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._rules = of_kind(promises, "staff-access")
        self._few = [
            one
            for one in of_kind(promises, "security-measure")
            if "restricted-access" in s.as_list(one.parameters.get("measures"))
        ]
        self._settled = organization.staff.reading
        here = [one for one in organization.data_categories if one.here is not None]
        self._addresses = tuple(one.key for one in here if one.here == ADDRESSES)
        self._everything = tuple(one.key for one in here)

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

    def may_look(self, role: str, page: str, purpose: str, *, ticket_open: bool = False) -> Verdict:
        """May somebody of this role of ours see what stands on this page? Each class of data on it has to allow it."""
        said = self._settled.roles.get(role, role)
        asked = [self.may_read(said, data, purpose, ticket_open=ticket_open) for data in self.shown_on(page)]
        against = [reason for one in asked if one.answer == "deny" for reason in one.reasons]
        if against:
            return denied(against)
        text = "Few people may see it; the look is written down."
        limited = (reason for one in asked for reason in one.reasons if reason.commitment or reason.law)
        return allowed(*dict.fromkeys((*limited, *(because("few-may-see", text, one) for one in self._few))))

    def purposes(self, page: str) -> tuple[str, ...]:
        """What promises tie a look at this page to; empty where they tie it to nothing."""
        tied = (aim for data in self.shown_on(page) for one in self._rules if data in _debug(one) for aim in _aims(one))
        return tuple(dict.fromkeys(tied))

    def shown_on(self, page: str) -> tuple[str, ...]:
        """The classes of data that stand on this page, by the words of the promises."""
        return self._settled.data.get(page, self._addresses if page == ADDRESSES else self._everything)


def _debug(one: Promise) -> list[str]:
    return s.as_list(one.decided.get("debug_data")) or list(one.parameters["data"])


def _aims(one: Promise) -> list[str]:
    return s.as_list(one.parameters.get("purpose")) + s.as_list(one.parameters.get("purposes"))


def _against(one: Promise, data: str, purpose: str, ticket_open: bool) -> list[Reason]:
    """Debug data is seen for its purpose and under a ticket only; contact and ticket data are seen for support too."""
    if data not in _debug(one):
        return []
    aims = _aims(one)
    found = []
    if aims and purpose not in aims:
        found.append(because("not-for-this", f"This is seen for {s.plain(aims)} only.", one))
    if not ticket_open and one.decided.get("needs", "open-ticket") == "open-ticket":
        found.append(because("no-open-ticket", "This is seen only while a ticket is open on it.", one))
    return found
