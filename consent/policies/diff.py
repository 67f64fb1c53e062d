"""What differs between two versions of a policy: the commitments first, the wording after them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from consent.policies.kinds import KINDS, sentence
from consent.policies.version import Commitment, PolicyVersionPack
from consent.policies.wording import sections

# The side of people's lives that a kind touches, by the words in which a policy says what is material (VAL-24).
ASPECTS: dict[str, tuple[str, ...]] = {
    "purposes": ("purpose-limit", "collection-limit", "data-category-collected", "data-source", "content-not-collected",
                 "feature-gate", "cookie", "dnt-gpc"),
    "recipients": ("share-ban", "share-allowed-recipient", "share-condition", "recipient-register", "role-allocation"),
    "retention": ("retention-limit", "retention-exception", "disposal-method"),
    "rights": ("request-right", "self-service", "request-eligibility", "request-frequency", "request-scope",
               "request-fee", "deletion-exception", "identity-verification", "authorized-agent", "non-discrimination",
               "deadline", "notice-of-change", "breach-notice", "legal-process-notice", "age-limit",
               "consent-withdrawal", "acceptance"),
    "channels": ("messaging-scope", "marketing-ban", "opt-out-channel", "help-reply", "suppression-record",
                 "non-opt-outable", "consent-required", "consent-not-condition", "consent-record-fields",
                 "contact-point"),
}  # fmt: skip
_ASPECT_OF = {kind: aspect for aspect, kinds in ASPECTS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs about a commitment.

    `what` is added, removed, kind, parameter, decided, clause or record (mode, verbs, evidence); `key` names the
    parameter, dotted where it lies deeper.
    """

    what: str
    commitment: str
    kind: str
    key: str = ""
    before: Any = None
    after: Any = None

    @property
    def aspect(self) -> str | None:
        """Which side of people's lives it touches; None for what only describes the document."""
        return _ASPECT_OF.get(self.kind) if self.what in ("added", "removed", "kind", "parameter", "decided") else None

    def __str__(self) -> str:
        match self.what:
            case "added":
                return f"{self.commitment} is new ({self.kind}): {self.after}"
            case "removed":
                return f"{self.commitment} is gone ({self.kind}): {self.before}"
            case "clause":
                return f'{self.commitment}: the clause moved from "{self.before}" to "{self.after}"'
            case _:
                return f"{self.commitment}: {self.key} changed from {_said(self.before)} to {_said(self.after)}"


@dataclass(frozen=True, slots=True)
class Rewording:
    """A section whose words differ; `pieces` are (kept | gone | new, words) in reading order."""

    heading: str
    what: str  # added, removed or changed
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two versions."""

    before: str
    after: str
    commitments: tuple[Change, ...]
    wording: tuple[Rewording, ...]

    @property
    def aspects(self) -> tuple[str, ...]:
        """Which sides of people's lives are touched, in the order of ASPECTS."""
        touched = {one.aspect for one in self.commitments}
        return tuple(one for one in ASPECTS if one in touched)


def compare(before: PolicyVersionPack, after: PolicyVersionPack) -> Difference:
    """What a reader of `before` must know about `after`."""
    return Difference(before.version, after.version, tuple(_commitments(before, after)), tuple(_wording(before, after)))


def _commitments(before: PolicyVersionPack, after: PolicyVersionPack) -> Iterator[Change]:
    old = {one.id: one for one in before.commitments}
    new = {one.id: one for one in after.commitments}
    for identity in [*new, *(one for one in old if one not in new)]:
        mine, theirs = old.get(identity), new.get(identity)
        if mine is None and theirs is not None:
            yield Change("added", identity, theirs.kind, after=_sentence(theirs))
        elif theirs is None and mine is not None:
            yield Change("removed", identity, mine.kind, before=_sentence(mine))
        elif mine is not None and theirs is not None:
            yield from _changed(mine, theirs)


def _changed(old: Commitment, new: Commitment) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change("kind", new.id, new.kind, "kind", old.kind, new.kind)
    for what, mine, theirs in (("parameter", old.parameters, new.parameters), ("decided", old.decided, new.decided)):
        for key, one, other in _unequal(mine, theirs):
            yield Change(what, new.id, new.kind, key, one, other)
    for key in ("mode", "verbs", "evidence"):
        if getattr(old, key) != getattr(new, key):
            yield Change("record", new.id, new.kind, key, getattr(old, key), getattr(new, key))
    if old.clause != new.clause:
        yield Change("clause", new.id, new.kind, "clause", _place(old), _place(new))


def _unequal(mine: Mapping[str, Any], theirs: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any, Any]]:
    for key in [*theirs, *(one for one in mine if one not in theirs)]:
        one, other = mine.get(key), theirs.get(key)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from _unequal(one, other, f"{prefix}{key}.")
        elif one != other:
            yield f"{prefix}{key}", one, other


def _wording(before: PolicyVersionPack, after: PolicyVersionPack) -> Iterator[Rewording]:
    old, new = sections(before.text), sections(after.text)
    for heading in [*new, *(one for one in old if one not in new)]:
        mine, theirs = old.get(heading), new.get(heading)
        if mine == theirs:
            continue
        what = "added" if mine is None else "removed" if theirs is None else "changed"
        yield Rewording(heading, what, tuple(_pieces((mine or "").split(), (theirs or "").split())))


def _pieces(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "kept", " ".join(old[a:b])
            continue
        if b > a:
            yield "gone", " ".join(old[a:b])
        if d > c:
            yield "new", " ".join(new[c:d])


def _sentence(commitment: Commitment) -> str:
    return sentence(commitment) if commitment.kind in KINDS else commitment.kind


def _place(commitment: Commitment) -> str:
    return f"{commitment.clause.heading}: {commitment.clause.anchor}"


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return ", ".join(map(str, value))
    return str(value)
