"""1VALET's pack as shipped, its rulebook of a day, and the dates its promises give."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from consent.deadlines import add, zone
from consent.policies.answers.ages import Ages
from consent.policies.answers.features import Features
from consent.policies.answers.incidents import BreachNotice, Incident, Incidents
from consent.policies.answers.inventory import Gathering, Inventory
from consent.policies.answers.notices import Notices
from consent.policies.answers.requests import Asker, Item, ItemOutcome, Past, Requests, Tally
from consent.policies.answers.retention import Disposal, Held, Hold, Retention
from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.answers.trackers import Tracker, Trackers
from consent.policies.check import check
from consent.policies.kinds import data, sentence
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_version,
    load_versions,
)
from consent.policies.questions import Facts
from consent.policies.rulebook import (
    ConsentDraft,
    ConsentFact,
    Question,
    Rulebook,
    Standing,
    StopFact,
    Verdict,
    compile_rulebook,
)
from consent.policies.version import Commitment
from tests.policies.house import POLICIES

PLACE = POLICIES / "1valet"
MAIN = PLACE / "privacy-policy" / "2022-06-29"
COMMITMENTS = "privacy-policy/2022-06-29/commitments.toml"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
OTTAWA = zone("America/Toronto")
NOBODY = Standing(None, ())
STOPPED = Standing(StopFact(datetime(2026, 11, 16, 17, 0, tzinfo=UTC), uuid4()), ())
ANNA = UUID(int=1)


@cache
def policy() -> PolicyVersionPack:
    """The Privacy Policy of 29 June 2022."""
    return load_version(MAIN)


@cache
def parts() -> tuple[OrganizationPack, tuple[PolicyVersionPack, ...], tuple[LawRule, ...]]:
    """The organization, its policies with their companions, and the law."""
    return load_organization(PLACE), load_versions(PLACE), load_law(POLICIES / "law")


def rulebook(at: datetime = NOW) -> Rulebook:
    """1VALET's rulebook as it is at that instant."""
    return compile_rulebook(*parts(), at)


def inventory() -> Inventory:
    """What may be gathered, held and used."""
    return Inventory(parts()[0], rulebook().promises)


def gathering(**changes: Any) -> Gathering:
    """A resident gives something in order to get a service, unless changed."""
    return replace(Gathering("resident", None, "person", "provide-service", "performing-services"), **changes)


# What a contract with a third party has to hold, and has, unless a test takes it away.
ON_FILE = frozenset({"necessary-only", "written-contract", "confidentiality", "security", "no-other-use"})


def share(data: str, recipient: str, purpose: str = "performing-services", **more: Any) -> Verdict:
    """May this data go there, with a contract on file and for processing, unless told otherwise?"""
    known = {"met": ON_FILE, "ground": "data-processing", **more}
    return Sharing(parts()[0], rulebook().promises).may_share(Transfer(data, recipient, purpose, **known))


def found_in(folder: Path, old: str, new: str, file: str = "organization.toml") -> list[str]:
    """What `check` says of the pack with `old` changed to `new`."""
    pack = Path(shutil.copytree(PLACE, folder / "1valet"))
    text = (pack / file).read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    (pack / file).write_text(text.replace(old, new, 1), "utf-8")
    return [one.message for one in check(pack)]


NYC, ONTARIO = "US-NY-NYC", "CA-ON"


def goes(category: str, events: dict[str, date], place: str = NYC, *holds: Hold, **about: Any) -> Disposal:
    """When a tenant's record goes by the policy alone, whatever the law adds."""
    held = Held(category, events, place, **{"person": "tenant", "holds": holds, **about})
    return Retention(parts()[0], policy().commitments).due(held)


def grounds_of(disposal: Disposal) -> list[str | None]:
    """The commitments a date rests on, in order."""
    return [one.commitment for one in disposal.reasons]


CALIFORNIAN = Asker(frozenset({"resident"}), "US-CA")
CANADIAN = Asker(frozenset({"resident"}), "CA-ON")
VISITOR = Asker(frozenset({"visitor"}), "US-NY")
ASKED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def asking() -> Requests:
    """What people may ask for by the policy alone, whatever the law adds."""
    return Requests(parts()[0], policy().commitments)


def offers(asker: Asker) -> dict[str, str]:
    """The requests open to this person, each with the commitment that opens it."""
    return {one.request_type: one.promise.id for one in asking().offered(asker)}


def dates(request_type: str, asker: Asker) -> tuple[str | None, date | None, date | None]:
    """The commitment that binds a request of 20 November 2026, its last day and the day of the acknowledgement."""
    table = asking().timetable(request_type, ASKED, asker)
    return table.binding, table.due, table.acknowledge_by


def deleted(asker: Asker, category: str, source: str | None = "person", *grounds: str) -> ItemOutcome:
    """What becomes of one class of data when its deletion is asked for."""
    (outcome,) = asking().delete([Item(category, source, frozenset(grounds))], ASKED, asker)
    return outcome


def counted(asker: Asker, request_type: str, received: datetime, *completed: date | None) -> Tally:
    """How often such a request was answered before, when these were completed (or not)."""
    return asking().tally(
        request_type, received, asker, [Past(request_type, date(2023, 1, 1), one) for one in completed]
    )


def breached(detected: datetime, **more: Any) -> BreachNotice:
    """The one duty to tell people that the policy sets up."""
    (notice,) = Incidents(parts()[0], policy().commitments).notices(Incident(detected, **more))
    return notice


def notices() -> Notices:
    """Who is told of a change."""
    return Notices(parts()[0], policy().commitments)


def features() -> Features:
    """Which features may be on, with the companion documents published."""
    organization, versions, _ = parts()
    return Features(organization, policy().commitments, versions)


def word(feature: str, state: Any, day: int) -> ConsentFact:
    """What Anna said about a feature on that day of November 2026."""
    return ConsentFact(feature, ANNA, state, datetime(2026, 11, day, tzinfo=UTC), uuid4(), "2022-06-29")


def trackers() -> Trackers:
    """What may be set in a browser or app."""
    return Trackers(parts()[0], policy().commitments)


def tracker(purpose: str, surface: str, recipient: str | None = None, **more: Any) -> Verdict:
    """May this be set there? What serves somebody else is a third party's."""
    return trackers().may_set(Tracker(purpose, surface, recipient, recipient is not None, **more))


def ages() -> Ages:
    """From which age what is allowed."""
    return Ages(parts()[0], policy().commitments)


def v1(number: int) -> Commitment:
    """The commitment of that number."""
    found = policy().commitment(f"1V-{number:02d}")
    assert found is not None, f"1V-{number:02d} is gone"
    return found


def ask(program: str, message_class: str, channel: str, standing: Standing = NOBODY, **more: Any) -> Verdict:
    """May this go to somebody nothing is known of, unless a standing is given?"""
    return rulebook().may_contact(Question(program, message_class, channel, NOW, **more), standing)


def about(message_class: str, channel: str, standing: Standing = NOBODY, **more: Any) -> Verdict:
    """May a message about the person's own order 4711 go?"""
    facts = Facts(reference="order 4711")
    return ask("service-messages", message_class, channel, standing, facts=facts, **more)


def offer(place: str | None, standing: Standing = NOBODY, channel: str = "email", **facts: Any) -> Verdict:
    """May an offer of a partner go to somebody who lives there?"""
    return ask("partner-offers", "partner-offer", channel, standing, facts=Facts(jurisdiction=place, **facts))


def agreed(program: str) -> Standing:
    """Anna has consented to this program ten days ago."""
    said = datetime(2026, 11, 11, 17, 0, tzinfo=UTC)
    return Standing(None, (ConsentFact(program, ANNA, "given", said, uuid4(), "2022-06-29"),))


def by(period: str, basis: str, start: date, *places: str) -> date:
    """The last day within a promised period counted from `start`, by the days of Ottawa."""
    due = add(period, basis, start, OTTAWA, places).due
    assert not isinstance(due, datetime)
    return due


def codes(verdict: Verdict) -> list[str]:
    """The codes of the reasons, in order."""
    return [one.code for one in verdict.reasons]


def named(verdict: Verdict) -> set[str]:
    """Every commitment and law the answer names."""
    return {name for one in verdict.reasons for name in (one.commitment, one.law) if name}


PRIVACY = "privacy@1valet.com"


GENERAL = (
    "identifiers",
    "account-information",
    "communications",
    "technical",
    "hardware-usage",
    "geolocation",
    "bulletin-board-posts",
    "directory-entries",
    "settings-changes",
    "authentication-data",
    "reference-data",
)


def states(number: int, **parameters: Any) -> None:
    """The commitment says exactly this, and says it in a sentence for people."""
    promise = v1(number)
    assert promise.parameters == parameters
    assert sentence(promise).endswith(".")


def settles(number: int, **decided: Any) -> None:
    """What the wording leaves open is settled exactly so, with question, value and reason on record."""
    promise = v1(number)
    assert promise.decided == decided
    assert promise.open is not None
    assert promise.open.question and promise.open.value and promise.open.reason


def holds(number: int, *categories: str) -> None:
    """The commitment declares these classes of data and no other, and the organization knows them."""
    assert data.categories_declared(v1(number)) == categories
    assert set(categories) <= {one.key for one in parts()[0].data_categories}


def draft(**changes: Any) -> ConsentDraft:
    """A consent to texts about one's services, typed on the website, unless changed."""
    whole = ConsentDraft(
        program="service-texts",
        channel="sms",
        address="+16135550142",
        state="given",
        occurred_at=NOW,
        method="web-form",
        wording_text="I agree to get texts.",
        wording_language="en",
        ip="192.0.2.7",
    )
    return whole._replace(**changes)
