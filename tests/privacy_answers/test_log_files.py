"""Log files in their order, the fee of the card, the fixed months, and the question who got data for marketing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from consent.errors import BadInput, SetupProblem
from consent.house import House
from consent.privacy_requests import casework, steps
from consent.privacy_requests.answers import downloads, log_files, marketing, rates
from consent.privacy_requests.answers.giving import Here
from consent.privacy_requests.answers.log_files import Shown
from consent.privacy_requests.answers.marketing import Disclosed
from consent.privacy_requests.answers.rates import Fee
from consent.privacy_requests.casework import Case, Outcome
from consent.privacy_requests.moves import NotNow
from tests.casework.conftest import CLERK, LETTER, OFFICER, Office
from tests.policies.packs_1v import rulebook as at_1valet
from tests.policies.packs_smt import book
from tests.support.organizations import SMARTT, found_shipped
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL

CARDS = rates.read(
    """
[[card]]
name = "2026"
in_force_from = 2026-01-01
currency = "CAD"
fees = { usage-log-file = "150.00" }
[[card]]
name = "2025"
in_force_from = 2025-01-01
currency = "CAD"
fees = { usage-log-file = 120 }
"""
)
STEPS = ("eligibility", "authority", "fee", "payment", "tabulation", "isolation-check", "release")
GOOD = {
    "authority": Shown(on_file=True, reasons="Their audit needs it, and they are on file."),
    "payment": Shown(payment="INV-7"),
    "isolation-check": Shown(owners=1, file=sha256(b"row 1\n").hexdigest()),
    "release": Shown(on_file=True),
}


def case_of(received: datetime, **more: Any) -> Case:
    given = dict.fromkeys(Case.__slots__) | {
        "id": uuid4(), "request_type": "usage-log-file", "received_at": received, "role": "officer",
        "ground": "internal-audit", "place": "CA-BC",
    }  # fmt: skip
    return Case(**(given | more))


def facts(step: str, shown: Shown, case: Case | None = None, **before: dict[str, object]) -> dict[str, object]:
    asked = case or case_of(datetime(2026, 1, 1, 20, tzinfo=UTC))
    return log_files.facts_of(book(), asked, step, shown, CARDS, before)


def test_the_fee_is_that_of_the_card_at_receipt_and_nobody_pays_for_their_own_data() -> None:
    assert facts("fee", Shown()) == {"amount": "150.00", "currency": "CAD", "card": "2026"}
    old = case_of(datetime(2026, 1, 1, 4, tzinfo=UTC))  # still 2025 in Vancouver
    assert facts("fee", Shown(), old)["amount"] == "120"
    assert facts("fee", Shown(own_data=True))["amount"] == "0"
    assert facts("payment", Shown(), fee={"amount": "0"}) == {"due": False}
    with pytest.raises(BadInput):
        facts("payment", Shown(), fee={"amount": "150.00"})
    asked = case_of(datetime(2024, 5, 1, tzinfo=UTC))  # before every card on file
    with pytest.raises(BadInput):
        facts("fee", Shown(), asked)
    assert facts("fee", Shown(fee=Fee(Decimal("90"), "CAD", "2024 on paper")), asked)["card"] == "2024 on paper"
    for wrong in ("x = 1", CARD_WITHOUT_A_DAY, CARD_WITH_A_NEGATIVE_PRICE):
        with pytest.raises(SetupProblem):
            rates.read(wrong)


CARD_WITHOUT_A_DAY = '[[card]]\nname = "a"\ncurrency = "CAD"\nfees = {}\nin_force_from = "2026"'
CARD_WITH_A_NEGATIVE_PRICE = '[[card]]\nname = "a"\ncurrency = "CAD"\nfees = { x = -1 }\nin_force_from = 2026-01-01'


def test_the_months_are_fixed_by_the_day_of_receipt_and_mixed_files_go_to_nobody() -> None:
    asked = case_of(datetime(2023, 11, 30, 20, tzinfo=UTC))
    assert facts("tabulation", Shown(), asked) == {"from": "2023-02-01", "to": "2023-11-30"}  # T-39
    assert facts("isolation-check", Shown(owners=1, file="ab")) == {"owners": 1, "file_sha256": "ab"}
    with pytest.raises(BadInput, match="Choose the file"):
        facts("isolation-check", Shown(owners=1))
    for owners in (2, 0, None):
        with pytest.raises(BadInput, match="goes to nobody"):
            facts("isolation-check", Shown(owners=owners, file="ab"))


def test_only_the_people_of_the_promise_on_its_grounds_and_those_on_file_go_on() -> None:
    good = case_of(datetime(2026, 1, 1, 20, tzinfo=UTC))
    assert facts("eligibility", Shown(), good) == {"role": "officer", "ground": "internal-audit"}
    for wrong in (replace(good, role="customer"), replace(good, ground="curiosity"), replace(good, role=None)):
        with pytest.raises(BadInput):
            facts("eligibility", Shown(), wrong)
    for step in ("authority", "release"):
        with pytest.raises(BadInput, match="on file"):
            facts(step, Shown(on_file=False, reasons="Their audit needs it."))
    with pytest.raises(BadInput, match="discretion"):
        facts("authority", Shown(on_file=True, reasons="yes"))


def test_no_step_is_taken_before_the_ones_above_it_and_the_file_goes_out_last(house: House, time: Time) -> None:
    tenant = found_shipped(house, SMARTT, time.now() - timedelta(days=1))
    office, now = Office(house, tenant), time.now()
    given = {"role": "officer", "ground": "internal-audit", "place": "CA-BC"}
    request_id = office.open("usage-log-file", now, **given)

    def take(step: str) -> Case:
        return office.do(log_files.take, request_id, CLERK, now, step, GOOD.get(step, Shown()), CARDS)

    def hand_over(shown: Shown = GOOD["release"], row: bytes = b"row 1\n") -> downloads.Answer:
        desk = office.desk(now)
        here = Here(house.db, house.keyring, tenant.id, desk.rulebook, PUBLIC_URL)
        case, file = office.case(request_id), [row]
        return log_files.release(here, desk, case, CLERK, file, shown, timedelta(days=7), now)

    refused: list[Callable[[], object]] = [lambda step=step: take(step) for step in STEPS]  # type: ignore[misc]
    for early in (*refused, hand_over):
        with pytest.raises(NotNow):
            early()
    office.do(casework.acknowledge, request_id, CLERK, now, letter=LETTER)
    office.do(casework.verify, request_id, CLERK, now, ["authorized-on-file"])
    for number, step in enumerate(STEPS):
        for later in STEPS[number + 1 :]:
            with pytest.raises(NotNow):
                take(later)
        with pytest.raises(NotNow, match="tick"):
            office.do(casework.check, request_id, CLERK, now, step)
        if step != "release":
            take(step)
    for early in (lambda: take("release"), hand_over):
        with pytest.raises(NotNow):
            early()
    office.do(casework.decide, request_id, CLERK, now, [Outcome("request", "do")])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    with pytest.raises(BadInput, match="on file"):
        hand_over(Shown(on_file=False))
    with pytest.raises(BadInput, match="not the file"):
        hand_over(row=b"row 2\n")
    assert office.case(request_id).state == "approved" and not list((house.config.data_dir / "answers").rglob("*.bin"))
    answer = hand_over()
    ended = office.case(request_id)
    assert ended.state == "fulfilled" and office.steps(request_id)[-1] == "fulfilled"
    key = house.db.write(lambda tx: downloads.fetched(tx, house.keyring, tenant.id, answer, now), tenant.id)
    assert b"usage-log.txt" in b"".join(downloads.content(house.keyring, tenant.id, answer.id, key))
    # Opened again, another file has a fee, a payment and a count of its own.
    office.do(casework.reopen, request_id, OFFICER, now, "they ask for another month")
    office.do(casework.decide, request_id, CLERK, now, [Outcome("request", "do")])
    with pytest.raises(NotNow, match="First"):
        office.do(casework.approve, request_id, OFFICER, now, streams=1)
    for early in (*refused[1:], hand_over):
        with pytest.raises(NotNow):
            early()
    with house.db.read(tenant.id) as tx:
        assert log_files.told_of(steps.timeline(tx, tenant.id, request_id)) == {}


def test_who_got_data_for_marketing_is_told_from_the_register_and_none_is_said_only_where_it_can_be() -> None:
    rulebook, since = at_1valet(), date(2025, 11, 21)
    empty = marketing.answer(rulebook, (), since)
    assert [one.commitment for one in empty.weigh] == ["1V-38"] and not empty.may_say_none
    assert not marketing.answer(rulebook, (), since, frozenset({"partner-portal"})).may_say_none
    assert marketing.answer(rulebook, (), since, frozenset({"resident-app"})).may_say_none
    assert not marketing.answer(rulebook, None, since, frozenset({"resident-app"})).may_say_none
    handed = [
        Disclosed("A shop", "direct-marketing", ("contact",), date(2026, 1, 2)),
        Disclosed("A court", "legal-process", ("contact",), date(2026, 1, 2)),
        Disclosed("Long ago", "marketing", ("contact",), date(2024, 1, 2)),
    ]
    told = marketing.answer(rulebook, handed, since, frozenset({"resident-app"}))
    assert [one.recipient for one in told.given] == ["A shop"] and not told.may_say_none
