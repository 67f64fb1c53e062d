"""Programs, features and the words they send, as organization.toml describes them. Frozen once read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consent.policies.caps import Frequency, read_frequencies
from consent.policies.findings import nearest
from consent.policies.kinds import shapes as s
from consent.policies.opt_in_settings import NOT_ASKED, Asking, read_asking
from consent.policies.questions import FACTS
from consent.policies.reading import Table
from consent.policies.said import Named, Tongues, plain, spoken

CHANNELS = ("sms", "email", "voice", "chat", "post", "push", "web", "none")
FOOTINGS = ("opt-in", "opt-out", "required", "forbidden")
FEATURE_FOOTINGS = ("opt-in", "opt-out", "on-request", "required")
BASES = ("consent", "legitimate-interest", "implied")
LONGEST_KEY = 48  # rows of a person's settings hold the key with a word before it, in 64 characters
# The answers a text program gives by itself, each per language.
REPLIES = ("stop", "help", "start", "already", "how_to_opt_in")

# What a consent receipt says of a program (ISO/IEC TS 27560); the words are those of the Data Privacy Vocabulary.
RECEIPT_LISTS = ("purpose_type", "recipients", "processing_method", "storage_locations")
RECEIPT_TEXTS = ("lawful_basis", "retention_of", "withdrawal_method", "privacy_rights", "validity_duration")
RECEIPT = (*RECEIPT_LISTS, "pii", *RECEIPT_TEXTS)


@dataclass(frozen=True)
class Sender:
    """A number or name that messages come from."""

    id: str
    channel: str
    number: str


@dataclass(frozen=True)
class MessageClass(Named):
    """A sort of message, such as an outage notice; `requires` names the facts a question about it must bring."""

    key: str
    name: str
    marketing: bool
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Basis:
    """What lets a program go out on one channel to people of one jurisdiction."""

    channel: str
    jurisdiction: str
    basis: str
    customers_only: bool
    until: str | None  # how long after the last purchase
    assessment: str | None


@dataclass(frozen=True)
class Program(Named):
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
    automated: bool = False  # a machine calls or writes
    member_only: bool = False
    requires: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    category: str | None = None  # programs that a stop to one of them may end together
    links: bool = False  # its texts may hold links, as it was registered with the carriers
    frequencies: tuple[Frequency, ...] = ()  # how often its people may ask it to write at the most
    asking: Asking = NOT_ASKED


@dataclass(frozen=True)
class Feature(Named):
    """Something other than messages that a person switches on or off; `companion` is a policy agreed to with it."""

    key: str
    name: str
    sentence: str
    service: str
    channels: tuple[str, ...]
    footing: str
    companion: str | None
    consequence: str | None
    granted_by: str | None


def read_class(key: str, table: Table, tongues: Tongues) -> MessageClass:
    """The message class a table describes."""
    said = spoken(table, tongues, "name")
    made = MessageClass(key, plain(said, "name"), table.flag("marketing", False), _facts(table), said=said)
    table.done()
    return made


def read_sender(table: Table) -> Sender:
    """The sender a table describes."""
    made = Sender(table.text("id"), table.text("channel", "sms"), table.text("number"))
    one_of(table, "channel", made.channel, CHANNELS)
    table.done()
    return made


def read_feature(key: str, table: Table, tongues: Tongues) -> Feature:
    """The feature a table describes."""
    said = spoken(table, tongues, "name", "sentence", maybe=("consequence",))
    made = Feature(
        key=key,
        said=said,
        name=plain(said, "name"),
        sentence=plain(said, "sentence"),
        service=table.text("service"),
        channels=table.words("channels"),
        footing=table.text("footing"),
        companion=table.maybe("companion"),
        consequence=plain(said, "consequence") or None,
        granted_by=table.maybe("granted_by"),
    )
    for channel in made.channels:
        one_of(table, "channels", channel, CHANNELS)
    one_of(table, "footing", made.footing, FEATURE_FOOTINGS)
    table.done()
    return made


def read_program(
    key: str, table: Table, languages: tuple[str, ...], tongues: Tongues, senders: tuple[Sender, ...],
    classes: tuple[MessageClass, ...],
) -> Program:  # fmt: skip
    """The program a table describes."""
    known = {one.key: one for one in classes}
    named = table.words("message_classes")
    for one in named:
        one_of(table, "message_classes", one, tuple(known))
    channels = table.words("channels")
    for channel in channels:
        one_of(table, "channels", channel, CHANNELS)
    footing = table.text("footing")
    one_of(table, "footing", footing, FOOTINGS)
    used = table.words("senders", required=False)
    for one in used:
        one_of(table, "senders", one, tuple(sender.id for sender in senders))
    replies = table.table("replies", required=False)
    receipt = table.table("receipt")
    _check_receipt(receipt)
    said = spoken(table, tongues, "name", "sentence")
    made = Program(
        key=key,
        said=said,
        name=plain(said, "name"),
        sentence=plain(said, "sentence"),
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
        receipt=receipt.data,
        automated=table.flag("automated", False),
        member_only=table.flag("member_only", False),
        requires=_facts(table),
        links=table.flag("links", False),
        bases=tuple(_basis(one, channels) for one in table.tables("bases", required=False)),
        category=table.maybe("category"),
        frequencies=read_frequencies(table.tables("frequencies", required=False), tongues),
        asking=read_asking(table.table("opt_in", required=False), channels, named),
    )
    if len(key) > LONGEST_KEY:
        table.wrong("name", f'"{key}" is too long a key of a program; {LONGEST_KEY} characters are the most')
    for kind in replies.data:
        one_of(replies, kind, kind, REPLIES)
    _every_language(table, "frequency", made.frequency, languages, tongues.pages)
    _every_language(table, "keyword_wording", made.keyword_wording, languages)
    for kind, texts in made.replies.items():
        _every_language(replies, kind, texts, languages)
    table.done()
    return made


def _check_receipt(receipt: Table) -> None:
    """What a receipt says is texts and lists of texts: it is signed and read by machines as it stands."""
    for key in receipt.data:
        one_of(receipt, key, key, RECEIPT)
        if key in RECEIPT_LISTS:
            receipt.words(key)
        elif key in RECEIPT_TEXTS:
            said = receipt.text(key)
            if key == "validity_duration" and said not in ("", "unlimited") and (wrong := s.period(said)):
                receipt.wrong(key, f'"{key}" {wrong}, or "unlimited"')
    for one in receipt.tables("pii", required=False):
        one.text("type")
        one.flag("optional", False)
        one.flag("sensitive", False)
        one.done()


def one_of(table: Table, key: str, value: str, known: tuple[str, ...]) -> None:
    """Note a mistake unless the value is one of the known ones."""
    if value and value not in known:
        table.wrong(key, f'"{value}" is not known here; {nearest(value, known)}')


def _facts(table: Table) -> tuple[str, ...]:
    named = table.words("requires", required=False)
    for one in named:
        one_of(table, "requires", one, FACTS)
    return named


def _basis(table: Table, channels: tuple[str, ...]) -> Basis:
    """One entry, never without channel and place: what is allowed somewhere is not allowed everywhere (T-19)."""
    made = Basis(
        channel=table.text("channel"),
        jurisdiction=table.text("jurisdiction"),
        basis=table.text("basis"),
        customers_only=table.text("for", "") == "customers",
        until=table.maybe("until"),
        assessment=table.maybe("assessment"),
    )
    one_of(table, "channel", made.channel, channels)
    if made.jurisdiction and (wrong := s.place(made.jurisdiction)):
        table.wrong("jurisdiction", f'"{made.jurisdiction}" holds nowhere in particular; it {wrong}')
    one_of(table, "basis", made.basis, BASES)
    one_of(table, "for", table.text("for", ""), ("customers",))
    if made.until is not None and (wrong := s.period(made.until)):
        table.wrong("until", f'"until" {wrong}')
    if made.basis == "implied" and made.until is None:
        table.wrong("until", 'an implied consent runs out: say after how long, such as until = "P24M"')
    if made.basis == "legitimate-interest" and not (made.assessment or "").strip():
        table.wrong("assessment", "a legitimate interest needs its written assessment here")
    table.done()
    return made


def _opt_in_box(table: Table) -> Mapping[str, bool]:
    made = {one: table.flag(one, False) for one in ("pre_ticked", "bundled", "mandatory")}
    table.done()
    return made


def _every_language(
    table: Table, key: str, texts: Mapping[str, str], languages: tuple[str, ...], pages: tuple[str, ...] = ()
) -> None:
    """Where a text exists it exists in every language of the organization, and in no other but those of its pages."""
    if key in table.data and not set(languages) <= set(texts) <= {*languages, *pages}:
        table.wrong(key, f"texts are needed in exactly these languages: {', '.join(languages)}")
