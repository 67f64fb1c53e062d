"""The web ground under the whole application: headers on every door, logs without people, readiness."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.app import create_app
from consent.db import Database, Sql
from consent.house import House
from consent.web import logs, metrics
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant, consent_of, question

WORDS = "please leave my grandmother Oriel alone"
MAIL = "oriel.canary@mail.example"
CANARIES = ("5550142", "555-0142", "0142", "Oriel", "oriel", "grandmother", "203.0.113.7", "canary", "ck_", "hunter2")


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[io.StringIO]:
    """Everything that is logged, down to the finest level."""
    stream = io.StringIO()
    logs.configure("DEBUG", stream)
    yield stream
    logs.configure("WARNING")


def test_no_log_line_holds_anything_personal(
    written: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    house: House,
    valley: Tenant,
) -> None:
    client = create_app(house).test_client()  # made here, so that its access lines are caught too
    twilio = valley.gateway(client)

    def ask(method: str, path: str, **sent: Any) -> None:
        client.open(path, method=method, headers=valley.headers | sent.pop("headers", {}), **sent)

    ask("POST", "/api/v1/consents", json=consent_of(person="Oriel", entered_by=MAIL))
    ask("POST", "/api/v1/consents", json=consent_of(channel="email", address=MAIL))
    ask("POST", "/api/v1/consents", json=consent_of(address="+1509canary0142", ip="203.0.113.7777"))
    ask("POST", "/api/v1/consents", data=f'{{"address": "{PERSON}"', content_type="application/json")
    ask("POST", "/api/v1/decisions", json=question(content=WORDS))
    ask("POST", "/api/v1/decisions", json=question(), headers={"Idempotency-Key": PERSON})
    ask("POST", "/api/v1/decisions", json=question(address=MAIL), headers={"Idempotency-Key": PERSON})
    ask("POST", f"/api/v1/decisions?address={PERSON}", json=question())
    ask("POST", "/api/v1/contact-points/lookup", json={"channel": "sms", "address": PERSON})
    ask("GET", f"/api/v1/contact-points/{PERSON}/preferences")
    ask("GET", f"/{PERSON}/privacy/{MAIL}?token=hunter2")
    client.get("/api/v1/decisions/x", headers={"Authorization": "Bearer ck_canary_hunter2", "Cookie": "a=hunter2"})
    for words in (WORDS, "STOP", "HELP", "START", PERSON):
        twilio.text(words)
    twilio.post(twilio.message(WORDS), signature="hunter2")
    client.post(f"/webhooks/sms/{PERSON}", data={"From": PERSON, "Body": WORDS})
    caught = capsys.readouterr()
    output = written.getvalue() + caught.out + caught.err
    assert output.count('"event":"request"') == 19
    assert "webhook_refused" in output
    lines = [re.sub(r'"(timestamp|request_id|ms)":\s*"?[^",}]*', "", line) for line in output.splitlines()]
    for canary in CANARIES:
        assert [line for line in lines if canary in line] == []


def test_every_open_door_carries_the_headers(app: Flask) -> None:
    doors = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    assert len(doors) > 10
    for rule in doors:
        answer = app.test_client().get(rule.rule)
        assert answer.status_code < 500, rule
        for name in ("X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "X-Request-Id"):
            assert len(answer.headers.getlist(name)) == 1, (rule, name)
        assert answer.headers.getlist("Cache-Control"), rule
        # Only the form by which staff come in begins a session; its cookie is out of reach of scripts and other sites.
        cookies = answer.headers.getlist("Set-Cookie")
        assert bool(cookies) == (rule.rule == "/staff/sign-in"), rule
        assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies), rule
        answer.close()


def test_looking_changes_nothing(app: Flask, house: House, valley: Tenant) -> None:
    tables = ("ledger_event", "job", "decision", "idempotency_key", "inbound", "contact_point")
    counts = [Sql(f"SELECT count(*) FROM {table}") for table in tables]

    def rows() -> list[Any]:
        with house.db.read(valley.id) as tx:
            return [tx.one(count, {}) for count in counts]

    before, client = rows(), app.test_client()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "00000000-0000-7000-8000-000000000001", re.sub(r"<int:[^>]+>", "1", rule.rule))
        for method in ("GET", "HEAD", "OPTIONS"):
            client.open(path, method=method, headers=valley.headers).close()
    assert rows() == before


def test_the_house_is_ready_and_says_when_it_is_not(
    client: FlaskClient, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").json == {"status": "ready"}
    gone = Database(f"sqlite:///{tmp_path / 'missing' / 'gone.db'}")
    without = create_app(replace(house, db=gone)).test_client()
    answer = without.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "degraded", "reasons": ["database", "migrations", "spool"]},
    )
    monkeypatch.setattr(house.spooling.spool, "usable", lambda: False)
    answer = without.get("/readyz")
    gone.close()
    assert (answer.status_code, answer.json) == (503, {"status": "not ready", "reasons": ["database", "migrations"]})


def test_a_repeated_consent_is_recorded_once(client: FlaskClient, valley: Tenant) -> None:
    headers = valley.headers | {"Idempotency-Key": "order-17"}
    first, again = (client.post("/api/v1/consents", json=consent_of(), headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post("/api/v1/consents", json=consent_of(ip="203.0.113.8"), headers=headers)
    assert (other.status_code, other.get_json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_every_post_of_the_api_takes_an_idempotency_key_and_names_its_scope(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            assert operation["security"][0]["bearer"], (method, path)
            named = [parameter.get("$ref", "") for parameter in operation.get("parameters", [])]
            assert (method == "post") == any("IdempotencyKey" in name for name in named), (method, path)


# Doors that may leave the key unread, and why.
ASKED_AGAIN = {
    "/api/v1/contact-points/lookup": "it keeps nothing",
    "/api/v1/carrier/approvals/decisions": "it keeps nothing",
    "/api/v1/features/decisions": "it keeps nothing",
    "/api/v1/uses/decisions": "it keeps nothing",
    "/api/v1/collections/decisions": "it keeps nothing",
    "/api/v1/incidents/<uuid:incident>/people/lookup": "it keeps nothing",
    "/api/v1/trackers/choices/lookup": "it keeps nothing",
    "/api/v1/trackers/decisions": "it keeps nothing",
    "/api/v1/decisions/batch": "each answer is one of its own instant, and streams cannot be kept",
    "/api/v1/disclosures/batch": "what went is found by its content, also when a call broke off",
    "/api/v1/do-not-call/copies": "the same copy twice leaves what it leaves once",
}


def _reads_the_key(function: Any, seen: set[int]) -> bool:
    """Does this view, what stands around it, or a function of its module that it calls speak of idempotency?"""
    if not isinstance(function, FunctionType) or id(function) in seen:
        return False
    seen.add(id(function))
    around = [getattr(function, "__wrapped__", None), *(cell.cell_contents for cell in function.__closure__ or ())]
    if function.__module__.startswith("consent.") and function.__module__ != "consent.web.principal":
        names = _names(function.__code__)
        if "idempotency" in names:
            return True
        found = (function.__globals__.get(name) for name in names)
        around += [one for one in found if getattr(one, "__module__", "") == function.__module__]
    return any(_reads_the_key(one, seen) for one in around)


def _names(code: CodeType) -> set[str]:
    inner = [_names(one) for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*inner)


def test_every_post_of_the_api_that_keeps_something_reads_the_idempotency_key(app: Flask) -> None:
    doors = {rule.rule: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()
             if rule.rule.startswith("/api/v1/") and "POST" in (rule.methods or ())}  # fmt: skip
    assert {path for path, view in doors.items() if not _reads_the_key(view, set())} == ASKED_AGAIN.keys()


def test_a_refused_webhook_leaves_a_count_and_nothing_else(twilio: Twilio) -> None:
    def refused() -> float:
        found = re.findall(rb'consent_webhooks_total\{[^}]*"unauthenticated"[^}]*\} (\d+)', metrics.exposition())
        return sum(map(float, found))

    before = refused()
    answer = twilio.post(twilio.message(WORDS), signature="wrong")
    assert (answer.status_code, answer.data) == (403, b"")
    assert refused() == before + 1
