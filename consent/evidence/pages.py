"""What people keep: the receipt of an entry as page, file and mail, and their whole history as a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, stream_template
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.db import Database
from consent.deadlines import zones
from consent.decisions.history import everything
from consent.errors import Forbidden, NotFound
from consent.evidence import kept, own, service
from consent.evidence import told as telling
from consent.evidence.told import Told
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing
from consent.policies.organization import OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.preferences import wordings
from consent.subjects.addresses import Address, Kind
from consent.verification import visits
from consent.verification.visits import Level, Visit
from consent.web import forms, qr
from consent.web.i18n import page_language, to
from consent.web.messages import N_

NO_MAIL = N_("A receipt is sent by mail to visitors who came in by their e-mail address. Save the file instead.")
SHOWN = {Level.CODE: ("address",), Level.LINK: ()}  # what a file discloses: S27 shows nothing after a link


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who keeps something, and where they stand."""

    tenant: Tenant
    visit: Visit
    rulebook: Rulebook
    now: datetime

    @property
    def pack(self) -> OrganizationPack:
        """The organization."""
        return self.rulebook.organization

    @property
    def base(self) -> str:
        """Where the preference page is."""
        return f"/{self.tenant.slug}/preferences"

    @property
    def mailbox(self) -> tuple[UUID, Address] | None:
        """Where a mail may go: the e-mail address they came in by."""
        for one in self.visit.places:
            if one.contact_point_id is not None and one.tagged.address.kind is Kind.EMAIL:
                return one.contact_point_id, one.tagged.address
        return None


@dataclass(frozen=True, slots=True)
class Kept:
    """A receipt in plain words, and the file that proves it."""

    told: Told
    content: bytes


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/preferences/receipts/<entry> with …/file and …/mail; …/preferences/history.json and .html."""
    pages = Blueprint("kept", __name__, template_folder="templates")

    def visitor(organization: str) -> Visitor | None:
        """Who comes; None for a browser without a visit."""
        now = clock.now()
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == organization), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        visit = visits.current(db, keyring, tenant.id, now)
        return Visitor(tenant, visit, governing.now(tenant.id, now).rulebook, now) if visit is not None else None

    def receipt_of(who: Visitor, entry: UUID) -> Kept:
        """NotFound where this visitor may not have it."""
        with db.read(who.tenant.id) as tx:
            leaf = own.entry(tx, who.tenant.id, who.visit, entry)
            bundle = service.bundle(tx, keyring, who.tenant.id, entry, public_url, SHOWN[who.visit.level])
            sha256 = leaf.data.get("wording_sha256")
            wording = wordings.find(tx, who.tenant.id, sha256) if isinstance(sha256, str) else None
        sealed = bundle.proof is not None
        return Kept(telling.told(leaf, who.rulebook, page_language(), wording, sealed=sealed), kept.file_of(bundle))

    def shown(who: Visitor, one: Told) -> dict[str, Any]:
        """What page and mail say."""
        return {
            "organization": who.pack,
            "base": who.base,
            "told": one,
            "at": one.at.astimezone(zones.zone(who.pack.zone)),
            "check_url": f"{public_url}/check?of={who.tenant.slug}#{one.reference}",
        }

    @pages.get("/<organization>/preferences/receipts/<uuid:entry>")
    def receipt(organization: str, entry: UUID) -> AnyResponse:
        who = visitor(organization)
        if who is None:
            return ask_first(organization)
        found = receipt_of(who, entry)
        more = shown(who, found.told)
        code, by_mail = qr.code(more["check_url"]), who.mailbox is not None
        sent = request.args.get("sent") == "1"
        return make_response(render_template("evidence/receipt.html", **more, code=code, by_mail=by_mail, sent=sent))

    @pages.get("/<organization>/preferences/receipts/<uuid:entry>/file")
    def file(organization: str, entry: UUID) -> AnyResponse:
        who = visitor(organization)
        if who is None:
            return ask_first(organization)
        found = receipt_of(who, entry)
        return download(found.content, kept.JSON, kept.name_of(who.tenant.slug, found.told.reference))

    @pages.post("/<organization>/preferences/receipts/<uuid:entry>/mail")
    def mail(organization: str, entry: UUID) -> AnyResponse:
        forms.check_form(public_url)
        who = visitor(organization)
        if who is None:
            return ask_first(organization)
        found, mailbox = receipt_of(who, entry), who.mailbox
        if mailbox is None:
            raise Forbidden(NO_MAIL)
        (contact_id, address), more = mailbox, shown(who, found.told)
        plain = render_template("evidence/receipt_mail.txt", **more)
        subject, _, text = plain.partition("\n")
        letter = kept.mail_of(
            subject.strip(),
            text.strip() + "\n",
            render_template("evidence/receipt_mail.html", **more),
            kept.name_of(who.tenant.slug, found.told.reference),
            found.content,
        )
        tenant_id, now = who.tenant.id, who.now
        db.write(lambda tx: kept.send(tx, keyring, tenant_id, contact_id, address, entry, letter, now), tenant_id)
        return redirect(to(f"{who.base}/receipts/{entry}?sent=1"), 303)

    @pages.get("/<organization>/preferences/history.json")
    def history_json(organization: str) -> AnyResponse:
        who = visitor(organization)
        if who is None or who.visit.level is not Level.CODE:
            return ask_first(organization)
        events = everything(db, keyring, who.tenant.id, who.visit.places, who.visit.person_id)
        return download(_as_json(who, events), kept.JSON, f"history-{who.tenant.slug}.json")

    @pages.get("/<organization>/preferences/history.html")
    def history_page(organization: str) -> AnyResponse:
        who = visitor(organization)
        if who is None or who.visit.level is not Level.CODE:
            return ask_first(organization)
        events = everything(db, keyring, who.tenant.id, who.visit.places, who.visit.person_id)
        told = (telling.happened(one, who.rulebook, page_language()) for one in events)
        text = stream_template(
            "evidence/history_file.html", organization=who.pack, masked=who.visit.masked, made_at=who.now, events=told
        )
        return download(text, "text/html; charset=utf-8", f"history-{who.tenant.slug}.html")

    return pages


def ask_first(organization: str) -> AnyResponse:
    """Nothing of anybody's is shown before a code."""
    return redirect(to(f"/{organization}/preferences/code"), 303)


def download(content: bytes | Iterator[str], media_type: str, name: str) -> Response:
    """A file to keep, under a name that says nothing about a person."""
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _as_json(who: Visitor, events: Iterator[dict[str, Any]]) -> Iterator[str]:
    """One document, written an entry at a time."""
    head = {"format": "consent-history/1", "organization": who.pack.name, "address": who.visit.masked}
    yield json.dumps(head | {"made_at": instant(who.now)}, ensure_ascii=False)[:-1] + ',\n"entries": ['
    for at, event in enumerate(events):
        yield (",\n" if at else "\n") + json.dumps(event, ensure_ascii=False)
    yield "\n]}\n"
