"""What a kind of commitment is: its parameters, its plain sentence, the doors that ask it, the evidence it leaves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from consent.policies.findings import nearest
from consent.policies.kinds.shape import Shape
from consent.policies.kinds.shapes import as_list
from consent.policies.kinds.speech import plain

Parameters = Mapping[str, Any]


class Promise(Protocol):
    """A commitment of a policy or a rule of law: both are asked alike."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def parameters(self) -> Parameters: ...
    @property
    def decided(self) -> Parameters: ...


@dataclass(frozen=True)
class Kind:
    """One kind. `doors` exist and ask it today, `planned` names doors that are still to be built."""

    name: str
    meaning: str
    required: Mapping[str, Shape]
    sentence: Callable[[Parameters, Parameters], str]
    doors: tuple[str, ...]
    evidence: tuple[str, ...]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    decides: Mapping[str, Shape] = field(default_factory=dict)
    must_decide: Callable[[Parameters], tuple[str, ...]] = lambda parameters: ()
    planned: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()  # of each group at least one parameter must stand

    def problems(self, parameters: Parameters) -> list[tuple[str, str]]:
        """What is wrong with these parameters, as (key, sentence)."""
        found = [
            (key, f'"{key}" is missing; a commitment of kind "{self.name}" needs it')
            for key in self.required
            if key not in parameters
        ]
        found += [
            (group[0], f"one of {', '.join(group)} is needed; without them nothing would ever ask it")
            for group in self.one_of
            if not any(key in parameters for key in group)
        ]
        return found + _misfits(parameters, {**self.required, **self.optional}, f'of kind "{self.name}"')

    def problems_decided(self, parameters: Parameters, decided: Parameters) -> list[tuple[str, str]]:
        """What is wrong with the values settled for what the wording leaves open."""
        found = [
            (key, f'"{key}" is open in the wording and must be decided, with value and reason')
            for key in self.must_decide(parameters)
            if key not in decided
        ]
        return found + _misfits(decided, self.decides, f'decided for kind "{self.name}"')

    def can_be_asked(self, parameters: Parameters, decided: Parameters) -> bool:
        """Is everything there of a shape that can be worked with? What is still to be decided may be missing."""
        return not self.problems(parameters) and not _misfits(decided, self.decides, "")


def _misfits(values: Parameters, shapes: Mapping[str, Shape], where: str) -> list[tuple[str, str]]:
    found = []
    for key, value in values.items():
        shape = shapes.get(key)
        if shape is None:
            found.append((key, f'"{key}" is not a parameter {where}; {nearest(key, shapes)}'))
        elif wrong := shape(value):
            found.append((key, f'"{key}" {wrong}'))
    return found


# How the words of policies and laws map to our channels: picture messages go the way of texts.
CHANNEL_OF = {
    "sms": "sms",
    "mms": "sms",
    "automated-text": "sms",
    "email": "email",
    "electronic": "email",
    "phone-call": "voice",
    "automated-call": "voice",
    "voice": "voice",
    "messenger-app": "chat",
    "chat": "chat",
    "post": "post",
    "push": "push",
    "app": "web",
    "web": "web",
}
# The ways a message can go: what a promise means that names no channel, or says it leaves it open.
EVERY_CHANNEL = frozenset(CHANNEL_OF.values())
# The words that speak of people calling or writing, and of machines doing so.
_BY_HAND = {"sms": {"sms", "mms"}, "voice": {"phone-call", "voice"}}
_AUTOMATED = {"sms": {"automated-text"}, "voice": {"automated-call"}}


def channels_of(parameters: Parameters, otherwise: Iterable[str] = ()) -> frozenset[str]:
    """The channels a promise is about; `otherwise` where it names none. Places of notice are no channels of contact."""
    if "channel" not in parameters:
        return frozenset(otherwise)
    named = as_list(parameters["channel"])
    if "unspecified" in named:
        return EVERY_CHANNEL
    return frozenset(CHANNEL_OF.get(one, one) for one in named)


def ways_of(parameters: Parameters) -> str:
    """The channels of a promise read aloud."""
    return plain(as_list(parameters.get("channel", "every channel")))


def names_way(parameters: Parameters, channel: str, automated: bool) -> bool:
    """Does the promise name this way of writing or calling: by people, or by a machine?

    Naming texts or calls does not yet name those a machine makes; that takes a word of its own.
    """
    if "channel" not in parameters:
        return True
    if channel not in channels_of(parameters):
        return False
    named = set(as_list(parameters["channel"]))
    if channel not in _AUTOMATED or "unspecified" in named:
        return True
    return bool(named & (_AUTOMATED if automated else _BY_HAND)[channel])
