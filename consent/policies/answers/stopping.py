"""How far a no reaches: a program, its category, all marketing or everything on the channel. The widest reading binds.

Asked: the words, which number they came to, the last text before them, what the organization chose, what it promised
and what the law of that day demands. What is not known is read in the widest way (doubt favours the person).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from consent.deadlines import Binding, Facts, add, compute, earliest, zone
from consent.policies.kinds import Promise, channels_of, refusing
from consent.policies.kinds.shapes import as_list
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack, Program
from consent.policies.version import Commitment

WIDTH = {"program": 0, "category": 1, "all-marketing": 2, "everything": 3}
# What the words of promises and laws mean here; what is not among them is read as everything.
_MEANS = {"category": "category", "all-marketing": "all-marketing"}


class Answered(NamedTuple):
    """The text that a STOP probably answers."""

    program: str
    message_class: str


class Reach(NamedTuple):
    """How far a STOP reaches: the programs it ends, sorted, why, and the promises and laws it rests on."""

    reach: str
    programs: tuple[str, ...]
    why: str
    rests_on: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Does it end all there is on the channel?"""
        return self.reach == "everything"


class Stopping:
    """The reach of every STOP of one organization, by the promises and the law of one day."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._organization = organization
        self._promises = tuple(one for one in promises if one.kind == "opt-out-channel")
        self._kept = tuple(one for one in promises if one.kind == "non-opt-outable" and isinstance(one, Commitment))
        self._classes = {one.key: one.marketing for one in organization.message_classes}
        channels = {channel for one in organization.programs for channel in one.channels}
        self._every = {channel: _keys(self._on(channel)) for channel in channels}
        self._senders = {name for one in organization.senders for name in (one.id, one.number)}

    def reach(self, channel: str, sender: str, answered: Answered | None, *, everything: bool = False) -> Reach:
        """What a STOP on this channel ends."""
        all_ = self._every.get(channel, ())
        wish = self._organization.stop.reach
        program = self._organization.program(answered.program) if answered is not None else None
        if everything:
            return Reach("everything", all_, "The words speak of everything.")
        if wish == "everything":
            return Reach("everything", all_, "The organization reads every stop in the widest way.")
        if sender not in self._senders:
            return Reach("everything", all_, "Nobody knows which of our numbers it came to.")
        if program is None or answered is None or answered.message_class not in self._classes:
            return Reach("everything", all_, "Nobody knows which text it answers.")
        widths, asking = [wish], list[Promise]()
        for one in self._promises:
            if refusing.stops_channel(one, channel):
                widths.append(self._demanded(one, program, answered.message_class))
                asking.append(one)
        if not asking:
            return Reach("everything", all_, "No promise and no law says how far a stop reaches here.")
        widest = max(widths, key=lambda one: WIDTH[one])
        binding = tuple(one.id for one, width in zip(asking, widths[1:], strict=True) if width == widest)
        return Reach(widest, self._programs(widest, program, self._on(channel)), _WHY[widest], binding)

    def unsubscribe(self, channel: str, sent_for: str | None) -> Reach:
        """What the unsubscribe of a message ends: what it was sent for and, by promise or law, more.

        A message that nobody can refuse goes on; pressing there ends offers (T-21). Where a policy gives each list a
        switch of its own, the press ends that list (T-26).
        """
        all_ = tuple(one for one in self._on(channel) if refusable(one))
        program = self._organization.program(sent_for or "")
        if program is None or channel not in program.channels:
            return Reach("everything", _keys(all_), "Nobody knows which messages it was pressed in.")
        speaking = [one for one in self._promises if channel in channels_of(one.parameters)]
        # What the company says of its own messages tells lists apart; the law speaks where the company is silent.
        binding = [one for one in speaking if isinstance(one, Commitment)] or speaking
        rests_on = tuple(one.id for one in binding)
        if not refusable(program):
            offers = _keys(tuple(one for one in all_ if one.marketing))
            keeping = tuple(one.id for one in self._kept if self._keeps(one, program))
            return Reach("all-marketing", offers, _OWED, (*rests_on, *keeping))
        if any(refusing.stops_list(one, program.message_classes) for one in binding):
            return Reach("program", (program.key,), _WHY["list"], rests_on)
        if not program.marketing and binding:
            return Reach("program", (program.key,), _WHY["list"], rests_on)
        if not binding:
            return Reach("everything", _keys(all_), "No promise and no law says how far a no reaches here.")
        return Reach("all-marketing", self._programs("all-marketing", program, all_), _WHY["all-marketing"], rests_on)

    def goes_on(self, channel: str, ended: Iterable[str]) -> tuple[tuple[Program, tuple[Commitment, ...]], ...]:
        """The programs on this channel that nobody can refuse, each with the promises that keep it."""
        gone = frozenset(ended)
        return tuple(
            (one, tuple(each for each in self._kept if self._keeps(each, one)))
            for one in self._on(channel)
            if one.key not in gone and one.footing == "required"
        )

    def due(self, channels: Iterable[str], received_at: datetime) -> Binding | None:
        """By when a no on these channels holds with every sender: the earliest of promises and laws, with its steps."""
        dates: list[tuple[str, date | datetime]] = []
        steps: list[str] = []
        asked, where = frozenset(channels), zone(self._organization.zone)
        for one in self._promises:
            if not asked & channels_of(one.parameters):
                continue
            within = one.parameters.get("within") or one.decided.get("within")
            if isinstance(one, LawRule) and one.clock is not None:
                counted = compute(one.clock, Facts(received_at, relevant_time=received_at), where)
                if counted.due is None or counted.kind != "due_by":
                    continue
                dates.append((one.id, counted.due))
                steps += counted.steps
            elif within:
                basis = one.parameters.get("within_basis") or one.decided.get("within_basis") or "calendar-day"
                ended = add(str(within), str(basis), received_at, where, self._organization.jurisdictions)
                dates.append((one.id, ended.due))
                steps += ended.steps
        if not dates:
            return None
        binding = earliest(dates, where)
        return Binding(binding.name, binding.due, (*steps, *binding.steps))

    def _demanded(self, promise: Promise, program: Program, message_class: str) -> str:
        """How far this promise or law wants a STOP to reach that answers a text of this program and class."""
        parameters = promise.parameters
        scopes = as_list(parameters.get("scope"))
        if not scopes:
            # A policy that lets people stop, without more, means all; a law may leave the reach to another rule.
            return "everything" if isinstance(promise, Commitment) else "program"
        found = [_MEANS.get(one, "everything") for one in scopes]
        if self._sells(program, message_class):
            found += [_MEANS.get(one, "everything") for one in as_list(parameters.get("to_marketing"))]
        elif program.footing == "opt-in":
            found += [_MEANS.get(one, "everything") for one in as_list(parameters.get("to_informational"))]
        else:  # sent without consent, as an exempt text is
            found += [_MEANS.get(one, "everything") for one in as_list(parameters.get("to_exempt"))]
        return max(found, key=lambda one: WIDTH[one])

    def _programs(self, reach: str, program: Program, all_: tuple[Program, ...]) -> tuple[str, ...]:
        if reach == "everything":
            return _keys(all_)
        if reach == "all-marketing":
            return _keys(tuple(one for one in all_ if one.marketing or one.key == program.key))
        if reach == "category":
            return _keys(tuple(one for one in all_ if category(one) == category(program)))
        return (program.key,)

    def _keeps(self, promise: Promise, program: Program) -> bool:
        """Does the promise take messages of this program out of what can be refused?"""
        return bool(set(as_list(promise.parameters["message_classes"])) & set(program.message_classes))

    def _sells(self, program: Program, message_class: str) -> bool:
        return program.marketing or self._classes[message_class]

    def _on(self, channel: str) -> tuple[Program, ...]:
        return tuple(one for one in self._organization.programs if channel in one.channels)


def refusable(program: Program) -> bool:
    """Can people say no to it? Members may refuse offers, and stay members (T-26)."""
    return program.footing in ("opt-in", "opt-out") or program.member_only


def category(program: Program) -> str:
    """The category of messages a program belongs to: the one it names, else marketing, else its own."""
    return program.category or ("marketing" if program.marketing else program.key)


def _keys(programs: Sequence[Program]) -> tuple[str, ...]:
    return tuple(sorted(one.key for one in programs))


_WHY = {
    "program": "It answers a text of this program, and nothing asks for more.",
    "category": "It answers a text of this category of messages.",
    "all-marketing": "It answers marketing, so all marketing ends.",
    "everything": "A promise or the law of the day lets it end everything.",
    "list": "It was pressed in a message of this list, and each list has a switch of its own.",
}
_OWED = "The message belongs to what nobody can refuse, so the press ends offers and leaves that."
