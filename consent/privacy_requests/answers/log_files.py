"""Log files of a company's use, a step at a time: each with what it has to show, none before the ones above it.

The order itself is the list of the type and the promise about the fee (SMT-40 to 44, T-39, T-40, T-62, T-63).
"""

import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from consent.db import Database, Tx
from consent.deadlines import Window
from consent.deadlines.zones import local_date
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Asker
from consent.policies.answers.transfers import Transfer
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import steps
from consent.privacy_requests.answers import downloads, rates, vault
from consent.privacy_requests.answers.downloads import Answer, For
from consent.privacy_requests.answers.rates import Card, Fee
from consent.privacy_requests.casework import Case, Desk, Hand, load, receiving
from consent.privacy_requests.moves import NotNow

TYPE = "usage-log-file"
ELIGIBILITY, AUTHORITY, FEE, PAYMENT = "eligibility", "authority", "fee", "payment"
TABULATION, ISOLATION, RELEASE = "tabulation", "isolation-check", "release"
LONGEST = 100  # characters of the number of a payment
FREE = Fee(Decimal(0), "", "own-personal-data")


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever takes a step says of it. `fee` is read from the card by hand where no card is on file here.

    `owners` is how many customers' rows the file holds; `own_data`: somebody asks for personal data of their own.
    """

    on_file: bool = False
    own_data: bool = False
    fee: Fee | None = None
    payment: str = ""
    owners: int | None = None


def take(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, step: str, shown: Shown,
    cards: Sequence[Card] = (),
) -> Case:  # fmt: skip
    """The step is done, with its facts in the timeline. BadInput for what it lacks, NotNow before its time."""
    case = load(tx, desk.log.organization_id, request_id)
    if case.request_type != TYPE:
        raise NotNow("This is no step of such a request.")
    before = {
        str(one.facts["item"]): one.facts
        for one in steps.timeline(tx, case.organization_id, case.id)
        if one.kind == "checked" and "item" in one.facts
    }
    facts = facts_of(desk.rulebook, case, step, shown, cards, before)
    return receiving.check(tx, desk, request_id, by, now, step, facts=facts)


def facts_of(
    rulebook: Rulebook, case: Case, step: str, shown: Shown, cards: Sequence[Card],
    before: Mapping[str, Mapping[str, object]],
) -> dict[str, object]:  # fmt: skip
    """What the timeline says of this step; BadInput where it does not hold. Pure."""
    if step == ELIGIBILITY:
        roles = frozenset((case.role,)) if case.role else frozenset()
        verdict = rulebook.requests.may_ask(TYPE, Asker(roles, case.place), case.ground)
        if verdict.answer != "allow":
            raise BadInput(" ".join(one.text for one in verdict.reasons), field=ELIGIBILITY)
        return {"role": case.role or "", "ground": case.ground or ""}
    if step in (AUTHORITY, RELEASE):
        if not shown.on_file:
            raise BadInput("The person must be among the authorised people on file, now.", field="on_file")
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


def fee_of(rulebook: Rulebook, case: Case, shown: Shown, cards: Sequence[Card]) -> Fee:
    """What is charged: nothing for one's own data (T-63), else the card in force when the request came."""
    if rulebook.requests.fee(TYPE, own_personal_data=shown.own_data) is None:
        return FREE
    known = rates.fee_at(cards, TYPE, local_date(case.received_at, rulebook.requests.zone))
    fee = known or shown.fee
    if fee is None:
        raise BadInput("No rate card is on file here: say the amount, its currency and the card it stands on.",
                       field=FEE)  # fmt: skip
    if not 0 <= fee.amount <= rates.MOST or not fee.currency or not fee.card:
        raise BadInput("Say the amount, its currency and the card it stands on.", field=FEE)
    return fee


def window_of(rulebook: Rulebook, case: Case) -> Window:
    """The months that are tabulated: fixed by the day of receipt, however long fee and check took (T-39)."""
    window = rulebook.requests.window(TYPE, case.received_at)
    if window is None:
        raise BadInput("No promise says how far back such a file reaches; a person decides.", field=TABULATION)
    return window


def release(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, case: Case, file: Iterable[bytes], lasts: timedelta,
    now: datetime,
) -> Answer:  # fmt: skip
    """The file waits behind a fresh code, as every answer; NotNow before its release is in the timeline."""
    with db.read(organization_id) as tx:
        done = {str(one.facts.get("item")) for one in steps.timeline(tx, organization_id, case.id)}
    if RELEASE not in done:
        raise NotNow("It is released first; then it can be handed over.")

    def fill(out: vault.Writer, _aside: Path) -> int:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo("usage-log.txt", now.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as inside:
                for part in file:
                    inside.write(part)
        return 1

    return downloads.make(db, keyring, organization_id, For(case.id, case.contact_point_id), fill, lasts, now)


def _payment(shown: Shown, fee: Mapping[str, object]) -> dict[str, object]:
    if Decimal(str(fee.get("amount", "1"))) == 0:
        return {"due": False}
    if not shown.payment.strip() or len(shown.payment) > LONGEST:
        raise BadInput("Give the number by which the payment is found in the books.", field=PAYMENT)
    return {"due": True, "payment": shown.payment.strip()}


def _isolation(rulebook: Rulebook, shown: Shown) -> dict[str, object]:
    """A file that holds rows of several customers goes to nobody, whoever is authorised (T-62)."""
    asked = Transfer("usage-log-file", "administrator", "release", owners=shown.owners)
    verdict = rulebook.sharing.may_share(asked)
    banned = [one for one in verdict.reasons if one.code == "banned"]
    if banned or shown.owners != 1:
        text = "Rows of other customers are in it, or nobody has looked: it goes to nobody."
        raise BadInput(" ".join([text, *(one.text for one in banned)]), field="owners")
    return {"owners": 1}
