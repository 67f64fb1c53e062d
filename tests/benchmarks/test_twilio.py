"""The bench signs as Twilio does, so that no path is driven with requests it would refuse."""

from urllib.parse import parse_qsl

from benchmarks import twilio


def test_the_signature_is_the_one_of_twilios_documentation() -> None:
    pairs = [
        ("Digits", "1234"),
        ("To", "+18005551212"),
        ("From", "+14158675310"),
        ("Caller", "+14158675310"),
        ("CallSid", "CA1234567890ABCDE"),
    ]
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert twilio.signature(b"12345", url, pairs) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_an_inbound_request_carries_its_own_length_and_a_signature_over_its_own_fields() -> None:
    url = "https://texts.example/webhook?at=1"
    request = twilio.inbound(b"secret", url, "127.0.0.1:1", "+15095550142", "SM1", "STOP", "+15095550100")
    head, body = request.split(b"\r\n\r\n", 1)
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert head.startswith(b"POST /webhook?at=1 HTTP/1.1\r\n")
    assert int(headers["Content-Length"]) == len(body)
    assert headers["X-Twilio-Signature"] == twilio.signature(b"secret", url, parse_qsl(body.decode()))
