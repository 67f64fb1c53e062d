"""What policy tests stand on: the Valley pack as shipped, the law of a day, facts about people, a small database."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from consent.db import Database
from consent.ledger import keyfiles, keys
from consent.organizations import service as organizations
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_versions,
)
from consent.policies.questions import NO_FACTS
from consent.policies.rulebook import (
    ConsentFact,
    Facts,
    Question,
    Rulebook,
    Standing,
    StopFact,
    Verdict,
    compile_rulebook,
)
from tests.support.packs import POLICIES as POLICIES

VALLEY = POLICIES / "valley-smart-homes"
VERSION = VALLEY / "privacy-policy" / "2025-01-02"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
TEXTS = "account-service-notifications"
ORGANIZATION = UUID("0199c0de-0000-7000-8000-000000000001")
ORIGIN = "consent.example/log/valley-smart-homes/1"


@cache
def valley() -> tuple[OrganizationPack, tuple[PolicyVersionPack, ...], tuple[LawRule, ...]]:
    """The shipped pack and law."""
    return load_organization(VALLEY), load_versions(VALLEY), load_law(POLICIES / "law")


def rulebook(at: datetime = NOW) -> Rulebook:
    """Valley's rulebook as it is at that instant."""
    return compile_rulebook(*valley(), at)


def ask(
    program: str = TEXTS,
    message_class: str = "outage",
    channel: str = "sms",
    standing: Standing | None = None,
    *,
    book: Rulebook | None = None,
    answers_keyword: bool = False,
    facts: Facts = NO_FACTS,
) -> Verdict:
    """The answer to a question about somebody nothing is known of, unless a standing is given."""
    question = Question(program, message_class, channel, NOW, answers_keyword=answers_keyword, facts=facts)
    return (book or rulebook()).may_contact(question, standing or Standing(None, ()))


def fact(state: Any = "given", days: float = -10, program: str = TEXTS, person: UUID | None = None) -> ConsentFact:
    """Somebody's word on a program, said that many days from now."""
    return ConsentFact(program, person, state, NOW + timedelta(days=days), uuid4(), "2025-01-02")


def stop(days: float = -5) -> StopFact:
    """A STOP, said that many days from now."""
    return StopFact(NOW + timedelta(days=days), uuid4())


def codes(verdict: Verdict) -> list[str]:
    """The codes of the reasons, in order."""
    return [one.code for one in verdict.reasons]


def named(verdict: Verdict) -> set[str]:
    """Every commitment and law the answer names."""
    return {name for one in verdict.reasons for name in (one.commitment, one.law) if name}


def copy_of_valley(folder: Path) -> Path:
    """A copy of the pack that may be spoiled."""
    return Path(shutil.copytree(VALLEY, folder / "valley-smart-homes"))


def replace(file: Path, old: str, new: str, count: int = 1) -> int:
    """`old` becomes `new`; the line on which it first stood comes back."""
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new, count), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@dataclass
class Office:
    """A database with one organization, its keys and its log."""

    db: Database
    keyring: keys.Keyring

    @classmethod
    def build(cls, folder: Path, url: str) -> "Office":
        """Over an empty database at the newest schema; the keys lie in `folder`."""
        keyfiles.create_root(folder)
        keys.create_organization_keys(folder, ORGANIZATION, ORIGIN, NOW)
        keyring = keys.Keyring(folder)
        place: dict[str, Any] = {
            "slug": "valley-smart-homes",
            "name": "Valley",
            "zone": "UTC",
            "origin": ORIGIN,
            "id": ORGANIZATION,
        }
        db = Database(url)
        db.write(lambda tx: organizations.create_organization(tx, keyring, now=NOW, **place))
        return cls(db, keyring)
