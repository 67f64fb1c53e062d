"""A whole address is shown to whoever may see it and says why, and its stream knows."""

from uuid import UUID, uuid4

import pytest

from consent.errors import BadInput, ConsentError, Forbidden, NotFound
from consent.house import House
from consent.ledger import service as ledger
from consent.policies.staff_settings import ADDRESSES
from consent.staff.looking import Look
from consent.staff.roles import Role
from consent.staff.unmasking import unmask
from tests.staff.test_approvals import as_member
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant


def test_each_look_at_a_whole_address_is_on_its_stream_with_name_and_reason(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    contact = UUID(str(systems.consent()["contact_point"]))
    before = len(systems.history())

    def look(who: Seated, point: UUID, why: str) -> str:
        log = ledger.Log(valley.id, 1, house.governing.now(valley.id, time.now()).log.origin)
        member = as_member(who)
        look = Look(ADDRESSES, "contact", ())
        return house.db.write(
            lambda tx: unmask(tx, house.keyring, log, member, point, look, why, time.now()), valley.id
        )

    clerk = staff.member(house, valley.id, time.now(), Role.CLERK, "Ana")
    auditor = staff.member(house, valley.id, time.now(), Role.AUDITOR)
    refused: list[tuple[Seated, UUID, str, type[ConsentError]]] = [
        (auditor, contact, "to see it", Forbidden),
        (clerk, contact, "  ", BadInput),
        (clerk, uuid4(), "a letter to write", NotFound),
    ]
    for who, point, why, error in refused:
        with pytest.raises(error):
            look(who, point, why)
    assert len(systems.history()) == before
    assert look(clerk, contact, "a letter\nto write") == PERSON
    newest = systems.history()[0]
    assert (newest["type"], newest["source"], newest["facts"]) == (
        "access.viewed", "staff", {"staff": "Ana", "note": "a letter to write"},
    )  # fmt: skip
