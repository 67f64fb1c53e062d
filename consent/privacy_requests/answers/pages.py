"""Where people read and fetch the answers to their requests."""

import hmac
import uuid

from flask import Blueprint, Response, make_response, render_template, request

from consent.db import Database
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.privacy_requests.answers import certificate_files, certificates, jobs
from consent.web.i18n import page_language
from consent.web.messages import N_

NOTHING = N_("There is no certificate at this address. Look at the address again, or at the mail it came with.")
NO_ORGANIZATION = N_("No organization of this name is served here.")
NOT_SEALED = N_("The file with the proof is there in about a minute. Try again then.")


def blueprint(db: Database, keyring: Keyring, public_url: str) -> Blueprint:
    """/<organization>/requests/certificates/<request>/<pass>, as a page, or ?as=html, pdf or json as a file."""
    pages = Blueprint("answer_pages", __name__, template_folder="templates")

    @pages.get("/<organization>/requests/certificates/<uuid:request_id>/<word>")
    def certificate(organization: str, request_id: uuid.UUID, word: str) -> Response:
        tenant = tenant_of(db, organization)
        right = certificates.pass_of(keyring, tenant.id, request_id)
        with db.read(tenant.id) as tx:
            one = certificates.of_request(tx, keyring, tenant.id, request_id)
            proof = certificates.file_of(tx, tenant.id, one) if one is not None else None
        if one is None or not hmac.compare_digest(right.encode(), word.encode()):
            raise NotFound(NOTHING)
        language, wanted = page_language(), request.args.get("as", "")
        if wanted == "json":
            if proof is None:
                raise NotFound(NOT_SEALED)
            return _file(proof, certificate_files.JSON, certificates.name_of(one, "json"))
        if wanted == "pdf":
            made = certificate_files.document(one, language, public_url)
            return _file(made, certificate_files.PDF, certificates.name_of(one, "pdf"))
        if wanted == "html":
            made = certificate_files.page(one, language, public_url)
            return _file(made, certificate_files.HTML, certificates.name_of(one, "html"))
        shown = {
            "organization": tenant,
            "text": certificate_files.text(one, language, public_url),
            "address": jobs.path_of(keyring, tenant.id, tenant.slug, request_id),
            "sealed": proof is not None,
        }
        answer = make_response(render_template("answers/certificate.html", **shown))
        answer.headers["Cache-Control"] = "no-store"
        return answer

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
