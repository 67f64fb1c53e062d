"""The clock of a request as its page shows it: each date with its name, source and steps, and what would move it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from consent.dashboard.requests import naming
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.casework.clocks import Clock, Dated
from consent.web.i18n import in_words
from consent.web.messages import N_

TITLES = {
    "received": N_("It arrived"),
    "reopened": N_("It was opened again"),
    "acknowledge": N_("Confirm that it arrived"),
    "answer": N_("Answer"),
    "extended": N_("Answer, after the extension"),
    "extension-notice": N_("Last day to tell of an extension"),
    "pause": N_("The clock stands still"),
    "fallback": N_("The company steps in"),
    "suspend": N_("Suspend the account and every use"),
    "verify": N_("Make sure who asks"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One date; `address` leads to the clause that it rests on, where one of our pages shows it.

    `counts`: it binds, is still to come, or was missed; any other is over and looked up seldom.
    """

    day: date
    title: str
    sentence: str
    source: str
    address: str
    steps: tuple[str, ...]
    binds: bool
    counts: bool


def dated(clock: Clock, rulebook: Rulebook, today: date, undone: Collection[str] = ()) -> tuple[Shown, ...]:
    """Every date in its order; the one that binds is marked. `undone`: those whose act is still to come."""
    found = [
        Shown(
            one.day, TITLES.get(one.what, one.what), one.sentence, one.source, clause(rulebook, one.source),
            one.steps, _binds(one, clock), _binds(one, clock) or one.day >= today or one.what in undone,
        )
        for one in clock.steps
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.day, one.title)))


def _binds(one: Dated, clock: Clock) -> bool:
    return one.what in ("answer", "extended") and one.day == clock.answer_by


def moves(clock: Clock, *, under_way: bool) -> tuple[str, ...]:
    """What would move the date that binds, and what would not."""
    if not under_way:
        return ()
    said = []
    if clock.may_extend_to is not None and clock.notice_by is not None:
        said.append(
            naming.said(N_("An extension, told with its reason by %(notice)s, leads to %(day)s."))
            % {"notice": in_words(clock.notice_by), "day": in_words(clock.may_extend_to)}
        )
    elif clock.extended:
        said.append(naming.said(N_("The one extension that there is has been used.")))
    else:
        said.append(naming.said(N_("No extension: no law gives one now.")))
    if clock.may_pause:
        said.append(naming.said(N_("A pause, where the law has one: %(laws)s.")) % {"laws": ", ".join(clock.may_pause)})
    else:
        said.append(naming.said(N_("No pause: waiting for the person or a check moves nothing.")))
    return tuple(said)


def clause(rulebook: Rulebook, source: str) -> str:
    """The page of the wording, at the place of this commitment; empty for a law."""
    mine = {one.id for version in rulebook.versions for one in version.commitments}
    return f"/{rulebook.organization.slug}/privacy/trace#{source}" if source in mine else ""
