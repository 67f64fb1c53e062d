"""organization.toml: who the company is, its programs and the words it sends. Frozen once read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consent.policies.findings import nearest
from consent.policies.reading import Source, Table

CHANNELS = ("sms", "email", "voice", "post", "push", "web", "none")
FOOTINGS = ("opt-in", "opt-out", "required", "forbidden")
# The answers a text program gives by itself, each per language.
REPLIES = ("stop", "help", "start", "already", "how_to_opt_in")


@dataclass(frozen=True)
class Sender:
    """A number or name that messages come from."""

    id: str
    channel: str
    number: str


@dataclass(frozen=True)
class MessageClass:
    """A sort of message, such as an outage notice; promotion is marked as marketing."""

    key: str
    name: str
    marketing: bool


@dataclass(frozen=True)
class Program:
    """A named purpose with its channels, its classes, its footing and its words."""

    key: str
    name: str
    sentence: str
    service: str
    channels: tuple[str, ...]
    message_classes: tuple[str, ...]
    footing: str
    marketing: bool
    senders: tuple[str, ...]
    keyword_opt_in: bool
    legal_basis: str | None
    opt_in_box: Mapping[str, bool]  # how the company's own form asks: pre_ticked, bundled, mandatory
    frequency: Mapping[str, str]
    keyword_wording: Mapping[str, str]
    replies: Mapping[str, Mapping[str, str]]  # reply kind -> language -> text
    receipt: Mapping[str, Any]


@dataclass(frozen=True)
class DataCategory:
    """A class of data the company holds, and the service it belongs to."""

    key: str
    name: str
    service: str


@dataclass(frozen=True)
class Recipient:
    """Somebody data may go to."""

    key: str
    name: str


@dataclass(frozen=True)
class OrganizationPack:
    """An organization as its file describes it; `sha256` is the hash of that file's text."""

    name: str
    slug: str
    zone: str
    languages: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    email: str
    phone: str
    urgent_phone: str | None
    postal_address: str | None
    privacy_contact: str
    website: str | None
    senders: tuple[Sender, ...]
    programs: tuple[Program, ...]
    message_classes: tuple[MessageClass, ...]
    data_categories: tuple[DataCategory, ...]
    recipients: tuple[Recipient, ...]
    sha256: bytes
    source: str = field(repr=False)

    def program(self, key: str) -> Program | None:
        """The program of that key."""
        return next((one for one in self.programs if one.key == key), None)


def parse_organization(text: str, file: str = "organization.toml") -> OrganizationPack:
    """The organization written in `text`; refused with every mistake found."""
    source = Source(text, file)
    root = source.root
    contacts = root.table("contacts")
    classes = tuple(_message_class(key, one) for key, one in root.named("message_classes"))
    senders = tuple(_sender(one) for one in root.tables("senders", required=False))
    languages = root.words("languages")
    pack = OrganizationPack(
        name=root.text("name"),
        slug=root.text("slug"),
        zone=root.text("zone"),
        languages=languages,
        jurisdictions=root.words("jurisdictions"),
        website=root.maybe("website"),
        postal_address=root.maybe("postal_address"),
        email=contacts.text("email"),
        phone=contacts.text("phone"),
        urgent_phone=contacts.maybe("urgent_phone"),
        privacy_contact=contacts.text("privacy", ""),
        senders=senders,
        message_classes=classes,
        programs=tuple(_program(key, one, languages, senders, classes) for key, one in root.named("programs")),
        data_categories=tuple(_data_category(k, t) for k, t in root.named("data_categories", required=False)),
        recipients=tuple(_recipient(key, one) for key, one in root.named("recipients", required=False)),
        sha256=hashlib.sha256(text.encode()).digest(),
        source=text,
    )
    contacts.done()
    root.done()
    source.refuse_if_wrong()
    return pack


def _message_class(key: str, table: Table) -> MessageClass:
    made = MessageClass(key, table.text("name"), table.flag("marketing", False))
    table.done()
    return made


def _sender(table: Table) -> Sender:
    made = Sender(table.text("id"), table.text("channel", "sms"), table.text("number"))
    _one_of(table, "channel", made.channel, CHANNELS)
    table.done()
    return made


def _data_category(key: str, table: Table) -> DataCategory:
    made = DataCategory(key, table.text("name"), table.text("service"))
    table.done()
    return made


def _recipient(key: str, table: Table) -> Recipient:
    made = Recipient(key, table.text("name"))
    table.done()
    return made


def _program(
    key: str,
    table: Table,
    languages: tuple[str, ...],
    senders: tuple[Sender, ...],
    classes: tuple[MessageClass, ...],
) -> Program:
    known = {one.key: one for one in classes}
    named = table.words("message_classes")
    for one in named:
        _one_of(table, "message_classes", one, tuple(known))
    channels = table.words("channels")
    for channel in channels:
        _one_of(table, "channels", channel, CHANNELS)
    footing = table.text("footing")
    _one_of(table, "footing", footing, FOOTINGS)
    used = table.words("senders", required=False)
    for one in used:
        _one_of(table, "senders", one, tuple(sender.id for sender in senders))
    replies = table.table("replies", required=False)
    made = Program(
        key=key,
        name=table.text("name"),
        sentence=table.text("sentence"),
        service=table.text("service"),
        channels=channels,
        message_classes=named,
        footing=footing,
        marketing=any(known[one].marketing for one in named if one in known),
        senders=used,
        keyword_opt_in=table.flag("keyword_opt_in", False),
        legal_basis=table.maybe("legal_basis"),
        opt_in_box=_opt_in_box(table.table("opt_in_box", required=False)),
        frequency=table.texts("frequency", required=False),
        keyword_wording=table.texts("keyword_wording", required=False),
        replies={kind: replies.texts(kind) for kind in replies.data},
        receipt=table.table("receipt").data,
    )
    for kind in replies.data:
        _one_of(replies, kind, kind, REPLIES)
    _every_language(table, "frequency", made.frequency, languages)
    _every_language(table, "keyword_wording", made.keyword_wording, languages)
    for kind, texts in made.replies.items():
        _every_language(replies, kind, texts, languages)
    table.done()
    return made


def _opt_in_box(table: Table) -> Mapping[str, bool]:
    made = {one: table.flag(one, False) for one in ("pre_ticked", "bundled", "mandatory")}
    table.done()
    return made


def _one_of(table: Table, key: str, value: str, known: tuple[str, ...]) -> None:
    if value and value not in known:
        table.wrong(key, f'"{value}" is not known here; {nearest(value, known)}')


def _every_language(table: Table, key: str, texts: Mapping[str, str], languages: tuple[str, ...]) -> None:
    """Where a text exists it exists in every language of the organization, and in no other."""
    if texts and set(texts) != set(languages):
        table.wrong(key, f"texts are needed in exactly these languages: {', '.join(languages)}")
