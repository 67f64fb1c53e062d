"""Every gateway is made by its name from checked settings, and keeps the one contract."""

from pathlib import Path

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import Gateway, HttpRequest, Unauthenticated, load, names
from consent.gateways.sms.registry import GATEWAYS, adapter
from tests.gateways.cases import case_of
from tests.gateways.twilio_calls import FORM, NOW

DOCS = Path(__file__).parents[2] / "docs" / "gateways"


@pytest.fixture(params=sorted(GATEWAYS))
def gateway(request: pytest.FixtureRequest) -> Gateway:
    name = str(request.param)
    settings = {"path": "outbox.jsonl"} if name == "console" else case_of(name).settings
    return load(name, settings, env="development")


def test_a_gateway_knows_its_name(gateway: Gateway) -> None:
    assert adapter(gateway.name, "development").name == gateway.name


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("POST", "https://consent.example/x", {}, b""),
        HttpRequest("POST", "https://consent.example/x", {"Content-Type": FORM}, b"\xff=%&" * 100),
        HttpRequest("GET", "", {"Authorization": "\x00\u00e9"}, b""),
    ],
)
def test_an_unproved_request_is_refused_and_nothing_else(gateway: Gateway, request_: HttpRequest) -> None:
    with pytest.raises(Unauthenticated):
        gateway.receive(request_, NOW)


def test_an_answer_without_reply_is_a_success(gateway: Gateway) -> None:
    assert 200 <= gateway.answer(None).status < 300


def test_its_settings_are_documented(gateway: Gateway) -> None:
    page = (DOCS / f"{gateway.name}.md").read_text()
    missing = [name for name in adapter(gateway.name, "development").Settings().fields if f"`{name}`" not in page]
    assert not missing


def test_production_lists_no_development_gateway() -> None:
    assert "console" in names("development")
    assert "console" not in names()


@pytest.mark.parametrize(
    ("name", "settings", "field"),
    [
        ("carrier-pigeon", {}, "name"),
        ("twilio", {}, "auth_token"),
        ("twilio", {"auth_token": ""}, "auth_token"),
        ("twilio", {"auth_token": 7}, "auth_token"),
        ("twilio", {"auth_tokens": []}, "auth_token"),
        ("twilio", {"auth_tokens": ["a", ""]}, "auth_tokens.1"),
        ("twilio", {"auth_token": "x", "account_sid": "../AC1"}, "account_sid"),
        ("twilio", {"auth_token": "x", "account_sid": "AC1\n"}, "account_sid"),
        ("twilio", {"auth_token": "x", "auth_tokne": "y"}, "auth_tokne"),
        ("twilio", {"auth_token": "x", "api_url": "ftp://host/"}, "api_url"),
        ("twilio", {"auth_token": "x", "api_key": "SK1"}, "api_key_secret"),
        ("twilio", {"shared_keys": {"k": ""}}, "shared_keys.k.value"),
        ("console", {}, "path"),
    ],
)
def test_a_wrong_setting_is_named(name: str, settings: dict[str, object], field: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        load(name, settings, env="development")
    assert problem.value.field == field
    assert field in problem.value.detail or field == "name"


def test_the_error_shows_no_value() -> None:
    with pytest.raises(SetupProblem) as problem:
        load("twilio", {"auth_token": "very secret", "account_sid": "wrong value"})
    assert "very secret" not in str(problem.value)
    assert "wrong value" not in str(problem.value)


def test_shared_keys_alone_suffice() -> None:
    assert load("twilio", {"shared_keys": {"key-1": "secret"}}).name == "twilio"
