"""What the page says of cookies: what this organization offers, in a sentence; the rest stands on a page of its own."""

from consent.policies.answers.trackers import Trackers
from consent.web.messages import N_

CHOSEN_THERE = N_("Some of what %(name)s stores in browsers waits for your yes; you decide on a page of its own.")
BY_BROWSER = N_("%(name)s offers no switch of its own for cookies: your browser has one, and a page says where.")
LISTED = N_("A page says what %(name)s may store in your browser, and what your browser can refuse.")
NOTHING_SAID = N_("Nothing is said about cookies, so none but the necessary ones may be set.")


def sentence(trackers: Trackers) -> str:
    """The sentence, as a message to translate: no switch is spoken of that nobody promised (T-86)."""
    told = trackers.told()
    if trackers.choices():
        return CHOSEN_THERE
    if any(one.no_opt_out for one in told):
        return BY_BROWSER
    return LISTED if told or trackers.controls().browser else NOTHING_SAID
