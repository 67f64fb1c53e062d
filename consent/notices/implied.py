"""Consent that only a purchase or an inquiry implies: until when it lasts for each, and one question before it ends.

The house keeps no purchases: the organization's own system says them, and the list is made of what it says. Nobody is
asked who has said yes or no already, who was asked before, or whom nothing lets us write to any more; the gate says so
twice, when the mail is written and right before it leaves.
"""

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from consent.db import Sql, Tx
from consent.deadlines import Period, zone
from consent.decisions.gathering import About, gather
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.notices.wording import IMPLIED, LANGUAGES, draft, mail
from consent.outbox import mail as outgoing
from consent.policies import jurisdictions
from consent.policies.governing import InForce
from consent.policies.organization import OrganizationPack, Program
from consent.policies.questions import Facts, Question, facts_text
from consent.subjects import service as subjects
from consent.subjects.addresses import Address, of_person
from consent.verification import links
from consent.web.i18n import day_in

EMAIL, KIND = "email", "mail.implied"
COLUMNS = ("address", "last_purchase_on", "last_inquiry_on", "jurisdiction", "language")
DAYS = ("last_purchase_on", "last_inquiry_on")
MOST = 10_000  # people in one list
NO_POSTAL_ADDRESS = "organization.toml gives no postal_address: the law wants one in such a question. Add it first."
NO_CSV = "This is no CSV."

_ASKED = Sql("SELECT 1 FROM job WHERE organization_id = :organization_id AND unique_key = :key")


@dataclass(frozen=True, slots=True)
class Customer:
    """One line of the list: whose it is, and what the organization knows of them."""

    number: int
    address: Address
    facts: Facts
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """What holds for one of them: the last day on which consent is implied, and whether they may be asked, or why not.

    `why` is empty where they may be; else a code of the gate's, `agreed`, `refused`, `asked-before` or `later`.
    """

    number: int
    address: str
    last_day: date | None
    why: str
    asked: bool = False


@dataclass(frozen=True)
class Ask:
    """Which program is meant, and until which day an end is near; `public_url` is where the links of a mail lead."""

    program: Program
    message_class: str
    by: date | None
    public_url: str


def read(text: str, usual: str) -> Iterator[Customer]:
    """The people of a CSV with a head of COLUMNS; `usual` is the language of whoever has none. Raises BadInput."""
    rows = csv.DictReader(io.StringIO(text))
    try:
        columns = set(rows.fieldnames or ())
    except csv.Error:
        raise BadInput(NO_CSV, field="line 1") from None
    if not {"address", "jurisdiction"} <= columns:
        raise BadInput(f"The first line names the columns: {', '.join(COLUMNS)}.", field="line 1")
    for number, row in _numbered(rows):
        if number > MOST + 1:
            raise BadInput(f"A list has at most {MOST:,} people: take it in parts.", field=f"line {number}")
        said = {name: (row.get(name) or "").strip() for name in COLUMNS}
        yield Customer(number, _address(said, number), _facts(said, number), _language(said, number) or usual)


def _address(said: Mapping[str, str], number: int) -> Address:
    try:
        return of_person(EMAIL, said["address"])
    except BadInput as error:
        raise BadInput(error.detail, field=_at(number, "address")) from None


def _facts(said: Mapping[str, str], number: int) -> Facts:
    place = said["jurisdiction"].upper()
    if not jurisdictions.exists(place):
        raise BadInput("There is no such place; ISO 3166-2 writes CA or CA-BC.", field=_at(number, "jurisdiction"))
    days: dict[str, date] = {}
    for name in DAYS:
        try:
            days |= {name: date.fromisoformat(said[name])} if said[name] else {}
        except ValueError:
            raise BadInput("A day is written as 2026-11-22.", field=_at(number, name)) from None
    bought, inquired = (days.get(name) for name in DAYS)
    return Facts(jurisdiction=place, last_purchase_on=bought, last_inquiry_on=inquired)


def _language(said: Mapping[str, str], number: int) -> str:
    language = said["language"].lower()
    if language and language not in LANGUAGES:  # nobody is written to in a language that is not theirs by mistake
        raise BadInput(f"The question is written in {', '.join(LANGUAGES)}; without one, in the usual one.",
                       field=_at(number, "language"))  # fmt: skip
    return language


def _at(number: int, column: str) -> str:
    return f"line {number}, {column}"


def _numbered(rows: Iterable[dict[str, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        yield from enumerate(rows, 2)
    except csv.Error:
        raise BadInput(NO_CSV, field="file") from None


def near(now: datetime, within: str | None, pack: OrganizationPack) -> date | None:
    """The last day of the time that is near; None without one. Raises BadInput of `--within` where it is no period."""
    if within is None:
        return None
    try:
        return Period.parse(within).after(now.astimezone(zone(pack.zone)).date())
    except BadInput as error:
        raise BadInput(error.detail, field="--within") from None


def look(tx: Tx, keyring: Keyring, in_force: InForce, ask: Ask, one: Customer, now: datetime) -> Line:
    """What holds for this customer now; nothing is written."""
    rulebook, organization_id = in_force.rulebook, in_force.log.organization_id
    tagged = subjects.tagged(keyring, organization_id, one.address)
    question = Question(ask.program.key, ask.message_class, EMAIL, now, facts=one.facts)
    _, standing = gather(tx, organization_id, About(rulebook, question, tagged.tag64, one.address.value))
    last_day = rulebook.implied_until(question)
    line = Line(one.number, one.address.value, last_day, "")
    if standing.consents:
        newest = max(standing.consents, key=lambda fact: fact.occurred_at)
        return replace(line, why="agreed" if newest.state == "given" else newest.state)
    verdict = rulebook.may_contact(question, standing)
    if verdict.answer != "allow" or last_day is None:
        return replace(line, why=verdict.reasons[0].code if verdict.answer != "allow" else "not-implied")
    if ask.by is not None and last_day > ask.by:
        return replace(line, why="later")
    contact = subjects.find(tx, organization_id, tagged)
    if contact is not None and _was_asked(tx, organization_id, ask, contact):
        return replace(line, why="asked-before")
    return line


def put(
    tx: Tx, keyring: Keyring, in_force: InForce, ask: Ask, one: Customer, run_at: datetime, now: datetime
) -> Line:  # fmt: skip
    """Whoever may be asked has the question in the outbox, once; it is not sent any more when the last day is over."""
    line = look(tx, keyring, in_force, ask, one, now)
    if line.why or line.last_day is None:
        return line  # and whoever is not asked is not made known here by being on a list
    pack, organization_id = in_force.rulebook.organization, in_force.log.organization_id
    tagged = subjects.tagged(keyring, organization_id, one.address)
    contact = subjects.contact(tx, keyring, organization_id, tagged, now)
    line = look(tx, keyring, in_force, ask, one, now)  # another run may have asked before theirs was locked
    if line.why or line.last_day is None:
        return line
    ends = datetime.combine(line.last_day + timedelta(days=1), time(), zone(pack.zone))
    letter = mail(
        draft(IMPLIED, one.language),
        _values(keyring, pack, organization_id, ask, contact.id, one.language, line.last_day, now),
        _link(keyring, pack, organization_id, ask, contact.id, links.UNSUBSCRIBE, ask.program.key, now),
    )
    data = {"program": ask.program.key, "until": line.last_day.isoformat(), **in_force.rulebook.policy_version.cited()}
    facts = {"address": one.address.value}
    event = ledger.Event("notice.asked", "system", EMAIL, (ask.program.key,), data, facts=facts)
    ledger.append(tx, in_force.log, contact.stream, event, now)
    outgoing.write(
        tx, keyring, organization_id, contact.stream.key, one.address, letter, now, kind=KIND,
        contact_point_id=contact.id, program=ask.program.key, message_class=ask.message_class,
        unique_key=_key(ask, contact.id), expires_at=ends, run_at=run_at, facts=facts_text(one.facts),
    )  # fmt: skip
    return replace(line, asked=True)


def ask_all(
    write: Callable[[Callable[[Tx], Line]], Line], keyring: Keyring, in_force: InForce, ask: Ask,
    customers: Iterable[Customer], now: datetime,
) -> Iterator[Line]:  # fmt: skip
    """Each of them in a transaction of their own, at the pace of notices. Raises BadInput without a postal address."""
    pack = in_force.rulebook.organization
    if pack.postal_address is None:
        raise BadInput(NO_POSTAL_ADDRESS, field="postal_address")
    count = 0
    for one in customers:
        run_at = now + timedelta(minutes=count // pack.notices.per_minute)
        line = write(lambda tx, one=one, at=run_at: put(tx, keyring, in_force, ask, one, at, now))  # type: ignore[misc]
        count += line.asked
        yield line


def _was_asked(tx: Tx, organization_id: uuid.UUID, ask: Ask, contact_id: uuid.UUID) -> bool:
    place = {"organization_id": organization_id, "key": _key(ask, contact_id)}
    return tx.one(_ASKED, place) is not None


def _key(ask: Ask, contact_id: uuid.UUID) -> str:
    return f"implied:{ask.program.key}:{contact_id}"


def _values(
    keyring: Keyring, pack: OrganizationPack, organization_id: uuid.UUID, ask: Ask, contact_id: uuid.UUID,
    language: str, last_day: date, now: datetime,
) -> Mapping[str, str]:  # fmt: skip
    """What stands in the mail: what is asked, until when it is implied, and who asks (SOR/2012-36 s. 4)."""
    reach = (pack.postal_address, pack.email, pack.phone)
    return {
        "organization": pack.name,
        "purposes": ask.program.sentence_in(language),
        "effective_on": day_in(language, last_day),
        "preferences_url": _link(keyring, pack, organization_id, ask, contact_id, links.PREFERENCES, None, now),
        "sender": "\n".join(str(one) for one in reach if one),
    }


def _link(
    keyring: Keyring, pack: OrganizationPack, organization_id: uuid.UUID, ask: Ask, contact_id: uuid.UUID, kind: str,
    program: str | None, now: datetime,
) -> str:  # fmt: skip
    link = links.Link(organization_id, contact_id, kind, None, program, None, now)
    return links.address_of(keyring, link, ask.public_url, pack.slug)
