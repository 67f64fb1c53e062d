"""The one contract of all gateways, by the sample calls that `sms simulate` makes, too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from flask.testing import FlaskClient

from consent.errors import Malformed
from consent.gateways.sms import Gateway, HttpRequest, OutboundMessage, SendFailed, Unauthenticated, load, names
from consent.gateways.sms.registry import adapter
from consent.gateways.sms.samples import Call, Sample, expected, fill, samples_of, values_of
from consent.house import House
from consent.organizations import service as organizations
from tests.gateways.cases import Case, case_of
from tests.support import sending_api
from tests.support.sending_api import Standing
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = f"{PUBLIC_URL}/webhooks/sms/k3yOfOneAccount"
PERSON, OURS = "+15095550142", "+15095550100"
UNICODE = "Détente \u2014 \U0001f6d1 \u0661\u0662 e\u0301 \u202eright to left\u202c & = + % ; \u00a0fin"
MESSAGE = OutboundMessage(OURS, PERSON, "Outage over. \u00e9", client_ref="0195a2f0-0000-7000-8000-000000000001")


@pytest.fixture(params=names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(name: str) -> Case:
    return case_of(name)


@pytest.fixture
def gateway(name: str, case: Case) -> Gateway:
    return load(name, case.settings)


def every_sample() -> list[Any]:
    return [pytest.param(name, one, id=f"{name}-{one.name}") for name in names() for one in samples_of(name).values()]


def values(case: Case, text: str = "Stop", at: datetime = NOW, identity: str = "", sender: str = PERSON) -> Any:
    identity = identity or "5f0c1e9a7b3d4c2e8a6f0b1c2d3e4f50"
    return values_of(case.settings, message_id=identity, sender=sender, recipient=OURS, text=text, at=at)


def call(name: str, case: Case, sample: Sample, text: str = "Stop", at: datetime = NOW, url: str = URL) -> Call:
    """The signed call."""
    unsigned = fill(sample, url, values(case, text, at))
    return adapter(name).as_sent(unsigned, case.settings, at, case.private_key)


def inbound(name: str) -> Sample:
    return samples_of(name)["inbound"]


def text_of(received: Any) -> str:
    (event,) = received.events
    return str(event.text)


@pytest.mark.parametrize(("name", "sample"), every_sample())
def test_each_sample_call_becomes_its_events(name: str, sample: Sample) -> None:
    case = case_of(name)
    received = load(name, case.settings).receive(call(name, case, sample).as_request(), NOW)
    wanted = expected(sample, values(case))
    assert len(received.events) == len(wanted)
    for event, fields in zip(received.events, wanted, strict=True):
        assert event.gateway == name
        for field, value in fields.items():
            given = getattr(event, field)
            if field == "media":
                kinds = [{"content_type": one.content_type} if one.content_type else {} for one in given]
                given = [{"url": one.url} | kind for one, kind in zip(given, kinds, strict=True)]
            elif isinstance(given, datetime):
                given = f"{given:%Y-%m-%dT%H:%M:%SZ}"
            assert given == value, field


def test_every_gateway_has_the_calls_that_matter(name: str, case: Case) -> None:
    has = {event["type"] for one in samples_of(name).values() for event in one.events}
    assert "inbound" in samples_of(name)
    assert {"inbound", "status"} <= has or name == "clicksend"
    assert any(one.endswith("mms") for one in samples_of(name)) == case.has_media


def test_any_text_arrives_as_it_was_written(name: str, case: Case, gateway: Gateway) -> None:
    request = call(name, case, inbound(name), UNICODE).as_request()
    assert text_of(gateway.receive(request, NOW)) == UNICODE


def test_an_empty_text_is_a_message(name: str, case: Case, gateway: Gateway) -> None:
    assert text_of(gateway.receive(call(name, case, inbound(name), "").as_request(), NOW)) == ""


def test_a_changed_body_is_refused_where_the_proof_covers_it(name: str, case: Case, gateway: Gateway) -> None:
    sample = inbound(name)
    if not case.covers_body or not (sample.form or sample.json):
        return
    signed = call(name, case, sample, "Stop")
    changed = signed._replace(body=signed.body.replace(b"Stop", b"Stap", 1))
    assert changed != signed
    with pytest.raises(Unauthenticated):
        gateway.receive(changed.as_request(), NOW)


def test_a_call_for_another_address_is_refused_where_the_proof_covers_it(
    name: str, case: Case, gateway: Gateway
) -> None:
    if not case.covers_url:
        return
    signed = call(name, case, inbound(name))
    with pytest.raises(Unauthenticated):
        gateway.receive(signed._replace(url=signed.url.replace("//consent.", "//other.")).as_request(), NOW)


def without(signed: Call, part: str, value: str | None = None) -> Call:
    """The call without a header, query or form parameter, or with another value in its place."""
    headers = {one: given for one, given in signed.headers.items() if one.lower() != part.lower()}
    if len(headers) < len(signed.headers):
        return signed._replace(headers=headers if value is None else {**headers, part: value})
    parts = urlsplit(signed.url)
    query = [(one, given) for one, given in parse_qsl(parts.query, keep_blank_values=True) if one != part]
    form = parse_qsl(signed.body.decode("utf-8", "replace"), keep_blank_values=True)
    if value is not None:
        query.append((part, value))
    if any(one == part for one, _ in form) and part not in dict(parse_qsl(parts.query)):
        kept = [(one, given) for one, given in form if one != part] + ([(part, value)] if value is not None else [])
        return signed._replace(body=urlencode(kept, errors="surrogatepass").encode())
    return signed._replace(url=urlunsplit(parts._replace(query=urlencode(query, errors="surrogatepass"))))


def spoiled(signed: Call) -> Call:
    """The call with another text, where the proof lies in the body itself."""
    return signed._replace(body=signed.body.replace(b"Stop", b"Stap", 1))


@pytest.mark.parametrize(
    "value", [None, "", " ", "x", "=" * 28, "\u00e9" * 44, "A" * 100_000, "\x00", "Bearer ..", "Basic !"]
)
def test_a_call_without_its_proof_is_refused_and_nothing_else(
    name: str, case: Case, gateway: Gateway, value: str | None
) -> None:
    signed = call(name, case, inbound(name))
    for part in case.proof:
        changed = without(signed, part, value)
        assert changed != signed, f"{part} is no part of the call"
        with pytest.raises(Unauthenticated):
            gateway.receive(changed.as_request(), NOW)


def test_an_old_call_is_refused_and_a_late_one_is_not(name: str, case: Case, gateway: Gateway) -> None:
    for limit, sign in ((case.old, -1), (case.ahead, 1)):
        if limit is None:
            continue
        within = call(name, case, inbound(name), at=NOW + sign * limit).as_request()
        assert len(gateway.receive(within, NOW).events) == 1
        beyond = call(name, case, inbound(name), at=NOW + sign * (limit + timedelta(seconds=2))).as_request()
        with pytest.raises(Unauthenticated):
            gateway.receive(beyond, NOW)


def test_a_repeated_parameter_is_read_once_or_refused(name: str, case: Case, gateway: Gateway) -> None:
    sample = inbound(name)
    if sample.form:
        twice = sample._replace(form=[*sample.form, sample.form[-1], ["Extra", ""], ["Extra", "2"]])
    else:
        twice = sample._replace(query=[*sample.query, ["extra", "1"], ["extra", "1"], ["extra", ""]])
    try:
        received = gateway.receive(call(name, case, twice).as_request(), NOW)
    except (Malformed, Unauthenticated):
        return
    assert text_of(received) == "Stop"


def test_what_is_proved_and_unreadable_is_malformed(name: str, case: Case, gateway: Gateway) -> None:
    if case.spoil is None:
        return
    unsigned = fill(inbound(name), URL, values(case))
    for body in (case.spoil(unsigned.body), b"[" * 100_000, b"\xff\xfe", b"null", b"7"):
        spoiled = adapter(name).as_sent(unsigned._replace(body=body), case.settings, NOW, case.private_key)
        with pytest.raises((Malformed, Unauthenticated)):
            gateway.receive(spoiled.as_request(), NOW)


def test_nothing_personal_shows_in_a_repr(name: str, case: Case, gateway: Gateway) -> None:
    request = call(name, case, inbound(name), "very private").as_request()
    received = gateway.receive(request, NOW)
    shown = f"{gateway!r}{request!r}{received!r}"
    for secret in ("private", "5550142", "5550100", *case.secrets):
        assert secret not in shown


def test_the_setup_steps_give_the_address(name: str, case: Case) -> None:
    steps = adapter(name).setup_steps(URL, case.settings)
    assert steps
    assert any(URL in one for one in steps)


# Through the door


@pytest.fixture
def endpoint(name: str, case: Case, house: House, valley: Tenant, now: datetime) -> str:
    def create(tx: Any) -> str:
        return organizations.create_account(
            tx,
            house.keyring,
            valley.id,
            gateway=name,
            can_send=False,
            name="contract",
            settings=dict(case.settings),
            numbers={OURS: "self"},
            now=now,
        )

    return house.db.write(create, valley.id)


class AtTheDoor:
    """The provider behind a proxy that ends TLS: it calls the public URL, we are asked by another name."""

    def __init__(self, client: FlaskClient, name: str, case: Case, endpoint: str, time: Time) -> None:
        self.client, self.name, self.case, self.time = client, name, case, time
        self.url = f"{PUBLIC_URL}/webhooks/sms/{endpoint}"

    def bring(self, text: str, identity: str = "", *, change: Any = None, sender: str = PERSON) -> Any:
        at = self.time.now()
        unsigned = fill(inbound(self.name), self.url, values(self.case, text, at, identity, sender))
        signed = adapter(self.name).as_sent(unsigned, self.case.settings, at, self.case.private_key)
        signed = change(signed) if change else signed
        parts = urlsplit(signed.url)
        return self.client.open(
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            base_url="http://internal:8000",
            method=signed.method,
            headers={**signed.headers, "X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "http"},
            data=signed.body,
        )


@pytest.fixture
def provider(client: FlaskClient, name: str, case: Case, endpoint: str, time: Time) -> AtTheDoor:
    return AtTheDoor(client, name, case, endpoint, time)


def test_a_stop_behind_a_proxy_is_silence_and_a_repeat_changes_nothing(
    provider: AtTheDoor, case: Case, systems: Systems
) -> None:
    systems.consent()
    assert systems.may()
    first = provider.bring("Stop", "11110000111100001111000011110000")
    assert first.status_code == case.stored
    assert not systems.may()
    events = len(systems.history())
    again = provider.bring("Stop", "11110000111100001111000011110000")
    assert again.status_code == case.stored
    assert len(systems.history()) == events


def test_a_refused_call_leaves_nothing(provider: AtTheDoor, case: Case, systems: Systems) -> None:
    systems.consent()
    changed = (lambda signed: without(signed, case.proof[0])) if case.proof else spoiled
    answer = provider.bring("Stop", change=changed)
    assert answer.status_code == case.refused
    assert (case.refused == 401) == ("WWW-Authenticate" in answer.headers)
    assert answer.data == b""
    assert systems.may()


# What we call


@pytest.fixture
def api(case: Case) -> Iterator[Standing]:
    assert case.api is not None
    with sending_api.standing(case.api()) as running:
        yield running


def test_an_accepted_text_has_the_gateways_id(gateway: Gateway, api: Standing) -> None:
    assert gateway.can_send
    result = gateway.send(MESSAGE, api.session())
    assert (result.status, result.provider_id) == ("accepted", api.api.known_id)
    assert len(api.api.asked) == 1


def test_a_busy_api_is_asked_again_when_it_says(gateway: Gateway, api: Standing) -> None:
    api.behaviour = sending_api.busy
    with pytest.raises(SendFailed) as failed:
        gateway.send(MESSAGE, api.session())
    assert (failed.value.retryable, failed.value.maybe_sent, failed.value.retry_after) == (True, False, 7.0)


def test_a_failing_api_is_asked_again(gateway: Gateway, api: Standing) -> None:
    api.behaviour = sending_api.broken
    with pytest.raises(SendFailed) as failed:
        gateway.send(MESSAGE, api.session())
    assert failed.value.retryable


@pytest.mark.parametrize("behaviour", [sending_api.garbled, sending_api.hangs_up])
def test_a_text_without_a_readable_answer_may_have_gone(gateway: Gateway, api: Standing, behaviour: Any) -> None:
    api.behaviour = behaviour
    with pytest.raises(SendFailed) as failed:
        gateway.send(MESSAGE, api.session())
    assert (failed.value.retryable, failed.value.maybe_sent) == (False, True)


def test_a_slow_api_is_left_and_the_text_may_have_gone(gateway: Gateway, api: Standing) -> None:
    api.behaviour = sending_api.slow(1.0)
    with pytest.raises(SendFailed) as failed:
        gateway.send(MESSAGE, api.session(timeout=0.2))
    assert (failed.value.retryable, failed.value.maybe_sent) == (False, True)


def test_no_failure_shows_a_number_or_a_secret(gateway: Gateway, api: Standing, case: Case) -> None:
    api.stop()
    with pytest.raises(SendFailed) as failed:
        gateway.send(MESSAGE, api.session())
    assert failed.value.retryable
    assert failed.value.__cause__ is None
    for secret in ("5550142", "Outage", *case.secrets):
        assert secret not in f"{failed.value}{failed.value!r}"


def test_the_list_of_what_came_in_is_read_page_by_page(gateway: Gateway, api: Standing, time: Time) -> None:
    time.at = NOW + timedelta(hours=1)
    if not gateway.lists_inbound:
        with pytest.raises(SendFailed):
            list(gateway.list_inbound(NOW, api.session()))
        return
    api.api.inbound = [
        {
            "id": f"{i:032x}",
            "from": f"+1509555014{i}",
            "to": OURS,
            "text": f"Stop {i}",
            "at": NOW + timedelta(minutes=i),
        }
        for i in range(3)
    ]
    found = list(gateway.list_inbound(NOW, api.session()))
    assert sorted((one.sender, one.text) for one in found) == [(f"+1509555014{i}", f"Stop {i}") for i in range(3)]
    assert all(one.received_at is not None and one.message_id for one in found)


def test_half_a_list_does_not_look_like_a_whole_one(gateway: Gateway, api: Standing, time: Time) -> None:
    time.at = NOW + timedelta(hours=1)
    if not gateway.lists_inbound:
        return
    for behaviour in (sending_api.garbled, sending_api.broken, sending_api.busy):
        api.behaviour = behaviour
        with pytest.raises(SendFailed) as failed:
            list(gateway.list_inbound(NOW, api.session()))
        assert failed.value.retryable


def test_the_list_of_opt_outs_names_the_numbers(gateway: Gateway, api: Standing) -> None:
    if not gateway.lists_opt_outs:
        with pytest.raises(SendFailed):
            list(gateway.list_opt_outs(None, api.session()))
        return
    api.api.blocked = [PERSON, "+15095550143", "+15095550144"]
    assert {one.number for one in gateway.list_opt_outs(None, api.session())} == set(api.api.blocked)


def test_a_block_reaches_the_gateway_and_may_be_repeated(gateway: Gateway, api: Standing) -> None:
    if not gateway.blocks:
        with pytest.raises(SendFailed):
            gateway.block(PERSON, OURS, api.session())
        return
    gateway.block(PERSON, OURS, api.session())
    gateway.block(PERSON, OURS, api.session())
    assert PERSON in api.api.blocked


def test_a_refused_opt_out_is_told(name: str, case: Case, gateway: Gateway, api: Standing) -> None:
    api.api.opted_out = {PERSON}
    result = gateway.send(MESSAGE, api.session())
    if result.status == "refused":  # not every API knows opt-outs
        assert result.recipient_opted_out
        assert result.code


def test_other_settings_keep_the_contract(name: str, case: Case) -> None:
    for more in case.others:
        other = replace(case, settings={**case.settings, **more})
        received = load(name, other.settings).receive(call(name, other, inbound(name)).as_request(), NOW)
        assert text_of(received) == "Stop"


def test_a_stranger_cannot_prove_anything(gateway: Gateway) -> None:
    for request in (
        HttpRequest("POST", URL, {}, b""),
        HttpRequest("GET", "", {"Authorization": "\x00\u00e9"}, b""),
        HttpRequest("PUT", URL, {"Content-Type": "application/json"}, b"{}"),
    ):
        with pytest.raises(Unauthenticated):
            gateway.receive(request, NOW)


def test_the_words_a_gateway_answers_are_small_letters_and_stand_in_the_documentation(
    name: str, gateway: Gateway
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "gateways" / "README.md").read_text()
    section = page.partition("## Who answers STOP")[2].partition("\n## ")[0]
    words = gateway.answers_itself
    assert all(word == word.strip().lower() for word in words)
    if name not in ("sns", "console"):
        [row] = [row for row in map(_cells, section.splitlines()) if f"`{name}`" in row[1]]
        said = row[2].partition(";")[0].partition("(")[0].replace('"stop all"', "stop-all").split()
        assert {one.replace("-", " ") for one in said} - {"none"} == set(words)


def _cells(line: str) -> list[str]:
    """The cells of a line of a table; of another line, nothing in their place."""
    return line.split("|") if line.startswith("|") else ["", "", ""]
