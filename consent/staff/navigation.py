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


NAVIGATION: tuple[Item, ...] = (Item("/staff/revocations", N_("Revocations"), Act.REVOCATIONS_SEE),)


def shown_to(role: Role) -> tuple[Item, ...]:
    """The lines that lead somewhere for this role."""
    return tuple(one for one in NAVIGATION if may(role, one.act))
