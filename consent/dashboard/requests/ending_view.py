"""How the end of a request reads on its page: what is still to be told or to go, why, and when. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.dashboard.requests import naming, waiting
from consent.privacy_requests.casework.checklist import BY_FACT, Line
from consent.privacy_requests.casework.classes import ERASING
from consent.privacy_requests.casework.outcomes import SPLIT, Outcome
from consent.privacy_requests.tasks import rules
from consent.privacy_requests.tasks.ending import Ending, Left
from consent.privacy_requests.tasks.service import Task
from consent.web.messages import N_

# For what the end waits, and what is to be done about it.
NEXT = {
    Left.TELL: N_(
        "It is answered, and the person is still to be told: do it by letter or telephone, and confirm it here."
    ),
    Left.MAIL: N_(
        "It is answered, and the certificate is on its way by mail. Once it has left, the last of the data goes within"
        " minutes, by itself; there is nothing to do."
    ),
    Left.SOON: N_(
        "It is answered, and the person was told. The last of the data goes within minutes, by itself; there is nothing"
        " to do."
    ),
    Left.HELD: N_("It is answered. A hold keeps the last of the data: it goes by itself once the hold is over."),
    Left.SECOND: N_(
        "It is answered, but there is more to erase than was seen when it was approved: a second person looks first."
    ),
    Left.AGAIN: N_("It is answered. The last of the data did not go at the first try: it is tried again by itself."),
}  # fmt: skip
# The same in few words, where each system's part stands.
LAST = {
    Left.NOTHING: N_("goes last, once the person has been told"),
    Left.TELL: N_("goes last, once the person has been told"),
    Left.MAIL: N_("goes last, once the certificate has left by mail"),
    Left.SOON: N_("goes within minutes, by itself; there is nothing to do"),
    Left.HELD: N_("goes last, once the hold on it is over"),
    Left.SECOND: N_("goes last, once a second person has looked"),
    Left.AGAIN: N_("did not go at the first try; it is tried again by itself"),
}
# What looking at the page once more may show.
MOVES = frozenset((Left.MAIL, Left.SOON, Left.AGAIN))
MAILING = N_("The certificate leaves by mail, by itself.")
UNTOLD = N_("It is answered. The last of the data goes within minutes, by itself.")
RETURNED = N_("No mail server took the certificate: tell them another way.")


@dataclass(frozen=True, slots=True)
class Shown:
    """The end as the page shows it. `state` is what the request is called; `next` is empty where it is over."""

    left: Left
    state: str
    next: str
    last: str
    beside: str
    next_at: datetime | None
    moves: bool

    @property
    def is_over(self) -> bool:
        """Is nothing left of it?"""
        return self.left is Left.NOTHING


def of(ending: Ending, state: str) -> Shown:
    """What the page says of it in the language of the page."""
    stored = {Left.NOTHING: "", Left.TELL: waiting.TELL}.get(ending.left, waiting.LAST)
    beside = MAILING if ending.mailing and ending.is_over else RETURNED if ending.returned else ""
    said = UNTOLD if ending.left is Left.SOON and ending.told_at is None else NEXT.get(ending.left, "")
    return Shown(
        ending.left, naming.standing(state, stored), naming.said(said),
        naming.said(LAST[ending.left]), naming.said(beside), ending.next_at, ending.left in MOVES or ending.mailing,
    )  # fmt: skip


def waits_for_last(
    tasks: Iterable[Task], decided: Iterable[Outcome], here: Mapping[str, str]
) -> Callable[[Outcome], bool]:
    """Whether what was decided of a class of data waits for what goes last."""
    waits = any((one.category, one.state) == (rules.EVERYTHING, "last") for one in tasks)
    last = rules.last_of(decided, here) if waits else frozenset()
    return lambda one: one.what in ERASING and one.category.partition(SPLIT)[0] in last


def progress(tasks: Collection[Task]) -> tuple[int, int]:
    """How many parts the systems have done, of how many; what goes last and the telling come after."""
    parts = [one for one in tasks if one.state != "last" and one.store != rules.TELLING]
    return sum(1 for one in parts if one.state == "done"), len(parts)


def open_steps(lines: Iterable[Line], *, by_hand: bool) -> str:
    """The titles of what stands open on the list, empty for none; `by_hand`: only what somebody has to tick."""
    listed = (one for one in lines if one.open and (not by_hand or (one.ticked and one.item.key not in BY_FACT)))
    return "; ".join(naming.said(one.item.title) for one in listed)
