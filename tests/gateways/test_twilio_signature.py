"""Twilio's signatures, held against vectors that Twilio published: token 12345, the example of its documentation.

The values stand in the request validator tests of twilio-python (tests/unit/test_request_validator.py), twilio-php
(tests/Twilio/Unit/Security) and twilio-csharp (RequestValidatorTest).
"""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from consent.gateways.sms import forms
from consent.gateways.sms.twilio_signature import Keys, covers_body, is_signed, sign, sorted_params

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
KEYS = Keys(["12345"], {})
BODY = b'{"property": "value", "boolean": true}'
BODY_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"


def signed(url: str, signature: str | None, params: list[tuple[str, str]] = PARAMS, **options: object) -> bool:
    pairs = forms.read(urlencode(params).encode())
    keys, settings = options.get("keys", KEYS), options.get("settings")
    return is_signed(url, sorted_params(pairs), signature, settings, keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        pytest.param(URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="the documentation's example"),
        pytest.param(URL.replace(".com", ".com:1234"), "RSOYDt4T1cUTdK1PDd93/VVr8B8=", id="https, port taken off"),
        pytest.param(URL.replace(".com", ".com:1234"), "CYn1h0gLBdNxDGkKJg6hYohgeD8=", id="https, port kept"),
        pytest.param(
            "http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=", id="http, port"
        ),
        pytest.param(URL, "kvajT1Ptam85bY51eRf/AJRuM3w=", id="https, port 443 added"),
        pytest.param(URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4=", id="http, port 80 added"),
        pytest.param(
            "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "CukzLTc1tT5dXEDIHm/tKBanW10=", id="user, password"
        ),
        pytest.param("https://user@mycompany.com/myapp.php?foo=1&bar=2", "2YRLlVAflCqxaNicjMpJcSTgzSs=", id="user"),
        pytest.param(
            "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=", id="user, port 443"
        ),
        pytest.param("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=", id="mixed case"),
        pytest.param(
            "https://MyCompany.com:1234/myapp.php?foo=1&bar=2", "PCqOZm8cnu/L6+u5i5fuEd+Iac4=", id="mixed case, port"
        ),
        pytest.param(
            "http://Username:Password@MyCompany.com/myapp.php?foo=1&bar=2",
            "SkTSKyDJH9kUlhItI0slbgZ1UsI=",
            id="mixed case, user, password",
        ),
    ],
)
def test_a_published_signature_is_accepted(url: str, signature: str) -> None:
    assert signed(url, signature)


def test_repeated_values_are_signed_once_and_sorted() -> None:
    params = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert signed(URL, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", params)


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (f"{URL}&bodySHA256={BODY_HASH}", "a9nBmqA0ju/hNViExpshrM61xv4="),
        (f"https://mycompany.com/myapp.php?bodySHA256={BODY_HASH}", "y77kIzt2vzLz71DgmJGsen2scGs="),
    ],
)
def test_a_published_signature_over_a_url_with_the_hash_of_the_body_is_accepted(url: str, signature: str) -> None:
    assert signed(url, signature, [])
    assert covers_body(forms.read(url.partition("?")[2].encode()), BODY)


def test_the_hash_of_another_body_does_not_cover_this_one() -> None:
    assert not covers_body([("bodySHA256", BODY_HASH)], BODY + b" ")


def test_two_hashes_cover_nothing() -> None:
    assert not covers_body([("bodySHA256", BODY_HASH), ("bodySHA256", BODY_HASH)], BODY)


def test_our_own_signer_agrees_with_the_published_example() -> None:
    assert sign(URL, PARAMS, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "FAIL",
        "NOTRSOYDt4T1cUTdK1PDd93/VVr8B8=",
        "RSOYDt4T1cUTdK1PDd93/VVr8B8",
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=\x00",
        "r\u00e9SOYDt4T1cUTdK1PDd93",
        "\u738b",
        "\ud800",
        "A" * 100_000,
    ],
)
def test_any_other_header_is_refused_without_an_error(signature: str | None) -> None:
    assert not signed(URL, signature)


@pytest.mark.parametrize(("url", "params"), [(URL + "&baz=3", PARAMS), (URL, [*PARAMS, ("x", "")]), (URL, PARAMS[1:])])
def test_a_changed_url_or_parameter_is_refused(url: str, params: list[tuple[str, str]]) -> None:
    assert not signed(url, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", params)


def test_each_of_several_tokens_counts() -> None:
    keys = Keys(["the-next-token", "12345"], {})
    assert signed(URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", keys=keys)


# The shared-key variant has no published example: the expected value is made here from the RFC 2104 definition.
SHARED = Keys(["12345"], {"key-1": "a shared secret"})
SHARED_SIGNATURE = base64.b64encode(
    hmac.new(
        b"a shared secret",
        (URL + "".join(name + value for name, value in sorted(PARAMS))).encode(),
        hashlib.sha256,
    ).digest()
).decode()


def test_a_shared_key_signs_with_sha256() -> None:
    settings = "key=key-1,algorithm=HMAC_SHA256"
    assert signed(URL, SHARED_SIGNATURE, keys=SHARED, settings=settings)


def test_without_an_algorithm_the_token_signs_with_sha1() -> None:
    assert signed(URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", keys=SHARED, settings="key=key-1")


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "nonsense",
        "key=other,algorithm=HMAC_SHA256",
        "algorithm=HMAC_SHA256",
        "key=key-1,algorithm=HMAC_MD5",
        "key=key-1,algorithm=none",
        "key=key-1,key=key-1,algorithm=HMAC_SHA256",
        "key=\u738b,algorithm=HMAC_SHA256",
        "key=key-1,algorithm=HMAC_SHA256" + " " * 1000,
    ],
)
@pytest.mark.parametrize("signature", [SHARED_SIGNATURE, "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
def test_unknown_signature_settings_are_refused(settings: str, signature: str) -> None:
    assert not signed(URL, signature, keys=SHARED, settings=settings)


def test_a_shared_key_does_not_open_the_sha1_door() -> None:
    weak = sign(URL, PARAMS, "a shared secret", "sha1")
    assert not signed(URL, weak, keys=SHARED, settings="key=key-1,algorithm=HMAC_SHA256")
    assert not signed(URL, weak, keys=SHARED)
