"""Answers to many questions at once: states are read together, and what is alike is worked out and written once."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import TypeVar

from consent.db import Database, Tx, patience
from consent.decisions import service
from consent.decisions.alike import Alike, Answered, are_canonical, entry_texts, is_canonical, newest_of, written
from consent.decisions.service import Asked, Asking, Decided, reason_json
from consent.errors import BadInput, ConsentError
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.policies.rulebook import Question, Reason, Verdict
from consent.preferences.brief import NO_EVENT, Brief, Fetched, chosen, fetch, rows_of
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE, of_person
from consent.subjects.service import Tagged
from consent.web.bodies import encode
from consent.web.fields import is_printable

AT_ONCE = 1_000  # questions whose states are read together: enough to share a round trip, little in memory
LISTED_AT_ONCE = 2_000  # those of a list, read ahead: each reading has to wait for the interpreter's lock once more
STORED_AT_ONCE = 200  # decisions written in one transaction, so that nobody waits long behind them
T = TypeVar("T")


class Asker:
    """The gate for many questions of one organization; `now` is when they are asked."""

    def __init__(self, keyring: Keyring, organization_id: uuid.UUID, in_force: InForce, now: datetime) -> None:
        self._keyring, self._organization_id = keyring, organization_id
        self._rulebook, self._origin, self._now = in_force.rulebook, in_force.log.origin, now
        self._reasons: dict[Reason, str] = {}
        version = self._rulebook.policy_version
        policy = encode({"policy": version.policy, "policy_version": version.version}).decode()[1:-1]
        until = instant(now + service.RELY_FOR)
        # What is the same in every answer, in two halves around the newest entry.
        self._before = f',{policy},"position":{{"log":{encode(self._origin).decode()}'
        self._after = f'}},"valid_until":"{until}"'
        self.allowed = self.denied = 0

    @property
    def common(self) -> bytes:
        """Policy, position and validity of all answers, as members of a JSON object."""
        return f"{self._before}{self._after}"[1:].encode()

    def canonical(self, channel: str, address: str) -> str:
        """The one spelling of an address. Raises BadInput."""
        if channel in TELEPHONE and is_canonical(address):
            return address
        if not is_printable(address):  # as the door of a single question refuses it
            raise BadInput("An address holds no control characters and no ends of lines.", field="address")
        return of_person(channel, address).value

    def spelled(self, channel: str, addresses: Sequence[str]) -> tuple[list[str], dict[int, bytes]]:
        """The addresses in their one spelling; second, by its place, what is wrong with each that is none."""
        if channel in TELEPHONE and are_canonical(addresses):
            return list(addresses), {}
        good, wrong = list[str](), dict[int, bytes]()
        for place, address in enumerate(addresses):
            try:
                good.append(self.canonical(channel, address))
            except BadInput as why:
                wrong[place] = encode({"error": why.detail})
        return good, wrong

    def tagged(self, channel: str, address: str) -> Tagged:
        """The address by its tags. Raises BadInput."""
        return subjects.tagged(self._keyring, self._organization_id, of_person(channel, address))

    def alike(
        self, db: Database, program: str, message_class: str, channel: str, addresses: Sequence[str], at: datetime
    ) -> list[bytes]:
        """Answer and reasons for one class of one program, each as a JSON object, in the order of the addresses.

        Addresses are canonical (`canonical`).
        """
        organization_id = self._organization_id

        def whole(address: str) -> bytes:
            with db.read(organization_id, single=True) as tx:
                said = self._whole(tx, Asked(program, message_class, self.tagged(channel, address), at))
            self._count(said.verdict)
            return f"{{{self._members(said.verdict)}}}".encode()

        if service.asks_more(self._rulebook, program, message_class, channel):
            return [whole(one) for one in addresses]
        question = Question(program, message_class, channel, at)
        alike = Alike(question, self._rulebook.may_contact, lambda verdict: f"{{{self._members(verdict)}}}")
        said = list[bytes]()
        for some, tags, rows in self._read_ahead(db, program, channel, addresses):
            answered, apart = alike.answers(rows)
            answers = self._in_order(alike, answered, apart, tags)
            if apart:
                both = zip(answers, tags, some, strict=True)
                answers = [whole(address) if tag in apart else text for text, tag, address in both]
            said += answers
        return said

    def _read_ahead(
        self, db: Database, program: str, channel: str, addresses: Sequence[str]
    ) -> Iterator[tuple[list[str], list[int], Brief]]:
        """Some addresses at a time, with their tags and what holds there.

        The database looks for them while others are tagged, answered and written.
        """
        seconds = patience.left()

        def read(tags: list[int]) -> Fetched:
            patience.hurry(seconds)  # whoever waits for the answer waits for this thread
            with db.read(self._organization_id, single=True) as tx:
                return fetch(tx, self._organization_id, channel, tags, program)

        with ThreadPoolExecutor(1) as ahead:
            asked = []
            for some in groups(addresses, LISTED_AT_ONCE):
                tags = self._keyring.short_tags(self._organization_id, channel, some)
                asked.append((some, tags, ahead.submit(read, tags)))
            for some, tags, found in asked:
                try:
                    rows = rows_of(found.result())
                except ConsentError:  # the database is away: nobody waits for each of the others, too
                    ahead.shutdown(cancel_futures=True)
                    raise
                yield some, tags, rows

    def whole(self, tx: Tx, asked: Asked) -> bytes:
        """The whole answer to a question, explained and not stored, as a JSON object."""
        decided = self._whole(tx, asked)
        self._count(decided.verdict)
        return encode(decided.as_json())

    def plain(self, tx: Tx, program: str, message_class: str, channel: str, addresses: Sequence[str]) -> list[bytes]:
        """The whole answers to questions about now that name nothing else, as `whole` would give them."""

        def whole(address: str) -> bytes:
            return self.whole(tx, Asked(program, message_class, self.tagged(channel, address), self._now))

        if service.asks_more(self._rulebook, program, message_class, channel):
            return [whole(one) for one in addresses]
        question = Question(program, message_class, channel, self._now)
        alike = Alike(question, self._rulebook.may_contact, lambda verdict: f'{{"id":null,{self._members(verdict)}')
        tags = self._keyring.short_tags(self._organization_id, channel, addresses)
        rows = rows_of(fetch(tx, self._organization_id, channel, tags))
        newest = newest_of(rows)
        answered, apart = alike.answers(chosen(rows, program))
        said = self._in_order(alike, answered, apart, tags)
        known = entry_texts(list(newest.values()))
        before, after = self._before.encode(), self._after.encode() + b"}"
        ends = {tag: b'%b,"entry":"%b"%b' % (before, entry, after) for tag, entry in zip(newest, known, strict=True)}
        nothing = before + after
        return [
            whole(address) if tag in apart else one + ends.get(tag, nothing)
            for one, tag, address in zip(said, tags, addresses, strict=True)
        ]

    def stored(self, tx: Tx, several: Sequence[Asked]) -> list[bytes]:
        """The whole answers to these questions, each stored as a single one would be."""
        said = service.decide_all(tx, [self._asking(one) for one in several])
        for decided, _ in said:
            self._count(decided.verdict)
        return [body for _, body in said]

    def _whole(self, tx: Tx, asked: Asked) -> Decided:
        """For a question that rests on more than the state."""
        return service.explain(tx, self._asking(asked))

    def _asking(self, asked: Asked) -> Asking:
        return Asking(self._organization_id, self._origin, self._rulebook, asked, self._now)

    def _members(self, verdict: Verdict) -> str:
        reasons = ",".join([self._reason(one) for one in verdict.reasons])
        later = verdict.next_allowed
        opens = f',"next_allowed":"{instant(later)}"' if later is not None else ""
        return f'"answer":"{verdict.answer}","reasons":[{reasons}]{opens}'

    def _reason(self, reason: Reason) -> str:
        """The reason as JSON; all but its entry is written once."""
        code, text, commitment, law, clause, entry, basis = reason
        alone = Reason(code, text, commitment, law, clause, None, basis)
        said = self._reasons.get(alone)
        if said is None:
            said = self._reasons[alone] = encode(reason_json(alone)).decode()[:-1]
        return f"{said}}}" if entry is None else f'{said},"entry":"{entry}"}}'

    def _in_order(
        self, alike: Alike, answered: Mapping[int, Answered], apart: Collection[int], tags: Sequence[int]
    ) -> list[bytes]:
        """An answer for each tag, counted as often as it is given; in the places of `apart` none that counts."""
        unknown = alike.unknown, NO_EVENT
        placed = [answered.get(tag, unknown) for tag in tags]
        given = [shared.allows for tag, (shared, _) in zip(tags, placed, strict=True) if not apart or tag not in apart]
        allowed = sum(given)
        self.allowed += allowed
        self.denied += len(given) - allowed
        return written(placed)

    def _count(self, verdict: Verdict) -> None:
        if verdict.answer == "allow":
            self.allowed += 1
        else:
            self.denied += 1


def groups(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in their order, some at a time."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
