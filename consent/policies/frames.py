"""The frames of the organizations served here: name, mark and the pages each offers a person."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import FRESH_FOR, Governing
from consent.policies.organization import TAKEN, OrganizationPack
from consent.policies.reading import NAME
from consent.web.frame import Frame, Link
from consent.web.messages import N_

# What a person may want of an organization, in the order of how often; a page that does not exist is not offered.
OFFERED = (
    ("preferences", N_("Your choices"), N_("See and change what reaches you, stop it, and keep the proof.")),
    ("programs", N_("What we send"), N_("Every program in one sentence: what, how often, and how to end it.")),
    ("requests", N_("Your data"), N_("Ask to see, correct, move or delete it, and follow what becomes of it.")),
    ("privacy", N_("Privacy policy"), N_("What is promised, with what each clause means and what has changed.")),
    (
        "sub-processors",
        N_("Who gets data"),
        N_("Companies that work with your data for us, and whom the policy names."),
    ),
    ("cookies", N_("Cookies and browser signals"), N_("What may be stored in your browser, and what you may refuse.")),
)


@dataclass(frozen=True, slots=True)
class Known:
    """An organization with its settings of this moment; None where nothing was applied yet."""

    tenant: Tenant
    pack: OrganizationPack | None


class Frames:
    """The same for all threads of a process; what is at hand is at most two seconds old."""

    def __init__(self, db: Database, governing: Governing, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._db, self._governing, self._monotonic = db, governing, monotonic
        self._known: dict[str, tuple[float, Known, Frame]] = {}

    def known(self, slug: str, now: datetime) -> Known | None:
        """The organization of that short name; None where none is served here."""
        found = self._found(slug, now)
        return found[0] if found is not None else None

    def find(self, slug: str) -> Frame | None:
        """Its frame; None where no organization of that name is served here."""
        found = self._found(slug, clock.now())
        return found[1] if found is not None else None

    def _found(self, slug: str, now: datetime) -> tuple[Known, Frame] | None:
        if slug in TAKEN or not NAME.fullmatch(slug):
            return None
        kept = self._known.get(slug)
        if kept is not None and self._monotonic() - kept[0] < FRESH_FOR:
            return kept[1], kept[2]
        read_at = self._monotonic()
        try:
            with self._db.read() as tx:
                tenant = organizations.find(tx, slug)
        except NotFound:
            return None
        known = Known(tenant, self._pack(tenant, now))
        frame = _frame(known)
        self._known[slug] = (read_at, known, frame)
        return known, frame

    def _pack(self, tenant: Tenant, now: datetime) -> OrganizationPack | None:
        try:
            return self._governing.now(tenant.id, now).rulebook.organization
        except NotFound:  # added, and nothing published yet
            return None


def _frame(known: Known) -> Frame:
    tenant, pack = known.tenant, known.pack
    brand = pack.brand if pack is not None else None
    pages = current_app.url_map.bind("")
    links = [Link(f"/{tenant.slug}/{place}", name, sentence) for place, name, sentence in OFFERED]
    return Frame(
        slug=tenant.slug,
        name=tenant.name,
        stylesheet=f"/{tenant.slug}/brand.css?v={brand.mark}" if brand is not None else None,
        logo=f"/{tenant.slug}/logo.svg?v={brand.mark}" if brand is not None and brand.logo is not None else None,
        email=pack.privacy_contact or pack.email if pack is not None else None,
        phone=pack.phone if pack is not None else None,
        links=tuple(one for one in links if pages.test(one.address, method="GET")),
    )
