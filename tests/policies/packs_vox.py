"""Voxvalley's pack as shipped, its rulebook of a day, and questions about its mail."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from consent.policies.answers.ages import Ages
from consent.policies.answers.features import Features
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.notices import Notices
from consent.policies.answers.requests import Requests
from consent.policies.answers.retention import Retention
from consent.policies.answers.sharing import Sharing
from consent.policies.answers.staffing import Staffing
from consent.policies.answers.trackers import Trackers
from consent.policies.packs import (
    LawRule,
    OrganizationPack,
    PolicyVersionPack,
    load_law,
    load_organization,
    load_version,
    load_versions,
)
from consent.policies.rulebook import Question, Rulebook, Standing, Verdict, compile_rulebook
from consent.policies.version import Commitment

POLICIES = Path(__file__).resolve().parents[2] / "policies"
PLACE = POLICIES / "voxvalley"
MAIN = PLACE / "privacy-policy" / "2020-02-18"
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
NOBODY = Standing(None, ())


@cache
def policy() -> PolicyVersionPack:
    """The Privacy Policy of 18 February 2020."""
    return load_version(MAIN)


@cache
def parts() -> tuple[OrganizationPack, tuple[PolicyVersionPack, ...], tuple[LawRule, ...]]:
    """The organization, its policies with their companions, and the law."""
    return load_organization(PLACE), load_versions(PLACE), load_law(POLICIES / "law")


def rulebook(at: datetime = NOW) -> Rulebook:
    """Voxvalley's rulebook as it is at that instant."""
    return compile_rulebook(*parts(), at)


def vox(number: int) -> Commitment:
    """The commitment of that number."""
    found = policy().commitment(f"VOX-{number:02d}")
    assert found is not None, f"VOX-{number:02d} is gone"
    return found


def ask(program: str, message_class: str, standing: Standing = NOBODY, **more: Any) -> Verdict:
    """May this mail go to somebody nothing is known of, unless a standing is given?"""
    return rulebook().may_contact(Question(program, message_class, "email", NOW, **more), standing)


def inventory() -> Inventory:
    """What the policy says about collecting, holding and using."""
    return Inventory(parts()[0], policy().commitments)


def staffing() -> Staffing:
    """What the policy says about the company's own people."""
    return Staffing(parts()[0], policy().commitments)


def sharing() -> Sharing:
    """What the policy says about handing data on."""
    return Sharing(parts()[0], policy().commitments)


def retention() -> Retention:
    """What the policy says about time kept."""
    return Retention(parts()[0], policy().commitments)


def asking() -> Requests:
    """What the policy says about requests."""
    return Requests(parts()[0], policy().commitments)


def notices() -> Notices:
    """What the policy says about telling people of changes."""
    return Notices(parts()[0], policy().commitments)


def trackers() -> Trackers:
    """What the policy says about cookies, beacons and tags."""
    return Trackers(parts()[0], policy().commitments)


def features() -> Features:
    """What the policy says about things that are switched on and off; its companions are published."""
    return Features(parts()[0], policy().commitments, parts()[1])


def ages() -> Ages:
    """What the policy says about young people."""
    return Ages(parts()[0], policy().commitments)
