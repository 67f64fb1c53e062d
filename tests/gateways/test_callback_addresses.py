"""Which addresses somebody else's webhook may be at, as text and as numbers."""

import pytest

from consent.errors import BadInput
from consent.gateways.callbacks.addresses import is_outside
from consent.gateways.callbacks.targets import Target, shown, target_of


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00::1"]
)
def test_the_open_internet_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%1",
        "fec0::1",
        "ff02::1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "",
    ],
)
def test_whatever_may_lead_inside_is_not(address: str) -> None:
    assert not is_outside(address)


def test_a_webhook_is_https_to_a_named_host() -> None:
    assert target_of("https://Hooks.Example.com./in?a=b") == Target("hooks.example.com", 443, "/in?a=b", True)
    assert target_of("https://hooks.example.com:443") == Target("hooks.example.com", 443, "/", True)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "hooks.example.com",
        "//hooks.example.com/",
        "https:///in",
        "https://",
        "https://localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://db.internal/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[2606:4700::1111]/",
        "https://8.8.8.8/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:22/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:x/",
        "https://user@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/ in",
        "https://hooks.example.com/\r\nX: y",
        "https://hooks.example.com/é",
        "https://hôoks.example.com/",
        "https://-hooks.example.com/",
        "https://hooks..example.com/",
        "https://hooks_example.com/",
        "https://%31%32%37.0.0.1/",
        "https://hooks.example.com:443:443/",
        "https://[hooks.example.com]/",
        "https://" + "a" * 64 + ".example/",
        "https://hooks.example.com/" + "a" * 2000,
    ],
)
def test_other_addresses_are_refused_with_what_is_wanted(url: str) -> None:
    with pytest.raises(BadInput, match="A webhook needs an") as refused:
        target_of(url)
    assert refused.value.field == "url"
    assert "hooks.example.com@" not in refused.value.detail


@pytest.mark.parametrize(
    ("url", "local", "port"),
    [
        ("http://localhost:5000/in", "127.0.0.1", 5000),
        ("http://127.0.0.1/in", "127.0.0.1", 80),
        ("http://[::1]:8080/in", "::1", 8080),
        ("https://localhost:8443/in", "127.0.0.1", 8443),
    ],
)
def test_development_may_call_this_machine_and_production_never(url: str, local: str, port: int) -> None:
    target = target_of(url, development=True)
    assert (target.local, target.port, target.path) == (local, port, "/in")
    with pytest.raises(BadInput):
        target_of(url)


def test_even_development_calls_no_other_machine_without_https() -> None:
    for url in ("http://hooks.example.com/", "http://10.0.0.1/", "http://localhost.example.com/", "https://10.0.0.1/"):
        with pytest.raises(BadInput):
            target_of(url, development=True)


def test_a_query_is_not_shown() -> None:
    assert shown("https://hooks.example.com/in?token=abc") == "https://hooks.example.com/in?…"
    assert shown("https://hooks.example.com/in") == "https://hooks.example.com/in"
