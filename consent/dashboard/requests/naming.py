"""What staff read for the words of the tables: states, types, places, and what is next for a request. Pure."""

from collections.abc import Callable, Iterable, Sequence

from consent.dashboard.requests import waiting
from consent.dashboard.requests.entry import WAYS
from consent.dashboard.requests.queue import Row
from consent.policies.answers.openings import wish_of
from consent.privacy_requests import types
from consent.privacy_requests.answers.words import GROUNDS, Speaker
from consent.privacy_requests.casework.outcomes import SPLIT
from consent.privacy_requests.rules import OVER
from consent.privacy_requests.sorts import PLACES, sort_of
from consent.privacy_requests.types import Doing
from consent.web.i18n import translated
from consent.web.messages import N_

OWN = "own"
STATES = {
    "open": N_("New"),
    "in_progress": N_("Being worked on"),
    "approved": N_("Approved; being done"),
    "fulfilled": N_("Done"),
    "denied": N_("Refused"),
    "revoked": N_("Taken back"),
    "expired": N_("Expired"),
}
TYPES = {
    "access": N_("Access"),
    "correction": N_("Correction"),
    "portability": N_("Portability"),
    "deletion": N_("Deletion"),
    "opt-out-of-sale": N_("No sale or sharing"),
    "limit-sensitive-data": N_("Limit use of sensitive data"),
    "direct-marketing-disclosure": N_("Disclosure for direct marketing"),
    "restriction": N_("Restriction"),
    "objection": N_("Objection"),
    "usage-total": N_("Usage totals"),
    "usage-log-file": N_("Usage log files"),
    "minor-report": N_("Data of a child"),
    "platform-policy-copy": N_("Platform policies"),
    "technical-documentation-copy": N_("Technical documentation"),
    "logging-off": N_("Logging off"),
    "appeal": N_("Appeal"),
    "complaint": N_("Question or complaint"),
}
# What a decision says is to become of a class of data; the words for what became of it would say that it is done.
PLANNED = {
    "do": N_("To be done"),
    "refuse": N_("Not to be done"),
    "defer": N_("Put off"),
    "keep": N_("To be kept"),
    "anonymize": N_("To be made anonymous"),
    "isolate": N_("To be set apart and used for nothing"),
}
TO_DO = {
    Doing.ERASE: N_("To be deleted"),
    Doing.ANSWER: N_("To be handed over"),
    Doing.CORRECT: N_("To be corrected"),
}
THIS_SERVICE, NONE = N_("This service"), N_("none")
TAKE, ACKNOWLEDGE, VERIFY, DECIDE = N_("Take it"), N_("Acknowledge it"), N_("Make sure who asks"), N_("Decide")
APPROVE, WATCH, PAUSED = N_("An officer approves"), N_("Being carried out"), N_("Paused")
MORE_WAIT, BY_HAND = N_("All that wait for an officer"), N_("To do by hand")
TASKS = {waiting.DO: N_("Do it by hand, then confirm it"), waiting.TELL: N_("Tell the person, then confirm it")}
# What an answered request is called while this is left of it; the last of the data goes by itself.
ANSWERED = N_("Answered")
LEFT = {
    waiting.DO: ANSWERED,
    waiting.TELL: N_("Nobody has told them yet"),
    waiting.LAST: N_("The last data still goes"),
}
BY_ITSELF = N_("Nothing: the rest goes by itself")
SENT_BACK = N_("Sent back: decide anew")
PASSED_ON = N_("Waits for whom it was passed on to")


def said(text: str) -> str:
    """The message in the language of the page; an empty one stays so, for a catalogue keeps its own head under it."""
    return (translated(text) or text) if text else ""


def state_name(state: str) -> str:
    """A state as staff read it."""
    return said(STATES[state]) if state in STATES else state


def state_filter(state: str) -> str:
    """A state as its filter is called: some that are answered still wait for somebody, so none is called done there."""
    return said(ANSWERED) if state == "fulfilled" else state_name(state)


def standing(state: str, left: str) -> str:
    """The state of a request as staff read it; of an answered one what is `left` of it, where anything is."""
    return said(LEFT[left]) if left in LEFT else state_name(state)


def type_name(request_type: str, say: Callable[[str], str] | None = None) -> str:
    """A type of request as staff read it; one without a name here by the word of its policy."""
    known = TYPES.get(wish_of(request_type))
    return (say or said)(known) if known is not None else request_type.replace("-", " ")


def place_name(place: str | None) -> str:
    """A place as people call it."""
    known = PLACES.get(place or "")
    return said(known) if known is not None else place or ""


def ground_name(ground: str, say: Callable[[str], str] | None = None) -> str:
    """A ground as people read it; one without a name here by the word of its policy or law."""
    known = GROUNDS.get(ground)
    return (say or said)(known) if known is not None else ground.replace("-", " ")


def store_name(store: str) -> str:
    """A system as staff call it; ours is this service."""
    return said(THIS_SERVICE) if store == OWN else store


def category_name(category: str, speaker: Speaker) -> str:
    """A class of data, or everything at once."""
    return speaker.category(category.partition(SPLIT)[0]).text


def planned(what: str, request_type: str) -> str:
    """What was decided to become of a class of data, whether or not it is carried out yet."""
    return said(TO_DO.get(types.of(request_type).doing, PLANNED["do"]) if what == "do" else PLANNED.get(what, what))


def outcome_lines(told: Iterable[str], speaker: Speaker, request_type: str = "") -> str:
    """What was decided of each class of data, from the words of an entry: class, outcome, ground."""
    return ", ".join(_outcome([*one.split(" "), "", ""], speaker, request_type) for one in told)


def _outcome(told: Sequence[str], speaker: Speaker, request_type: str) -> str:
    category, what, ground = told[:3]
    named = f"{category_name(category, speaker)}: {planned(what, request_type)}"
    return f"{named} ({ground_name(ground)})" if ground else named


def way_name(how: str) -> str:
    """The way by which it came."""
    return said(WAYS[how]) if how in WAYS else how


def next_step(row: Row) -> str:
    """The one thing that is next, for the list, as a message; empty where nothing is."""
    if row.state in OVER:
        return BY_ITSELF if row.task == waiting.LAST else TASKS.get(row.task, "")
    if row.state == "approved":
        return TASKS.get(row.task, WATCH)
    if row.paused:
        return PAUSED
    if row.decided:
        return APPROVE
    if row.sent_back:
        return SENT_BACK
    if row.assigned_to is None:
        return TAKE
    if not row.acknowledged and row.acknowledge_by is not None:
        return ACKNOWLEDGE
    sort = sort_of(wish_of(row.request_type))
    if not row.verified and (sort is None or sort.proof):
        return VERIFY
    return PASSED_ON if row.routed_to else DECIDE
