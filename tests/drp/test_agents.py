"""Agents at the doors of the protocol: who they are, what they ask, and what becomes of it."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql
from consent.drp import agents, jobs
from consent.gateways.callbacks.calls import Answer
from consent.gateways.callbacks.targets import Target
from consent.house import House
from tests.support.agent import ADA, AGENT, AuthorizedAgent, combined
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant
from tests.support.visiting import Visitor

_REQUESTS = Sql("SELECT state, verified_at, acted_at, how FROM privacy_request ORDER BY id")


@pytest.fixture
def agent(client: FlaskClient, house: House, valley: Tenant) -> AuthorizedAgent:
    """An agent that the operator has added, with its token."""
    made = AuthorizedAgent(client, valley).registered(house, clock.now())
    assert made.set_up().status_code == 200
    return made


def rows(house: House, valley: Tenant) -> list[tuple[Any, ...]]:
    """Our own requests."""
    with house.db.read(valley.id) as tx:
        return tx.all(_REQUESTS, {})


def test_a_set_up_gives_a_token_once_and_everything_else_gets_an_empty_403(
    client: FlaskClient, house: House, valley: Tenant, time: Time
) -> None:
    agent = AuthorizedAgent(client, valley)
    stranger = agent.set_up()
    assert (stranger.status_code, stranger.data) == (403, b"")
    agent.registered(house, clock.now())
    again = agent.sign(agent.group())
    assert agent.call("POST", f"/agent/{AGENT}", again, token=None).status_code == 200
    replayed = agent.call("POST", f"/agent/{AGENT}", again, token=None)
    assert (replayed.status_code, replayed.data) == (403, b"")
    assert agent.set_up().status_code == 200
    assert agent.token.startswith("drp_")
    assert agent.call("GET", f"/agent/{AGENT}").get_json() == {}
    assert agent.call("GET", "/agent/OTHER").status_code == 403
    for changes in ({"agent-id": "OTHER"}, {"business-id": "OTHER"}, {"expires-at": "2020-01-01T00:00:00Z"}):
        assert agent.set_up(**changes).status_code == 403, changes
    for body in (b"", b"%", b"A" * 200, agent.sign(b"not json")):
        assert agent.call("POST", f"/agent/{AGENT}", body, token=None).status_code == 403
    before = agent.token
    agent.set_up()
    assert agent.call("GET", f"/agent/{AGENT}", token=before).status_code == 401
    with house.db.read(valley.id) as tx:
        kept = tx.all(Sql("SELECT token_hash FROM drp_token"), {})
    assert all(agent.token.encode() not in bytes(one[0]) for one in kept)


def test_a_removed_agent_opens_nothing_and_a_new_key_voids_the_token(
    agent: AuthorizedAgent, house: House, valley: Tenant
) -> None:
    agent.registered(house, clock.now())
    assert agent.call("GET", f"/agent/{AGENT}").status_code == 401
    agent.set_up()
    house.db.write(lambda tx: agents.remove(tx, house.keyring, valley.id, AGENT, clock.now()), valley.id)
    assert agent.call("GET", f"/agent/{AGENT}").status_code == 401
    assert agent.set_up().status_code == 403


def test_a_deletion_is_dated_and_waits_for_the_person_who_confirms_it_by_a_code(
    agent: AuthorizedAgent, house: House, valley: Tenant, client: FlaskClient
) -> None:
    asked = agent.ask("deletion", **{"agent-request-id": "their-7", "relationships": ["customer"]})
    assert asked.status_code == 200, asked.get_data(as_text=True)
    status = asked.get_json()
    assert (status["status"], status["reason"]) == ("in_progress", "need_user_verification")
    assert status["agent_request_id"] == "their-7"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", status["expected_by"])
    assert status["user_verification_url"].endswith(f"/requests/agents/{status['request_id']}")
    assert [(row[0], row[1], row[3]) for row in rows(house, valley)] == [("open", None, "agent")]
    path = status["user_verification_url"].removeprefix(PUBLIC_URL)
    person = Visitor(client, house, valley)
    before = client.get(path, base_url=PUBLIC_URL).get_data(as_text=True)
    assert "Permission" in before
    assert "Delete" not in before
    assert client.post(path, data={"csrf": person.csrf(), "answer": "mine"}, base_url=PUBLIC_URL).status_code == 303
    assert rows(house, valley)[0][1] is None
    person.come_in(ADA)
    page = client.get(path, base_url=PUBLIC_URL).get_data(as_text=True)
    assert "Delete my data" in page
    assert client.post(path, data={"csrf": person.csrf(), "answer": "mine"}, base_url=PUBLIC_URL).status_code == 303
    assert rows(house, valley)[0][1] is not None
    later = agent.call("GET", f"/data-rights-request/{status['request_id']}").get_json()
    assert (later["status"], later.get("reason"), later["received_at"]) == ("in_progress", None, status["received_at"])


def test_who_did_not_ask_says_so_and_nothing_is_done_for_the_agent(
    agent: AuthorizedAgent, house: House, valley: Tenant, client: FlaskClient
) -> None:
    status = agent.ask("deletion").get_json()
    path = status["user_verification_url"].removeprefix(PUBLIC_URL)
    stranger = Visitor(client, house, valley)
    stranger.come_in("somebody@else.example")
    sent = client.post(path, data={"csrf": stranger.csrf(), "answer": "mine"}, base_url=PUBLIC_URL)
    assert sent.location.endswith("/preferences/code")
    stranger.come_in(ADA)
    client.post(path, data={"csrf": stranger.csrf(), "answer": "not-mine"}, base_url=PUBLIC_URL)
    told = agent.call("GET", f"/data-rights-request/{status['request_id']}").get_json()
    assert (told["status"], told["reason"]) == ("denied", "suspected_fraud")
    assert rows(house, valley)[0][0] == "revoked"


def test_the_same_message_again_is_the_same_request_and_another_agents_is_none(
    agent: AuthorizedAgent, house: House, valley: Tenant, client: FlaskClient
) -> None:
    message = agent.sign(agent.asking("deletion"))
    first = agent.call("POST", "/data-rights-request", message)
    again = agent.call("POST", "/data-rights-request", message)
    assert first.get_json() == again.get_json()
    assert len(rows(house, valley)) == 1
    other = AuthorizedAgent(client, valley, "OTHER_AA").registered(house, clock.now())
    other.set_up()
    assert other.call("POST", "/data-rights-request", message).status_code == 403
    known = first.get_json()["request_id"]
    foreign = other.call("GET", f"/data-rights-request/{known}")
    missing = other.call("GET", "/data-rights-request/019aa9c5-0000-7000-8000-000000000000")
    assert foreign.status_code == missing.status_code == 403
    assert foreign.data == missing.data == other.call("GET", "/data-rights-request/x").data
    assert foreign.get_json()["code"] == "403"
    assert other.call("DELETE", f"/data-rights-request/{known}", other.sign({"reason": "x"})).status_code == 403


def test_an_opt_out_holds_at_once_and_an_opt_in_is_never_taken(
    agent: AuthorizedAgent, house: House, valley: Tenant, systems: Systems
) -> None:
    status = agent.ask("sale:opt-out", phone_number="+15095550142").get_json()
    assert status["status"] == "open"
    assert "holds" in status["processing_details"]
    assert rows(house, valley)[0][2] is not None
    for channel, address in (("email", ADA), ("sms", "+15095550142")):
        assert systems.history(address, channel)[-1]["source"] == "drp", channel
    refused = agent.ask("sale:opt_in").get_json()
    assert (refused["status"], refused["reason"]) == ("denied", "claim_not_covered")
    assert len(rows(house, valley)) == 1


def test_a_revocation_ends_the_request_unless_the_person_asked_for_it_too(
    agent: AuthorizedAgent, house: House, valley: Tenant, systems: Systems
) -> None:
    first = agent.ask("deletion").get_json()["request_id"]
    revoke = agent.sign({"reason": "I keep my account"})
    told = agent.call("DELETE", f"/data-rights-request/{first}", revoke)
    assert told.status_code == 200
    assert told.get_json()["status"] == "revoked"
    assert agent.call("DELETE", f"/data-rights-request/{first}", revoke).get_json()["status"] == "revoked"
    assert agent.call("DELETE", f"/data-rights-request/{first}", combined(agent.key, b"no")).status_code == 400
    second = agent.ask("deletion").get_json()["request_id"]
    own = {"type": "deletion", "channel": "email", "address": ADA, "received_at": "2026-11-21T16:00:00Z"}
    assert systems.post("privacy-requests", own | {"how": "call", "entered_by": "Ana"}).status_code == 200
    agent.call("DELETE", f"/data-rights-request/{second}", revoke)
    assert [row[0] for row in rows(house, valley)] == ["revoked", "open"]
    assert agent.call("GET", f"/data-rights-request/{second}").get_json()["status"] == "revoked"


def test_what_cannot_be_taken_is_refused_in_the_protocols_shape(
    agent: AuthorizedAgent, house: House, valley: Tenant
) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"exercise": "erase-everything"},
        {"exercise": ["deletion"]},
        {"exercise": None},
        {"email": None},
        {"email": "=cmd|calc", "phone_number": {"a": 1}},
        {"drp.version": None},
        {"status_callback": "http://169.254.169.254/latest"},
        {"status_callback": 7},
        {"agent-request-id": "x" * 5000},
        {"expires-at": "9999-99-99"},
    )
    for changes in wrong:
        answer = agent.call(
            "POST", "/data-rights-request", agent.sign(agent.asking(**({"exercise": "deletion"} | changes)))
        )
        said = answer.get_json()
        assert (answer.status_code, said["code"], said["fatal"]) == (400, "400", True), changes
        assert said["message"], changes
    assert rows(house, valley) == []


def test_hostile_bodies_and_tokens_are_refused_and_nothing_is_written(
    agent: AuthorizedAgent, house: House, valley: Tenant
) -> None:
    deep = b'{"a":' * 4000 + b"1" + b"}" * 4000
    for body in (b"", b"\xff\x00", b"AAAA", b"A" * 90_000, agent.sign(deep), agent.sign(b'{"x":"\\u0000"}')):
        answer = agent.call("POST", "/data-rights-request", body)
        assert answer.status_code in (400, 403, 413, 422), body[:20]
        assert json.loads(answer.data)["code"] == str(answer.status_code)
    for token in (None, "drp_", "ck_x", "drp_" + "x" * 5000, agent.token + "x", "drp_\u00e9"):
        assert agent.call("POST", "/data-rights-request", agent.sign({}), token=token).status_code == 401, token
    hostile = "<script>alert(1)</script>\u202e=HYPERLINK"
    assert agent.ask("deletion", name=hostile, relationships=[hostile, 5], address={"region": [1]}).status_code == 200
    assert len(rows(house, valley)) == 1


def test_agents_find_the_companies_that_hear_them(client: FlaskClient, agent: AuthorizedAgent, valley: Tenant) -> None:
    found = client.get("/.well-known/data-rights.json").get_json()
    assert found["version"] == "1.0"
    assert [one["id"] for one in found["businesses"]] == [agent.business_id]
    assert "deletion" in found["businesses"][0]["supported_actions"]
    assert "sale:opt_in" not in found["businesses"][0]["supported_actions"]


def test_an_agent_is_told_each_change_once_and_again_after_a_failure(
    agent: AuthorizedAgent, house: House, valley: Tenant, client: FlaskClient, time: Time
) -> None:
    calls: list[dict[str, Any]] = []
    answers = [503, 200, 200]

    def post(target: Target, headers: object, body: bytes) -> Answer:
        calls.append(json.loads(body) | {"host": target.host})
        return Answer(answers[len(calls) - 1])

    teller = jobs.Teller(house.db, house.keyring, post, PUBLIC_URL, development=False)
    status = agent.ask("deletion", status_callback="https://agent.example/told").get_json()
    assert jobs.tell(teller, valley.id, clock.now) == 0
    person = Visitor(client, house, valley)
    person.come_in(ADA)
    path = status["user_verification_url"].removeprefix(PUBLIC_URL)
    client.post(path, data={"csrf": person.csrf(), "answer": "mine"}, base_url=PUBLIC_URL)
    assert [jobs.tell(teller, valley.id, clock.now) for _ in range(2)] == [1, 0]
    time.go(minutes=2)
    assert [jobs.tell(teller, valley.id, clock.now) for _ in range(2)] == [1, 0]
    assert [(one["status"], one["host"]) for one in calls] == [("in_progress", "agent.example")] * 2
    client.post(path, data={"csrf": person.csrf(), "answer": "not-mine"}, base_url=PUBLIC_URL)
    assert [jobs.tell(teller, valley.id, clock.now) for _ in range(2)] == [1, 0]
    assert (calls[-1]["status"], calls[-1]["reason"]) == ("denied", "suspected_fraud")
    assert ADA not in json.dumps(calls)
