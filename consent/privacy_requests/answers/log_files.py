"""Log files of a company's use, a step at a time: each with what it has to show, none before the ones above it.

The order itself is the list of the type and the promise about the fee (SMT-40 to 44, T-39, T-40, T-62, T-63).
"""

import hashlib
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from consent.db import Tx
from consent.deadlines import Window
from consent.deadlines.zones import local_date
from consent.errors import BadInput
from consent.policies.answers.asking import Asker
from consent.policies.answers.fees import FEE_STEPS
from consent.policies.answers.transfers import Transfer
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import steps
from consent.privacy_requests.answers import answering, downloads, giving, rates, vault
from consent.privacy_requests.answers.certificate import Done
from consent.privacy_requests.answers.downloads import Answer, For
from consent.privacy_requests.answers.giving import Here, Wanted
from consent.privacy_requests.answers.rates import Card, Fee
from consent.privacy_requests.casework import Case, Desk, Hand, checklist, load, receiving
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.steps import Step
from consent.subjects import service as subjects
from consent.web.messages import N_

TYPE = "usage-log-file"
ELIGIBILITY, FEE, PAYMENT, TABULATION, ISOLATION, RELEASE = FEE_STEPS
AUTHORITY = "authority"
STEPS = (ELIGIBILITY, AUTHORITY, FEE, PAYMENT, TABULATION, ISOLATION, RELEASE)
LONGEST = 100  # characters of the number of a payment
SHORTEST = 10  # characters of the reasons of what is at the company's discretion
FREE = Fee(Decimal(0), "", "own-personal-data")
NOT_OPEN = N_(
    "By what is on record, no promise opens this to the person: look at who they are and at the reason they give."
)
NOT_ON_FILE = N_("The person must be among the authorised people on file, now.")
NO_REASONS = N_("Write down why it is given or not: this is at the company's discretion.")
NO_CARD = N_("No rate card is on file here: say the amount, its currency and the card it stands on.")
NO_AMOUNT = N_("Say the amount, its currency and the card it stands on.")
NO_PAYMENT = N_("Give the number by which the payment is found in the books.")
NO_WINDOW = N_("No promise says how far back such a file reaches; a person decides.")
MIXED = N_("Rows of other customers are in it, or nobody has looked: it goes to nobody.")
NO_FILE = N_("Choose the file in which the rows were counted.")
OTHER_FILE = N_(
    "This is not the file in which the rows were counted. Hand over that one; for another, the request is opened again."
)
NOT_RELEASED = N_("Everything above it is done and an officer approves it first; then the file is handed over.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever takes a step says of it. `fee` is read from the card by hand where no card is on file here.

    `owners` is how many customers' rows the file holds; `own_data`: somebody asks for personal data of their own.
    `reasons` are those of what is at the company's discretion (SMT-41); they are sealed with the entry. `file` is the
    SHA-256 of the file whose rows were counted, in hex: that one is released and no other.
    """

    on_file: bool = False
    own_data: bool = False
    fee: Fee | None = None
    payment: str = ""
    owners: int | None = None
    reasons: str = field(default="", repr=False)
    file: str = ""


def take(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, step: str, shown: Shown,
    cards: Sequence[Card] = (), *, version: int | None = None,
) -> Case:  # fmt: skip
    """The step is done, with its facts in the timeline. BadInput for what it lacks, NotNow before its time."""
    case = load(tx, desk.log.organization_id, request_id)
    if case.request_type != TYPE or step not in STEPS:
        raise NotNow(checklist.NO_STEP)
    before = told_of(steps.timeline(tx, case.organization_id, case.id))
    facts = facts_of(desk.rulebook, case, step, shown, cards, before)
    note = shown.reasons.strip() or None
    return receiving.check(tx, desk, request_id, by, now, step, facts=facts, note=note, version=version)


def told_of(timeline: Iterable[Step]) -> dict[str, Mapping[str, object]]:
    """What each step said when it was done, by its word; nothing of what was done before it was opened again."""
    told: dict[str, Mapping[str, object]] = {}
    for one in timeline:
        if one.kind == checklist.REOPENED:
            told.clear()
        elif one.kind == "checked" and "item" in one.facts:
            told[str(one.facts["item"])] = one.facts
    return told


def facts_of(
    rulebook: Rulebook, case: Case, step: str, shown: Shown, cards: Sequence[Card],
    before: Mapping[str, Mapping[str, object]],
) -> dict[str, object]:  # fmt: skip
    """What the timeline says of this step; BadInput where it does not hold. Pure."""
    if step == ELIGIBILITY:
        roles = frozenset((case.role,)) if case.role else frozenset()
        verdict = rulebook.requests.may_ask(TYPE, Asker(roles, case.place), case.ground)
        if verdict.answer != "allow":
            raise BadInput(NOT_OPEN)
        return {"role": case.role or "", "ground": case.ground or ""}
    if step in (AUTHORITY, RELEASE):
        if not shown.on_file:
            raise BadInput(NOT_ON_FILE, field="on_file")
        if step == AUTHORITY and at_discretion(rulebook, case) and len(shown.reasons.strip()) < SHORTEST:
            raise BadInput(NO_REASONS, field="reasons")
        return {"on_file": True}
    if step == FEE:
        fee = fee_of(rulebook, case, shown, cards)
        return {"amount": str(fee.amount), "currency": fee.currency, "card": fee.card}
    if step == PAYMENT:
        return _payment(shown, before.get(FEE, {}))
    if step == TABULATION:
        window = window_of(rulebook, case)
        return {"from": window.first.isoformat(), "to": window.last.isoformat()}
    if step == ISOLATION:
        return _isolation(rulebook, shown)
    return {}


def at_discretion(rulebook: Rulebook, case: Case) -> bool:
    """Does the promise leave it to the company whether such data is given, so that it says why (SMT-41)?"""
    asker = Asker(frozenset((case.role,)) if case.role else frozenset(), case.place)
    return rulebook.requests.check(TYPE, asker).discretion is not None


def quoted(told: Mapping[str, Mapping[str, object]]) -> str:
    """The fee that was told, as a letter names it; empty while none is, or where nothing is charged."""
    fee = told.get(FEE, {})
    return f"{fee['amount']} {fee['currency']} ({fee['card']})" if fee and fee["currency"] else ""


def card_fee(rulebook: Rulebook, case: Case, cards: Sequence[Card]) -> Fee | None:
    """The price on the card in force when the request was received; None where no card tells it."""
    return rates.fee_at(cards, TYPE, local_date(case.received_at, rulebook.requests.zone))


def fee_of(rulebook: Rulebook, case: Case, shown: Shown, cards: Sequence[Card]) -> Fee:
    """What is charged: nothing for one's own data (T-63), else the card in force when the request came."""
    if rulebook.requests.fee(TYPE, own_personal_data=shown.own_data) is None:
        return FREE
    fee = card_fee(rulebook, case, cards) or shown.fee
    if fee is None:
        raise BadInput(NO_CARD, field="amount")
    if not 0 <= fee.amount <= rates.MOST or not fee.currency or not fee.card:
        raise BadInput(NO_AMOUNT, field="amount")
    return fee


def window_of(rulebook: Rulebook, case: Case) -> Window:
    """The months that are tabulated: fixed by the day of receipt, however long fee and check took (T-39)."""
    window = rulebook.requests.window(TYPE, case.received_at)
    if window is None:
        raise BadInput(NO_WINDOW)
    return window


def release(
    here: Here, desk: Desk, case: Case, by: Hand, file: Iterable[bytes], shown: Shown, lasts: timedelta, now: datetime,
    *, version: int | None = None,
) -> Answer:  # fmt: skip
    """The file waits behind a fresh code as every answer, the person is told, and the request is over: all, or nothing.

    Raises BadInput where the authority does not hold any more or it is another file, NotNow before it is approved.
    """
    if case.state != "approved":
        raise NotNow(NOT_RELEASED)
    wanted = Wanted(case.id, case.contact_point_id, TYPE, case.received_at, case.reference, case.language or "en",
                    answer_by=case.answer_by)  # fmt: skip

    digest = hashlib.sha256()

    def fill(out: vault.Writer, _aside: Path) -> int:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo("usage-log.txt", now.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as inside:
                for part in file:
                    digest.update(part)
                    inside.write(part)
        return 1

    def close(tx: Tx, contact: subjects.KnownContact, made: Answer) -> None:
        counted = told_of(steps.timeline(tx, case.organization_id, case.id)).get(ISOLATION, {})
        if counted.get("file_sha256") != digest.hexdigest():
            raise BadInput(OTHER_FILE, field="file")
        take(tx, desk, case.id, by, now, RELEASE, shown, version=version)
        answering.close(tx, desk, here.url, case.id, Done(answering.HERE, "find", made.records, now), now)
        giving.mail(tx, here, wanted, contact, made, now)

    whom = For(case.id, case.contact_point_id)
    return downloads.make(here.db, here.keyring, here.organization_id, whom, fill, lasts, now, close)


def _payment(shown: Shown, fee: Mapping[str, object]) -> dict[str, object]:
    if Decimal(str(fee.get("amount", "1"))) == 0:
        return {"due": False}
    if not shown.payment.strip() or len(shown.payment) > LONGEST:
        raise BadInput(NO_PAYMENT, field=PAYMENT)
    return {"due": True, "payment": shown.payment.strip()}


def _isolation(rulebook: Rulebook, shown: Shown) -> dict[str, object]:
    """A file that holds rows of several customers goes to nobody, whoever is authorised (T-62)."""
    asked = Transfer(TYPE, "administrator", "release", owners=shown.owners)
    verdict = rulebook.sharing.may_share(asked)
    if shown.owners != 1 or any(one.code == "banned" for one in verdict.reasons):
        raise BadInput(MIXED, field="owners")
    if not shown.file:
        raise BadInput(NO_FILE, field="file")
    return {"owners": 1, "file_sha256": shown.file}
