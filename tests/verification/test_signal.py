"""A browser that refuses sale and sharing is heard when its visit begins, and by no GET."""

from consent.db import Sql
from consent.house import House
from consent.ledger import bodies
from tests.support.systems import Systems
from tests.support.valley import PERSON, Tenant
from tests.support.visiting import Visitor

BODIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY event_id")


def refusals(house: House, valley: Tenant) -> list[bodies.Leaf]:
    """The refusals of sale on record."""
    with house.db.read(valley.id) as tx:
        rows = tx.all(BODIES, {"organization_id": valley.id})
    return [one for row in rows if (one := bodies.parse(bytes(row[0]))).type == "sale.refused"]


def test_a_signal_counts_once_from_the_redeemed_code_on(
    visitor: Visitor, house: House, valley: Tenant, systems: Systems
) -> None:
    systems.consent(person="customer-1")
    visitor.client.environ_base["HTTP_SEC_GPC"] = "1"
    visitor.ask(PERSON)
    for path in ("/code", "/enter"):
        visitor.get(path)
    assert refusals(house, valley) == []
    assert visitor.post("/enter", code=visitor.code()).status_code == 303
    found = sorted(refusals(house, valley), key=lambda one: one.channel)
    assert [one.channel for one in found] == ["sms", "voice"]
    assert {(one.source, one.data["method"], one.data["signal"]) for one in found} == {
        ("page", "global-privacy-control", "global-privacy-control")
    }
    assert "person" in found[0].data
    assert visitor.come_in(PERSON).status_code == 303
    assert len(refusals(house, valley)) == 2
    assert systems.preferences()["settings"]["sale_refused_by_signal"] is True


def test_without_the_signal_or_without_the_right_code_nothing_is_recorded(
    visitor: Visitor, house: House, valley: Tenant
) -> None:
    visitor.client.environ_base["HTTP_DNT"] = "1"
    assert visitor.come_in(PERSON).status_code == 303
    visitor.client.environ_base["HTTP_SEC_GPC"] = "1"
    visitor.ask(PERSON)
    wrong = "000000" if visitor.code() != "000000" else "000001"
    assert visitor.post("/enter", code=wrong).status_code == 422
    assert refusals(house, valley) == []
