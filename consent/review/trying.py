"""A draft tried on the past: every stored decision is asked again, and those that would differ are listed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.decisions.standing import number_from, time_from, wishes_from
from consent.policies.questions import NO_NUMBER, ConsentFact, Facts, Question, Standing, StopFact, Verdict, facts_in
from consent.policies.rulebook import Rulebook

_STORED = Sql(
    "SELECT id, asked_at, about_at, program, message_class, channel, explained FROM decision"
    " WHERE organization_id = :organization_id AND asked_at >= :since ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Tried:
    """One stored decision and what the draft answers to the same question on the same facts."""

    id: UUID
    asked_at: datetime
    program: str
    message_class: str
    channel: str
    before: Mapping[str, Any]  # the answer as it was given
    after: Verdict

    @property
    def differs(self) -> bool:
        """Whether the answer itself would be another one."""
        return bool(self.before["answer"] != self.after.answer)


def tried(tx: Tx, organization_id: UUID, book: Rulebook, since: datetime) -> Iterator[Tried]:
    """Every decision stored since then, asked again of this rulebook; what a message said was never kept."""
    for id_, asked_at, about_at, program, message_class, channel, explained in tx.stream(
        _STORED, {"organization_id": organization_id, "since": since}
    ):
        kept = json.loads(explained)
        question = Question(program, message_class, channel, as_instant(about_at), facts=facts_of(kept))
        after = book.may_contact(question, standing_from(program, kept["standing"]))
        yield Tried(as_id(id_), as_instant(asked_at), program, message_class, channel, kept["answer"], after)


def standing_from(program: str, kept: Mapping[str, Any]) -> Standing:
    """The facts a stored decision rested on."""
    return Standing(
        _fact(kept.get("stopped")),
        tuple(
            ConsentFact(
                program,
                UUID(one["person"]) if "person" in one else None,
                one["state"],
                datetime.fromisoformat(one["at"]),
                UUID(one["entry"]),
                one["policy_version"],
            )
            for one in kept["consents"]
        ),
        number_from(kept["number"]) if "number" in kept else NO_NUMBER,
        _fact(kept.get("held")),
        *time_from(kept),
        *wishes_from(kept),
    )


def _fact(kept: Mapping[str, str] | None) -> StopFact | None:
    return StopFact(datetime.fromisoformat(kept["at"]), UUID(kept["entry"])) if kept else None


def facts_of(kept: Mapping[str, Any]) -> Facts:
    """What the asker said about the message, where anything was kept."""
    return facts_in(kept.get("facts", {}))
