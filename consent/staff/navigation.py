"""What stands in the navigation of the staff's pages; everybody sees the lines that their role may follow."""

from dataclasses import dataclass, replace

from consent.staff.roles import Act, Role, may
from consent.web.messages import N_


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the navigation; `title` is a message that the page translates, `also` are pages that belong to it."""

    path: str
    title: str
    act: Act
    also: tuple[str, ...] = ()
    carriers: bool = False  # is it for the staff of telephone carriers alone?

    def current(self, path: str) -> str:
        """How this line is marked while that path is shown: the page itself, a page below it, or not at all."""
        if path == self.path:
            return "page"
        return "true" if path in self.also or path.startswith(f"{self.path}/") else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together, under their heading; the first group needs none."""

    title: str
    items: tuple[Item, ...]


NAVIGATION: tuple[Group, ...] = (
    Group("", (Item("/staff/home", N_("Today"), Act.HOME_SEE),)),
    Group(
        N_("Work"),
        (
            Item("/staff/requests", N_("Requests"), Act.REQUESTS_SEE),
            Item("/staff/approvals", N_("Approvals"), Act.APPROVALS_SEE),
            Item("/staff/review", N_("Texts to read"), Act.REVIEW_SEE),
            Item("/staff/mail", N_("Mail to read"), Act.REVIEW_SEE),
            Item("/staff/revocations", N_("Revocations"), Act.REVOCATIONS_SEE),
            Item("/staff/incidents", N_("Incidents"), Act.INCIDENTS_SEE),
            Item("/staff/carrier", N_("Call records (CPNI)"), Act.CARRIER_SEE, carriers=True),
            Item("/staff/corrections", N_("Corrected values"), Act.REQUESTS_SEE),
        ),
    ),
    Group(
        N_("People"),
        (
            Item("/staff/people", N_("Find somebody"), Act.PEOPLE_SEE),
            Item("/staff/suppressions", N_("Suppressions"), Act.SUPPRESSIONS_SEE),
        ),
    ),
    Group(
        N_("House"),
        (
            Item("/staff/policies", N_("Policies"), Act.POLICIES_SEE),
            Item("/staff/notices", N_("Notices"), Act.NOTICES_SEE),
            Item("/staff/recipients", N_("Recipients"), Act.RECIPIENTS_SEE),
            Item("/staff/customers", N_("Who decides"), Act.POLICIES_SEE),
            Item("/staff/retention", N_("Retention"), Act.RETENTION_SEE),
            Item("/staff/contact-points", N_("Contact points"), Act.CONTACTS_SEE),
            Item("/staff/safeguards", N_("Safeguards"), Act.CONTACTS_SEE),
            Item("/staff/scope", N_("What is covered"), Act.CONTACTS_SEE),
            Item("/staff/recordings", N_("Recorded calls"), Act.CONTACTS_SEE),
            Item("/staff/gateways", N_("Gateways"), Act.GATEWAYS_SEE),
            Item("/staff/team", N_("Team"), Act.STAFF_SEE, also=("/staff/load",)),
        ),
    ),
    Group(
        N_("Figures"),
        (
            Item("/staff/figures", N_("Counts of requests"), Act.FIGURES_SEE),
            Item("/staff/audit", N_("Audit trail"), Act.AUDIT_SEE),
        ),
    ),
)


def shown_to(role: Role, *, carrier: bool = False) -> tuple[Group, ...]:
    """The lines that lead somewhere for this role, without groups that have none."""

    def leads(item: Item) -> bool:
        return may(role, item.act) and (carrier or not item.carriers)

    kept = (replace(one, items=tuple(filter(leads, one.items))) for one in NAVIGATION)
    return tuple(one for one in kept if one.items)
