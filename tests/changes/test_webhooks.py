"""Webhooks: told in order, signed, again after a failure, switched off in the end, set back when asked."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from standardwebhooks import Webhook, WebhookVerificationError

from consent import clock
from consent.app import create_app
from consent.changes import deliveries, jobs, service
from consent.db import Sql
from consent.gateways.callbacks.calls import Answer, CallFailed
from consent.gateways.callbacks.signing import new_secret
from consent.gateways.callbacks.targets import Target
from consent.house import House
from tests.changes.conftest import Feed
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant, make_key, settings

URL = "https://hooks.example/consent"
Json = dict[str, Any]
_SEALED = Sql("SELECT sealed, types FROM webhook_endpoint")
_KEPT = Sql("SELECT body FROM idempotency_key")


class Calls:
    """Instead of the network: keeps what is sent and answers as it is told, 200 when told nothing."""

    def __init__(self) -> None:
        self.sent: list[tuple[Target, dict[str, str], bytes]] = []
        self.answers: list[Any] = []

    def post(self, target: Target, headers: Any, body: bytes) -> Answer:
        self.sent.append((target, dict(headers), body))
        answer = self.answers.pop(0) if self.answers else 200
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Answer) else Answer(answer)

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _target, _headers, body in self.sent]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _target, headers, _body in self.sent]


@pytest.fixture
def calls() -> Calls:
    """Who is called."""
    return Calls()


@pytest.fixture
def tell(house: House, valley: Tenant, calls: Calls, seal: Callable[[], int]) -> Callable[..., int]:
    """Everything is sealed, and webhooks that are due had a turn. What happened before the test is sealed already."""
    seal()
    teller = jobs.Teller(house.db, house.keyring, calls.post, True, lambda: 0.5, "worker-1")

    def run() -> int:
        seal()
        return jobs.tell(teller, [valley.id], clock.now)

    return run


def add(systems: Systems, **more: Any) -> Json:
    answer = systems.post("webhooks", {"url": URL} | more)
    assert answer.status_code == 201, answer.data
    made: Json = answer.get_json()
    return made


def show(systems: Systems, made: Json) -> Json:
    found: Json = systems.get(f"webhooks/{made['id']}").get_json()
    return found


def verify(secret: str, headers: dict[str, str], body: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the published library says of the message, its clock at the time of the message."""
    sent_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=clock.now().tzinfo)

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Then":
            return cls.fromtimestamp(sent_at.timestamp(), tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
    return Webhook(secret).verify(body, headers)


def test_what_changed_is_told_in_order_as_the_feed_tells_it(
    systems: Systems, twilio: Twilio, tell: Callable[[], int], calls: Calls, feed: Feed, time: Time
) -> None:
    start = feed(after="latest")["cursor"]
    made = add(systems)
    systems.consent()
    time.go(minutes=1)
    twilio.text("hello")
    twilio.text("STOP")
    assert tell() == 1
    told = [json.loads(body) for _target, _headers, body in calls.sent]
    page = feed(after=start)
    assert [one["data"] for one in told] == page["changes"]
    assert [one["type"] for one in told] == ["consent.given", "consent.withdrawn"]
    assert calls.ids == [one["entry"] for one in page["changes"]]
    assert told[0]["timestamp"] == page["changes"][0]["recorded_at"]
    after = show(systems, made)
    assert (after["state"], after["delivered"], after["last_attempt"]["status"]) == ("active", 2, 200)
    assert tell() == 0  # and nothing is told twice
    assert len(calls.sent) == 2


def test_nothing_personal_leaves_the_house(
    systems: Systems, twilio: Twilio, tell: Callable[[], int], calls: Calls
) -> None:
    add(systems)
    systems.consent(person="Oriel", entered_by="clerk@mail.example")
    twilio.text("STOP says Oriel please")
    tell()
    said = str(calls.sent)
    for personal in (PERSON, "5550142", "Oriel", "clerk", "203.0.113.7", "please"):
        assert personal not in said


def test_the_published_library_accepts_what_is_sent_and_nothing_that_was_changed(
    systems: Systems, tell: Callable[[], int], calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = add(systems)["secret"]
    systems.consent()
    tell()
    _target, headers, body = calls.sent[0]
    assert verify(secret, headers, body, monkeypatch)["type"] == "consent.given"
    for changed in (
        (secret, headers, body + b" "),
        (secret, headers | {"webhook-id": "other"}, body),
        (secret, headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
        (new_secret(), headers, body),
    ):
        with pytest.raises(WebhookVerificationError):
            verify(*changed, monkeypatch)


def test_after_a_rotation_both_secrets_sign_for_a_day(
    systems: Systems, tell: Callable[[], int], calls: Calls, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    made = add(systems)
    rotated = systems.post(f"webhooks/{made['id']}/rotate", {}).get_json()
    assert rotated["secret"] != made["secret"]
    systems.consent()
    tell()
    for secret in (made["secret"], rotated["secret"]):
        verify(secret, *calls.sent[0][1:], monkeypatch)
    time.go(hours=25)
    systems.consent(address="+15095550143")
    tell()
    verify(rotated["secret"], *calls.sent[1][1:], monkeypatch)
    with pytest.raises(WebhookVerificationError):
        verify(made["secret"], *calls.sent[1][1:], monkeypatch)


def test_a_secret_is_shown_once_and_stored_nowhere_in_plain(systems: Systems, house: House, valley: Tenant) -> None:
    made = systems.post("webhooks", {"url": URL + "?token=abc"}, Idempotency_Key="k").get_json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in show(systems, made)
    assert "secret" not in systems.get("webhooks").get_json()["webhooks"][0]
    with house.db.read(valley.id) as tx:
        kept, sealed = tx.one(_KEPT, {}), tx.one(_SEALED, {})
    assert kept is not None
    assert sealed is not None
    for stored in (bytes(kept[0]), bytes(sealed[0])):
        assert made["secret"].encode() not in stored
        assert b"token=abc" not in stored
    again = systems.post("webhooks", {"url": URL + "?token=abc"}, Idempotency_Key="k")
    assert again.get_json() == made  # the same request again, to whoever may ask it
    assert len(systems.get("webhooks").get_json()["webhooks"]) == 1


def test_only_what_was_asked_for_is_told(
    systems: Systems, twilio: Twilio, tell: Callable[[], int], calls: Calls, time: Time
) -> None:
    made = add(systems, types=["consent.withdrawn", "policy.*"])
    assert made["types"] == ["consent.withdrawn", "policy.*"]
    systems.consent()
    time.go(minutes=1)
    tell()
    assert calls.types == []
    twilio.text("STOP")
    tell()
    assert calls.types == ["consent.withdrawn"]
    assert tell() == 0


def test_after_a_failure_the_same_change_comes_again_and_nothing_overtakes_it(
    systems: Systems, tell: Callable[[], int], calls: Calls, time: Time
) -> None:
    made = add(systems)
    first, second = (systems.consent(address=f"+1509555010{n}")["entry"] for n in range(2))
    calls.answers += [500, CallFailed("timeout"), 200, 200]
    tell()
    assert calls.ids == [first]
    failing = show(systems, made)
    assert (failing["state"], failing["last_attempt"]["status"], failing["last_attempt"]["error"]) == (
        "failing",
        500,
        "refused",
    )
    assert tell() == 0  # not before its time
    time.go(seconds=6)
    tell()
    assert show(systems, made)["last_attempt"] | {"at": ""} == {"id": first, "at": "", "error": "timeout"}
    time.go(seconds=6)
    assert tell() == 0  # the second wait is longer
    time.go(minutes=6)
    tell()
    assert calls.ids == [first, first, first, second]
    mended = show(systems, made)
    assert (mended["state"], mended["delivered"]) == ("active", 2)
    assert not {"failing_since", "next_attempt_at"} & mended.keys()


def test_after_a_delivery_failures_count_anew(
    systems: Systems, tell: Callable[[], int], calls: Calls, time: Time
) -> None:
    made = add(systems)
    for number in range(3):
        systems.consent(address=f"+1509555010{number}")
    calls.answers += [500, 500, 200, 500]
    tell()
    time.go(seconds=6)
    tell()
    time.go(minutes=6)
    before = time.at
    tell()  # one is delivered, the next fails: for the first time
    found = show(systems, made)
    assert datetime.fromisoformat(found["failing_since"]) >= before.replace(microsecond=0)
    assert datetime.fromisoformat(found["next_attempt_at"]) - before < timedelta(seconds=10)


def test_a_redirect_is_no_delivery(systems: Systems, tell: Callable[[], int], calls: Calls) -> None:
    made = add(systems)
    systems.consent()
    calls.answers += [302]
    tell()
    assert show(systems, made)["last_attempt"]["error"] == "redirect"


def test_gone_is_the_end_and_says_so(
    systems: Systems, tell: Callable[[], int], calls: Calls, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    made = add(systems)
    systems.consent()
    calls.answers += [410]
    tell()
    found = show(systems, made)
    assert (found["state"], "410" in found["notice"]) == ("disabled", True)
    assert "webhook_disabled" in capsys.readouterr().err + caplog.text
    systems.consent(address="+15095550143")
    assert tell() == 0


def test_after_three_days_of_failure_it_is_switched_off_and_a_replay_goes_on_where_it_stood(
    systems: Systems, tell: Callable[[], int], calls: Calls, time: Time, feed: Feed
) -> None:
    made = add(systems)
    entries = [systems.consent(address=f"+1509555010{n}")["entry"] for n in range(2)]
    calls.answers += [500] * 100
    began, tries = time.at, 0
    while show(systems, made)["state"] != "disabled":
        tries += tell()
        time.go(minutes=30)
        assert time.at - began < timedelta(days=5)
    assert time.at - began >= timedelta(days=3)
    assert 5 < tries < 15
    assert "three days" in show(systems, made)["notice"]
    calls.answers.clear()
    assert tell() == 0
    again = systems.post(f"webhooks/{made['id']}/replay", {})
    assert (again.status_code, again.get_json()["state"]) == (202, "active")
    tell()
    assert calls.ids[-2:] == entries
    assert "notice" not in show(systems, made)


def test_a_replay_from_a_cursor_tells_everything_behind_it_anew(
    systems: Systems, tell: Callable[[], int], calls: Calls, feed: Feed
) -> None:
    made = add(systems)
    entries = [systems.consent(address=f"+1509555010{n}")["entry"] for n in range(3)]
    tell()
    cursor = json.loads(calls.sent[0][2])["data"]["cursor"]
    assert systems.post(f"webhooks/{made['id']}/replay", {"after": cursor}).status_code == 202
    tell()
    assert calls.ids == [*entries, *entries[1:]]
    for wrong in ({"after": "x"}, {"after": cursor[::-1]}):
        assert systems.post(f"webhooks/{made['id']}/replay", wrong).status_code == 400
        assert systems.post("webhooks", {"url": URL} | wrong).status_code == 400


def test_a_new_webhook_may_begin_at_a_cursor(
    systems: Systems, tell: Callable[[], int], calls: Calls, feed: Feed
) -> None:
    start = feed(after="latest")["cursor"]
    entry = systems.consent()["entry"]
    feed()
    add(systems, after=start)
    tell()
    assert calls.ids == [entry]


def test_a_worker_that_dies_after_the_call_tells_the_same_again_under_the_same_id(
    house: House,
    valley: Tenant,
    systems: Systems,
    tell: Callable[[], int],
    calls: Calls,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(systems)
    entry = systems.consent()["entry"]

    class Killed(BaseException):
        """As if the process had ended here."""

    def die(*_args: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "record", die)
        patch.setattr(deliveries, "release", lambda tx, held: None)
        with pytest.raises(Killed):
            tell()
    assert calls.ids == [entry]
    assert tell() == 0  # whoever is dead still holds it
    time.go(minutes=2)
    assert tell() == 1
    assert calls.ids == [entry, entry]
    assert tell() == 0


def test_two_workers_do_not_tell_the_same(
    house: House, valley: Tenant, systems: Systems, calls: Calls, tell: Callable[[], int], seal: Callable[[], int]
) -> None:
    add(systems)
    systems.consent()
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        inside.set()
        assert go_on.wait(20)
        return 200

    calls.answers.append(slow)
    seal()
    first = threading.Thread(target=tell)
    first.start()
    assert inside.wait(20)
    other = jobs.Teller(house.db, house.keyring, calls.post, True, lambda: 0.5, "worker-2")
    assert jobs.tell(other, [valley.id], clock.now) == 0
    go_on.set()
    first.join(20)
    assert len(calls.sent) == 1


def test_a_replay_during_a_call_is_not_lost(
    systems: Systems, calls: Calls, tell: Callable[[], int], feed: Feed
) -> None:
    start = feed(after="latest")["cursor"]
    made = add(systems)
    entry = systems.consent()["entry"]
    tell()
    later = systems.consent(address="+15095550143")["entry"]

    def back() -> int:
        assert systems.post(f"webhooks/{made['id']}/replay", {"after": start}).status_code == 202
        return 200

    calls.answers.append(back)
    tell()
    tell()
    assert calls.ids == [entry, later, entry, later]


def test_a_test_is_sent_once_and_its_answer_is_shown(
    systems: Systems, calls: Calls, tell: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(systems)
    calls.answers += [404]
    asked = systems.post(f"webhooks/{made['id']}/test", {})
    assert asked.status_code == 202
    tell()
    tell()
    assert calls.types == ["webhook.test"]
    assert calls.ids == [asked.get_json()["webhook_id"]]
    verify(made["secret"], *calls.sent[0][1:], monkeypatch)
    found = show(systems, made)
    assert (found["state"], found["last_attempt"]["status"]) == ("active", 404)


def test_a_webhook_that_is_off_can_be_tried(systems: Systems, calls: Calls, tell: Callable[[], int]) -> None:
    made = add(systems)
    systems.consent()
    calls.answers += [410, 200]
    tell()
    systems.post(f"webhooks/{made['id']}/test", {})
    assert tell() == 1
    assert calls.types == ["consent.given", "webhook.test"]
    assert show(systems, made)["state"] == "disabled"


def test_a_removed_webhook_is_told_nothing_and_its_secret_is_gone(
    systems: Systems, calls: Calls, tell: Callable[[], int], house: House, valley: Tenant
) -> None:
    made = add(systems)
    systems.consent()
    assert systems.client.delete(f"/api/v1/webhooks/{made['id']}", headers=systems.headers).status_code == 204
    assert tell() == 0
    for answer in (
        systems.get(f"webhooks/{made['id']}"),
        systems.post(f"webhooks/{made['id']}/test", {}),
        systems.post(f"webhooks/{made['id']}/replay", {}),
        systems.post(f"webhooks/{made['id']}/rotate", {}),
        systems.client.delete(f"/api/v1/webhooks/{made['id']}", headers=systems.headers),
    ):
        assert answer.status_code == 404
    with house.db.read(valley.id) as tx:
        gone = Sql("SELECT count(*) FROM stream_key WHERE stream_id = :id")
        assert tx.one(gone, {"id": uuid.UUID(made["id"])}) == (0,)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://hooks.example:8443/"}, "url"),
        ({"url": URL, "types": ["message.sent"]}, "types"),
        ({"url": URL, "types": ["consent"]}, "types"),
        ({"url": URL, "types": ["consent.given; drop"]}, "types"),
        ({"url": URL, "types": ["consent.given"] * 31}, "types"),
        ({"url": URL, "secret": "mine"}, "secret"),
    ],
)
def test_what_makes_no_webhook_is_refused_by_field(systems: Systems, body: Json, field: str) -> None:
    answer = systems.post("webhooks", body)
    assert answer.status_code == 422
    assert answer.get_json()["field"].partition(".")[0] == field
    assert systems.get("webhooks").get_json() == {"webhooks": []}


def test_an_organization_has_a_bounded_number_of_webhooks(systems: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    add(systems)
    add(systems)
    assert systems.post("webhooks", {"url": URL}).status_code == 409


def test_in_production_this_machine_is_no_target_and_one_from_before_is_not_called(
    systems: Systems, house: House, valley: Tenant, calls: Calls, seal: Callable[[], int]
) -> None:
    local = {"url": "http://localhost:5000/in"}
    made = systems.post("webhooks", local).get_json()
    systems.consent()
    seal()
    teller = jobs.Teller(house.db, house.keyring, calls.post, False, lambda: 0.5, "worker")
    assert jobs.tell(teller, [valley.id], clock.now) == 1
    assert calls.sent == []
    assert show(systems, made)["last_attempt"]["error"] == "address"


def test_in_production_the_door_refuses_this_machine(house: House, valley: Tenant, tmp_path: Any) -> None:
    secret = tmp_path / "cookie.key"
    secret.write_bytes(bytes(range(65, 113)))
    house.config = settings(
        house.config.data_dir,
        house.config.database_url,
        CONSENT_ENV="production",
        CONSENT_SECRET_KEY_FILE=str(secret),
    )
    systems = Systems(create_app(house).test_client(), valley)
    assert systems.post("webhooks", {"url": "http://localhost:5000/in"}).status_code == 422
    assert systems.post("webhooks", {"url": URL}).status_code == 201


def test_one_that_is_slow_or_broken_does_not_stop_the_others(
    systems: Systems, calls: Calls, tell: Callable[[], int]
) -> None:
    for _ in range(3):
        add(systems)
    systems.consent()
    calls.answers += [ValueError("a fault of ours"), 200, 200]
    assert tell() == 3
    states = [one.get("delivered") for one in systems.get("webhooks").get_json()["webhooks"]]
    assert sorted(states) == [0, 1, 1]


def test_reading_needs_another_scope_than_changing(
    house: House, client: FlaskClient, systems: Systems, valley: Tenant, time: Time
) -> None:
    made = add(systems)
    reader = Systems(client, valley, make_key(house, valley.id, time.now(), "webhooks:read"))
    assert reader.get(f"webhooks/{made['id']}").status_code == 200
    for path in ("rotate", "test", "replay"):
        assert reader.post(f"webhooks/{made['id']}/{path}", {}).status_code == 403
