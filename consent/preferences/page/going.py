"""Whether anything of a choice goes out as things stand: what the gate says of it, asked of the gate itself. Pure."""

from datetime import datetime

from consent.policies.answers.choices import Offer, Sort
from consent.policies.organization import Program
from consent.policies.rulebook import Rulebook
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.page.standing import OFF, ON, OPEN, Held, Sight
from consent.preferences.rules import State
from consent.web.messages import N_

# Why, for who looks at the page, by the codes of the gate.
WHY = {
    "paused": N_("You wanted a pause."),
    "held-for-review": N_("Somebody has to read first what you wrote, as it may have meant stop."),
    "number-changed-hands": N_("We were told that this address has changed hands. Nobody has chosen here since."),
    "number-not-asked-about": N_("It is not certain that the number is still yours: that is asked first."),
    "number-not-textable": N_("We were told that texts do not arrive at this number. Text START from it if they do."),
    "address-bounced": N_("No mail arrived at this address. A code that arrives there opens it again."),
    "on-do-not-call-list": N_("You asked not to be called or written to for selling."),
    "on-registry": N_("The number stands on a public do-not-call registry."),
    "suppressed": N_("Somebody said stop for this address."),
}
# What only a later yes lifts is off; everything else rests, and goes on by itself once its reason is gone.
_OVER = frozenset({"on-do-not-call-list", "consent-expired"})


def as_the_gate_has_it(
    rulebook: Rulebook,
    program: Program,
    channel: str,
    offer: Offer,
    holds: Held,
    state: State,
    seen: Sight,
    now: datetime,
) -> tuple[Held, str]:
    """What holds, and the code of why nothing of it goes at present: empty where something may, or where it is off.

    Nobody has chosen what goes out unasked: while it rests, whoever has the address now may say yes or no to it.
    """
    if holds.value != ON or offer.sort not in (Sort.CHOICE, Sort.REQUIRED):
        return holds, ""
    if _is_plain(state, program.key) and rulebook.choices.always_goes(program, channel, given=bool(state)):
        return holds, ""  # how it mostly is
    reason = rulebook.choices.against(program, channel, standing_of(state, program.key, seen.person), now)
    if reason is None:
        return holds, ""
    if offer.sort is Sort.CHOICE and reason.code in _OVER:
        return holds._replace(value=OFF), ""
    if offer.sort is Sort.CHOICE and holds.standing is None:
        return holds._replace(value=OPEN), reason.code
    return holds, reason.code


def _is_plain(state: State, program: str) -> bool:
    """Is one yes, of nobody in particular, all that is on record, or nothing at all?"""
    if not state:
        return True
    alone = state.get((program, NOBODY)) if len(state) == 1 else None
    return alone is not None and alone.state == "given"
