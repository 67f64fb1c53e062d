"""What the pages of incidents say for the words that rules and laws use."""

from collections.abc import Sequence
from types import MappingProxyType

from consent.web import spoken
from consent.web.i18n import LANGUAGES
from consent.web.messages import N_

KINDS = MappingProxyType(
    {
        "breach": N_("Data in the wrong hands"),
        "demand": N_("Data that must be handed over"),
        "childs-data": N_("Data of a child"),
    }
)
# Nobody chooses the last in a form: such a file opens by itself.
TITLES = MappingProxyType({**KINDS, "kept-late": N_("Data kept past its day")})
STATES = MappingProxyType(
    {
        "due": N_("To do"),
        "as-soon-as-possible": N_("To do, as soon as possible"),
        "to-decide": N_("To be decided: no promise sets a time"),
        "assess-first": N_("To be assessed first"),
        "not-before": N_("Wait"),
        "delayed": N_("Held back"),
        "not-required": N_("Not required"),
        "not-running": N_("Not running yet"),
    }
)
WAYS = MappingProxyType(
    {"post": N_("By letter"), "phone-call": N_("By telephone"), "in-person": N_("In person"), "mail": N_("By e-mail")}
)
# Of whoever had an address that is somebody else's by now; the telephone is another one.
FORMER_WAYS = MappingProxyType(
    {
        "post": N_("By letter"),
        "phone-call": N_("By telephone, at another number"),
        "in-person": N_("In person"),
        "not-found": N_("Nobody could find them"),
    }
)
# What stands in a letter about a breach, where no law sets the headings.
PARTS = MappingProxyType(
    {
        "what-happened": N_("What happened"),
        "what-information-was-involved": N_("What information was involved"),
        "what-we-are-doing": N_("What we are doing"),
        "what-you-can-do": N_("What you can do"),
        "for-more-information": N_("For more information"),
    }
)
HISTORY = MappingProxyType(
    {
        "incident.opened": N_("Opened"),
        "incident.changed": N_("Something became known"),
        "incident.people": N_("People were named"),
        "incident.telling": N_("Telling the people began"),
        "incident.duty": N_("A duty was done"),
        "incident.closed": N_("Closed"),
    }
)


def headings(content: Sequence[str]) -> tuple[str, ...]:
    """The headings a letter must have, in their order: those that laws set, else all we know."""
    return tuple(PARTS[one] for one in content if one in PARTS) or tuple(PARTS.values())


def draft(content: Sequence[str], language: str) -> str:
    """The letter as somebody begins to write it in that language: its headings."""
    return "".join(f"{spoken.say(language)(one)}\n\n" for one in headings(content)).strip()


def unwritten(text: str) -> bool:
    """Does a letter hold nothing but headings of ours, as the draft does?"""
    ours = {spoken.say(language)(one) for one in PARTS.values() for language in LANGUAGES}
    return all(line.strip() in ours for line in text.splitlines() if line.strip())
