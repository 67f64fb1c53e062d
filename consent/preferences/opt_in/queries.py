"""The wordings that ever stood beside a program's box, from the settings as they were applied."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.db import Tx
from consent.policies import queries as policies
from consent.policies.findings import BadPack
from consent.policies.organization import parse_organization
from consent.policies.replies import fill
from consent.preferences.wordings import hash_text

# (program, channel, language) -> the wording as it was shown
Wordings = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that people could agree to since then, known by its hash."""

    channel: str
    language: str
    text: str
    sha256: str
    since: datetime


def wordings_of(tx: Tx, organization_id: uuid.UUID, program: str) -> list[Wording]:
    """Every wording of this program's form, newest first; one that came back counts from its first day."""
    found: dict[tuple[str, str, str], Wording] = {}
    for one in policies.settings(tx, organization_id):
        for (key, channel, language), text in _wordings(tx, organization_id, one.id, one.sha256).items():
            if key == program:
                made = Wording(channel, language, text, hash_text(text), one.applied_at)
                found.setdefault((channel, language, text), made)
    return sorted(found.values(), key=lambda one: (one.since, one.channel, one.language), reverse=True)


def _wordings(tx: Tx, organization_id: uuid.UUID, settings_id: uuid.UUID, sha256: bytes) -> Wordings:
    known = _read.get(sha256)
    if known is None:
        known = _read[sha256] = _wordings_in(policies.settings_toml(tx, organization_id, settings_id))
        while len(_read) > _MOST:
            _read.pop(next(iter(_read)))
    return known


_MOST = 256  # settings kept; an organization changes its own a few times a year
_read: dict[bytes, Wordings] = {}


def _wordings_in(toml: str) -> Wordings:
    """What the settings say beside each box; those of an older form of the file said nothing there."""
    try:
        organization = parse_organization(toml)
    except BadPack:
        return {}
    return {
        (program.key, channel, language): fill(text, organization, program, language)
        for program in organization.programs
        for channel, texts in program.asking.wording.items()
        for language, text in texts.items()
    }
