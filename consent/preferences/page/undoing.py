"""Undo one act: what it ended is as it was, and what it switched on is off again."""

from collections.abc import Sequence

from consent.ledger.bodies import Leaf
from consent.policies.answers.choices import Sort
from consent.preferences import rules, wordings
from consent.preferences.models import EVERY_PROGRAM
from consent.preferences.page import saving, wording
from consent.preferences.page.acts import Act
from consent.preferences.page.choices import Choice, Page, page_of
from consent.preferences.page.told import Told
from consent.preferences.page.wording import Say


def undo(act: Act, told: Told, say: Say) -> bool:
    """The act no longer counts; False where nothing of it was left. Only for who proves to have the address.

    A stop is undone by a renewal that gives back what that stop took and nothing else: what somebody refused before,
    or elsewhere since, stays refused.
    """
    page = page_of(act.rulebook, act.states, act.presser.person, act.presser.language, say, act.now, full=True)
    undone = str(told.leaves[0].data["act"])
    for leaf in told.leaves:
        if leaf.type == "consent.withdrawn" and "scope" in leaf.data:
            _renew(act, leaf, page, undone)
        elif leaf.type == "consent.withdrawn":
            chosen = [one for one in page.features if one.key in leaf.purposes and one.channel == leaf.channel]
            saving.agree(act, [one for one in chosen if one.may_agree], page.seen, undoes=undone)
        elif leaf.type == "consent.given":
            saving.end_again(act, leaf, page.seen, undone)
    return bool(act.entries)


def _renew(act: Act, leaf: Leaf, page: Page, undone: str) -> None:
    sender, place = str(leaf.data.get("sender")), act.places[leaf.channel]
    taken = {key for key, _ in rules.revivable(place.state, sender, undone, act.now, act.facts(leaf.channel))}
    choices = [one for group in page.groups if group.channel == leaf.channel for one in group.choices]
    back = [one for one in choices if one.key in taken and one.sort is Sort.CHOICE]
    if not taken or any(saving.findings(act, one) for one in back):
        return
    data: dict[str, object] = {"sender": sender, "undoes": undone, "wordings": _wordings(act, back)}
    if EVERY_PROGRAM in taken:
        data["scope"] = "channel"
    act.write("consent.renewed", leaf.channel, sorted(one.key for one in back), data)


def _wordings(act: Act, back: Sequence[Choice]) -> list[list[str]]:
    """The text beside each switch that comes back, kept."""
    language, organization_id = act.presser.language, act.log.organization_id
    texts = [(one.key, wording.joined([one.text])) for one in sorted(back, key=lambda one: one.key)]
    return [[key, language, wordings.keep(act.tx, organization_id, text, language, act.now)] for key, text in texts]
