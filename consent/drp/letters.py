"""The mail that asks a person whether an agent speaks for them."""

import uuid

from flask import render_template

from consent.drp import words
from consent.drp.exercise import Exercise
from consent.gateways.email.base import Mail
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.sorts import BY_WISH
from consent.web.i18n import page_language, to, translated


def about(rulebook: Rulebook, exercise: Exercise, pages: str, identity: uuid.UUID) -> Mail:
    """The mail about this request, in the language of the agent's call."""
    wish = words.RIGHTS.get(exercise.right)
    title = BY_WISH[wish].title if wish is not None else exercise.right
    said = {
        "organization": rulebook.organization.name,
        "agent": exercise.agent.name,
        "title": translated(title) or title,
        "address": to(f"{pages}/agents/{identity}"),
        "contact": rulebook.organization.privacy_contact,
    }
    subject = render_template("drp/mail_subject.txt", **said).strip()
    html = render_template("drp/mail.html", language=page_language(), **said)
    return Mail(subject, render_template("drp/mail.txt", **said), html)
