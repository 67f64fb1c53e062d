"""A code goes to a number that nobody knows, and to none that has said STOP; nothing else tells the two apart."""

from collections.abc import Callable
from uuid import UUID

import pytest

from consent import clock
from consent.db import Sql
from consent.house import House
from consent.organizations import service as organizations
from consent.outbox import queries
from consent.outbox import service as outbox
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PERSON, Tenant

Deliver = Callable[[], list[str]]
STRANGER = "+15095550177"


def ask(house: House, valley: Tenant, number: str) -> UUID:
    """A code for this number waits to be sent."""
    now = clock.now()
    with house.db.read(valley.id) as tx:
        (account,) = organizations.accounts(tx, house.keyring, valley.id)
    payload = {
        "account": str(account.id),
        "from": NUMBER,
        "to": number,
        "text": "The code",
        "sender": "main",
        "tag64": str(subjects.tagged(house.keyring, valley.id, canonical("sms", number)).tag64),
    }
    draft = outbox.Draft(outbox.SMS, "code", None, payload)
    key = house.keyring.challenge_key(valley.id)
    return house.db.write(lambda tx: outbox.enqueue(tx, valley.id, key, draft, now), valley.id)


def outcomes(house: House, valley: Tenant) -> dict[str, str]:
    with house.db.read(valley.id) as tx:
        found = queries.jobs(tx, valley.id, ("waiting", "sent", "refused", "dead"))
    return {str(one["id"]): str(one["outcome"]) for one in found if one["kind"] == "code"}


def count(house: House, valley: Tenant, table: str) -> int:
    with house.db.read(valley.id) as tx:
        row = tx.one(Sql(f"SELECT count(*) FROM {table} WHERE organization_id = :org"), {"org": valley.id})
    return int(row[0]) if row else 0


@pytest.mark.parametrize("known", [True, False])
def test_a_code_goes_to_a_number_known_or_not(
    house: House, valley: Tenant, systems: Systems, deliver: Deliver, known: bool
) -> None:
    if known:
        systems.consent()
    job = ask(house, valley, PERSON if known else STRANGER)
    assert deliver() == ["The code"]
    assert outcomes(house, valley) == {str(job): "sent"}


def test_a_stranger_who_gets_a_code_is_not_put_on_record(house: House, valley: Tenant, deliver: Deliver) -> None:
    before = count(house, valley, "contact_point"), count(house, valley, "ledger_event")
    ask(house, valley, STRANGER)
    deliver()
    assert (count(house, valley, "contact_point"), count(house, valley, "ledger_event")) == before


def test_no_code_goes_to_a_number_that_said_stop_until_it_says_start(
    house: House, valley: Tenant, twilio: Twilio, deliver: Deliver
) -> None:
    twilio.text("STOP")
    first = ask(house, valley, PERSON)
    assert "The code" not in deliver()
    assert outcomes(house, valley) == {str(first): "refused"}
    twilio.text("START")
    ask(house, valley, PERSON)
    assert "The code" in deliver()


def test_no_code_goes_where_a_text_that_may_mean_stop_has_not_been_read(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    systems.consent()
    twilio.text("I might want you to stop texting me maybe?")
    with house.db.read(valley.id) as tx:
        held = tx.one(
            Sql("SELECT 1 FROM preference WHERE organization_id = :org AND program = '*review'"), {"org": valley.id}
        )
    assert held is not None, "the text is one that nobody has understood"
    job = ask(house, valley, PERSON)
    deliver()
    assert outcomes(house, valley)[str(job)] == "refused"


def test_the_log_and_the_row_of_a_job_do_not_hold_the_number(house: House, valley: Tenant, deliver: Deliver) -> None:
    ask(house, valley, STRANGER)
    deliver()
    with house.db.read(valley.id) as tx:
        rows = tx.all(Sql("SELECT payload FROM job WHERE organization_id = :org"), {"org": valley.id})
    assert all(STRANGER.encode() not in bytes(row[0]) and b"The code" not in bytes(row[0]) for row in rows)
