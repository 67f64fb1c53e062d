"""Put on record what a proved call brought: the same for a call at the door and for one that waited in the spool."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

from consent import clock
from consent.db import Database, Tx
from consent.gateways.sms.base import DeliveryReport, HttpRequest, InboundMessage, Received
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.sms import delivery, payloads, service
from consent.sms.doors import Door
from consent.sms.heard import Heard
from consent.sms.rules import Classified, Intent
from consent.web import metrics
from consent.web.logs import log

# What a gateway dates before this it does not date at all: a field without its value, such as 1970 or the year 1.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FOUND_LATE = Classified(Intent.OTHER, "A START that the gateway never brought gives nothing back: a person asks.")


class Intake:
    """Where events go."""

    def __init__(self, db: Database, keyring: Keyring, governing: Governing, pages: str) -> None:
        self._db, self._keyring, self._governing, self._pages = db, keyring, governing, pages
        self._heard = Heard()

    @property
    def away(self) -> bool:
        """Whether the last that was heard of writing is a failure."""
        return self._db.writing.is_open

    def take(
        self, door: Door, called: HttpRequest, received: Received, arrived: datetime, *, waited: bool = False
    ) -> tuple[str | None, InboundMessage | None]:
        """All of it is on stable storage; returns what the webhook's own answer must say, if anything, and to whom.

        `waited`: the call lay in the spool. Then it counts from its arrival, not from now: what the person said later
        by another way stays the later word.
        """
        reply: str | None = None
        answered: InboundMessage | None = None
        for event, piece in zip(received.events, payloads.pieces(called, received), strict=True):
            if isinstance(event, InboundMessage):
                said = self.message(door, event, arrived, waited=waited, piece=piece).reply
                if said is not None:
                    reply, answered = said, event
            elif isinstance(event, DeliveryReport):
                self._delivery(door, event, piece)
        return reply, answered

    def message(
        self, door: Door, message: InboundMessage, arrived: datetime, *, waited: bool, listed: bool = False,
        piece: payloads.Piece | None = None,
    ) -> service.Handled:  # fmt: skip
        """The text is on stable storage, and `piece` beside it: what the gateway's call said of it.

        `listed`: the gateway never brought it, its list shows it. A START then agrees to nothing: what is mended with
        a gateway's list is mended towards less contact (design 2.4), and a person reads it.
        """
        now = clock.now()
        account = door.answering_for(message.recipient)
        organization_id = account.organization_id
        if message.received_at is not None and message.received_at < EARLIEST:
            message = replace(message, received_at=None)  # else every consent there is would be later than this STOP
        if waited and message.received_at is None:
            message = replace(message, received_at=arrived)
        if message.received_at is None:
            in_force = self._governing.now(organization_id, now)
        else:
            in_force = self._governing.at(organization_id, min(message.received_at, now))
        text = service.prepare(self._keyring, account, in_force.rulebook, message)
        text = replace(text, listed=listed, pages=self._pages, payload=_kept(piece, text))
        if listed and text.classified.intent is Intent.START:
            text = replace(text, classified=FOUND_LATE)

        def work(tx: Tx) -> service.Handled:
            handled = service.receive(
                tx, self._keyring, in_force.log, in_force.rulebook, account, text, now, arrived if waited else None
            )
            if not handled.repeated:
                self._heard.note(tx, organization_id, account.id, now)
            return handled

        handled = self._db.write(work, organization_id)
        if handled.conflict:
            log.error("inbound_conflict", gateway=account.gateway, entry=str(handled.event_id))
        if handled.outcome == "stop" and not handled.repeated:
            metrics.STOP_TO_BLOCK_SECONDS.observe(max((clock.now() - arrived).total_seconds(), 0.0))
        return handled

    def _delivery(self, door: Door, report: DeliveryReport, piece: payloads.Piece | None) -> None:
        now = clock.now()
        organization_id: uuid.UUID = door.account.organization_id
        in_force = self._governing.now(organization_id, now)
        tagged = delivery.prepare(self._keyring, door.account, report)
        payload = None if piece is None else payloads.masked(piece)
        self._db.write(
            lambda tx: delivery.record(
                tx, self._keyring, in_force.log, in_force.rulebook, door.account, report, tagged, now, payload
            ),
            organization_id,
        )


def _kept(piece: payloads.Piece | None, text: service.Prepared) -> str | None:
    """As it may be kept. Beside a plain text with nothing to blot out the rest is read where a look says so."""
    if piece is None:
        return None
    hides = text.masked or text.message.media or not text.message.is_text
    return payloads.masked(piece) if hides or payloads.may_hide(piece) else payloads.kept(piece)
