"""Twilio's webhooks in our words, and whatever else somebody may send to that address."""

import base64
import hashlib
import hmac
import json
from urllib.parse import quote, urlencode

import pytest
from werkzeug.datastructures import Headers as WerkzeugHeaders

from consent.gateways.sms import (
    DeliveryReport,
    Gateway,
    HttpRequest,
    InboundMessage,
    Malformed,
    Media,
    Received,
    Unauthenticated,
    load,
)
from consent.gateways.sms.twilio_signature import sign
from tests.gateways.twilio_calls import FORM, NOW, SID, TOKEN, URL, Fields, inbound, post, status


@pytest.fixture
def twilio() -> Gateway:
    return load("twilio", {"auth_token": TOKEN})


def only_message(received: Received) -> InboundMessage:
    (event,) = received.events
    assert isinstance(event, InboundMessage)
    return event


def only_report(received: Received) -> DeliveryReport:
    (event,) = received.events
    assert isinstance(event, DeliveryReport)
    return event


def test_a_text_arrives_in_our_words(twilio: Gateway) -> None:
    message = only_message(twilio.receive(post(inbound(" Stop ")), NOW))
    assert (message.gateway, message.message_id, message.event_id) == ("twilio", SID, SID)
    assert (message.sender, message.recipient, message.text) == ("+15095550142", "+15095550100", " Stop ")
    assert message.received_at is None
    assert message.account == "AC" + "0b" * 16
    assert (message.media, message.provider_opt_out_type, message.bearer, message.echo) == ((), None, "sms", False)


def test_the_answer_to_a_text_may_carry_a_reply(twilio: Gateway) -> None:
    assert twilio.receive(post(inbound()), NOW).reply_style == "inline"


@pytest.mark.parametrize("text", ["", "  ", "\u00e9\u00e8 \u20ac \U0001f600", "a&b=c+d %41 \r\n", "x" * 10_240])
def test_any_text_arrives_unchanged(twilio: Gateway, text: str) -> None:
    assert only_message(twilio.receive(post(inbound(text)), NOW)).text == text


def test_a_parameter_nobody_knows_yet_is_signed_and_ignored(twilio: Gateway) -> None:
    assert only_message(twilio.receive(post(inbound(NewToday="yes")), NOW)).text == "Stop"


def test_headers_are_found_in_any_case_and_any_mapping(twilio: Gateway) -> None:
    request = post(inbound())
    signature = str(request.headers.get("X-Twilio-Signature"))
    plain = {"content-type": FORM, "x-twilio-signature": signature}
    for headers in (plain, WerkzeugHeaders(plain)):
        assert twilio.receive(HttpRequest("POST", URL, headers, request.body), NOW).events


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
def test_a_keyword_that_twilio_answered_is_marked_and_gets_no_reply_from_us(twilio: Gateway, word: str) -> None:
    received = twilio.receive(post(inbound(OptOutType=word)), NOW)
    assert only_message(received).provider_opt_out_type == word
    assert received.reply_style == "none"


def test_files_come_with_their_types(twilio: Gateway) -> None:
    link = "https://api.twilio.example/media/0"
    fields = inbound("", MessageSid="MM1", NumMedia="1", MediaUrl0=link, MediaContentType0="image/png")
    message = only_message(twilio.receive(post(fields), NOW))
    assert message.media == (Media(link, "image/png"),)
    assert message.bearer == "mms"


@pytest.mark.parametrize(("count", "expected"), [("99999999999", 20), ("many", 0), ("-1", 0)])
def test_a_wrong_count_of_files_is_harmless(twilio: Gateway, count: str, expected: int) -> None:
    links = {f"MediaUrl{i}": "https://api.twilio.example/m" for i in range(25 if expected else 0)}
    assert len(only_message(twilio.receive(post(inbound(NumMedia=count, **links)), NOW)).media) == expected


@pytest.mark.parametrize(
    ("sender", "bearer", "number"),
    [
        ("12345", "sms", "12345"),
        ("rcs:+15095550142", "rcs", "+15095550142"),
        ("whatsapp:+15095550142", "whatsapp", "+15095550142"),
        ("messenger:777", "other", "777"),
        (" 15095550142", "sms", "+15095550142"),
        ("VALLEY", "sms", "VALLEY"),
    ],
)
def test_the_sender_is_a_bare_number_whatever_carried_the_text(
    twilio: Gateway, sender: str, bearer: str, number: str
) -> None:
    message = only_message(twilio.receive(post(inbound(From=sender)), NOW))
    assert (message.bearer, message.sender) == (bearer, number)


@pytest.mark.parametrize("others", [{"Direction": "outbound-api"}, {"From": "+15095550100"}])
def test_our_own_text_coming_back_is_an_echo_and_never_answered(twilio: Gateway, others: dict[str, str]) -> None:
    received = twilio.receive(post(inbound(**others)), NOW)
    assert only_message(received).echo
    assert received.reply_style == "none"


def test_of_a_repeated_name_the_first_value_counts(twilio: Gateway) -> None:
    fields = [*inbound("Stop"), ("Body", "Hello")]
    assert only_message(twilio.receive(post(fields), NOW)).text == "Stop"


# Delivery reports


def test_a_status_callback_is_a_delivery_report(twilio: Gateway) -> None:
    received = twilio.receive(post(status("delivered", RawDlrDoneDate="2611211955")), NOW)
    report = only_report(received)
    assert (report.message_id, report.status, report.event_id) == (SID, "delivered", f"{SID}:delivered")
    assert (report.sender, report.recipient) == ("+15095550100", "+15095550142")
    assert (report.error_code, report.recipient_opted_out, report.recipient_problem) == (None, False, None)
    assert report.received_at is not None and report.received_at.isoformat() == "2026-11-21T19:55:00+00:00"
    assert received.reply_style == "none"


@pytest.mark.parametrize(
    ("code", "opted_out", "problem"),
    [
        ("21610", True, None),
        ("30003", False, None),
        ("30004", False, "blocked"),
        ("30005", False, "invalid"),
        ("30006", False, "not_textable"),
        ("30007", False, None),
        ("30008", False, None),
        ("", False, None),
    ],
)
def test_an_error_code_tells_about_the_person(twilio: Gateway, code: str, opted_out: bool, problem: str | None) -> None:
    report = only_report(twilio.receive(post(status("failed", ErrorCode=code)), NOW))
    assert (report.recipient_opted_out, report.recipient_problem) == (opted_out, problem)


def test_a_report_counts_although_its_time_is_nonsense(twilio: Gateway) -> None:
    report = only_report(twilio.receive(post(status("failed", RawDlrDoneDate="yesterday", ErrorCode="21610")), NOW))
    assert report.received_at is None
    assert report.recipient_opted_out


def test_our_reference_comes_back_in_the_callback_url(twilio: Gateway) -> None:
    report = only_report(twilio.receive(post(status("sent"), url=URL + "?ref=out-42"), NOW))
    assert report.client_ref == "out-42"


# The other variants


def test_by_get_the_url_alone_is_signed(twilio: Gateway) -> None:
    url = f"{URL}?{urlencode(inbound('Stop'))}"
    request = HttpRequest("GET", url, {"X-Twilio-Signature": sign(url, [], TOKEN)}, b"")
    assert only_message(twilio.receive(request, NOW)).text == "Stop"


def as_json(body: bytes, *, token: str = TOKEN, digest: str | None = None) -> HttpRequest:
    url = f"{URL}?bodySHA256={digest or hashlib.sha256(body).hexdigest()}"
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": sign(url, [], token)}
    return HttpRequest("POST", url, headers, body)


def test_a_json_body_counts_when_the_signed_url_holds_its_hash(twilio: Gateway) -> None:
    body = json.dumps(dict(inbound("Arr\u00eat"))).encode()
    assert only_message(twilio.receive(as_json(body), NOW)).text == "Arr\u00eat"


def test_a_json_body_with_another_hash_is_refused(twilio: Gateway) -> None:
    with pytest.raises(Unauthenticated):
        twilio.receive(as_json(json.dumps(dict(inbound())).encode(), digest="0" * 64), NOW)


def test_a_json_body_that_the_url_does_not_cover_is_refused(twilio: Gateway) -> None:
    body = json.dumps(dict(inbound())).encode()
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": sign(URL, [], TOKEN)}
    with pytest.raises(Unauthenticated):
        twilio.receive(HttpRequest("POST", URL, headers, body), NOW)


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"[" * 100_000, b"\xff", b'{"From": "+15095550142"}'])
def test_a_proved_json_body_that_is_no_message_is_malformed(twilio: Gateway, body: bytes) -> None:
    with pytest.raises(Malformed):
        twilio.receive(as_json(body), NOW)


def test_half_a_surrogate_pair_in_json_does_no_harm(twilio: Gateway) -> None:
    body = json.dumps(dict(inbound("a\ud800b"))).encode()
    assert only_message(twilio.receive(as_json(body), NOW)).text == "a?b"


# What is refused


@pytest.mark.parametrize(
    "signature",
    ["", "wrong", "\u00e9\u738b", "\udcff", "=" * 100_000, "\x00\x01", sign(URL, inbound("Start"), TOKEN)],
)
def test_a_request_without_the_right_signature_is_refused(twilio: Gateway, signature: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        twilio.receive(post(inbound(), X_Twilio_Signature=signature), NOW)
    assert refused.value.status == 403


@pytest.mark.parametrize("body", [b"", b"&&&", b"=", b"%", b"Body=%ff", b"\xff\xfe\x00", b"Body=%zz", b"a&" * 5000])
@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain", "", "\u00e9", "multipart/form-data"])
@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "\u00e9"])
def test_nothing_unproved_is_looked_at(twilio: Gateway, method: str, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind, "X-Twilio-Signature": "AAAA"}
    with pytest.raises(Unauthenticated):
        twilio.receive(HttpRequest(method, URL + "?\u738b=\udcff&%", headers, body), NOW)


def test_another_accounts_token_is_refused(twilio: Gateway) -> None:
    with pytest.raises(Unauthenticated):
        twilio.receive(post(inbound(), token="another"), NOW)


def test_a_signature_for_another_host_is_refused(twilio: Gateway) -> None:
    other = URL.replace("consent.example", "evil.example")
    with pytest.raises(Unauthenticated):
        twilio.receive(post(inbound(), X_Twilio_Signature=sign(other, inbound(), TOKEN)), NOW)


def without(fields: Fields, *names: str) -> Fields:
    return [(name, value) for name, value in fields if name not in names]


@pytest.mark.parametrize(
    "fields",
    [
        without(inbound(), "MessageSid", "SmsSid", "SmsMessageSid"),
        inbound(MessageSid="SM 1"),
        inbound(MessageSid="S" * 65),
        inbound(MessageSid="SM\r\n1"),
        without(inbound(), "From"),
        inbound(From=" "),
        inbound(From="+1509\x005550142"),
        inbound(From="9" * 200),
        status("\u00e9"),
        status("x" * 33),
    ],
)
def test_a_proved_message_without_what_we_need_is_malformed(twilio: Gateway, fields: Fields) -> None:
    with pytest.raises(Malformed):
        twilio.receive(post(fields), NOW)


def signed_raw(body: bytes, signed: str) -> HttpRequest:
    """A form of these very bytes, signed over what a lenient reader makes of them."""
    signature = base64.b64encode(hmac.digest(TOKEN.encode(), URL.encode() + signed.encode("latin-1"), "sha1"))
    headers = {"Content-Type": FORM, "X-Twilio-Signature": signature.decode()}
    return HttpRequest("POST", URL, headers, body)


def test_a_proved_form_that_is_not_utf8_is_malformed(twilio: Gateway) -> None:
    body = b"Body=%ff&From=%2B15095550142&MessageSid=SM1"
    with pytest.raises(Malformed):
        twilio.receive(signed_raw(body, "Body\xffFrom+15095550142MessageSidSM1"), NOW)


def test_a_proved_form_with_a_broken_escape_is_malformed(twilio: Gateway) -> None:
    body = b"Body=100%zz&From=%2B15095550142&MessageSid=SM1"
    with pytest.raises(Malformed):
        twilio.receive(signed_raw(body, "Body100%zzFrom+15095550142MessageSidSM1"), NOW)


def test_a_proved_call_about_something_else_has_no_events(twilio: Gateway) -> None:
    assert twilio.receive(post([("CallSid", "CA1")]), NOW) == Received(())


def test_a_path_with_escapes_is_signed_as_it_was_called(twilio: Gateway) -> None:
    url = URL + "/" + quote("\u00e9t\u00e9") + "?a=%20b"
    assert twilio.receive(post(inbound(), url=url), NOW).events


# What goes back


def test_no_reply_is_an_empty_answer_in_xml(twilio: Gateway) -> None:
    answer = twilio.answer(None)
    assert (answer.status, answer.content_type) == (200, "text/xml")
    assert answer.body.endswith(b"<Response></Response>")


def test_a_reply_is_escaped(twilio: Gateway) -> None:
    body = twilio.answer("Help & more: <b>9 > 8</b> \u00e9\x00\x0b").body
    assert b"<Response><Message>Help &amp; more: &lt;b&gt;9 &gt; 8&lt;/b&gt; \xc3\xa9</Message></Response>" in body


def test_nothing_shows_a_number_or_a_text_in_a_repr(twilio: Gateway) -> None:
    request = post(inbound("a private word"))
    received = twilio.receive(request, NOW)
    shown = repr([request, received, twilio, twilio.answer("a private word")])
    assert "5550142" not in shown
    assert "private" not in shown
    assert TOKEN not in shown
