"""Every door belongs to one audience, and strangers stay outside."""

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consent.guards import ApiKey
from consent.house import House
from consent.ledger import keys
from consent.organizations import service as organizations
from consent.web.principal import required_scope
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant, consent_of, make_key, question

# Who may come through each door. A new door is added here on purpose, or this test fails.
ANYONE = {
    "organizations.index",
    "front.index",
    "front.stylesheet",
    "front.logo",
    "policies.in_force",
    "policies.version",
    "policies.changes",
    "review.trace",
    "recipients.every",
    "opt_in.every",
    "opt_in.program",
    "ledger.checkpoint",
    "ledger.consistency",
    "ledger.log_keys",
    "ledger.jwks",
    "receipt_check.check",
    "health.healthz",
    "health.readyz",
    "metrics.metrics",
    "security_txt.security_txt",
    "drp.discovery",
    "problems.index",
    "problems.explain",
    "layout.static_file",
    "api_reference.page",
    "api_reference.file",
    "api-docs.openapi_json",
    "outbox.sent",  # development only
}
GATEWAYS = {"sms_webhooks.receive", "store_webhooks.receive"}
# Who of the staff may do what stands at each view; tests/staff/test_matrix.py walks them all.
STAFF = "/staff"
# Each proves itself by an agent's token or signature; tests/drp/test_agents.py holds that strangers stay outside.
AGENTS = {
    "drp.set_up",
    "drp.info",
    "drp.exercise",
    "drp.exercise_slash",
    "drp.status",
    "drp.revoke",
}
# A person's own doors: each form carries the token of its session, and giving needs a visit of level CODE.
PEOPLE = {
    "opt_in.tick",
    "opt_in.confirm_form",
    "opt_in.confirm",
    "opt_in.agreed",
    "opt_in.asked",
    "verification.ask_form",
    "verification.ask",
    "verification.enter_form",
    "verification.enter",
    "verification.link_form",
    "verification.redeem_link",
    "verification.follow",
    "verification.follow_instead",
    "verification.person_form",
    "verification.person",
    "verification.leave",
    "cookies.show",
    "cookies.choose",
    "cookies.rule",
    "cookies.supported",
    "unsubscribe.form",
    "unsubscribe.press",
    "unsubscribe.undo",
    "preferences.show",
    "preferences.save",
    "preferences.stop",
    "preferences.undo",
    "preferences.tune",
    "preferences.timeline",
    "kept.receipt",
    "kept.file",
    "kept.mail",
    "kept.history_json",
    "kept.history_page",
    "request_pages.index",
    "request_pages.received",
    "request_pages.status",
    "request_pages.follow",
    "request_pages.confirm",
    "request_pages.form",
    "request_pages.ask",
    "answer_pages.certificate",
    "agent_requests.show",
    "agent_requests.answer",
    "answer_pages.answer",
    "answer_pages.fetch",
}
READS_ONLY = {"GET", "HEAD", "OPTIONS"}
KEYS = "/api/v1/"


def api_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(KEYS)]


def test_every_door_belongs_to_exactly_one_audience(app: Flask) -> None:
    behind_keys = {rule.endpoint for rule in api_rules(app)}
    everything = {rule.endpoint for rule in app.url_map.iter_rules()}
    staff = {rule.endpoint for rule in app.url_map.iter_rules() if f"{rule.rule}/".startswith(f"{STAFF}/")}
    assert everything == ANYONE | GATEWAYS | AGENTS | staff | PEOPLE | behind_keys
    assert not ANYONE & GATEWAYS
    assert not AGENTS & (ANYONE | GATEWAYS | staff | PEOPLE | behind_keys)
    assert not PEOPLE & (ANYONE | GATEWAYS | staff | behind_keys)
    assert not staff & (ANYONE | GATEWAYS | behind_keys)
    assert not behind_keys & (ANYONE | GATEWAYS)


def test_doors_for_anyone_only_show(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ANYONE:
            assert (rule.methods or set()) <= READS_ONLY, rule.rule


def test_every_door_behind_a_key_has_the_guard_and_names_its_scope(app: Flask) -> None:
    for rule in api_rules(app):
        blueprint = rule.endpoint.partition(".")[0]
        guards = app.before_request_funcs.get(blueprint, [])
        assert any(isinstance(guard, ApiKey) for guard in guards), rule.endpoint
        assert required_scope(app.view_functions[rule.endpoint]) in organizations.SCOPES, rule.endpoint


def call_all(app: Flask, client: FlaskClient, key: str | None) -> dict[str, TestResponse]:
    """Every API door, called with this key and nothing that makes sense otherwise."""
    headers = {} if key is None else {"Authorization": key}
    answers = {}
    for rule in api_rules(app):
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<uuid:{argument}>", str(uuid.uuid4()))
        for verb in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answers[f"{verb} {path}"] = client.open(
                path, method=verb, headers=headers, json={} if verb == "POST" else None
            )
    return answers


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer ck_",
        "Bearer ck_" + "x" * 43,
        "Basic Y2s6eA==",
        "Bearer x",
        "Bearer ck_" + "é" * 300,
    ],
)
def test_without_a_known_key_every_api_door_says_401(app: Flask, client: FlaskClient, key: str | None) -> None:
    answers = call_all(app, client, key)
    assert len(answers) >= 8
    for where, answer in answers.items():
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), where
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_the_scope_every_api_door_says_403_and_names_it(
    app: Flask, client: FlaskClient, house: House, valley: Tenant, time: Time
) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in api_rules(app)}
    unused = next(s for s in organizations.SCOPES if s not in {required_scope(view) for view in views.values()})
    weak = make_key(house, valley.id, time.now(), unused)
    for where, answer in call_all(app, client, f"Bearer {weak}").items():
        assert (answer.status_code, answer.content_type) == (403, "application/problem+json"), where
        assert answer.get_json()["scope"] in answer.get_json()["detail"]


def test_a_revoked_key_opens_nothing(
    house: House, valley: Tenant, client: FlaskClient, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = make_key(house, valley.id, time.now(), *organizations.SCOPES)
    weak = Systems(client, valley, key)
    assert weak.post("decisions", question()).status_code == 200
    with house.db.read(valley.id) as tx:
        newest = uuid.UUID(str(organizations.list_keys(tx, valley.id)[-1]["id"]))
    house.db.write(lambda tx: organizations.revoke_key(tx, house.keyring, valley.id, newest, time.now()), valley.id)
    monkeypatch.setattr("consent.guards.FRESH_FOR", -1.0)  # as if the two seconds were over
    assert weak.post("decisions", question()).status_code == 401
    assert Systems(client, valley).post("decisions", question()).status_code == 200


def test_what_belongs_to_another_organization_looks_like_nothing(
    app: Flask, house: House, valley: Tenant, client: FlaskClient, twilio: Twilio, time: Time
) -> None:
    theirs = Systems(client, valley)
    consent, decision = theirs.consent(), theirs.decide()
    stranger = _other_organization(house, time)
    foreign = Systems(client, valley, stranger)
    paths: dict[str, Callable[[str], str]] = {
        str(consent["contact_point"]): lambda one: f"contact-points/{one}/preferences",
        str(consent["contact_point"]) + " ": lambda one: f"contact-points/{one.strip()}/history",
        str(decision["id"]): lambda one: f"decisions/{one}",
        str(consent["receipt_id"]): lambda one: f"receipts/{one}",
        str(consent["receipt_id"]) + " ": lambda one: f"receipts/{one.strip()}/bundle",
    }
    for held, path in paths.items():
        assert theirs.get(path(held)).status_code == 200
        there, missing = foreign.get(path(held)), foreign.get(path(str(uuid.uuid4())))
        assert there.status_code == missing.status_code == 404, path(held)
        assert _without_id(there) == _without_id(missing)
    lookup = foreign.post("contact-points/lookup", {"channel": "sms", "address": PERSON})
    assert lookup.status_code == 404


def test_one_organizations_idempotency_keys_and_records_are_not_anothers(
    house: House, valley: Tenant, client: FlaskClient, time: Time
) -> None:
    second = make_key(house, valley.id, time.now(), *organizations.SCOPES)
    first = Systems(client, valley).post("consents", consent_of(), Idempotency_Key="same")
    other = Systems(client, valley, second).post("consents", consent_of(), Idempotency_Key="same")
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.get_json()["entry"] != other.get_json()["entry"]


def _other_organization(house: House, time: Time) -> str:
    """A second company on the same house; its key."""
    identity = uuid.uuid4()
    origin = "consent.example/log/other/1"
    keys.create_organization_keys(house.config.data_dir, identity, origin, time.now())
    place = {"slug": "other", "name": "Other", "zone": "UTC", "origin": origin}
    house.db.write(
        lambda tx: organizations.create_organization(tx, house.keyring, now=time.now(), id=identity, **place), identity
    )
    return make_key(house, identity, time.now(), *organizations.SCOPES)


def _without_id(response: TestResponse) -> dict[str, object]:
    return {name: value for name, value in response.get_json().items() if name != "request_id"}
