"""Where people read and fetch the answers to their requests."""

import hmac
import uuid
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.db import Database
from consent.deadlines import zones
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing
from consent.privacy_requests.answers import certificate_files, certificates, downloads, jobs
from consent.privacy_requests.answers.downloads import Answer
from consent.verification import onward, visits
from consent.verification.visits import Level
from consent.web import forms
from consent.web.i18n import page_language
from consent.web.messages import N_

NOTHING = N_("There is no certificate at this address. Look at the address again, or at the mail it came with.")
NO_ANSWER = N_("There is no answer for you here, or its time is over. Ask again if you need it.")
NO_ORGANIZATION = N_("No organization of this name is served here.")
NOT_SEALED = N_("The file with the proof is there in about a minute. Try again then.")


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/requests/certificates/<request>/<pass>, as a page, or ?as=html, pdf or json as a file;
    /<organization>/requests/answers/<answer>, which a form there hands out."""
    pages = Blueprint("answer_pages", __name__, template_folder="templates")

    @pages.get("/<organization>/requests/certificates/<uuid:request_id>/<word>")
    def certificate(organization: str, request_id: uuid.UUID, word: str) -> Response:
        tenant = tenant_of(db, organization)
        right = certificates.pass_of(keyring, tenant.id, request_id)
        with db.read(tenant.id) as tx:
            one = certificates.of_request(tx, keyring, tenant.id, request_id)
            proof = certificates.file_of(tx, tenant.id, one) if one is not None else None
            gone = certificates.gone(tx, tenant.id, request_id)
        if one is None or not hmac.compare_digest(right.encode(), word.encode()):
            raise NotFound(NOTHING)
        language, wanted = page_language(), request.args.get("as", "")
        pack = governing.now(tenant.id, clock.now()).rulebook.organization
        if wanted == "json":
            if proof is None:
                raise NotFound(NOT_SEALED)
            return _file(proof, certificate_files.JSON, certificates.name_of(one, "json"))
        if wanted == "pdf":
            made = certificate_files.document(one, language, public_url, pack, gone)
            return _file(made, certificate_files.PDF, certificates.name_of(one, "pdf"))
        if wanted == "html":
            made = certificate_files.page(one, language, public_url, pack, gone)
            return _file(made, certificate_files.HTML, certificates.name_of(one, "html"))
        shown = {
            "organization": tenant,
            "text": certificate_files.text(one, language, public_url, pack, gone),
            "address": jobs.path_of(keyring, tenant.id, tenant.slug, request_id),
            "sealed": proof is not None,
        }
        answer = make_response(render_template("answers/certificate.html", **shown))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def waiting(tenant: Tenant, answer_id: uuid.UUID, now: datetime) -> Answer | AnyResponse:
        """The answer, for whoever has shown just now that the address is theirs; else the way to a code."""
        visit = visits.current(db, keyring, tenant.id, now)
        if visit is None or visit.level is not Level.CODE or now - visit.proven_at > downloads.FRESH:
            return onward.ask_first(tenant, f"/{tenant.slug}/requests/answers/{answer_id}")
        with db.read(tenant.id) as tx:
            found = downloads.one(tx, tenant.id, answer_id, now)
        if found is None or not visit.covers(found.contact_point_id):
            raise NotFound(NO_ANSWER)
        return found

    @pages.get("/<organization>/requests/answers/<uuid:answer_id>")
    def answer(organization: str, answer_id: uuid.UUID) -> AnyResponse:
        tenant, now = tenant_of(db, organization), clock.now()
        found = waiting(tenant, answer_id, now)
        if not isinstance(found, Answer):
            return found
        forms.csrf_token()
        megabytes = max(found.size / 1024**2, 0.1)
        where = zones.zone(tenant.zone)
        shown = {"organization": tenant, "answer": found, "megabytes": f"{megabytes:.1f}",
                 "made_on": zones.local_date(found.made_at, where),
                 "until": zones.local_date(found.expires_at, where)}  # fmt: skip
        page = make_response(render_template("answers/download.html", **shown))
        page.headers["Cache-Control"] = "no-store"
        return page

    @pages.post("/<organization>/requests/answers/<uuid:answer_id>")
    def fetch(organization: str, answer_id: uuid.UUID) -> AnyResponse:
        forms.check_form(public_url)
        tenant, now = tenant_of(db, organization), clock.now()
        found = waiting(tenant, answer_id, now)
        if not isinstance(found, Answer):
            return found
        key = db.write(lambda tx: downloads.fetched(tx, keyring, tenant.id, found, now), tenant.id)
        content = downloads.content(keyring, tenant.id, found.id, key)
        file = Response(content, content_type="application/zip")
        file.headers["Content-Disposition"] = f'attachment; filename="data-{tenant.slug}.zip"'
        file.headers["Cache-Control"] = "no-store"
        return file

    return pages


def tenant_of(db: Database, slug: str) -> Tenant:
    """The organization of this name; NotFound where none is served."""
    with db.read() as tx:
        tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
    if tenant is None:
        raise NotFound(NO_ORGANIZATION)
    return tenant


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
