"""What is set besides on and off: a pause, a language, how often, and not to be called. Shown, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consent.deadlines import zone
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.policies.organization import OrganizationPack
from consent.policies.said import language_among
from consent.preferences import settings
from consent.preferences.page.acts import METHOD, SOURCE, Act
from consent.preferences.page.choices import States
from consent.preferences.page.wording import Line
from consent.preferences.settings import Settings, Wish
from consent.web.messages import N_

PAUSE, END_PAUSE, LANGUAGE, NO_CALLS, OFTEN = "pause", "end_pause", "language", "no_calls", "often:"
ANY = "any"  # as often as to everybody
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


def shown(organization: OrganizationPack, states: States, language: str, now: datetime) -> Tuning:
    """What is set at the places of this visit; what one of them says counts."""
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
        tuple(_often(organization, all_set, language)),
        bool(TELEPHONE & states.keys()),
        any(one.do_not_call_since for one in every),
    )


def read(
    form: Mapping[str, str], organization: OrganizationPack, before: Tuning, now: datetime
) -> tuple[list[tuple[Wish, str | None]], dict[str, str]]:
    """What the form asks for, each wish with the program it is about; else what is wrong, by field.

    A field that still says what holds is no wish.
    """
    wanted: list[tuple[Wish, str | None]] = []
    wrong: dict[str, str] = {}
    until, language = form.get(PAUSE, "").strip(), form.get(LANGUAGE, before.language)
    if form.get(END_PAUSE) == "1" and before.paused_until is not None:
        wanted.append((settings.end_pause(), None))
    elif until:
        try:
            day = date.fromisoformat(until)
            if day != before.paused_until:
                wanted.append((settings.pause(organization, day, now), None))
        except (ValueError, BadInput):
            wrong[PAUSE] = NO_DAY
    if language != before.language:
        if language in organization.page_languages:
            wanted.append((settings.choose_language(organization, language), None))
        else:
            wrong[LANGUAGE] = NOT_OFFERED
    for one in before.often:
        choice = form.get(one.field, one.chosen)
        if choice == one.chosen:
            continue
        if choice not in [ANY, *(offered for offered, _ in one.offered)]:
            wrong[one.field] = NOT_OFFERED
        elif choice == ANY:
            wanted.append((settings.end_frequency(organization, one.key), one.key))
        else:
            wanted.append((settings.choose_frequency(organization, one.key, choice), one.key))
    if form.get(NO_CALLS) == "1" and before.by_telephone and not before.do_not_call:
        wanted.append((settings.refuse_calls(METHOD), None))
    return wanted, wrong


def gives(wanted: list[tuple[Wish, str | None]]) -> bool:
    """Does one of them let more go out than before, so that the address has to be shown to be theirs?"""
    return any(wish.type in ("pause.ended", "frequency.ended") for wish, _ in wanted)


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


def _often(organization: OrganizationPack, all_set: Mapping[str, Settings], language: str) -> list[Often]:
    found = []
    for program in organization.programs:
        places = [one for channel, one in all_set.items() if channel in program.channels]
        if not program.frequencies or not places:
            continue
        chosen = next((one.frequencies[program.key].choice for one in places if program.key in one.frequencies), ANY)
        offered = tuple((one.choice, _line(one.sentence, language)) for one in program.frequencies)
        name = Line(program.name_in(language), program.language_of("name", language))
        found.append(Often(program.key, name, offered, chosen))
    return found


def _line(sentence: Mapping[str, str], language: str) -> Line:
    spoken = language_among(sentence, language)
    return Line(sentence.get(spoken, ""), spoken)
