"""What the pages of notices show of a campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consent.carrier import failing
from consent.dashboard.seats import Seat
from consent.db import Tx
from consent.notices import carriers, cases, dates, queries, service
from consent.notices.dates import FirstDay
from consent.notices.queries import Campaign, Count
from consent.notices.rules import BY_A_PERSON
from consent.notices.wording import LANGUAGES, PLACES, Words, filled
from consent.policies import codes
from consent.policies.kinds import Promise, sentence
from consent.web.i18n import in_words, page_language


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign in the list: what it is about, and how many got it of how many."""

    campaign: Campaign
    title: str
    begins: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One campaign as its page shows it."""

    campaign: Campaign
    title: str
    policy: str
    version: str
    begins: datetime | None
    first: FirstDay | None
    promises: Sequence[tuple[str, str]]
    choice: Sequence[str]
    owed: Sequence[str]
    by_hand: Sequence[str]
    counts: Sequence[Count]
    material: bool
    previews: Mapping[str, Mapping[str, Words]]
    must_say: Sequence[str] = ()
    stands: str | None = None  # why it must not go now
    purposes: Sequence[codes.Said] = ()

    @property
    def people(self) -> int:
        """How many get it, or got it."""
        return sum(one.count for one in self.counts if one.state != "left_out")

    @property
    def seen(self) -> str:
        """Names what stands on the page, so that nothing else is approved by its button."""
        return queries.as_seen(self.campaign, self.counts)

    @property
    def is_draft(self) -> bool:
        """May its ways and words still be changed?"""
        return self.campaign.state in ("listing", "draft")


def line(tx: Tx, here: Seat, campaign: Campaign) -> Line:
    """The campaign as a line of the list."""
    if campaign.version_id is None:
        program, _, day = campaign.about.partition(":")[2].rpartition("/")
        return Line(campaign, f"{here.program(program)}, {in_words(date.fromisoformat(day))}", None)
    version = cases.version_of(tx, here.organization_id, campaign.version_id)
    return Line(campaign, f"{version.title} {version.version}", version.effective_at)


def shown(tx: Tx, here: Seat, campaign: Campaign) -> Shown:
    """The campaign with its promises, its ways, who is in it, and its words as somebody will read them."""
    first = line(tx, here, campaign)
    counts = queries.counts(tx, here.organization_id, campaign.id)
    found = service.case_of(tx, here.organization_id, campaign, here.now)
    if found is None:
        values, must_say = _of_question(here, campaign)
        return Shown(
            campaign, first.title, "", "", None, None, (), (), (), (), counts, False,
            _previews(here, campaign, values), must_say,
            failing.against_sending(tx, here.organization_id, campaign, here.rulebook),
        )  # fmt: skip
    turn, case = found
    duties = case.notices.duties(turn.change)
    told: list[Promise] = [one.promise for one in duties]
    owed = case.notices.owed(turn.change)
    values = {
        "policy": turn.after.title,
        "version": turn.version.version,
        "effective_on": here.at(turn.version.effective_at),
    }
    return Shown(
        campaign, turn.after.title, turn.version.policy, turn.version.version, turn.version.effective_at,
        dates.first_day(tx, here.organization_id, campaign, here.now), [(one.id, sentence(one)) for one in told],
        case.notices.choice(turn.change), sorted(owed), sorted(way for way in campaign.ways if way in BY_A_PERSON),
        counts, case.notices.is_material(turn.change), _previews(here, campaign, values),
        purposes=codes.Reader(here.pack, page_language()).said(campaign.purposes),
    )  # fmt: skip


def _of_question(here: Seat, campaign: Campaign) -> tuple[Mapping[str, str], Sequence[str]]:
    """What fills the places of a question that no version set off, and what a law wants it to say."""
    if not carriers.is_one(campaign):
        return {}, ()
    answer_by = here.rulebook.carrier.counts_from(here.now, letter=False)
    return {"effective_on": in_words(answer_by)} if answer_by else {}, here.rulebook.carrier.notice_says


def _previews(here: Seat, campaign: Campaign, values: Mapping[str, str]) -> dict[str, dict[str, Words]]:
    at = f"https://…/{here.pack.slug}"
    known = {one: f"{at}/…" for one in PLACES if one.endswith("_url")} | {
        "organization": here.pack.name,
    }
    filled_in = {
        language: {**known, "purposes": codes.Reader(here.pack, language).text(campaign.purposes), **values}
        for language in LANGUAGES
    }
    return {
        part: {
            language: Words(*(filled(text, places) for text in (words[language].subject, words[language].text)))
            for language, places in filled_in.items()
            if language in words
        }
        for part, words in campaign.wording.items()
    }
