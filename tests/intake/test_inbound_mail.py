"""The door for mail: what it asks holds from its arrival, once; the rest waits for somebody."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from consent import clock
from consent.db import Sql, Tx
from consent.errors import BadInput, Conflict
from consent.house import House
from consent.intake import queries, service
from consent.intake.service import Hand
from tests.support.systems import Systems
from tests.support.valley import Tenant

ADA, ANA = "ada@people.example", Hand(UUID(int=7), "Ana")
RECEIVED = "Received: from a by b; Fri, 20 Nov 2026 09:00:00 -0800\r\n"


def hand_in(systems: Systems, body: str, head: str = "", sender: str = ADA) -> dict[str, Any]:
    """The mail server hands in a mail."""
    content = (
        f"{RECEIVED}From: {sender}\r\nSubject: Hello\r\nMessage-ID: <{uuid4()}@people.example>\r\n{head}\r\n{body}"
    )
    answer = systems.client.post(
        "/api/v1/inbound-mail", data=content.encode(), content_type="message/rfc822", headers=systems.headers
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def requests_at(systems: Systems) -> list[dict[str, Any]]:
    """Every request on record."""
    found: list[dict[str, Any]] = systems.get("privacy-requests").get_json()["privacy_requests"]
    return found


def settle(house: House, valley: Tenant, mail: str, outcome: str) -> None:
    """Ana has read it."""
    in_force = house.governing.now(valley.id, clock.now())

    def work(tx: Tx) -> None:
        service.settle(tx, house.keyring, in_force.log, in_force.rulebook, UUID(mail), outcome, ANA, clock.now())

    house.db.write(work, valley.id)


def test_a_mail_opens_a_request_dated_when_the_companys_server_had_it_and_is_acknowledged(
    systems: Systems, house: House, valley: Tenant
) -> None:
    taken = hand_in(systems, "Bonjour, supprimez mes données.")
    (asked,) = requests_at(systems)
    assert (taken["verdict"], taken["state"], taken["privacy_request"]) == ("request", "done", asked["id"])
    assert (asked["type"], asked["how"], asked["verified"]) == ("deletion", "email", False)
    assert asked["received_at"] == "2026-11-20T17:00:00.000Z"
    kinds = Sql("SELECT count(*) FROM job WHERE kind = 'mail.request'")
    with house.db.read(valley.id) as tx:
        assert tx.all(kinds, {}) == [(1,)]
    assert (
        next(one for one in systems.history(ADA, "email") if one["type"] == "mail.received")["facts"]["address"] == ADA
    )


def test_a_no_by_mail_holds_for_mail_at_once_and_the_same_mail_again_changes_nothing(systems: Systems) -> None:
    content = f"{RECEIVED}From: {ADA}\r\nMessage-ID: <1@x>\r\n\r\nPlease stop emailing me.".encode()

    def send() -> Any:
        return systems.client.post(
            "/api/v1/inbound-mail", data=content, content_type="message/rfc822", headers=systems.headers
        )

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    (revocation,) = systems.get("revocations?state=closed").get_json()["revocations"]
    assert (revocation["how"], revocation["channels"]) == ("email", ["email"])
    assert [one["type"] for one in systems.history(ADA, "email")].count("consent.withdrawn") == 1


def test_what_no_rule_reads_waits_and_a_person_settles_it_once(systems: Systems, house: House, valley: Tenant) -> None:
    first = hand_in(systems, "About that thing we talked of")["id"]
    second = hand_in(systems, "Hm, you know what I want gone", sender="bea@people.example")["id"]
    third = hand_in(systems, "<script>alert(1)</script> \u202e=cmd", sender="a@b.example, c@d.example")["id"]
    hand_in(systems, "I am away", "Auto-Submitted: auto-replied\r\n")
    with house.db.read(valley.id) as tx:
        found = queries.mail_to_read(tx, house.keyring, valley.id, datetime(2026, 1, 1, tzinfo=UTC))
    assert [str(one.id) for one in found] == [first, second, third]
    assert (found[0].sender, found[2].sender) == ("a•••@people.example", None)
    assert found[0].letter.text == "About that thing we talked of"
    settle(house, valley, first, "nothing")
    settle(house, valley, second, "deletion")
    with pytest.raises(BadInput):
        settle(house, valley, third, "stop")
    settle(house, valley, third, "nothing")
    with pytest.raises(Conflict):
        settle(house, valley, second, "stop")
    (asked,) = requests_at(systems)
    assert (asked["type"], asked["received_at"]) == ("deletion", "2026-11-20T17:00:00.000Z")
    with house.db.read(valley.id) as tx:
        assert queries.waiting(tx, valley.id) == 0


def test_what_is_no_mail_or_too_much_of_one_is_refused(systems: Systems) -> None:
    large = systems.client.post(
        "/api/v1/inbound-mail", data=b"x" * 2_100_000, content_type="message/rfc822", headers=systems.headers
    )
    assert large.status_code == 413
    assert systems.post("inbound-mail", {"text": "x"}).status_code in (201, 415, 422)
    nothing = systems.client.post("/api/v1/inbound-mail", content_type="message/rfc822", headers=systems.headers)
    assert nothing.status_code < 500
