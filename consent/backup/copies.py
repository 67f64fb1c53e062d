"""Copies of the newest checkpoint go to others, every day and before people are erased (ledger A9).

Whoever holds one can show that the log was later cut or changed, without asking us: a mailbox of the organization's
own, somebody's webhook, a folder that is written once, an authority that stamps the time.
"""

import html
import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from consent.db import Database, Tx
from consent.db.readonly import sync_folder
from consent.errors import ConsentError
from consent.gateways import timestamps
from consent.gateways.callbacks.calls import Caller, CallFailed
from consent.gateways.callbacks.targets import target_of
from consent.ledger import anchors, queries
from consent.ledger.anchors import MAIL, TIMESTAMP, WITNESS
from consent.ledger.keys import Keyring
from consent.outbox import mail
from consent.outbox.mail import Attachment, Mail
from consent.policies.organization import OrganizationPack
from consent.subjects.addresses import canonical
from consent.web import spoken
from consent.web.logs import log
from consent.web.messages import N_

DAILY = timedelta(hours=23)  # looked at every hour, and what failed is tried again in the next
WEBHOOK, FOLDER = "webhook", "folder"  # the ways of a witness
SUBJECT = N_("%(organization)s: checkpoint of the log, entries: %(size)s")
BODY = N_(
    "Please keep this mail. The attached file shows what the log of consents held at this moment. With it anybody can"
    " find out whether entries were removed or changed later."
)
HOW = N_("To check the log against it:")


@dataclass(frozen=True, slots=True)
class Messenger:
    """What handing copies over stands on. `folder`: where each copy is written once, if anywhere."""

    db: Database
    keyring: Keyring
    caller: Caller
    folder: Path | None = None
    development: bool = False


@dataclass(frozen=True, slots=True)
class _Copy:
    organization_id: UUID
    log_id: int
    note: str

    @property
    def size(self) -> int:
        return queries.checkpoint_of(self.note).size


def hand_over(
    messenger: Messenger, organization: OrganizationPack, organization_id: UUID, now: datetime, *, at_once: bool = False
) -> list[str]:
    """The newest checkpoint went every way that was due; returns the ways. One that fails is tried again later.

    `at_once`: however lately the last one went, because people are about to be erased.
    """
    with messenger.db.read(organization_id) as tx:
        log_id = queries.logs(tx, organization_id)[-1].log_id
        note, known = queries.newest_note(tx, organization_id, log_id), anchors.newest(tx, organization_id, log_id)
    if note is None:
        return []
    copy, gone = _Copy(organization_id, log_id, note), []
    for how, hand in _ways(messenger, organization, copy, now):
        before = next((one for one in known if one.how == how), None)
        if before is not None and (before.size >= copy.size or (now - before.at < DAILY and not at_once)):
            continue
        try:
            hand()
        except (ConsentError, CallFailed, OSError) as error:
            log.error("checkpoint_not_handed_over", organization=str(organization_id), how=how, why=str(error)[:200])
            continue
        gone.append(how)
    return gone


def _ways(
    messenger: Messenger, organization: OrganizationPack, copy: _Copy, now: datetime
) -> list[tuple[str, Callable[[], None]]]:
    # An anchor's key is log, size, kind and instant: webhook and folder are both a witness, handed over in one run.
    a_moment_later = now + timedelta(microseconds=1)
    settings, ways = organization.outside, list[tuple[str, Callable[[], None]]]()
    if settings.mail is not None:
        to = settings.mail
        ways.append((MAIL, lambda: _mail(messenger, organization, to, copy, now)))
    if settings.webhook is not None:
        url = settings.webhook
        ways.append((WEBHOOK, lambda: _call(messenger, url, copy, now)))
    if messenger.folder is not None:
        folder = messenger.folder
        ways.append((FOLDER, lambda: _write_once(messenger, folder, copy, a_moment_later)))
    if settings.timestamp is not None:
        authority = settings.timestamp
        ways.append((TIMESTAMP, lambda: _stamp(messenger, authority, copy, now)))
    return ways


def _mail(messenger: Messenger, organization: OrganizationPack, to: str, copy: _Copy, now: datetime) -> None:
    keyring, organization_id = messenger.keyring, copy.organization_id
    letter = letter_of(organization, copy.note)

    def work(tx: Tx) -> None:
        mail.write(
            tx, keyring, organization_id, keyring.challenge_key(organization_id), canonical("email", to), letter, now,
            kind="mail.staff", unique_key=f"checkpoint:{copy.log_id}:{copy.size}",
        )  # fmt: skip
        anchors.add(tx, organization_id, copy.log_id, copy.size, MAIL, anchors.handed(MAIL), now)

    messenger.db.write(work, organization_id)


def letter_of(organization: OrganizationPack, note: str) -> Mail:
    """The mail with the checkpoint: in the organization's language, and nothing about any person."""
    language = organization.languages[0]
    say, size = spoken.say(language), queries.checkpoint_of(note).size
    subject = say(SUBJECT) % {"organization": organization.name, "size": size}
    name = f"checkpoint-{size}.note"
    command = f"consent ledger verify --organization {organization.slug} --held {name}"
    text = f"{say(BODY)}\n\n{say(HOW)}\n\n    {command}\n\n{note}"
    body = "".join(f"<p>{html.escape(one)}</p>" for one in (say(BODY), say(HOW)))
    body += f"<pre>{html.escape(command)}</pre><pre>{html.escape(note)}</pre>"
    page = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
    return Mail(
        subject, text, f"{page}</head><body>{body}</body></html>", (Attachment(name, "text/plain", note.encode()),)
    )


def _call(messenger: Messenger, url: str, copy: _Copy, now: datetime) -> None:
    origin = queries.checkpoint_of(copy.note).origin
    told = json.dumps({"type": "checkpoint", "origin": origin, "size": copy.size, "note": copy.note}).encode()
    target = target_of(url, development=messenger.development)
    answer = messenger.caller.post(target, {"Content-Type": "application/json"}, told)
    if not 200 <= answer.status < 300:
        raise CallFailed(f"status-{answer.status}")
    _keep(messenger, copy, WITNESS, anchors.handed(WEBHOOK), now)


def _write_once(messenger: Messenger, folder: Path, copy: _Copy, now: datetime) -> None:
    """A new file, never touched again: the folder may refuse changes and removals (write-once storage)."""
    place = folder / str(copy.organization_id) / str(copy.log_id)
    place.mkdir(parents=True, exist_ok=True)
    draft = place / f".{copy.size}.note.{secrets.token_hex(4)}"
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(fd, "wb") as file:
        file.write(copy.note.encode())
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, place / f"{copy.size}.note")  # under its name it is whole, or is not there
    with suppress(OSError):  # storage that lets nothing go keeps the draft, too
        draft.unlink()
    sync_folder(place)
    _keep(messenger, copy, WITNESS, anchors.handed(FOLDER), now)


def _stamp(messenger: Messenger, authority: str, copy: _Copy, now: datetime) -> None:
    digest, nonce = anchors.digest_of(queries.checkpoint_of(copy.note)), secrets.randbits(63)
    target = target_of(authority, development=messenger.development)
    headers = {"Content-Type": timestamps.QUERY, "Accept": timestamps.REPLY}
    answer = messenger.caller.ask(target, headers, timestamps.query(digest, nonce))
    if answer.status != 200:
        raise CallFailed(f"status-{answer.status}")
    token = timestamps.token_of(answer.body)
    timestamps.check(token, digest, nonce)
    _keep(messenger, copy, TIMESTAMP, token, now)


def _keep(messenger: Messenger, copy: _Copy, kind: str, data: bytes, now: datetime) -> None:
    messenger.db.write(
        lambda tx: anchors.add(tx, copy.organization_id, copy.log_id, copy.size, kind, data, now), copy.organization_id
    )
