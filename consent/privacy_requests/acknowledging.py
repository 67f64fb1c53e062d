"""The mail that says a request has arrived: in the language of the page, or of the mail that asks."""

from flask import render_template

from consent.organizations.service import Tenant
from consent.policies.governing import InForce
from consent.privacy_requests import service, submitting
from consent.privacy_requests.service import Asked
from consent.privacy_requests.sorts import Sort
from consent.privacy_requests.submitting import Letter
from consent.web.i18n import in_words, page_language, to, translated


def letter_of(tenant: Tenant, in_force: InForce, sort: Sort, asked: Asked, public_url: str) -> Letter:
    """The acknowledgement in the language of this page; number and code come when the request has them."""
    due = service.timetable(in_force.rulebook, asked).due
    said = {
        "organization": tenant.name,
        "title": translated(sort.title) or sort.title,
        "due": in_words(due) if due is not None else None,
        "acted": asked.acted_at is not None,
        "address": f"{public_url}{to(f'/{tenant.slug}/requests/status')}",
        "reference": submitting.REFERENCE,
        "code": submitting.CODE,
        "contact": in_force.rulebook.organization.privacy_contact,
    }
    subject = render_template("privacy_requests/mail_subject.txt", **said).strip()
    text = render_template("privacy_requests/mail.txt", **said)
    html = render_template("privacy_requests/mail.html", language=page_language(), **said)
    return Letter(subject, text, html, render_template("privacy_requests/text.txt", **said).strip())
