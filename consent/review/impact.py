"""Whom and what a new version would touch, by trying it on what is stored. Nothing is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.policies import service as policies
from consent.policies.diff import Difference, compare
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Question, Rulebook, compile_rulebook
from consent.policies.version import PolicyVersionPack
from consent.preferences.asking import standing_of
from consent.retention.planning import Moved, moved
from consent.review.standings import OnRecord, on_record

_WAITING = Sql(
    "SELECT contact_point_id, program, message_class FROM job WHERE organization_id = :organization_id"
    " AND done_at IS NULL AND program IS NOT NULL AND message_class IS NOT NULL ORDER BY contact_point_id"
)
LISTED = 1_000  # contact points named at the most; the counts are of all


@dataclass(frozen=True, slots=True)
class Turned:
    """Messages of one class that may go today and may not then, or the other way round, and how many people it is."""

    program: str
    message_class: str
    channel: str
    before: str
    after: str
    because: str  # the reason the new answer gives first
    count: int


@dataclass(slots=True)
class Impact:
    """What the draft would change for those on record."""

    difference: Difference
    contact_points: int = 0
    persons: int = 0
    consents: int = 0
    turned: list[Turned] = field(default_factory=list)
    touched: list[UUID] = field(default_factory=list)
    touched_count: int = 0
    records: Moved = field(default_factory=Moved)
    messages_waiting: int = 0
    messages_stopped: int = 0


def impact(
    tx: Tx, organization_id: UUID, organization: OrganizationPack, draft: PolicyVersionPack, now: datetime
) -> Impact:
    """What differs for everybody on record if `draft` governed from now on, under these settings."""
    today = policies.rulebook_at(tx, organization_id, now)
    then = drafted(today, organization, draft, now)
    standing = next((one for one in today.versions if one.policy == draft.policy), None)
    found = Impact(compare(standing or _nothing(draft), draft))
    counted: Counter[tuple[str, str, str, str, str, str]] = Counter()
    persons: set[UUID] = set()
    turned: dict[UUID, set[tuple[str, str]]] = {}
    asked = list(_questions([today, then], now))
    for one in on_record(tx, organization_id):
        found.contact_points += 1
        found.consents += sum(1 for standing_ in one.state.values() if standing_.state == "given")
        persons |= one.persons
        changes = list(_turns(one, asked, today, then))
        if not changes:
            continue
        found.touched_count += 1
        if len(found.touched) < LISTED:
            found.touched.append(one.contact_point_id)
        turned[one.contact_point_id] = {change[:2] for change in changes if change[4] == "deny"}
        counted.update(changes)
    found.persons = len(persons)
    found.records = moved(tx, organization_id, today, then)
    found.turned = [Turned(*key, count) for key, count in sorted(counted.items())]
    for contact, program, message_class in tx.all(_WAITING, {"organization_id": organization_id}):
        found.messages_waiting += 1
        if contact is not None and (program, message_class) in turned.get(as_id(contact), ()):
            found.messages_stopped += 1
    return found


def drafted(today: Rulebook, organization: OrganizationPack, draft: PolicyVersionPack, now: datetime) -> Rulebook:
    """The rulebook as it would be with the draft in the place of its policy's version."""
    others = [one for one in today.versions if one.policy != draft.policy]
    versions: Sequence[PolicyVersionPack] = sorted([*others, draft], key=lambda one: one.policy)
    return compile_rulebook(organization, versions, policies.shipped_law(), now)


def _questions(books: Iterable[Rulebook], now: datetime) -> Iterator[Question]:
    """Every class of every program on each of its channels, of today and of then."""
    seen = set()
    for book in books:
        for program in book.organization.programs:
            for channel in program.channels:
                for message_class in program.message_classes:
                    key = (program.key, message_class, channel)
                    if key not in seen:
                        seen.add(key)
                        yield Question(program.key, message_class, channel, now)


def _turns(
    one: OnRecord, asked: list[Question], today: Rulebook, then: Rulebook
) -> Iterator[tuple[str, str, str, str, str, str]]:
    for question in asked:
        if question.channel != one.channel:
            continue
        standing = standing_of(one.state, question.program, None)
        before, after = today.may_contact(question, standing), then.may_contact(question, standing)
        if before.answer != after.answer:
            place = (question.program, question.message_class, question.channel)
            yield (*place, before.answer, after.answer, after.reasons[0].text if after.reasons else "")


def _nothing(draft: PolicyVersionPack) -> PolicyVersionPack:
    """What a policy that was never published is compared with: no word and no promise."""
    return PolicyVersionPack(draft.policy, "none", draft.title, draft.last_updated, "", b"", (), "", b"")
