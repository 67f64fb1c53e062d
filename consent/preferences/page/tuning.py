"""What is set besides on and off: a pause, a language, how often, and not to be called. Shown, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from consent.deadlines import zone
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.policies.caps import Frequency
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers, settings
from consent.preferences.page import offered
from consent.preferences.page.acts import METHOD, SOURCE, Act
from consent.preferences.page.choices import States
from consent.preferences.page.wording import Line
from consent.preferences.settings import Settings, Wish
from consent.web.messages import N_

PAUSE, END_PAUSE, LANGUAGE, NO_CALLS, OFTEN = "pause", "end_pause", "language", "no_calls", "often:"
ANY = "any"  # as often as to everybody
ENDED = "ended"  # in the place of a day: the pause is over
WAS = "was"  # the field that says what the form had shown
_SOME_DAY = date(2026, 1, 1)  # periods are compared by where they lead from one day
NO_DAY = N_("Choose a day from tomorrow on, and at most a year away.")
NOT_OFFERED = N_("Choose one of those that are offered.")
TELEPHONE = frozenset({"sms", "voice"})


@dataclass(frozen=True, slots=True)
class Often:
    """A program that lets people choose how often it writes: the choices with their sentences, and the one chosen."""

    key: str
    name: Line
    offered: tuple[tuple[str, Line], ...]
    chosen: str

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return OFTEN + self.key


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the part of the page about all this shows."""

    paused_until: date | None
    first_day: date
    last_day: date
    languages: tuple[str, ...]
    language: str
    often: tuple[Often, ...]
    by_telephone: bool
    do_not_call: bool


def shown(rulebook: Rulebook, states: States, language: str, now: datetime) -> Tuning:
    """What is set at the places of this visit; what one of them says counts."""
    if any(not numbers.of_program(about) for state in states.values() for about, _ in state):
        return _shown(rulebook, states, language, now)
    today = now.astimezone(zone(rulebook.organization.zone)).date()
    key = ("tuning", language, *states)
    return offered.of_day(rulebook, today, key, lambda: _shown(rulebook, states, language, now))


def _shown(rulebook: Rulebook, states: States, language: str, now: datetime) -> Tuning:
    organization = rulebook.organization
    where = zone(organization.zone)
    today = now.astimezone(where).date()
    all_set = {channel: settings.settings_of(state, now) for channel, state in states.items()}
    every = list(all_set.values())
    pauses = [one.paused_until for one in every if one.paused_until is not None]
    return Tuning(
        max(pauses).astimezone(where).date() if pauses else None,
        today + timedelta(days=1),
        settings.LONGEST_PAUSE.after(today),
        organization.page_languages,
        next((one.language for one in every if one.language), language),
        tuple(_often(rulebook, all_set, language)),
        bool(TELEPHONE & states.keys()),
        any(one.do_not_call_since for one in every),
    )


@dataclass(slots=True)
class Wanted:
    """What a form asks for: each wish with the program it is about, and what is wrong by field."""

    wishes: list[tuple[Wish, str | None]] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    gives: bool = False  # one lets more go out than now, so that the address has to be shown to be theirs
    stale: bool = False  # one would have, of what was set otherwise since the form was shown: it is left out


def shown_by(tuning: Tuning) -> str:
    """What the form says it showed, to be sent back with it."""
    return " ".join(f"{name}={value}" for name, value in _holding(tuning).items())


def read(form: Mapping[str, str], organization: OrganizationPack, before: Tuning, now: datetime) -> Wanted:
    """What the form asks for. A field that still says what the form showed is no wish, whatever holds meanwhile.

    Less always counts. More than now counts only where the form had shown what holds now.
    """
    wanted, holds = Wanted(), _holding(before)
    was = {**holds, **dict(one.split("=", 1) for one in form.get(WAS, "").split() if "=" in one)}
    sent = {name: form.get(name, "").strip() or was[name] for name in holds}
    if form.get(END_PAUSE) == "1":
        sent[PAUSE] = ENDED if holds[PAUSE] else was[PAUSE]
    for name, value in sent.items():
        if value in (was[name], holds[name]):
            continue
        try:
            wish = _wish(organization, name, value, now)
        except (ValueError, BadInput):
            wanted.wrong[name] = NO_DAY if name == PAUSE else NOT_OFFERED
            continue
        gives = _gives(name, holds[name], value)
        if gives and was[name] != holds[name]:
            wanted.stale = True
            continue
        wanted.gives = wanted.gives or gives
        wanted.wishes.append((wish, name.removeprefix(OFTEN) if name.startswith(OFTEN) else None))
    if form.get(NO_CALLS) == "1" and before.by_telephone and not before.do_not_call:
        wanted.wishes.append((settings.refuse_calls(METHOD), None))
    return wanted


def _holding(tuning: Tuning) -> dict[str, str]:
    """What holds, by the names of the fields."""
    pause = tuning.paused_until.isoformat() if tuning.paused_until is not None else ""
    return {PAUSE: pause, LANGUAGE: tuning.language, **{one.field: one.chosen for one in tuning.often}}


def _wish(organization: OrganizationPack, name: str, value: str, now: datetime) -> Wish:
    if name == PAUSE:
        return settings.end_pause() if value == ENDED else settings.pause(organization, date.fromisoformat(value), now)
    if name == LANGUAGE:
        return settings.choose_language(organization, value)
    program = name.removeprefix(OFTEN)
    if value == ANY:
        return settings.end_frequency(organization, program)
    return settings.choose_frequency(organization, program, value)


def _gives(name: str, holds: str, value: str) -> bool:
    """Would more go out than now: earlier, or more often?"""
    if name == PAUSE:
        return bool(holds) and (value == ENDED or date.fromisoformat(value) < date.fromisoformat(holds))
    if name == LANGUAGE or holds == ANY:
        return False
    if value == ANY:
        return True
    then, now = Frequency.parse(value), Frequency.parse(holds)
    return then.most > now.most or then.per.after(_SOME_DAY) < now.per.after(_SOME_DAY)


def write(act: Act, wanted: list[tuple[Wish, str | None]]) -> list[ledger.Entry]:
    """Each wish is on record at every place it concerns."""
    entries: list[ledger.Entry] = []
    data = {"act": act.presser.act}
    how = settings.How(SOURCE, METHOD, person_id=None, facts=act.presser.facts, data=data)
    for channel, place in act.places.items():
        wishes = [wish for wish, program in wanted if _concerns(act.rulebook.organization, wish, program, channel)]
        if wishes:
            entries += settings.record(act.tx, act.keyring, act.log, act.rulebook, place.tagged, wishes, how, act.now)
    return entries


def _concerns(organization: OrganizationPack, wish: Wish, program: str | None, channel: str) -> bool:
    if wish.type == "do_not_call.requested":
        return channel in TELEPHONE
    found = organization.program(program or "")
    return found is None or channel in found.channels


def _often(rulebook: Rulebook, all_set: Mapping[str, Settings], language: str) -> list[Often]:
    found = []
    for program in offered.frequencies(rulebook, language):
        places = [one for channel, one in all_set.items() if channel in program.channels]
        if places:
            set_here = [one.frequencies[program.key] for one in places if program.key in one.frequencies]
            chosen = set_here[0].choice if set_here else ANY
            found.append(Often(program.key, program.name, program.offered, chosen))
    return found
