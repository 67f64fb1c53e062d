"""What a gateway has and we have not: its lists are read again and again, and what is missing is put on record.

It is mended towards less contact only (design 2.4). A STOP found here counts from the gateway's time; a START found
here is kept for a person to read and gives nothing back; a number blocked there is silenced here; a number silenced
here and not blocked there is reported and nothing else.
"""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from consent import clock
from consent.db import Database, Sql, Tx
from consent.db.types import as_instant
from consent.errors import ConsentError, Unavailable
from consent.gateways.sms.base import DeliveryReport, HttpSession, InboundMessage, OptOut, SendFailed
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing
from consent.preferences import rules as preference_rules
from consent.preferences import service as preferences
from consent.sms import delivery
from consent.sms.doors import Door, LoadGateway, door_of
from consent.sms.intake import Intake
from consent.sms.rules import Intent, classify
from consent.sms.service import SMS, sender_id
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.web import metrics
from consent.web.logs import log

EVERY = timedelta(minutes=5)  # ledger A6
WHENEVER = timedelta(days=3650)  # whoever asks for a whole look does not wait for its time
OVERLAP = timedelta(minutes=15)  # read again each time: lists show some texts late
FIRST_LOOK = timedelta(days=1)  # how far back the first look goes
# A text that has just come in may be on the list before its webhook is here. A START must not lose its effect to that.
SETTLED = timedelta(minutes=3)
MOST = 50_000  # entries of one list in one look
PAGE = 500

T = TypeVar("T")

_DUE = Sql("SELECT account_id, next_at FROM gateway_progress WHERE organization_id = :organization_id")
_BEGIN = Sql(
    "INSERT INTO gateway_progress (organization_id, account_id, next_at, found, error)"
    " VALUES (:organization_id, :account_id, :next_at, 0, '')"
    " ON CONFLICT (organization_id, account_id) DO UPDATE SET next_at = :next_at"
    " WHERE gateway_progress.next_at <= :due RETURNING listed_until, opt_outs_until"
)
_END = Sql(
    "UPDATE gateway_progress SET next_at = :next_at, error = :error, found = found + :found,"
    " listed_until = coalesce(:listed_until, listed_until), opt_outs_until = coalesce(:opt_outs_until, opt_outs_until)"
    " WHERE organization_id = :organization_id AND account_id = :account_id"
)
_SOON = Sql("UPDATE gateway_progress SET next_at = :now WHERE organization_id = :organization_id")
_SEEN = Sql(
    "SELECT 1 FROM inbound WHERE organization_id = :organization_id AND account_id = :account_id"
    " AND message_tag = :message_tag"
)
_SILENCED = Sql(
    "SELECT tag64 FROM preference WHERE organization_id = :organization_id AND channel = 'sms'"
    " AND program = :every AND state = 'withdrawn'"
)


@dataclass(slots=True)
class Looked:
    """What one look at an account's lists showed and did."""

    account: uuid.UUID
    gateway: str
    listed: int = 0  # texts on the list
    missing: dict[str, int] = field(default_factory=dict)  # put on record now, by what they say
    opt_outs: int = 0  # numbers on the list of blocked ones
    silenced: int = 0  # of these, silenced here now
    not_blocked_there: int | None = None  # silenced here, not on the list; None where that was not asked
    cannot: tuple[str, ...] = ()  # lists this gateway does not show
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "account": str(self.account),
            "gateway": self.gateway,
            "listed": self.listed,
            "missing": dict(sorted(self.missing.items())),
            "opt_outs": self.opt_outs,
            "silenced": self.silenced,
            "not_blocked_there": self.not_blocked_there,
            "cannot": list(self.cannot),
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True)
class Reconciler:
    """What a look needs."""

    db: Database
    keyring: Keyring
    governing: Governing
    intake: Intake
    load: LoadGateway
    http: HttpSession

    def due(self, organization_id: uuid.UUID, now: datetime) -> list[organizations.Account]:
        """The open accounts whose time has come; an account that was never looked at is due."""
        with self.db.read(organization_id) as tx:
            rows = tx.all(_DUE, {"organization_id": organization_id})
            times = {bytes(row[0]) if isinstance(row[0], bytes) else row[0].bytes: as_instant(row[1]) for row in rows}
            accounts = organizations.accounts(tx, self.keyring, organization_id)
        return [one for one in accounts if one.closed_at is None and times.get(one.id.bytes, now) <= now]

    def look(self, organization_id: uuid.UUID, account: organizations.Account, *, whole: bool = False) -> Looked | None:
        """Both lists were read as far as the gateway shows them; None when another process looks at this account now.

        `whole`: from the beginning, with a comparison of all that is silenced here.
        """
        began = clock.now()
        done = Looked(account.id, account.gateway)
        place: dict[str, Any] = {"organization_id": organization_id, "account_id": account.id}
        due = began + WHENEVER if whole else began
        claimed = self.db.write(
            lambda tx: tx.all(_BEGIN, place | {"next_at": began + EVERY, "due": due}), organization_id
        )
        if not claimed:
            return None
        listed_until, opt_outs_until = (as_instant(one) if one is not None else None for one in claimed[0])
        after, reached = EVERY, dict[str, datetime | None](listed_until=None, opt_outs_until=None)
        try:
            door = door_of(organization_id, account, self.load(account.gateway, account.settings))
            done.cannot = _cannot(door)
            if door.gateway.lists_inbound:
                self._texts(door, (listed_until or began - FIRST_LOOK) - OVERLAP, done)
                reached["listed_until"] = began - SETTLED
            if door.gateway.lists_opt_outs:
                since = None if whole or opt_outs_until is None else opt_outs_until - OVERLAP
                self._opt_outs(door, since, done)
                reached["opt_outs_until"] = began
        except Unavailable:
            raise
        except SendFailed as error:
            done.error = error.code
            after = max(after, timedelta(seconds=error.retry_after or 0))
        except ConsentError as error:
            done.error = type(error).__name__
            log.error("reconcile_failed", account=str(account.id), gateway=account.gateway, why=error.detail)
        if done.error:
            metrics.RECONCILE_FAILED.labels(account.gateway).inc()
        found = sum(done.missing.values()) + done.silenced
        end = place | reached | {"next_at": began + after, "error": done.error[:64], "found": found}
        self.db.write(lambda tx: tx.run(_END, end), organization_id)
        if found or done.error:
            log.warning("reconciled", **done.as_json())
        return done

    def _texts(self, door: Door, since: datetime, done: Looked) -> None:
        """Every text on the list is on record. Pages come in any order: a text counts from the time it has there."""
        for page in _pages(door.gateway.list_inbound(since, self.http)):
            done.listed += len(page)
            for message in self._unknown(door, page):
                now = clock.now()
                at = min(message.received_at or now, now)
                if at > now - SETTLED and _may_be_start(message):
                    continue  # its webhook may be on its way; the next look finds it, if not
                handled = self.intake.message(door, message, at, waited=False, listed=True)
                if not handled.repeated:
                    done.missing[handled.outcome] = done.missing.get(handled.outcome, 0) + 1
                    metrics.RECONCILED_MISSING.inc()

    def _unknown(self, door: Door, page: list[InboundMessage]) -> list[InboundMessage]:
        account = door.account
        place: dict[str, Any] = {"organization_id": account.organization_id, "account_id": account.id}
        tags = [self.keyring.message_tag(account.organization_id, str(account.id), one.message_id) for one in page]
        with self.db.read(account.organization_id) as tx:
            seen = tx.gather(*[(_SEEN, place | {"message_tag": tag}) for tag in tags])
        return [one for one, known in zip(page, seen, strict=True) if not known]

    def _opt_outs(self, door: Door, since: datetime | None, done: Looked) -> None:
        """Every number on the list is silenced here."""
        organization_id = door.account.organization_id
        in_force = self.governing.now(organization_id, clock.now())
        there: set[int] = set()
        for page in _pages(door.gateway.list_opt_outs(since, self.http)):
            done.opt_outs += len(page)
            tagged = [subjects.tagged(self.keyring, organization_id, as_received(SMS, one.number)) for one in page]
            there.update(one.tag64 for one in tagged)
            with self.db.read(organization_id) as tx:
                states = [preferences.read(tx, organization_id, SMS, one.tag64) for one in tagged]
            for opt_out, recipient, state in zip(page, tagged, states, strict=True):
                report = _as_report(door, opt_out)
                if _is_silent(state, in_force.rulebook.stop_scope(sender_id(in_force.rulebook, report.sender))):
                    continue
                self.db.write(
                    lambda tx, report=report, recipient=recipient: delivery.silence(  # type: ignore[misc]
                        tx, self.keyring, in_force.log, in_force.rulebook, report, recipient, clock.now()
                    ),
                    organization_id,
                )
                done.silenced += 1
                metrics.RECONCILED_OPT_OUTS.inc()
        if since is None:
            done.not_blocked_there = self._only_here(organization_id, there)

    def _only_here(self, organization_id: uuid.UUID, there: set[int]) -> int:
        parameters = {"organization_id": organization_id, "every": preference_rules.NUMBER[0]}
        with self.db.read(organization_id) as tx:
            return sum(tag64 not in there for (tag64,) in tx.stream(_SILENCED, parameters))


def soon(tx: Tx, organization_id: uuid.UUID, now: datetime) -> None:
    """Every account of the organization is due: an outage is over."""
    tx.run(_SOON, {"organization_id": organization_id, "now": now})


def _cannot(door: Door) -> tuple[str, ...]:
    shown = {"inbound": door.gateway.lists_inbound, "opt_outs": door.gateway.lists_opt_outs}
    return tuple(name for name, can in shown.items() if not can)


def _pages(entries: Iterator[T]) -> Iterator[list[T]]:
    """The entries, some hundreds at a time; a list that is too long to be believed ends as a failure."""
    entries, read = iter(entries), 0
    while page := list(islice(entries, PAGE)):
        read += len(page)
        if read > MOST:
            raise SendFailed("list-too-long", retryable=True)
        yield page


def _may_be_start(message: InboundMessage) -> bool:
    return classify(message.text, None, message.provider_opt_out_type).intent is Intent.START


def _is_silent(state: preference_rules.State, scope: Collection[str]) -> bool:
    """Whether a STOP to this sender would change nothing."""
    number = state.get(preference_rules.NUMBER)
    stopped = number is not None and number.state == "withdrawn"
    return stopped and not any(key[0] in scope and one.state == "given" for key, one in state.items())


def _as_report(door: Door, opt_out: OptOut) -> DeliveryReport:
    """The block as the delivery report that says the same; without a sender it is for every number of the account."""
    sender = opt_out.sender or next(iter(door.numbers), "")
    return DeliveryReport(
        door.gateway.name, "", "", "blocked", sender, opt_out.number, error_code="listed", recipient_opted_out=True
    )
