"""What is held about somebody, gathered from here and from every store, and put where they can fetch it."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from consent.db import Database, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import NotFound
from consent.gateways.stores.base import Reached, Store, Subject
from consent.ledger.keys import Keyring
from consent.outbox import mail as outgoing
from consent.policies.kinds.shapes import as_list
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers import downloads, holdings, packing, vault
from consent.privacy_requests.answers.certificates import TEMPLATES
from consent.privacy_requests.answers.downloads import Answer, For
from consent.privacy_requests.answers.holdings import Whose
from consent.privacy_requests.answers.packing import Head
from consent.privacy_requests.answers.pieces import Piece
from consent.privacy_requests.answers.words import COMES_LATE, Speaker
from consent.subjects import service as subjects
from consent.subjects.addresses import Kind, as_received
from consent.web import spoken

MAIL = "mail.answer"
PORTABLE = frozenset({"portability"})
# The word under which a promise says how far back an answer reaches, by the type of request.
REACHES = {"access": "specific-pieces"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The request as far as its answer needs it. `since` is the first day that was chosen, None for everything.

    `without` are the classes of data of which nothing is handed over, because that was decided on a ground; `apart`
    are systems whose part a person looks up and sends by itself. An answer that was made before `anew` is not the one.
    Behind `answer_by` the mail says that the answer comes late.
    """

    request_id: uuid.UUID
    contact_point_id: uuid.UUID
    request_type: str
    received_at: datetime
    reference: str = ""
    language: str = "en"
    since: date | None = None
    given_to: tuple[str, ...] = field(default=(), repr=False)
    without: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    anew: datetime | None = None
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """Where answers are made: the database, the keys, the organization and the public address of the service."""

    db: Database
    keyring: Keyring
    organization_id: uuid.UUID
    rulebook: Rulebook
    url: str


def give(here: Here, wanted: Wanted, stores: Sequence[Store], lasts: timedelta, now: datetime) -> Answer:
    """The answer waits behind a fresh code, and whoever has a mailbox is told so; made twice, the first one stays.

    StoreFailed where a store cannot say what it holds: an answer that lacks a part is none. NotFound once erased.
    """
    db, keyring, organization_id = here.db, here.keyring, here.organization_id
    with db.read(organization_id) as tx:
        waiting = downloads.of_request(tx, organization_id, wanted.request_id, now)
        whose = holdings.whose(tx, keyring, organization_id, wanted.contact_point_id)
    if waiting and (wanted.anew is None or waiting[0].made_at >= wanted.anew):
        return waiting[0]
    if whose is None:
        raise NotFound("The person of this request is no longer on record.")
    ours = holdings.ours(db, keyring, organization_id, here.rulebook, whose)
    whom = For(wanted.request_id, wanted.contact_point_id)

    def tell(tx: Tx, contact: subjects.KnownContact, made: Answer) -> None:
        mail(tx, here, wanted, contact, made, now)

    head = head_of(here.rulebook, whose, wanted, now)
    given = (one for one in ours if _goes(one, wanted.without))
    found = (one for one in _from(stores, subject_of(whose)) if _goes(one, wanted.without))

    def fill(out: vault.Writer, aside: Path) -> int:
        return packing.build(out, head, given, found, aside)

    return downloads.make(db, keyring, organization_id, whom, fill, lasts, now, tell)


def _goes(piece: Piece, without: frozenset[str]) -> bool:
    """Is it handed over? What was decided for one source of a class of data alone is written with that source."""
    return without.isdisjoint((piece.category, f"{piece.category}/{piece.source}"))


def head_of(rulebook: Rulebook, whose: Whose, wanted: Wanted, now: datetime) -> Head:
    """What stands above the records. The period a promise names is the least that is answered: more is given."""
    pack, word = rulebook.organization, REACHES.get(wanted.request_type, wanted.request_type)
    window = rulebook.requests.window(word, wanted.received_at)
    since = wanted.since
    if since is not None and window is not None and since > window.first:
        since = window.first
    return Head(
        pack.name,
        pack.privacy_contact,
        whose.places[0].tagged.address.masked,
        wanted.request_type,
        wanted.reference,
        now.astimezone(zones.zone(pack.zone)),  # its day is that of the company's calendar
        since,
        window.steps if window is not None else (),
        recipients_of(rulebook),
        wanted.given_to,
        wanted.request_type in PORTABLE,
        wanted.language,
        whose.addresses,
        wanted.apart,
        pack,
    )


def recipients_of(rulebook: Rulebook) -> tuple[str, ...]:
    """To whom the policy lets data go, each once."""
    listing = [one for one in rulebook.promises if one.kind == "share-allowed-recipient"]
    return tuple(dict.fromkeys(each for one in listing for each in as_list(one.parameters.get("recipients"))))


def subject_of(whose: Whose) -> Subject:
    """The person as stores are asked about them."""
    reached = tuple(Reached(one.tagged.address.channel, one.tagged.address.value) for one in whose.places)
    return Subject(reached, whose.references)


def _from(stores: Sequence[Store], subject: Subject) -> Iterator[Piece]:
    for store in stores:
        yield from holdings.of_store(store.find(subject, store.categories), store.name)


def mail(
    tx: Tx, here: Here, wanted: Wanted, contact: subjects.KnownContact, made: Answer, now: datetime
) -> None:  # fmt: skip
    """To a mailbox goes where the answer is to be fetched, and nothing of what it holds."""
    if contact.address is None or contact.key is None:
        return
    to = as_received(contact.channel, contact.address)
    if to.kind is not Kind.EMAIL:
        return
    pack = here.rulebook.organization
    language = spoken.language_of(wanted.language)
    shown = {
        "organization": pack.name,
        "address": f"{here.url}/{pack.slug}/requests/answers/{made.id}?lang={language}",
        "until": local_date(made.expires_at, zones.zone(pack.zone)),
        "reference": wanted.reference,
        "late": _late(wanted, pack, language, now),
    }
    plain = spoken.render(TEMPLATES, "answers/ready_mail.txt", language, **shown)
    subject, _, text = plain.partition("\n")
    html = spoken.render(TEMPLATES, "answers/ready_mail.html", language, **shown)
    letter = outgoing.Mail(subject.strip(), text.strip() + "\n", html)
    outgoing.write(
        tx, here.keyring, here.organization_id, contact.key, to, letter, now,
        kind=MAIL, contact_point_id=contact.id, unique_key=f"answer:{made.id}",
    )  # fmt: skip


def _late(wanted: Wanted, pack: OrganizationPack, language: str, now: datetime) -> str:
    """The sentence that says that this answer comes late, by the calendar of the company; empty where it does not."""
    if wanted.answer_by is None or local_date(now, zones.zone(pack.zone)) <= wanted.answer_by:
        return ""
    say = spoken.say(language)
    return say(COMES_LATE) % {"due": Speaker(say, language, pack).day(wanted.answer_by)}
