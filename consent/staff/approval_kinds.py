"""What may be proposed, as the page of approvals names it, and where its subject is shown. Add a line for a new one."""

from dataclasses import dataclass

from consent.web.messages import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A sentence for the page, and the page of the subject, with its id in `{subject}`; empty where there is none."""

    sentence: str
    page: str = ""


KINDS: dict[str, Kind] = {
    "privacy_request.erase": Kind(N_("Erase what a request asks to erase"), "/staff/requests/{subject}"),
    "consent.enter": Kind(N_("Enter a consent that somebody gave outside of our pages"), "/staff/people/{subject}"),
    "evidence.unlock": Kind(N_("Open evidence that is locked away"), "/staff/requests/{subject}"),
    "keys.manage": Kind(N_("Make or revoke a key")),
    "staff.role": Kind(N_("Give somebody another role"), "/staff/team/{subject}"),
}


def kind_of(what: str) -> Kind:
    """How it is named; the code itself for one without a line."""
    return KINDS.get(what) or Kind(what)
