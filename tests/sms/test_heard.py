"""When an account was last heard, and that a text is looked for by its key however many came before it."""

from uuid import uuid4

from consent.db import Sql
from consent.house import House
from consent.sms import service
from tests.support.plans import plan
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

HEARD = Sql("SELECT heard_at FROM gateway_progress WHERE organization_id = :organization_id")


def heard(house: House, valley: Tenant) -> list[str]:
    with house.db.read(valley.id) as tx:
        return [str(row[0])[:19] for row in tx.all(HEARD, {"organization_id": valley.id})]


def test_an_account_is_heard_to_the_minute(house: House, valley: Tenant, twilio: Twilio, time: Time) -> None:
    assert heard(house, valley) == []
    twilio.text("hello")
    first = heard(house, valley)
    assert first == [str(time.now().replace(microsecond=0, tzinfo=None))]
    time.go(seconds=59)
    twilio.text("hello again")
    assert heard(house, valley) == first
    time.go(seconds=1)
    twilio.text("and again")
    assert heard(house, valley) == [str(time.now().replace(microsecond=0, tzinfo=None))]


def test_a_repeat_is_looked_for_by_its_key_while_the_table_is_new(house: House, valley: Tenant) -> None:
    """A plan made for a table without statistics is kept by the connection: it must be the right one at once."""
    key = {"organization_id": valley.id, "account_id": uuid4(), "message_tag": b"x" * 16}
    with house.db.read(valley.id) as tx:
        found = plan(tx, service._SEEN, key)
    assert "pk_inbound" in found or "sqlite_autoindex_inbound_1" in found, found
