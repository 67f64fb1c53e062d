"""What stands in the navigation of the staff's pages; everybody sees the lines that their role may follow."""

from dataclasses import dataclass

from consent.staff.roles import Act, Role, may
from consent.web.messages import N_


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the navigation; `title` is a message that the page translates."""

    path: str
    title: str
    act: Act


NAVIGATION: tuple[Item, ...] = (
    Item("/staff/home", N_("Today"), Act.HOME_SEE),
    Item("/staff/requests", N_("Requests"), Act.REQUESTS_SEE),
    Item("/staff/review", N_("Texts to read"), Act.REVIEW_SEE),
    Item("/staff/mail", N_("Mail to read"), Act.REVIEW_SEE),
    Item("/staff/revocations", N_("Revocations"), Act.REVOCATIONS_SEE),
    Item("/staff/corrections", N_("Corrected values"), Act.REQUESTS_SEE),
    Item("/staff/people", N_("People"), Act.PEOPLE_SEE),
    Item("/staff/suppressions", N_("Suppressions"), Act.SUPPRESSIONS_SEE),
    Item("/staff/gateways", N_("Gateways"), Act.GATEWAYS_SEE),
    Item("/staff/policies", N_("Policies"), Act.POLICIES_SEE),
    Item("/staff/figures", N_("Counts of requests"), Act.FIGURES_SEE),
    Item("/staff/contact-points", N_("Contact points"), Act.CONTACTS_SEE),
    Item("/staff/load", N_("Team"), Act.STAFF_SEE),
    Item("/staff/audit", N_("Audit trail"), Act.AUDIT_SEE),
    Item("/staff/approvals", N_("Approvals"), Act.APPROVALS_SEE),
    Item("/staff/team", N_("Accounts"), Act.STAFF_SEE),
    Item("/staff/account", N_("Your account"), Act.SELF),
)


def shown_to(role: Role) -> tuple[Item, ...]:
    """The lines that lead somewhere for this role."""
    return tuple(one for one in NAVIGATION if may(role, one.act))
