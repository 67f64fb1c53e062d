"""The mail that invites somebody, in their language."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from flask import g, render_template

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.staff import rules
from consent.staff.invitations import Link
from consent.subjects.addresses import of_person
from consent.web import i18n

KIND = "mail.staff"


def invitation(organization: str, name: str, language: str, by: str) -> mail.Mail:
    """The mail with a gap where the link will stand: it is made in the transaction that makes the link."""
    shown = {"organization": organization, "name": name, "by": by, "language": language, "address": GAP}
    with _in(language):
        return mail.Mail(
            render_template("staff/invitation_subject.txt", **shown).strip(),
            render_template("staff/invitation.txt", **shown),
            render_template("staff/invitation.html", **shown),
        )


GAP = "https://invitation.invalid/"


def send(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    to: str,
    letter: mail.Mail,
    link: Link,
    public_url: str,
    now: datetime,
) -> None:
    """The invitation waits in the outbox; what waited for the same link is the same."""
    address = public_url + link.path
    complete = mail.Mail(letter.subject, letter.text.replace(GAP, address), letter.html.replace(GAP, address))
    mail.write(
        tx,
        keyring,
        organization_id,
        keyring.challenge_key(organization_id),
        of_person("email", to),
        complete,
        now,
        kind=KIND,
        unique_key=f"staff:{link.hash.hex()}",
        expires_at=now + rules.INVITED_FOR,
    )


@contextmanager
def _in(language: str) -> Iterator[None]:
    """What is rendered in here is in this language, whatever the page speaks."""
    import flask_babel  # heavy, and only mails in another language need it

    i18n.speaker()  # the catalogues are loaded
    before = g.get("page_language")
    g.page_language = language
    try:
        with flask_babel.force_locale(language):
            yield
    finally:
        g.page_language = before
