"""Answers to many questions at once: states are read together, and what is alike is worked out and written once."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from consent.db import Tx
from consent.decisions import service
from consent.decisions.alike import Alike, is_canonical, newest_of
from consent.decisions.service import Asked, Decided, reason_json
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import InForce
from consent.policies.rulebook import Question, Reason, Verdict
from consent.preferences import numbers
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE, of_person
from consent.subjects.service import Tagged
from consent.web.bodies import encode

AT_ONCE = 1_000  # questions whose states are read together: enough to share a round trip, little in memory
STORED_AT_ONCE = 200  # decisions written in one transaction, so that nobody waits long behind them
T = TypeVar("T")


class Asker:
    """The gate for many questions of one organization; `now` is when they are asked."""

    def __init__(self, keyring: Keyring, organization_id: uuid.UUID, in_force: InForce, now: datetime) -> None:
        self._keyring, self._organization_id = keyring, organization_id
        self._rulebook, self._origin, self._now = in_force.rulebook, in_force.log.origin, now
        self._written: dict[Reason, str] = {}
        version = self._rulebook.policy_version
        policy = encode({"policy": version.policy, "policy_version": version.version}).decode()[1:-1]
        until = instant(now + service.RELY_FOR)
        # What is the same in every answer, in two halves around the newest entry.
        self._before = f',{policy},"position":{{"log":{encode(self._origin).decode()}'
        self._after = f'}},"valid_until":"{until}"'
        self.allowed = self.denied = 0

    @property
    def common(self) -> str:
        """Policy, position and validity of all answers, as members of a JSON object."""
        return f"{self._before}{self._after}"[1:]

    def canonical(self, channel: str, address: str) -> str:
        """The one spelling of an address. Raises BadInput."""
        if channel in TELEPHONE and is_canonical(address):
            return address
        return of_person(channel, address).value

    def tagged(self, channel: str, address: str) -> Tagged:
        """The address by its tags. Raises BadInput."""
        return subjects.tagged(self._keyring, self._organization_id, of_person(channel, address))

    def alike(
        self, tx: Tx, program: str, message_class: str, channel: str, addresses: Sequence[str], at: datetime
    ) -> list[str]:
        """Answer and reasons for one class of one program, each as a JSON object, in the order of the addresses.

        Addresses are canonical (`canonical`).
        """
        if service.asks_more(self._rulebook, program, message_class, channel):
            questions = [Asked(program, message_class, self.tagged(channel, one), at) for one in addresses]
            answers = [f"{{{self._members(self._whole(tx, one).verdict)}}}" for one in questions]
            self._count_texts(answers)
            return answers
        tags = self._keyring.short_tags(self._organization_id, channel, addresses)
        rows = preferences.rows_of_program(tx, self._organization_id, channel, list(set(tags)), program)
        alike = self._alike(Question(program, message_class, channel, at))
        answers = []
        for tag, address in zip(tags, addresses, strict=True):
            mine = rows.get(tag)
            if mine and _is_counted(mine, program):
                whole = self._whole(tx, Asked(program, message_class, self.tagged(channel, address), at))
                answers.append(f"{{{self._members(whole.verdict)}}}")
            else:
                answers.append(alike.answer(mine))
        self._count_texts(answers)
        return answers

    def whole(self, tx: Tx, asked: Asked) -> str:
        """The whole answer to a question, explained and not stored, as a JSON object."""
        decided = self._whole(tx, asked)
        self._count(decided.verdict)
        return encode(decided.as_json()).decode()

    def plain(self, tx: Tx, program: str, message_class: str, channel: str, addresses: Sequence[str]) -> list[str]:
        """The whole answers to questions about now that name nothing else, as `whole` would give them."""
        if service.asks_more(self._rulebook, program, message_class, channel):
            return [
                self.whole(tx, Asked(program, message_class, self.tagged(channel, one), self._now)) for one in addresses
            ]
        tags = self._keyring.short_tags(self._organization_id, channel, addresses)
        rows = preferences.rows_of(tx, self._organization_id, channel, list(set(tags)))
        alike = self._alike(Question(program, message_class, channel, self._now))
        before, after = self._before, self._after
        answers = []
        for tag, address in zip(tags, addresses, strict=True):
            mine = rows.get(tag, ())
            if mine and _is_counted(mine, program):
                asked = Asked(program, message_class, self.tagged(channel, address), self._now)
                answers.append(encode(self._whole(tx, asked).as_json()).decode())
                continue
            entry = newest_of(mine)
            said = alike.answer([one for one in mine if one[0] == program or one[0][0] == "*"])
            at = f',"entry":"{entry}"' if entry else ""
            answers.append(f'{{"id":null,{said[1:-1]}{before}{at}{after}}}')
        self._count_texts(answers)
        return answers

    def stored(self, tx: Tx, asked: Asked) -> str:
        """The whole answer to a question, stored as a single one would be."""
        decided, body = service.decide(tx, self._organization_id, self._origin, self._rulebook, asked, self._now)
        self._count(decided.verdict)
        return body.decode()

    def _alike(self, question: Question) -> Alike:
        return Alike(question, self._rulebook.may_contact, lambda verdict: f"{{{self._members(verdict)}}}")

    def _whole(self, tx: Tx, asked: Asked) -> Decided:
        """For a question that rests on more than the state."""
        return service.explain(tx, self._organization_id, self._origin, self._rulebook, asked, self._now)

    def _members(self, verdict: Verdict) -> str:
        reasons = ",".join([self._reason(one) for one in verdict.reasons])
        later = verdict.next_allowed
        opens = f',"next_allowed":"{instant(later)}"' if later is not None else ""
        return f'"answer":"{verdict.answer}","reasons":[{reasons}]{opens}'

    def _reason(self, reason: Reason) -> str:
        """The reason as JSON; all but its entry is written once."""
        code, text, commitment, law, clause, entry, basis = reason
        alone = Reason(code, text, commitment, law, clause, None, basis)
        written = self._written.get(alone)
        if written is None:
            written = self._written[alone] = encode(reason_json(alone)).decode()[:-1]
        return f"{written}}}" if entry is None else f'{written},"entry":"{entry}"}}'

    def _count_texts(self, answers: Sequence[str]) -> None:
        """Answers that were worked out once count as often as they are given."""
        allowed = sum(['"answer":"allow"' in one[:40] for one in answers])
        self.allowed += allowed
        self.denied += len(answers) - allowed

    def _count(self, verdict: Verdict) -> None:
        if verdict.answer == "allow":
            self.allowed += 1
        else:
            self.denied += 1


def _is_counted(mine: Sequence[tuple[Any, ...]], program: str) -> bool:
    """Did somebody choose how often the program may write? Then what was sent has to be counted."""
    chosen = numbers.within(numbers.FREQUENCY, program)
    return any(one[0] == chosen for one in mine)


def groups(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in their order, some at a time."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
