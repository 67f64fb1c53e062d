"""organization.toml: who the company is, its programs and the words it sends. Frozen once read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from consent.policies.brand import Brand, read_brand
from consent.policies.caps import Cap, read_cap
from consent.policies.elsewhere import Elsewhere, read_elsewhere
from consent.policies.free_text_settings import FreeText, read_free_text
from consent.policies.law import read_services
from consent.policies.notice_settings import NoticeSettings, read_notices
from consent.policies.number_care import NumberCare, read_care
from consent.policies.outside_settings import OutsideSettings, read_outside
from consent.policies.programs import (
    CHANNELS,
    REPLIES,
    Basis,
    Feature,
    MessageClass,
    Program,
    Sender,
    read_class,
    read_feature,
    read_program,
    read_sender,
)
from consent.policies.reading import NAME, Source, Table
from consent.policies.recipients import Recipient, read_recipient
from consent.policies.recorded_lines import RecordedLine, read_line
from consent.policies.request_settings import RequestSettings, read_requests
from consent.policies.said import Named, Tongues, plain, read_said, read_tongues, spoken
from consent.policies.staff_settings import StaffSettings, read_staff
from consent.policies.stop_settings import WIDEST, SenderSystem, StopSettings, read_sender_system, read_stop

__all__ = [
    "CHANNELS",
    "REPLIES",
    "Basis",
    "DataCategory",
    "Feature",
    "MessageClass",
    "OrganizationPack",
    "Program",
    "Recipient",
    "Sender",
    "parse_organization",
]

# The parts of this house's own records: by what people are reached, what they agreed to and refused, what was written
# in both directions, that it was sent, and whom the organization's systems mean.
HERE = ("addresses", "consents", "messages", "delivery", "people")


@dataclass(frozen=True)
class DataCategory(Named):
    """A class of data the company holds, and the service it belongs to.

    `here` names the part of this house's own records that is of this class: none where other systems hold it all.
    `channels` are those of the addresses that are of it, where it does not hold addresses of every kind.
    `whose` is left out where the company itself decides.
    `groups` are the policy's words for several classes, of which it is one, beside the service.
    `sensitive`: a limit that somebody sets on the use of sensitive data reaches it.
    """

    key: str
    name: str
    service: str
    here: str | None = None
    channels: tuple[str, ...] = ()
    sensitive: bool = False
    whose: str | None = None  # the word by which a promise says for whose data the company is what
    groups: tuple[str, ...] = ()

    def is_of(self, channel: str | None) -> bool:
        """Can an address of this channel be of this class? Where either says nothing of channels, yes."""
        return channel is None or not self.channels or channel in self.channels


@dataclass(frozen=True)
class OrganizationPack:
    """An organization as its file describes it; `sha256` is the hash of that file's text, its logo included."""

    name: str
    slug: str
    zone: str
    languages: tuple[str, ...]  # of texts and of the wording; the first one is that of plain texts
    page_languages: tuple[str, ...]
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
    features: tuple[Feature, ...] = ()
    caps: tuple[Cap, ...] = ()
    numbers: NumberCare = field(default_factory=NumberCare)
    stop: StopSettings = WIDEST
    sender_systems: tuple[SenderSystem, ...] = ()
    statements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what must be said, per key and language
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of codes of clauses, per code and language
    brand: Brand | None = None
    requests: RequestSettings = field(default_factory=RequestSettings)
    outside: OutsideSettings = field(default_factory=OutsideSettings)
    staff: StaffSettings = field(default_factory=StaffSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    free_text: FreeText = field(default_factory=FreeText)
    recorded_lines: tuple[RecordedLine, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    services: tuple[str, ...] = ()  # what the company does for its customers; nothing said is everything

    def program(self, key: str) -> Program | None:
        """The program of that key."""
        return next((one for one in self.programs if one.key == key), None)

    def feature(self, key: str) -> Feature | None:
        """The feature of that key."""
        return next((one for one in self.features if one.key == key), None)

    def recipient(self, key: str) -> Recipient | None:
        """The recipient of that key."""
        return next((one for one in self.recipients if one.key == key), None)


def parse_organization(text: str, file: str = "organization.toml") -> OrganizationPack:
    """The organization written in `text`; refused with every mistake found."""
    source = Source(text, file)
    root = source.root
    contacts = root.table("contacts")
    languages = root.words("languages")
    tongues = read_tongues(root, languages)
    classes = tuple(read_class(key, one, tongues) for key, one in root.named("message_classes"))
    senders = tuple(read_sender(one) for one in root.tables("senders", required=False))
    programs = tuple(
        read_program(key, one, languages, tongues, senders, classes) for key, one in root.named("programs")
    )
    pack = OrganizationPack(
        name=root.text("name"),
        slug=_slug(root),
        zone=root.text("zone"),
        languages=languages,
        page_languages=tongues.pages,
        jurisdictions=root.words("jurisdictions"),
        services=read_services(root),
        website=root.maybe("website"),
        postal_address=root.maybe("postal_address"),
        email=contacts.text("email"),
        phone=contacts.text("phone"),
        urgent_phone=contacts.maybe("urgent_phone"),
        privacy_contact=contacts.text("privacy", ""),
        senders=senders,
        message_classes=classes,
        programs=programs,
        data_categories=tuple(_data_category(k, t, tongues) for k, t in root.named("data_categories", required=False)),
        recipients=tuple(read_recipient(key, one, tongues) for key, one in root.named("recipients", required=False)),
        recorded_lines=tuple(read_line(key, one, tongues) for key, one in root.named("recorded_lines", required=False)),
        elsewhere=tuple(read_elsewhere(key, one, tongues) for key, one in root.named("elsewhere", required=False)),
        features=tuple(read_feature(key, one, tongues) for key, one in root.named("features", required=False)),
        numbers=read_care(root.table("numbers", required=False)),
        stop=read_stop(root.table("stop", required=False)),
        sender_systems=tuple(read_sender_system(one) for one in root.tables("sender_systems", required=False)),
        brand=read_brand(root.table("brand", required=False), root.table("brand_file", required=False)),
        caps=tuple(read_cap(one, tuple(root.data.get("programs", {}))) for one in root.tables("caps", required=False)),
        words=_words(root.table("words", required=False), tongues),
        statements={key: one.texts("text") for key, one in root.named("statements", required=False)},
        requests=read_requests(root.table("requests", required=False)),
        outside=read_outside(root.table("outside", required=False)),
        staff=read_staff(root.table("staff", required=False)),
        notices=read_notices(root.table("notices", required=False), programs, source),
        free_text=read_free_text(root.table("free_text", required=False)),
        sha256=hashlib.sha256(text.encode()).digest(),
        source=text,
    )
    for one in pack.features:
        if pack.program(one.key) is not None:
            source.wrong(("features", one.key), f'"{one.key}" is a program already; a feature needs a key of its own')
    held = {one.key for one in pack.data_categories}
    for page, words in pack.staff.reading.data.items():
        for word in words:
            if word not in held:
                source.wrong(("staff", "reading", "data", page), f'"{word}" is not among the data_categories')
    contacts.done()
    root.done()
    source.refuse_if_wrong()
    return pack


def _data_category(key: str, table: Table, tongues: Tongues) -> DataCategory:
    said = spoken(table, tongues, "name")
    here = table.maybe("here")
    if here is not None and here not in HERE:
        table.wrong("here", f'this house has no records called "{here}"; it has {", ".join(HERE)}')
    channels = table.words("channels", required=False)
    for one in channels:
        if one not in CHANNELS:
            table.wrong("channels", f'there is no channel "{one}"; there are {", ".join(CHANNELS)}')
    sensitive = table.flag("sensitive", False)
    made = DataCategory(
        key, plain(said, "name"), table.text("service"), here, channels, sensitive, table.maybe("whose"),
        table.words("groups", required=False), said=said,
    )  # fmt: skip
    table.done()
    return made


def _words(table: Table, tongues: Tongues) -> dict[str, Mapping[str, str]]:
    """How people read the codes of clauses, in every language of the pages."""
    made = {}
    for code in table.data:
        if not isinstance(table.data[code], Mapping):
            table.wrong(
                code, f'"{code}" needs its words in {", ".join(tongues.pages)}: write {{ {tongues.first} = "…" }}'
            )
            table.maybe(code)
            continue
        made[code] = read_said(table, code, tongues)
    table.done()
    return made


# What else answers at the first part of an address, in small letters.
TAKEN = ("api", "assets", "dev", "healthz", "log", "metrics", "problems", "readyz", "staff", "webhooks")


def _slug(root: Table) -> str:
    """The name in addresses, in the ledger and of the pack's folder."""
    slug = root.text("slug")
    if slug and not NAME.fullmatch(slug):
        root.wrong("slug", f'"{slug}" cannot stand in an address; small letters, digits and hyphens make a name')
    elif slug in TAKEN:
        root.wrong("slug", f'"{slug}" is the name of a part of this service; choose another')
    return slug
