"""A system that takes tasks at an address of its own, signed as Standard Webhooks has it.

It answers 202 and sends its receipt later to the address the task names, or gives the receipt in the answer (200). What
counts as a receipt is signed with the same secret. One task keeps one id at every try: a receiver that had it before
answers again and does nothing.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.errors import BadInput
from consent.gateways.callbacks import signing
from consent.gateways.callbacks.calls import Answer, CallFailed
from consent.gateways.callbacks.targets import Target, shown, target_of
from consent.gateways.stores.base import Action, Awaited, Check, Item, Outcome, Receipt, Resume, StoreFailed, Subject

Ask = Callable[[Target, Mapping[str, str], bytes], Answer]
LONGEST_PROOF = 100
DISPOSE = "dispose"
MOST_ITEMS = 1_000
GONE = 410


@dataclass(frozen=True, slots=True)
class Wires:
    """How stores reach out: the caller, the clock, our own public address, and whether this is development."""

    ask: Ask
    clock: Callable[[], datetime]
    public_url: str
    environment: Mapping[str, str]
    development: bool = False


class WebhookStore:
    """Tasks go to `url`; the receipt comes back to the endpoint of this store."""

    def __init__(self, name: str, settings: Mapping[str, Any], endpoint: str, wires: Wires) -> None:
        self.name, self.categories = name, tuple(settings["categories"])
        self._url, self._secret = str(settings["url"]), str(settings["secret"])
        self._callback = f"{wires.public_url}/webhooks/stores/{endpoint}"
        self._wires = wires

    def find(self, subject: Subject, categories: tuple[str, ...]) -> Iterator[Item]:
        """What it says in its answer; a receiver that cannot say at once answers 501."""
        body = self._body("store.find", {"categories": list(categories), "subject": told(subject)})
        answer = self._call(f"find-{hashlib.sha256(body).hexdigest()[:32]}", body)
        said = self._signed(answer)
        items = said.get("items")
        if answer.status != 200 or not isinstance(items, list) or len(items) > MOST_ITEMS:
            raise StoreFailed("answer")
        for one in items:
            yield _item(one, categories)

    def erase(self, subject: Subject, category: str, resume: Resume) -> Outcome:
        """The task is given, or done already."""
        return self._give(Action.ERASE, subject, category, {}, resume)

    def correct(self, subject: Subject, category: str, changes: Mapping[str, str], resume: Resume) -> Outcome:
        """The task is given, or done already."""
        return self._give(Action.CORRECT, subject, category, {"changes": dict(changes)}, resume)

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """The task is given, or done already; one that was taken is asked again until it answers with its receipt."""
        said = {"task": str(resume.task), "category": category, "method": method, "references": list(references)}
        return self._told(DISPOSE, "store.dispose", category, said, resume)

    def check(self) -> Check:
        """The address is one that may be called; a signed question that names nobody is answered with 2xx."""
        answer = self._call("check", self._body("store.check", {"categories": list(self.categories)}))
        reached = 200 <= answer.status < 300
        return Check(reached, (f"{shown(self._url)} answered {answer.status}",))

    def _give(
        self, action: Action, subject: Subject, category: str, more: Mapping[str, object], resume: Resume
    ) -> Outcome:
        said = {"task": str(resume.task), "category": category, "subject": told(subject), "receipt_to": self._callback}
        return self._told(action, f"store.{action}", category, said | dict(more), resume)

    def _told(self, action: str, kind: str, category: str, said: Mapping[str, object], resume: Resume) -> Outcome:
        answer = self._call(str(resume.task), self._body(kind, said))
        if answer.status == 202:
            return Awaited("taken")
        receipt = receipt_in(self._signed(answer), resume.task)
        if receipt is None:
            raise StoreFailed("answer")
        count, words = receipt
        return Receipt(self.name, category, action, count, self._wires.clock(), proof_of(answer.headers, words))

    def _body(self, type_: str, data: Mapping[str, object]) -> bytes:
        at = self._wires.clock().isoformat(timespec="seconds")
        return json.dumps({"type": type_, "timestamp": at, "data": data}, ensure_ascii=False, sort_keys=True).encode()

    def _call(self, identity: str, body: bytes) -> Answer:
        now = self._wires.clock()
        try:
            target = target_of(self._url, development=self._wires.development)
            answer = self._wires.ask(target, signing.headers(identity, now, body, [self._secret]), body)
        except CallFailed as failed:
            raise StoreFailed(failed.code) from None
        except BadInput:  # an address that was allowed in development
            raise StoreFailed("address", for_good=True) from None
        if not 200 <= answer.status < 300:
            raise StoreFailed(f"status-{answer.status}", retry_after=answer.retry_after, for_good=answer.status == GONE)
        return answer

    def _signed(self, answer: Answer) -> Mapping[str, Any]:
        if not signing.is_signed(self._secret, answer.headers, answer.body, self._wires.clock()):
            raise StoreFailed("unsigned")
        return read(answer.body)


def checked(settings: Mapping[str, Any], *, development: bool) -> dict[str, Any]:
    """The settings with the address looked at and a secret; BadInput otherwise."""
    target_of(str(settings.get("url", "")), development=development)
    secret = str(settings.get("secret") or signing.new_secret())
    if not secret.startswith(signing.PREFIX):
        raise BadInput(f"A secret begins with {signing.PREFIX}; leave it out to have one made.", field="secret")
    return dict(settings) | {"secret": secret}


def told(subject: Subject) -> dict[str, object]:
    """Whose data it is, as JSON."""
    return {
        "addresses": [{"channel": one.channel, "address": one.value} for one in subject.addresses],
        "persons": list(subject.person_refs),
    }


def read(body: bytes) -> Mapping[str, Any]:
    """One JSON object of texts that can be kept; StoreFailed for anything else."""
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # halves of pairs are no text
    except (ValueError, RecursionError):
        raise StoreFailed("answer") from None
    if not isinstance(said, dict):
        raise StoreFailed("answer")
    return said


def receipt_in(said: Mapping[str, Any], task: UUID) -> tuple[int, str] | None:
    """How many things it touched and its own words, or None where this is no receipt of the task."""
    count, words = said.get("count"), said.get("proof", "")
    if said.get("task") != str(task) or said.get("status") != "done" or type(count) is not int or count < 0:
        return None
    return min(count, 2**31 - 1), str(words)[:LONGEST_PROOF] if isinstance(words, str) else ""


def proof_of(headers: Mapping[str, str], words: str) -> str:
    """What is kept of a signed receipt: its signature, and what the store said."""
    signature = {name.lower(): value for name, value in headers.items()}.get("webhook-signature", "")
    return f"{signature.split(' ')[0][:LONGEST_PROOF]} {words}".strip()


def _item(one: object, categories: tuple[str, ...]) -> Item:
    if not isinstance(one, dict) or one.get("category") not in categories or not isinstance(one.get("fields"), dict):
        raise StoreFailed("answer")
    fields = {str(name)[:64]: str(value)[:4000] for name, value in one["fields"].items()}
    return Item(str(one["category"]), str(one.get("source", ""))[:64], str(one.get("reference", ""))[:200], fields)
